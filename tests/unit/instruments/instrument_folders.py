"""Making and spoiling instrument folders for the tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import casearc.instruments

SHIPPED = Path(casearc.instruments.__file__).parent


def copy_of(instrument: str, into: Path) -> Path:
    """A shipped instrument's folder, copied as an agency would copy it, id and all."""
    return Path(shutil.copytree(SHIPPED / instrument, into / instrument))


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    """Replace the first `old` in one file; the file must hold it."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} has changed: {old!r} is no longer in it"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def new_instrument(folder: Path, *, low: int, high: int, items: list[str], scoring: str, cuts: str = "",
                   examples: str) -> Path:  # fmt: skip
    """A made-up instrument called after its folder; `items` are lines of items.csv."""
    folder.mkdir(parents=True)
    name = folder.name
    (folder / "instrument.toml").write_text(
        f'id = "{name}"\ntitle = "Made up for a test"\nversion = "1.0.0"\nlanguages = ["en"]\n\n'
        f'[range]\nlow = {low}\nhigh = {high}\nsource = "us"\nconfidence = "D"\n\n'
        '[[reference]]\nid = "us"\ncitation = "Made up"\n'
    )
    (folder / "items.csv").write_text("item,gist,scored,reverse\n" + "\n".join(items) + "\n")
    (folder / "scoring.toml").write_text(scoring)
    (folder / "cut_scores.toml").write_text(cuts)
    (folder / "worked_examples.csv").write_text(examples)
    numbers = [line.split(",")[0] for line in items]
    template = "".join(f'{number} = ""\n' for number in numbers)
    (folder / "wording.TEMPLATE.toml").write_text(f"[items]\n{template}")
    return folder


def score_table(name: str, kind: str, *lines: str) -> str:
    """A [[score]] with the lines every score needs, and those given."""
    return "\n".join(
        [
            "[[score]]",
            f'id = "{name}"',
            f'label = "{name}"',
            f'kind = "{kind}"',
            'direction = "higher"',
            'source = "us"',
            'confidence = "D"',
            *lines,
            "",
        ]
    )


def missing(minimum: int) -> str:
    return f'missing = {{ rule = "person_mean", minimum_answered = {minimum}, source = "us", confidence = "D" }}'
