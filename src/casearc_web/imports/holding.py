"""Uploaded files: sealed in the database, and for moments in the clear in a folder that only this process may open."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from casearc_web.imports.models import FilePart, Import, ImportFile

Parts = Iterable[bytes]
_MEMORY = Path("/dev/shm")


@contextmanager
def laid(files: Iterable[tuple[str, Parts]]) -> Iterator[Path]:
    """A folder with the files, in memory where there is such a place; gone afterwards, whatever happens."""
    memory = str(_MEMORY) if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="casearc-import-", dir=memory) as folder:  # nobody else may open it
        data = Path(folder) / "files"
        data.mkdir(mode=0o700)
        for name, parts in files:
            with (data / name).open("wb") as file:
                file.writelines(parts)
        yield data


def stored(batch: Import) -> Iterator[tuple[str, Parts]]:
    """The files of an import with their parts, unsealed one at a time."""
    for file in batch.files.all():
        found = FilePart.objects.filter(file=file).order_by("number")
        yield file.name, (bytes(content) for content in found.values_list("content", flat=True).iterator(chunk_size=8))


def keep(batch: Import, files: Iterable[tuple[str, list[bytes]]]) -> None:
    """Seal files for an import."""
    for name, parts in files:
        held = ImportFile.objects.create(agency_id=batch.agency_id, batch=batch, name=name, size=sum(map(len, parts)))
        FilePart.objects.bulk_create(
            (
                FilePart(agency_id=batch.agency_id, file=held, number=number, content=part)
                for number, part in enumerate(parts)
            ),
            batch_size=32,
        )
