"""A REDCap data dictionary read: a line a field, as downloaded from a project or from its programming interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from casearc.files.form import Form, Question
from casearc.files.redcap.choices import parse_choices, plain
from casearc.files.redcap.columns import (
    HEADERS,
    NEEDED,
    PERSONAL,
    PERSONAL_VALIDATIONS,
    TRUE_FALSE,
    WITH_CHOICES,
    YES_NO,
    held_by,
    keys_of,
    named,
)
from casearc.files.redcap.soundness import check_entries
from casearc.files.sheet import Holds, Sheet
from casearc.language import say, to_say
from casearc.tables import ROW, FaultLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a dictionary. `low` and `high` stay texts: a date, a number, or the name of another field."""

    row: int
    name: str
    form: str
    kind: str
    header: str = ""
    label: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    validation: str = ""
    low: str = ""
    high: str = ""
    identifier: bool = False
    required: bool = False
    shown_if: str = ""
    matrix: str = ""
    annotation: str = ""

    @property
    def holds(self) -> Holds | None:
        """What its column holds; None where it has none. A calculation may be told to give words or a date."""
        if "@CALCTEXT" in self.annotation and self.kind in ("text", "calc"):
            return Holds.TEXT
        return held_by(self.kind, self.validation)

    @property
    def personal(self) -> bool:
        """Whether the dictionary marks it, or its kind of content, as telling who a person is."""
        kind = self.kind in PERSONAL or self.validation.startswith(PERSONAL_VALIDATIONS)
        return self.identifier or kind

    def bound(self, text: str) -> float | None:
        """A bound as a number, where it is one and the field holds numbers."""
        if self.holds not in (Holds.NUMBER, Holds.INTEGER):
            return None
        return as_number(text)


def as_number(text: str) -> float | None:
    """A number as a dictionary writes it (some projects write decimal commas); None where it is none."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def is_dictionary(sheet: Sheet) -> bool:
    """Whether a sheet has the columns of a data dictionary."""
    return set(NEEDED) <= set(keys_of(sheet.frame.columns).values())


def read_entries(sheet: Sheet, log: FaultLog) -> tuple[Entry, ...] | None:
    """The lines of a dictionary; None after logging every fault in it."""
    before = log.total
    keys = keys_of(sheet.frame.columns)
    if not _columns_fit(sheet, keys, log):
        return None
    rows = sheet.places[ROW].to_list()
    lines = sheet.frame.select(list(keys)).rename(keys).iter_rows(named=True)
    entries = tuple(_entries(lines, rows, log=log, file=sheet.in_words))
    check_entries(entries, file=sheet.in_words, log=log)
    return entries if log.total == before else None


_MISSING = to_say("The dictionary's column {column} is missing.")
_TWICE = to_say("The dictionary's column {column} is there twice.")


def _columns_fit(sheet: Sheet, keys: Mapping[str, str], log: FaultLog) -> bool:
    before = log.total
    for key in NEEDED:
        if list(keys.values()).count(key) != 1:
            log.add(
                say(_TWICE if key in keys.values() else _MISSING, column=HEADERS[key]),
                say("Download the data dictionary from REDCap again and do not change its first row."),
                file=sheet.in_words,
                row=1,
            )
    others = [key for key in HEADERS if key not in NEEDED and list(keys.values()).count(key) > 1]
    for key in others:
        log.add(
            say(_TWICE, column=HEADERS[key]),
            say("Keep one."),
            file=sheet.in_words,
            row=1,
        )
    if sheet.frame.height == 0:
        log.add(say("The dictionary has no fields."), say("Download it from REDCap again."), file=sheet.in_words)
    return log.total == before


def _entries(lines: Iterator[dict[str, str | None]], rows: list[int], *, log: FaultLog, file: str) -> Iterator[Entry]:
    """Entries with the header that is in force for each: one written at a field goes on until the next, or the end
    of the form."""
    form = header = ""
    for line, row in zip(lines, rows, strict=True):
        cells = {key: value or "" for key, value in line.items()}
        if cells["form_name"] != form:
            form, header = cells["form_name"], ""
        header = plain(cells.get("section_header")) or header
        yield _entry(cells, row, header=header, log=log, file=file)


def _entry(cells: Mapping[str, str], row: int, *, header: str, log: FaultLog, file: str) -> Entry:
    kind = cells["field_type"].lower()
    entry = Entry(
        row=row,
        name=cells["field_name"],
        form=cells["form_name"],
        kind=kind,
        header=header,
        label=plain(cells["field_label"]),
        choices=_choices(cells, kind, row, log=log, file=file),
        validation=cells.get("text_validation_type_or_show_slider_number", "").lower(),
        low=cells.get("text_validation_min", ""),
        high=cells.get("text_validation_max", ""),
        identifier=_is_yes(cells.get("identifier", "")),
        required=_is_yes(cells.get("required_field", "")),
        shown_if=cells.get("branching_logic", ""),
        matrix=cells.get("matrix_group_name", ""),
        annotation=cells.get("field_annotation", ""),
    )
    return entry


def _choices(cells: Mapping[str, str], kind: str, row: int, *, log: FaultLog, file: str) -> Mapping[str, str]:
    if kind in ("yesno", "truefalse"):
        return YES_NO if kind == "yesno" else TRUE_FALSE
    if kind not in WITH_CHOICES:
        return {}
    column = HEADERS["select_choices_or_calculations"]
    choices, problems = parse_choices(cells.get("select_choices_or_calculations", ""))
    if not choices and not problems:
        problems = [
            (say("A field with choices has none."), say("Write code, label, with bars between: 0, No | 1, Yes."))
        ]
    for problem, remedy in problems:
        log.add(problem, remedy, file=file, row=row, column=column)
    return choices


def _is_yes(cell: str) -> bool:
    return cell.lower() in ("y", "yes", "1", "true")


def read_dictionary(sheet: Sheet, *, log: FaultLog | None = None) -> Form | None:
    """A data dictionary as a form.

    Parameters
    ----------
    sheet
        The dictionary: the file REDCap's designer downloads (18 columns), or what its programming interface gives.
    log
        Takes the faults; where it is left out they are only counted.

    Returns
    -------
    Form or None
        One question a field that has a column. Where the dictionary has one form, its name is the `id` and a
        question's `section` is the section header; where it has several, the `section` is ``form`` or
        ``form: header``. None where the dictionary has faults.

    Examples
    --------
    >>> read_dictionary(sheet).question("gym").choices["0"]  # doctest: +SKIP
    'Monday'
    """
    entries = read_entries(sheet, FaultLog() if log is None else log)
    return None if entries is None else form_from(entries, name=sheet.name)


def form_from(entries: tuple[Entry, ...], *, name: str) -> Form:
    """The form that sound entries make; `name` is the sheet's."""
    forms = list(dict.fromkeys(entry.form for entry in entries))
    stem = name.partition("#")[2] or name.rsplit(".", 1)[0]
    first = entries[0]
    told = first.kind == "descriptive" and first.name == f"{first.form}_instructions"
    return Form(
        id=forms[0] if len(forms) == 1 else named(stem, otherwise="dictionary"),
        instructions={"": first.label} if told else {},
        questions=tuple(_question(entry, several=len(forms) > 1) for entry in entries if entry.holds),
        notes=tuple(_notes(entries[told:], forms)),
    )


def _question(entry: Entry, *, several: bool) -> Question:
    section = ": ".join(part for part in (entry.form if several else "", entry.header) if part)
    return Question(
        name=entry.name,
        text={"": entry.label} if entry.label else {},
        holds=entry.holds or Holds.TEXT,
        choices=entry.choices,
        section=section,
        required=entry.required,
        identifier=entry.personal,
        low=entry.bound(entry.low),
        high=entry.bound(entry.high),
        shown_if=entry.shown_if,
    )


_KINDS_NOTED = {
    "descriptive": to_say("Fields of the type descriptive only show text and have no column; left out: {found}."),
    "file": to_say(
        "Fields of the type file hold uploaded files; the export has only their names, marked as identifying: {found}."
    ),
    "signature": to_say("Fields of the type signature hold signatures; marked as identifying: {found}."),
    "sql": to_say(
        "Fields of the type sql take their choices from a query; the dictionary does not list them: {found}."
    ),
    "calc": to_say("Fields of the type calc are calculated; the formula is left out: {found}."),
}


def _notes(entries: tuple[Entry, ...], forms: list[str]) -> Iterator[str]:
    """What a form cannot carry."""
    for kind, told in _KINDS_NOTED.items():
        found = [entry.name for entry in entries if entry.kind == kind]
        if found:
            yield say(told, found=", ".join(found))
    hidden = [entry.name for entry in entries if "@HIDDEN" in entry.annotation]
    if hidden:
        yield say("Fields that REDCap hides (@HIDDEN) are kept as questions: {hidden}.", hidden=", ".join(hidden))
    changes = sum(before.form != after.form for before, after in pairwise(entries))
    if changes >= len(forms):
        yield say("The fields of a form do not stand together; REDCap asks for that when a dictionary is uploaded.")
    moving = [e.name for e in entries if e.holds in (Holds.NUMBER, Holds.INTEGER) and _is_moving(e)]
    if moving:
        yield say("Bounds that are no numbers (another field, say) are left out: {moving}.", moving=", ".join(moving))
    groups: dict[str, set[tuple[tuple[str, str], ...]]] = {}
    for entry in entries:
        if entry.matrix:
            groups.setdefault(entry.matrix, set()).add(tuple(entry.choices.items()))
    uneven = [matrix for matrix, choices in groups.items() if len(choices) > 1]
    if uneven:
        yield say(
            "Fields of one matrix have different choices; REDCap expects the same: {uneven}.", uneven=", ".join(uneven)
        )


def _is_moving(entry: Entry) -> bool:
    return any(text and entry.bound(text) is None for text in (entry.low, entry.high))
