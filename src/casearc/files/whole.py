"""Files written whole or not at all: under another name beside, then renamed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path to write to; once the block ends well, the file there takes the place of `path`.

    Parameters
    ----------
    path
        Where the file is to be in the end. Its folder exists.

    Yields
    ------
    Path
        In a folder of its own beside `path`, removed in the end, whatever happened.

    Raises
    ------
    OSError
        The folder cannot be written to.

    Examples
    --------
    >>> with written_whole(Path("table.sav")) as beside:  # doctest: +SKIP
    ...     beside.write_bytes(b"...")
    """
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
        beside = Path(folder) / path.name
        yield beside
        beside.replace(path)
