"""From the worksheets survey, choices and settings of an XLSForm to a form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from casearc.files.form import Form, Question
from casearc.files.htcds.fields import tells_who
from casearc.files.sheet import Holds, Sheet
from casearc.files.xlsform.types import ABOUT_THE_DEVICE, ENDS, GROUPS, HOLDS, IDENTIFYING, split
from casearc.language import say

Row = Mapping[str, str]

YES_NO_LIST = "yes_no"
NUMBERED_GROUP = re.compile(r"^section_\d+$")
"""Groups that Casearc named because the section's own name cannot be one."""
INSTRUCTIONS = "instructions"
IDENTIFIER = "identifier"
_NUMBER = r"-?\d+(?:\.\d+)?"
_BOUNDS = re.compile(rf"\.\s*>=\s*(?P<low>{_NUMBER})(?:\s*and\s*\.\s*<=\s*(?P<high>{_NUMBER}))?", re.IGNORECASE)
_BOUND_ABOVE = re.compile(rf"\.\s*<=\s*(?P<high>{_NUMBER})(?:\s*and\s*\.\s*>=\s*(?P<low>{_NUMBER}))?", re.IGNORECASE)
_TRUE = ("yes", "true", "true()", "1")
_LIST = ("list_name", "list name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What the worksheets say: questions in order, each with its path, and what was left out.

    paths
        Name of a question -> the groups it stands in, from the outside in, and its own name.
    repeated
        Names of questions that can be answered several times.
    """

    form: Form
    paths: Mapping[str, tuple[str, ...]]
    repeated: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Walk:
    """Where the reading of the survey worksheet stands."""

    languages: tuple[str, ...]
    lists: Mapping[str, list[Row]]
    groups: list[tuple[str, str, bool]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    repeated: set[str] = field(default_factory=set)
    instructions: dict[str, str] = field(default_factory=dict)
    texts_left_out: int = 0
    device: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def read_form(survey: Sheet, choices: Sheet | None = None, settings: Sheet | None = None) -> Form:
    """The form that an XLSForm defines.

    Parameters
    ----------
    survey, choices, settings
        The worksheets of these names; the last two may be missing.

    Returns
    -------
    Form
        Groups are sections. A bound is read where the constraint is ``. >= 0 and . <= 10`` or half of it. Places,
        pictures and recordings are identifiers. Notes say what was left out.

    Examples
    --------
    >>> import polars as pl
    >>> from casearc.files.sheet import sheet_of
    >>> rows = pl.DataFrame({"type": ["integer"], "name": ["age"], "label::English (en)": ["Age in years"]})
    >>> form = read_form(sheet_of("form.xlsx#survey", "xlsx", rows))
    >>> form.languages, form.question("age").label
    (('English (en)',), 'Age in years')
    """
    return define(survey, choices, settings).form


def define(survey: Sheet, choices: Sheet | None = None, settings: Sheet | None = None) -> Definition:
    """As `read_form`, with the path of each question."""
    settled = next(iter(_rows(settings)), {}) if settings is not None else {}
    languages = _languages(survey, choices, settled.get("default_language", ""))
    walk = _Walk(languages=languages, lists=_lists(choices))
    for row in _rows(survey):
        _step(walk, row)
    form = Form(
        id=settled.get("form_id") or settled.get("id_string") or _stem(survey.name),
        title=settled.get("form_title") or settled.get("title") or "",
        version=settled.get("version", ""),
        languages=languages,
        instructions=walk.instructions,
        questions=tuple(walk.questions),
        notes=_notes(walk),
    )
    return Definition(form=form, paths=walk.paths, repeated=frozenset(walk.repeated))


def _stem(name: str) -> str:
    return name.partition("#")[0].rpartition(".")[0] or name


def _rows(sheet: Sheet) -> Iterable[Row]:
    """The rows of a worksheet of a definition; there are few."""
    names = [_column(each) for each in sheet.frame.columns]
    for row in sheet.frame.iter_rows():
        yield {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}


def _column(name: str) -> str:
    """``Label : English (en)`` as ``label::English (en)``: programs write it in several ways."""
    first, _, rest = name.partition(":")
    return f"{first.strip().lower()}::{rest.strip(': ')}" if rest else first.strip().lower()


def _languages(survey: Sheet, choices: Sheet | None, default: str) -> tuple[str, ...]:
    """The named languages in order; the form's default first."""
    columns = [*survey.frame.columns, *(choices.frame.columns if choices is not None else ())]
    found = (_column(each).partition("::") for each in columns)
    named = list(dict.fromkeys(rest for first, _, rest in found if first == "label" and rest))
    return tuple(sorted(named, key=lambda each: each != default))


def _lists(choices: Sheet | None) -> dict[str, list[Row]]:
    lists: dict[str, list[Row]] = {}
    for row in _rows(choices) if choices is not None else ():
        name = next((row[each] for each in _LIST if each in row), "")
        if name and _code(row):
            lists.setdefault(name, []).append(row)
    return lists


def _code(row: Row) -> str:
    return row.get("name") or row.get("value") or ""


def _texts(row: Row, languages: tuple[str, ...]) -> dict[str, str]:
    """A label by language; ``""`` is the language that is not named."""
    found = {"": row["label"]} if "label" in row else {}
    return found | {each: row[f"label::{each}"] for each in languages if f"label::{each}" in row}


def _step(walk: _Walk, row: Row) -> None:
    kind, of_list = split(row.get("type", ""))
    name = row.get("name", "")
    if not kind or row.get("disabled", "").lower() in _TRUE:
        return
    if kind in GROUPS:
        walk.groups.append((name, next(iter(_texts(row, walk.languages).values()), ""), kind == "begin_repeat"))
    elif kind in ENDS:
        if walk.groups:
            walk.groups.pop()
    elif kind == "note":
        if walk.questions or walk.instructions or walk.groups:
            walk.texts_left_out += 1
        else:
            walk.instructions.update(_texts(row, walk.languages))
    elif kind in ABOUT_THE_DEVICE:
        walk.device.append(name)
    elif kind in HOLDS and name:
        _question(walk, row, kind=kind, of_list=of_list)
    elif name:
        walk.unknown.append(name)


def _question(walk: _Walk, row: Row, *, kind: str, of_list: str) -> None:
    name = row["name"]
    options = walk.lists.get(of_list, [])
    holds = HOLDS[kind]
    if of_list == YES_NO_LIST or of_list.startswith(f"{YES_NO_LIST}_of_"):
        holds = Holds.YES_NO
    labels = {_code(each): _texts(each, walk.languages) for each in options} if of_list != YES_NO_LIST else {}
    low, high = _bounds(row.get("constraint", ""))
    walk.paths[name] = (*(each[0] for each in walk.groups), name)
    if any(each[2] for each in walk.groups):
        walk.repeated.add(name)
    walk.questions.append(
        Question(
            name=name,
            text=_texts(row, walk.languages),
            holds=holds,
            choices={code: next(iter(texts.values()), "") for code, texts in labels.items()},
            choice_texts=_other_languages(labels, walk.languages),
            section="/".join(_said(group, label) for group, label, _ in walk.groups),
            required=row.get("required", "").lower() in _TRUE,
            identifier=kind in IDENTIFYING or row.get(IDENTIFIER, "").lower() in _TRUE or tells_who(name),
            low=low,
            high=high,
            shown_if=row.get("relevant") or row.get("relevance") or "",
        )
    )


def _bounds(constraint: str) -> tuple[float | None, float | None]:
    """The bounds of a constraint that is nothing but bounds."""
    plain = constraint.replace("(", "").replace(")", "").strip()
    found = _BOUNDS.fullmatch(plain) or _BOUND_ABOVE.fullmatch(plain)
    if found is None:
        return None, None
    low, high = found["low"], found["high"]
    return (None if low is None else float(low)), (None if high is None else float(high))


def _said(group: str, label: str) -> str:
    return label if label and NUMBERED_GROUP.match(group) else group


def _other_languages(labels: Mapping[str, Mapping[str, str]], languages: tuple[str, ...]) -> dict[str, dict[str, str]]:
    others = {each: {code: texts[each] for code, texts in labels.items() if each in texts} for each in languages[1:]}
    return {each: texts for each, texts in others.items() if texts}


def _notes(walk: _Walk) -> tuple[str, ...]:
    notes = []
    if walk.texts_left_out:
        notes.append(say("{texts_left_out} notes without an answer were left out.", texts_left_out=walk.texts_left_out))
    if walk.device:
        notes.append(say("What the device notes by itself was left out: {device}.", device=", ".join(walk.device)))
    if walk.unknown:
        notes.append(
            say("Questions of a type that is not known were left out: {unknown}.", unknown=", ".join(walk.unknown))
        )
    if walk.repeated:
        notes.append(
            say(
                "Questions that repeat stand on a worksheet of their own in exports: {count}.", count=len(walk.repeated)
            )
        )
    return tuple(notes)
