"""The contract's tables written as a REDCap project: a data dictionary, the data, and the codes for missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
from polars import selectors

from casearc.errors import UsageError
from casearc.files.described import REASON_CODES, Described
from casearc.files.form import Form, Question
from casearc.files.formulas import harmless, is_formula
from casearc.files.redcap.choices import CODE, choices_cell
from casearc.files.redcap.columns import INSTANCE, NAME, REPEATED, named
from casearc.files.redcap.companions import CODES_COLUMN
from casearc.files.redcap.dictionary_out import Placed, dictionary_frame, long_names
from casearc.files.redcap.layout import (
    ADMINISTRATIONS,
    DATA,
    DICTIONARY,
    ENROLLMENTS,
    FORMS,
    PARTICIPANTS,
    PROJECT,
    RECORD,
    RESPONSES,
    field_name,
    instrument_form,
)
from casearc.files.sheet import Field, Holds, text_cells
from casearc.language import say
from casearc.tables import TABLES


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """One form of the project: its questions, and its rows with the record and the fields."""

    form: str
    questions: tuple[Question, ...]
    rows: pl.DataFrame


def write_project(
    tables: Sequence[Described], folder: Path, *, forms: Mapping[str, Form] | None = None, title: str = ""
) -> tuple[str, ...]:
    """Write tables as a REDCap project that can be made of them.

    Parameters
    ----------
    tables
        The contract's tables by their names; `participants` and `enrollments` must be among them. Responses are long.
    folder
        Where ``redcap_dictionary.csv``, ``redcap_data.csv`` and ``redcap_project.csv`` go; made where it is not there.
    forms
        Instrument (``mspss``, ``cop_se:short-13``) -> its form, for texts and choices of the items. An instrument
        without one has its items' names as texts.
    title
        The project's title.

    Returns
    -------
    tuple of str
        What is to be set in REDCap before the data go in, what was renamed and what was written as text. Reasons for
        missing responses are the codes of `casearc.files.described.REASON_CODES`.

    Raises
    ------
    UsageError
        A table is missing, or rows belong to no enrollment.

    Examples
    --------
    >>> write_project(tables, Path("redcap"), title="Evaluation")  # doctest: +SKIP
    """
    given = {table.name: replace(table, frame=_texts(table.frame)) for table in tables}
    for name in (PARTICIPANTS, ENROLLMENTS):
        if name not in given:
            raise UsageError(say("A REDCap project needs the table {name}.", name=name))
    notes: list[str] = []
    blocks = [_block(given, name, notes) for name in FORMS if name in given]
    blocks += _instruments(given, forms or {}, notes)
    folder.mkdir(parents=True, exist_ok=True)
    placed = [Placed(question=question, form=block.form) for block in blocks for question in block.questions]
    dictionary_frame(placed).write_csv(folder / DICTIONARY)
    data = _data(blocks)
    data.with_columns(harmless(pl.all()).name.keep()).write_csv(folder / DATA)
    codes = choices_cell({str(code): reason for reason, code in REASON_CODES.items()})
    pl.DataFrame({"project_title": [title or None], CODES_COLUMN: [codes]}).write_csv(folder / PROJECT)
    return (*_to_do(blocks, codes), *notes, *_quoted(data), *long_names(each.question.name for each in placed))


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Cells as text, truth as REDCap writes it."""
    return text_cells(frame.with_columns(selectors.boolean().cast(pl.Int8)))


def _to_do(blocks: Sequence[_Block], codes: str) -> Iterator[str]:
    repeating = [block.form for block in blocks[1:]]
    yield say(
        "In REDCap: make a project, upload {dictionary}, and let these forms repeat: {repeating}.",
        dictionary=DICTIONARY,
        repeating=", ".join(repeating),
    )
    yield say(
        "Before the data go in, enter these missing data codes (Additional Customizations): {codes}.", codes=codes
    )


def _quoted(data: pl.DataFrame) -> Iterator[str]:
    count = data.select(is_formula(pl.all()).sum()).sum_horizontal().item()
    if count:
        yield say("Cells that begin as a formula does, and have an apostrophe before them: {count:,}.", count=count)


def _block(given: Mapping[str, Described], name: str, notes: list[str]) -> _Block:
    """A table as a form of its own name."""
    table = given[name]
    columns = [column for column in table.frame.columns if column != RECORD]
    names = _field_names(name, columns, notes)
    questions = [_question(table, column, names[column], notes) for column in columns]
    if name == PARTICIPANTS:
        questions.insert(0, _question(table, RECORD, RECORD, notes))
    rows = _with_record(table.frame, name, given).select(RECORD, *(pl.col(c).alias(names[c]) for c in columns))
    return _Block(form=name, questions=tuple(questions), rows=rows)


def _field_names(form: str, columns: Sequence[str], notes: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        name = column if NAME.match(column) else named(column, otherwise="column")
        while field_name(form, name) in (*found.values(), f"{form}_complete"):
            name += "_2"
        if name != column:
            notes.append(
                say(
                    "The column {column} of {form} is called {name} in the project.",
                    column=column,
                    form=form,
                    name=name,
                )
            )
        found[column] = field_name(form, name)
    return found


def _with_record(frame: pl.DataFrame, name: str, given: Mapping[str, Described]) -> pl.DataFrame:
    """The rows of a table with their participant."""
    if RECORD not in frame.columns:
        of = given[ENROLLMENTS].frame.select("enrollment_id", RECORD)
        frame = frame.join(of, on="enrollment_id", how="left", maintain_order="left")
    lost = frame[RECORD].is_null() | frame[RECORD].is_in(given[PARTICIPANTS].frame[RECORD].to_list()).not_()
    if lost.any():
        raise UsageError(
            say(
                "Rows of {name} that belong to nobody in the table {participants}: {rows:,}.",
                name=name,
                participants=PARTICIPANTS,
                rows=lost.sum(),
            )
        )
    return frame


def _question(table: Described, column: str, name: str, notes: list[str]) -> Question:
    """A column as a field of the project."""
    said = table.fields.get(column, Field(name=column))
    question = Question(
        name=name, text={"": said.label or column}, holds=said.holds or Holds.TEXT, choices=said.choices
    )
    if question.holds in (Holds.CHOICES, Holds.TEXT):
        return replace(question, holds=Holds.TEXT, choices={})
    what = say("The column {column} of {table}", column=column, table=table.name)
    return _fitting(question, table.frame[column], what, notes)


def _fitting(question: Question, cells: pl.Series, what: str, notes: list[str]) -> Question:
    """The question as it is, or as text where its choices do not have every code in the cells."""
    if question.holds is not Holds.CHOICE:
        return question
    sound = all(CODE.match(code) for code in question.choices)
    if sound and cells.drop_nulls().is_in(list(question.choices)).all():
        return question
    notes.append(
        say(
            "{what} is written as text: it has codes that are not among its choices, or that REDCap refuses.", what=what
        )
    )
    return replace(question, holds=Holds.TEXT, choices={})


def _instruments(given: Mapping[str, Described], forms: Mapping[str, Form], notes: list[str]) -> Iterator[_Block]:
    """A form for each instrument and variant."""
    table = given.get(ADMINISTRATIONS)
    if table is None:
        return
    taken: list[str] = []
    wide = _wide(given.get(RESPONSES), table.frame)
    kinds = table.frame.with_columns(pl.col("variant") if "variant" in table.frame.columns else _none("variant"))
    for instrument, variant in kinds.select("instrument", "variant").unique(maintain_order=True).iter_rows():
        form = instrument_form(instrument, variant, taken)
        taken.append(form)
        own = kinds.filter(pl.col("instrument").eq_missing(instrument), pl.col("variant").eq_missing(variant))
        asked = forms.get(f"{instrument}:{variant}" if variant else instrument)
        yield _instrument(own, given, form=form, asked=asked, wide=wide, notes=notes)


def _instrument(
    own: pl.DataFrame,
    given: Mapping[str, Described],
    *,
    form: str,
    asked: Form | None,
    wide: pl.DataFrame,
    notes: list[str],
) -> _Block:
    columns = [column for column in own.columns if column in TABLES[ADMINISTRATIONS].names]
    table = replace(given[ADMINISTRATIONS], frame=own)
    questions = [_question(table, column, field_name(form, column), notes) for column in columns]
    instrument = own["instrument"][0]
    answers = own.select("administration_id").join(wide, on="administration_id", how="left", maintain_order="left")
    texts = {question.name: question for question in asked.questions} if asked else {}
    used = [item for item in answers.columns[1:] if answers[item].null_count() < answers.height]
    items = [
        *(name for name in texts if name.startswith(f"{instrument}_")),
        *(each for each in used if each not in texts),
    ]
    cells = {}
    for item in items:
        name = field_name(form, item.removeprefix(f"{instrument}_"))
        cells[name] = answers[item] if item in answers.columns else pl.Series([None] * own.height, dtype=pl.String)
        questions.append(_item(texts.get(item), item, name, cells[name], notes))
    rows = _with_record(own, ADMINISTRATIONS, given).select(
        RECORD, *(pl.col(column).alias(field_name(form, column)) for column in columns)
    )
    return _Block(form=form, questions=tuple(questions), rows=rows.with_columns(**cells))


def _item(asked: Question | None, item: str, name: str, cells: pl.Series, notes: list[str]) -> Question:
    answers = cells.filter(cells.is_in([str(code) for code in REASON_CODES.values()]).not_())
    if asked is not None and asked.holds is Holds.CHOICE:
        what = say("The item {item}", item=item)
        fitting = _fitting(replace(asked, name=name, text={"": asked.label}), answers, what, notes)
        if fitting.holds is Holds.CHOICE:
            return fitting
    whole = answers.drop_nulls().str.contains(r"^-?[0-9]+$").all()
    text = {"": asked.label if asked and asked.label else item}
    return Question(name=name, text=text, holds=Holds.INTEGER if whole else Holds.NUMBER)


def _wide(responses: Described | None, administrations: pl.DataFrame) -> pl.DataFrame:
    """A row an administration, a column an item: the response, or the code of the reason why there is none."""
    if responses is None or responses.frame.height == 0:
        return administrations.select("administration_id")
    frame = responses.frame.join(
        administrations.select("administration_id", "instrument"), on="administration_id", how="left"
    )
    strange = frame.filter(pl.col("item").str.starts_with(pl.col("instrument") + "_").not_().fill_null(value=True))
    if strange.height:
        raise UsageError(
            say("Responses to no administration, or to an item of another instrument: {rows:,}.", rows=strange.height)
        )
    codes = {reason: str(code) for reason, code in REASON_CODES.items()}
    reason = pl.col("missing_reason") if "missing_reason" in frame.columns else pl.lit(None, dtype=pl.String)
    cell = pl.coalesce("response", reason.replace_strict(codes, default=None, return_dtype=pl.String))
    return frame.with_columns(cell.alias("_cell")).pivot(
        "item", index="administration_id", values="_cell", aggregate_function="first"
    )


def _data(blocks: Sequence[_Block]) -> pl.DataFrame:
    """The rows of all forms, record after record, as REDCap exports them."""
    order = blocks[0].rows[RECORD].to_list()
    parts = []
    for number, block in enumerate(blocks):
        repeats = number > 0
        instance = (pl.int_range(pl.len()).over(RECORD) + 1).cast(pl.String)
        parts.append(
            block.rows.with_columns(
                (pl.lit(block.form) if repeats else pl.lit(None, dtype=pl.String)).alias(REPEATED),
                (instance if repeats else pl.lit(None, dtype=pl.String)).alias(INSTANCE),
                pl.lit("2").alias(f"{block.form}_complete"),
                pl.lit(number).alias("_form"),
            )
        )
    rows = pl.concat(parts, how="diagonal").with_columns(
        pl.col(RECORD).replace_strict(order, list(range(len(order))), return_dtype=pl.Int64).alias("_record")
    )
    fields = [*(q.name for b in blocks for q in (*b.questions, Question(name=f"{b.form}_complete")))]
    first = [RECORD, REPEATED, INSTANCE]
    kept = [*first, *(name for name in fields if name not in first)]
    return rows.sort("_record", "_form", maintain_order=True).select(kept)


def _none(name: str) -> pl.Expr:
    return pl.lit(None, dtype=pl.String).alias(name)
