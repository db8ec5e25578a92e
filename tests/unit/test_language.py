"""The library says in Spanish what it says in English, to whoever asks for it and to nobody else."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from types import ModuleType

import polars as pl
import pytest
from babel.messages.catalog import Message

from casearc import language
from casearc.errors import Fault, PlanRefusedError, TableError, UsageError
from casearc.files import apart
from casearc.files.exporting import check_replaceable, export
from casearc.files.exporting.notes import folded
from casearc.files.mapping import EMPTY, explain_mapping, told_answer
from casearc.files.reading import Reading
from casearc.language import both, either, follow, say, say_many, speaking, to_say
from casearc.study import parse_plan, template_plan
from casearc.tables import FaultLog, Tables

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages_tool", ROOT / "tools" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def nobody_followed() -> Iterator[None]:
    """Whatever application is loaded beside these tests says nothing."""
    asked = list(language._asked)
    language._asked.clear()
    yield
    language._asked[:] = asked


def test_every_sentence_has_its_spanish_and_the_compiled_catalog_is_fresh(messages: ModuleType) -> None:
    assert messages.faults((messages.LIBRARY,)) == []


def test_what_is_marked_in_the_library_is_found(messages: ModuleType) -> None:
    source = """
say("One {file}", file=f)
X = to_say("Two")
say_many("{count} row", "{count} rows", n)
other.add("Not this")
"""
    found = {message for _, _, message, _ in messages.strings_of(source, "made_up.py", messages.LIBRARY_KEYWORDS)}
    assert found == {"One {file}", "Two", ("{count} row", "{count} rows")}


@pytest.mark.parametrize(
    ("spanish", "wrong"),
    [
        ("{file} tiene filas", True),
        ("{file} tiene {filas:,} filas", True),
        ("{file} tiene {rows} filas", True),
        ("Hay {rows:,} filas en {file}", False),
    ],
)
def test_a_lost_or_changed_place_is_noticed(messages: ModuleType, spanish: str, wrong: bool) -> None:
    assert messages._placeholders(Message("{file} has {rows:,} rows", spanish)) is wrong


def test_a_string_without_spanish_and_a_stale_file_are_noticed(
    messages: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made_up.py").write_text('say("One")\nsay("Two")\n')
    source = messages.Source(code=tmp_path, domain="made_up", title="Made up.", keywords=messages.LIBRARY_KEYWORDS)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    messages.save(source, messages.collect(source))
    assert [fault.partition(":")[0] for fault in messages.faults((source,))] == [
        "no Spanish for",
        "no Spanish for",
        "made_up.mo is older than made_up.po",
    ]
    catalog = messages.collect(source)
    for message in messages.said(catalog):
        message.string = "Algo"
    messages.save(source, catalog)
    source.compiled.write_bytes(messages._as_mo(messages.kept(source)))
    assert messages.faults((source,)) == []
    (tmp_path / "made_up.py").write_text('say("One")\n')
    assert messages.faults((source,)) == ["made_up.po does not hold what the code says: make messages"]


def test_the_english_is_what_stands_in_the_code() -> None:
    with speaking("en"):
        assert say("The file has no sheet {part}.", part="Contacts") == "The file has no sheet Contacts."


def test_places_are_filled_in_spanish() -> None:
    with speaking("es"):
        assert say("The file has no sheet {part}.", part="Contacts") == "El archivo no tiene ninguna hoja Contacts."


def test_toml_is_quoted_as_it_stands_where_no_values_are_given() -> None:
    with speaking("es"):
        assert say('Write { column = "…", made = "sum" }.') == 'Escriba { column = "…", made = "sum" }.'
        assert say("Write {key} = {{ column = … }}", key="codes") == "Escriba codes = { column = … }"


@pytest.mark.parametrize(
    ("count", "english", "spanish"),
    [(1, "1 fault", "1 error"), (2, "2 faults", "2 errores"), (3000, "3,000 faults", "3,000 errores")],
)
def test_one_and_many(count: int, english: str, spanish: str) -> None:
    for spoken, said in (("en", english), ("es", spanish)):
        with speaking(spoken):
            assert say_many("{count:,} fault", "{count:,} faults", count) == said


def test_lists_are_joined_by_the_word_of_the_language() -> None:
    with speaking("es"):
        assert (both(["a", "b"]), either(["a", "b", "c"])) == ("a y b", "a o b o c")


@pytest.mark.parametrize("spoken", ["fr", "", "..", "es/../es", "zz-ZZ"])
def test_a_language_without_a_catalog_is_answered_in_english(spoken: str, nobody_followed: None) -> None:
    with speaking(spoken):
        assert say("Check the name.") == "Check the name."
        assert say_many("{count:,} fault", "{count:,} faults", 2) == "2 faults"


def test_a_sentence_that_no_catalog_has_is_said_as_it_stands() -> None:
    with speaking("es"):
        assert say(to_say("Rosalind Invented of {place}").strip(), place="Nowhere") == "Rosalind Invented of Nowhere"


def test_a_region_is_answered_in_its_language() -> None:
    with speaking("es-MX"):
        assert say("Check the name.") == "Revise el nombre."


def test_the_language_ends_with_the_block_even_where_it_fails(nobody_followed: None) -> None:
    with pytest.raises(ZeroDivisionError), speaking("es"), speaking("en"):
        raise ZeroDivisionError
    assert language.language() == "en"


def test_threads_speak_each_their_own(nobody_followed: None) -> None:
    together = Barrier(4)

    def ask(spoken: str) -> str:
        with speaking(spoken):
            together.wait(timeout=10)
            return say("Check the name.")

    with ThreadPoolExecutor(4) as pool, speaking("es"):
        said = list(pool.map(ask, ["es", "en", "es", "en"]))
    assert said == ["Revise el nombre.", "Check the name."] * 2


def test_an_application_is_followed_where_nobody_speaks(nobody_followed: None) -> None:
    spoken = ["es"]
    follow(lambda: spoken[0] if spoken else None)
    assert say("Check the name.") == "Revise el nombre."
    with speaking("en"):
        assert say("Check the name.") == "Check the name."
    spoken.clear()
    assert say("Check the name.") == "Check the name."


def test_faults_are_told_in_spanish_with_their_places() -> None:
    with speaking("es"):
        error = TableError(
            "Nada.", faults=[Fault(problem="Mal.", file="a.csv", row=row, column="day") for row in (2, 3, 7)]
        )
        assert str(error) == "Nada.\n  - a.csv, filas 2 a 3 y 7, columna day: Mal."
        log = FaultLog()
        log.add("Mal.", file="mapping.toml", row=4)
        with pytest.raises(TableError) as refused:
            log.raise_if_any(TableError, say("The files were"))
    assert refused.value.message == "Los archivos se rechazaron: 1 error. No se escribió nada."
    with speaking("es"):
        assert refused.value.faults[0].place == "mapping.toml, línea 4"


def test_a_mapping_is_explained_in_spanish_and_keeps_its_names() -> None:
    content = {
        "file": {"a.csv": {"encoding": "cp850", "dates": {"when": "day month year"}}},
        "table": {
            "goals": {
                "file": "a.csv#Plans",
                "where": [{"column": "state", "is": "present"}],
                "columns": {"goal_id": "Nr", "day": "?which"},
                "codes": {"status": {"1": "open", "": ""}},
            }
        },
    }
    with speaking("es"):
        assert explain_mapping(content) == [
            "a.csv se lee en cp850; when escribe las fechas así: día mes año.",
            "goals: cada fila de a.csv, hoja Plans, si state está llena.",
            "  goal_id es la columna Nr.",
            "  day es la columna que nombrará la pregunta which.",
            "  En status, 1 significa open, una celda vacía significa nada.",
        ]


def _feed(table: str, instrument: str, wave: str = "") -> dict[str, object]:
    prefix = "-".join(part for part in (instrument, wave, "") if part or not wave)
    made = {"administration_id": {"join": ["id"], "prefix": prefix}}
    if table == "administrations":
        return {"file": "survey.csv", "derive": {**made, "instrument": {"value": instrument}}}
    return {"file": "survey.csv", "columns": {f"{instrument}_1": "q1"}, "derive": made}


FEEDS = [
    ([("mspss", ""), ("urica", "")], ["mspss", "urica"]),
    ([("mspss", "t1"), ("mspss", "t2")], ["mspss-t1", "mspss-t2"]),
    ([("mspss", "")], [""]),
    ([("mspss", ""), ("mspss", "")], ["", ""]),  # nothing tells them apart
]


@pytest.mark.parametrize("table", ["administrations", "responses"])
@pytest.mark.parametrize(("given", "told"), FEEDS)
def test_feeds_of_one_file_are_told_apart(table: str, given: list[tuple[str, str]], told: list[str]) -> None:
    with speaking("en"):
        said = explain_mapping({"table": {table: [_feed(table, *each) for each in given]}})
    names = [f"{table} ({name})" if name else table for name in told]
    assert [line for line in said if not line.startswith(" ")] == [f"{name}: each row of survey.csv." for name in names]


@pytest.mark.parametrize(
    ("answer", "spanish"),
    [
        ("yes", "sí"),
        ("no", "no"),
        ("last", "la última"),
        ("day month year", "día mes año"),
        (EMPTY, "(dejar vacía)"),
        ("visit_date", "visit_date"),
        ("1-7", "1-7"),
    ],
)
def test_fixed_answers_are_shown_in_words(answer: str, spanish: str) -> None:
    with speaking("en"):
        assert told_answer(answer) == answer
    with speaking("es"):
        assert told_answer(answer) == spanish


@pytest.mark.parametrize(
    ("spoken", "said"),
    [("es", "El nombre de columna _file lo usa Casearc."), ("en", "The column name _file is taken by Casearc.")],
)
def test_a_process_of_its_own_answers_in_the_language_of_whoever_asks(tmp_path: Path, spoken: str, said: str) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"_file": ["x"], "day": ["1"]}).write_parquet(path)
    log = FaultLog()
    with speaking(spoken):
        apart.read_apart("casearc.files.columnar.here", path, name="a.parquet", log=log, reading=Reading())
    with pytest.raises(TableError) as refused:
        log.raise_if_any(TableError, "The file is")
    assert [fault.problem for fault in refused.value.faults] == [said]


PLANS = [
    (
        "target_day = 180",
        'target_day = "180"',
        '[[wave]] número 2 "six_months", clave "target_day", línea 20: Aquí debe ir un número entero, y hay un texto.',
    ),
    ('table = "contacts"', 'table = "goals"', "Una dosis de metas debe decir qué metas cuenta."),
    ('from = "intake"', 'from = "intak"', 'No hay ninguna ronda "intak". ¿Quiso decir intake?'),
    ('role = "primary"\n', "", "Falta la clave."),
    ("seed = 20240", 'enrollments = "each"', "Esta versión solo analiza la primera inscripción de cada participante."),
    ("[[covariate]]", "[[covariates]]", 'No hay ninguna sección "covariates". ¿Quiso decir covariate?'),
    (
        'kind = "linear"',
        'kind = "linear"\npenalty = "firth"',
        "La clave va con modelos de la clase multinomial y ordinal",
    ),
    ("window = [-30, 45]", "window = [5, 45]", "window cuenta los días desde target_day. Escriba, por ejemplo,"),
    ("[study]", "[study", "El plan study.toml no es TOML válido (línea 4, columna"),
]


@pytest.mark.parametrize(("old", "new", "spanish"), PLANS)
def test_a_study_plan_is_refused_in_spanish(old: str, new: str, spanish: str) -> None:
    assert old in template_plan()
    with speaking("es"):
        with pytest.raises(PlanRefusedError) as refused:
            parse_plan(template_plan().replace(old, new, 1))
        assert spanish in str(refused.value)


def test_notes_on_columns_are_told_together_in_both_languages() -> None:
    for spoken, told in (("en", "a.x and 2 other columns: "), ("es", "a.x y 2 columnas más: ")):
        with speaking(spoken):
            note = [say("Column {name}: NUL signs within text are left out.", name=name) for name in ("x", "y", "z")]
            said = folded({"a": note})
        assert len(said) == 1
        assert said[0].startswith(told)


def test_an_export_is_refused_and_labeled_in_spanish(tmp_path: Path) -> None:
    with speaking("es"):
        export(Tables.of(), instruments=[], formats=["csv"], folder=tmp_path / "out")
        (tmp_path / "out" / "mine.txt").write_text("mine")
        with pytest.raises(UsageError, match=r"archivos que no son parte de ella \(1\)"):
            check_replaceable(tmp_path / "out")
        with pytest.raises(UsageError, match=r"Los formatos para exportar son: csv, spss"):
            export(Tables.of(), instruments=[], formats=["csvv"], folder=tmp_path / "other")
    assert "filas de personas individuales" in (tmp_path / "out" / "READ-FIRST.txt").read_text("utf-8")
