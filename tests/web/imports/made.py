"""Files of a made-up program as other programs export them, and imports made of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from casearc.files.mapping import write_answers
from casearc.synthetic import make_program
from casearc.synthetic.exports import write_exports
from casearc_web.imports import actions, line, mapping, reading
from casearc_web.imports.models import Import
from casearc_web.imports.receiving import PART_BYTES
from web.cast import Cast

Files = list[tuple[str, list[bytes]]]


def exports(*, participants: int = 12, seed: int = 5) -> Files:
    """The two files of a made-up program."""
    with TemporaryDirectory() as folder:
        paths = write_exports(make_program(participants=participants, seed=seed), Path(folder))
        return [(path.name, parts(path.read_bytes())) for path in paths]


def parts(content: bytes) -> list[bytes]:
    """As they come from a browser."""
    return [content[start : start + PART_BYTES] for start in range(0, len(content), PART_BYTES)]


def csv(text: str) -> list[bytes]:
    """A small file."""
    return [text.encode()]


def started(cast: Cast, files: Files, *, answers: Mapping[str, str] | None = None, text: str = "") -> Import:
    """An import by the director of North that was looked at, its questions answered with the first of the answers."""
    by = cast.by(cast.dora)
    batch = actions.start(by=by, program=cast.north, lead=cast.cleo, files=files)
    assert line.run_next()
    batch.refresh_from_db()
    text = text or batch.mapping
    given = {one.id: one.answers[0] if one.answers else "" for one in mapping.questions(text)} | dict(answers or {})
    return actions.set_mapping(by=by, batch=batch, version=batch.version, text=write_answers(text, given))


def previewed(cast: Cast, batch: Import) -> Import:
    """With a preview."""
    return actions.keep_preview(by=cast.by(cast.dora), batch=batch, read=reading.read(batch))


def imported(cast: Cast, files: Files) -> Import:
    """All the way."""
    batch = previewed(cast, started(cast, files))
    return actions.carry_out(by=cast.by(cast.dora), batch=batch, read=reading.read(batch))
