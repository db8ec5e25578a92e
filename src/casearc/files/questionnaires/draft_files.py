"""The files of a drafted instrument, each key in them marked unverified."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import tomlkit
from tomlkit.items import Table

from casearc.files.form import Form, Question
from casearc.instruments import Confidence
from casearc.language import to_say

UNKNOWN_LANGUAGE = "und"
"""The language tag of texts whose language the form does not name."""

CONFIRM = to_say(
    "Drafted from a form and confirmed by nobody. Read the authors' scoring instructions and confirm which items are "
    "scored, which are reversed, whether the score is a mean or a sum, its direction, and what happens with skipped "
    "items."
)
_SOURCE = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftItem:
    """An item of the draft. `codes` are the answers it has, by number."""

    item: str
    question: Question
    codes: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What is drafted: the form it comes from, the instrument's id, its items and their range of answers."""

    form: Form
    id: str
    items: tuple[DraftItem, ...]
    low: int
    high: int

    @property
    def languages(self) -> dict[str, str]:
        """Languages of the texts: what a file is called after -> what the form calls it."""
        found: dict[str, str] = {}
        for language in self.form.languages or ("",):
            tag = _tag(language)
            while tag in found:
                tag += "-2"
            found[tag] = language
        return found


def _tag(language: str) -> str:
    """The language's code: ``en`` of ``English (en)``, else its name as far as a file may be called so."""
    code = re.search(r"\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\)\s*$", language)
    return code[1] if code else re.sub(r"[^A-Za-z0-9]+", "-", language).strip("-") or UNKNOWN_LANGUAGE


def write_files(draft: Drafted, folder: Path) -> None:
    """Write the folder of a drafted instrument, which is empty or not there yet.

    Examples
    --------
    >>> write_files(drafted, Path("instruments/dir"))  # doctest: +SKIP
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_head(draft, folder)
    lines = [[each.item, f"gist of item {each.item} to be written", "yes", "no"] for each in draft.items]
    _write_csv(folder / "items.csv", [["item", "gist", "scored", "reverse"], *lines])
    _write_scoring(draft, folder)
    _write_examples(draft, folder)
    for tag in ("TEMPLATE", *draft.languages):
        text = tomlkit.dumps(_wording(draft, tag))
        (folder / f"wording.{tag}.toml").write_text(text, encoding="utf-8")


def _write_head(draft: Drafted, folder: Path) -> None:
    form = draft.form
    document = tomlkit.document()
    document["id"] = draft.id
    document["title"] = form.title or draft.id
    document["version"] = "0.1.0"
    document["languages"] = list(draft.languages)
    document["rights"] = (
        "To be confirmed: who holds the rights to the wording, and on what permission it is used here. The form that "
        "this was drafted from does not say."
    )
    origins = [f"Item {each.item} is the form's question {each.question.name}." for each in draft.items]
    document["notes"] = [CONFIRM, *origins]
    document["range"] = _table({"low": draft.low, "high": draft.high, **_unverified()})
    references = tomlkit.aot()
    version = f", version {form.version}" if form.version else ""
    references.append(_table({"id": _SOURCE, "citation": f"The form {form.id}{version}, as it was used"}))
    document["reference"] = references
    (folder / "instrument.toml").write_text(tomlkit.dumps(document), encoding="utf-8")


def _unverified() -> dict[str, str]:
    return {"source": _SOURCE, "confidence": Confidence.UNVERIFIED.value}


def _write_scoring(draft: Drafted, folder: Path) -> None:
    label = f"{draft.form.title or draft.id}, mean of the items (draft)"
    head = {"id": f"{draft.id}_mean", "label": label, "kind": "mean", "items": "all", "direction": "none"}
    score = _table({**head, **_unverified()})
    missing = tomlkit.inline_table()
    missing.update({"rule": "complete", **_unverified()})
    score["missing"] = missing
    score["note"] = CONFIRM
    scores = tomlkit.aot()
    scores.append(score)
    document = tomlkit.document()
    document.add(tomlkit.comment(f"A draft: {len(draft.items)} items, none of them taken as reversed."))
    document["score"] = scores
    (folder / "scoring.toml").write_text(tomlkit.dumps(document), encoding="utf-8")
    cuts = "# No cut scores: a form has none. Add those the authors publish, with their source.\n"
    (folder / "cut_scores.toml").write_text(cuts, encoding="utf-8")


def _write_examples(draft: Drafted, folder: Path) -> None:
    """Examples of the plain mean; somebody who knows the key adds one for each rule it has."""
    count, low, high = len(draft.items), draft.low, draft.high
    mixed = Fraction(high + low * (count - 1), count)
    score = f"{draft.id}_mean"
    header = ["example", *(f"{draft.id}_{each.item}" for each in draft.items), score, f"{score}_answered"]
    rows = [
        ["every answer at the bottom", *[low] * count, low, count],
        ["every answer at the top", *[high] * count, high, count],
        ["the first at the top, the others at the bottom", high, *[low] * (count - 1), mixed, count],
        ["one answer skipped", "", *[high] * (count - 1), "", count - 1],
    ]
    _write_csv(folder / "worked_examples.csv", [header, *rows])


def _wording(draft: Drafted, tag: str) -> tomlkit.TOMLDocument:
    """The template, or what the form says in one language; the permission is always empty."""
    form = draft.form
    key = draft.languages.get(tag)
    document = tomlkit.document()
    advice = "Texts of the form. Without the permission below they must not be used."
    if key is None:
        advice = "Copy to wording.<language>.toml and fill in the official text. This template stays empty."
    document.add(tomlkit.comment(advice))
    document["instrument"] = draft.id
    document["title"] = form.title or draft.id
    document["language"] = "" if key is None else tag
    document["form"] = "" if key is None else form.id
    document["instructions"] = "" if key is None else form.instructions.get(key, "")
    document["permission"] = _table({"holder": "", "granted_on": "", "document": ""})
    document["responses"] = _table({} if key is None else _responses(draft, key))
    texts = {each.item: "" if key is None else each.question.text.get(key, "") for each in draft.items}
    document["items"] = _table({item: " ".join(text.split()) for item, text in texts.items()})
    return document


def _responses(draft: Drafted, language: str) -> dict[str, str]:
    """Labels of the answers, where all items agree and the label says more than the number."""
    found = [_labels(draft, each, language) for each in draft.items]
    return found[0] if all(each == found[0] for each in found) else {}


def _labels(draft: Drafted, item: DraftItem, language: str) -> dict[str, str]:
    texts = item.question.choice_texts.get(language)
    if texts is None:
        first = not draft.form.languages or language == draft.form.languages[0]
        texts = {str(code): label for code, label in item.codes.items()} if first else {}
    own = {str(code): texts.get(str(code), "") for code in item.codes}
    return {code: label for code, label in own.items() if label and label != code}


def _table(values: Mapping[str, object]) -> Table:
    table = tomlkit.table()
    for key, value in values.items():
        table[key] = value
    return table


def _write_csv(path: Path, rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
