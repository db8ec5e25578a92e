"""A director who reads Spanish finds no English sentence of the library on the pages of an import."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

import pytest
from babel.messages.pofile import read_po
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation

from casearc.files.mapping import write_answers
from casearc.language import language
from casearc_web.imports import line, mapping
from casearc_web.imports.forms import QuestionsForm
from casearc_web.imports.mapping import Question
from casearc_web.imports.models import Import, State
from web.cast import Cast, sign_in
from web.imports.made import Files, exports, parts
from web.imports.small import TABLES, with_line

_PLACE = re.compile(r"\{[a-z_]+(?::[^{}]*)?\}")
SURVEY = (
    "person,visit,started,home,"
    + ",".join(f"mspss_{item}" for item in range(1, 13))
    + "\n"
    + "".join(
        f"p{row},0{1 + row % 9}/0{1 + row % 7}/2024,0{1 + row % 8}/0{1 + row % 6}/2024,x{row % 3},"
        + ",".join(str(2 + (row + item) % 5) for item in range(12))
        + "\n"
        for row in range(40)
    )
)
"""Dates that can be read both ways, two of them, and answers that use no end of the range: much to ask."""


@cache
def _catalog() -> tuple[tuple[str, str], ...]:
    """English and Spanish of every sentence of the library, one and many."""
    path = files("casearc") / "locale" / "es" / "LC_MESSAGES" / "casearc.po"
    with path.open("rb") as file:
        catalog = read_po(file, locale="es")
    pairs = []
    for message in catalog:
        if message.id:
            english = message.id if isinstance(message.id, tuple) else (message.id,)
            spanish = message.string if isinstance(message.string, tuple) else (message.string,)
            pairs += [(one, spanish[-1]) for one in english] + [(english[-1], one) for one in spanish]
    return tuple(dict.fromkeys(pairs))


def _pattern(template: str) -> re.Pattern[str]:
    parts = [re.escape(part.replace("{{", "{").replace("}}", "}")) for part in _PLACE.split(template)]
    return re.compile(".+".join(parts), re.DOTALL)


def _said(template: str) -> str:
    """What a template says beyond its places."""
    return _PLACE.sub(" ", template)


@cache
def _english() -> tuple[re.Pattern[str], ...]:
    """Sentences that are English beyond doubt: three words at least, and others in Spanish."""
    return tuple(
        re.compile(".{0,300}?".join(re.escape(part) for part in _PLACE.split(english)), re.DOTALL)
        for english, spanish in _catalog()
        if len(re.findall(r"[a-z]{2,}", _said(english))) > 2 and english != spanish
    )


@cache
def _spanish() -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(spanish) for english, spanish in _catalog() if re.search(r"[a-z]{2}", _said(english)))


def _visible(page: bytes) -> str:
    text = re.sub(r"(?s)<(script|style|textarea).*?</\1>", " ", page.decode())
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def _english_in(text: str) -> list[str]:
    return [found[0] for pattern in _english() if (found := pattern.search(text))]


def _not_spanish(sentences: Iterable[str]) -> list[str]:
    return [each for each in sentences if not any(pattern.fullmatch(each) for pattern in _spanish())]


def _page(batch: Import, name: str) -> str:
    return reverse(f"imports:{name}", kwargs={"import_id": batch.pk})


@pytest.fixture
def director(cast: Cast) -> Browser:
    """Dora, who reads Spanish."""
    cast.dora.language = "es"
    cast.dora.save()
    browser = Browser()
    sign_in(browser, cast.dora)
    return browser


def _uploaded(director: Browser, cast: Cast, given: Files) -> Import:
    uploads = [SimpleUploadedFile(name, b"".join(parts)) for name, parts in given]
    fields = {"program": cast.north.pk, "lead": cast.cleo.pk, "submission": uuid.uuid4(), "uploads": uploads}
    assert director.post(reverse("imports:new"), fields).status_code == 302
    translation.activate("en")  # a worker's own
    assert line.run_next()
    return Import.objects.latest("created_at")


def _told(batch: Import) -> Iterator[str]:
    """Every sentence that the library has left with an import."""
    for feed in batch.told["feeds"]:
        yield from (column["said"] for column in feed["columns"])
    yield from (one["why"] for one in batch.told["left"])
    yield from batch.told["notes"]
    for question in mapping.questions(batch.mapping):
        yield question.asks
        yield question.why
    with translation.override("es"):
        for sentence, more in mapping.sentences(batch.mapping):
            yield re.sub(rf"^(?:{'|'.join(TABLES)})(?: \([^)]*\))?: ", "", sentence)
            yield from more


FILES = {
    "exports of other programs": lambda: exports(participants=40),
    "a survey": lambda: [("survey.csv", parts(SURVEY.encode()))],
    "a file that says nothing": lambda: [("odd.csv", parts(b"color,shape\nred,round\nblue,flat\n"))],
    "tables with titles above": lambda: [
        ("list.csv", parts(b"Our list,,\nclient_id,gender,age\np1,girl,15\np2,boy,16\n"))
    ],
}


@pytest.mark.parametrize("given", FILES)
def test_what_is_found_in_files_is_told_in_spanish(director: Browser, cast: Cast, given: str) -> None:
    batch = _uploaded(director, cast, FILES[given]())
    assert batch.state == State.PROPOSED
    told = list(_told(batch))
    assert len(told) > 8
    assert _not_spanish(told) == []
    for name in ("import", "questions"):
        assert _english_in(_visible(director.get(_page(batch, name)).content)) == []


def test_the_search_for_english_finds_it(director: Browser, cast: Cast) -> None:
    """The same files by somebody who reads English: the two searches are not blind."""
    cast.dora.language = "en"
    cast.dora.save()
    batch = _uploaded(director, cast, exports(participants=40))
    reasons = [column["said"] for feed in batch.told["feeds"] for column in feed["columns"]]
    assert _not_spanish(reasons) == reasons
    assert len(_english_in(_visible(director.get(_page(batch, "import")).content))) > 5


def test_questions_are_not_marked_as_optional_one_by_one(director: Browser, cast: Cast) -> None:
    batch = _uploaded(director, cast, FILES["a survey"]())
    page = director.get(_page(batch, "questions"))
    assert mapping.questions(batch.mapping)
    assert "(opcional)" not in _visible(page.content)
    assert "se puede responder después" in _visible(page.content)


WORDS = [
    (("yes", "no"), ["sí", "no"]),
    (("first", "last"), ["la primera", "la última"]),
    (("sum", "mean"), ["suma", "media"]),
    (("day month year", "month day year"), ["día mes año", "mes día año"]),
    (("en", "es", "(leave empty)"), ["inglés", "español", "(dejar vacía)"]),
    (("completed", "attempted"), ["Se realizó", "Se intentó, sin respuesta"]),
    (("visit_date", "start_date"), ["visit_date", "start_date"]),
    (("1-7", "0-6"), ["1-7", "0-6"]),
]


@pytest.mark.parametrize(("answers", "words"), WORDS)
def test_fixed_answers_are_shown_in_words_and_sent_as_they_are(answers: tuple[str, ...], words: list[str]) -> None:
    question = Question(id="one", asks="Made up?", why="", answers=answers, answer="")
    with translation.override("es"):
        choices = QuestionsForm(questions=[question]).fields["question-1"].choices  # type: ignore[attr-defined]
        assert [value for value, _ in choices] == list(answers)
        assert [str(label) for _, label in choices] == words


def test_faults_of_files_and_mappings_are_told_in_spanish(director: Browser, cast: Cast) -> None:
    batch = _uploaded(director, cast, with_line("contacts", "C1,E1,0,client,completed,30", "C1,E9,0,client,maybe,1:30"))
    text = write_answers(
        batch.mapping, {one.id: one.answers[0] for one in mapping.questions(batch.mapping) if one.answers}
    )
    Import.objects.filter(pk=batch.pk).update(mapping=text)
    director.post(_page(batch, "preview"))
    translation.activate("en")
    assert line.run_next()
    batch.refresh_from_db()
    faults = batch.preview["faults"]
    assert len(faults) == 3
    assert _not_spanish(fault[part] for fault in faults for part in ("problem", "remedy")) == []
    assert _english_in(_visible(director.get(_page(batch, "preview")).content)) == []
    wrong = {
        "version": batch.version,
        "submission": uuid.uuid4(),
        "text": text.replace("[table.goals]", "[table.gaols]"),
    }
    refused = _visible(director.post(_page(batch, "mapping"), wrong).content)
    assert "no hay ninguna tabla gaols. ¿Quiso decir goals?" in refused


def test_files_that_cannot_be_read_are_refused_in_spanish(director: Browser, cast: Cast) -> None:
    batch = _uploaded(director, cast, [("people.csv", parts(b"id,id\n1,2\n")), ("more.csv", parts(b"%PDF-1.7\n"))])
    assert batch.state == State.REFUSED
    page = _visible(director.get(_page(batch, "import")).content)
    assert "Los archivos se rechazaron: 2 errores. No se escribió nada." in page
    assert "Las columnas número 1 y 2 tienen el mismo nombre." in page
    assert _english_in(page) == []


def test_files_of_other_programs_are_refused_in_spanish(director: Browser, cast: Cast) -> None:
    dictionary = b"Variable / Field Name,Form Name,Field Type,Field Label,Choices; Calculations; OR Slider Labels\n"
    files = [
        ("a.sav", parts(b"$FL2" + bytes(300))),
        ("b.parquet", parts(b"PAR1" + bytes(300))),
        ("c.dta", parts(b"id,age\n1,2\n")),
        ("d.sas7bdat", parts(bytes(5000))),
        ("e.csv", parts(dictionary.replace(b";", b",") + b"id,,text,Id,\nid,one,oddity,Id,\n")),
    ]
    batch = _uploaded(director, cast, files)
    assert batch.state == State.REFUSED
    page = _visible(director.get(_page(batch, "import")).content)
    assert all(name in page for name, _ in files[:4])
    assert _english_in(page) == []


def test_the_library_speaks_the_language_of_the_page_and_no_longer() -> None:
    with translation.override("es"):
        assert language() == "es"
    assert language() == "en"
    with translation.override(None):
        assert language() == "en"
