"""Files laid into a folder together, all or none, whenever the program or the power fails.

Several files cannot be renamed at once. So the new ones are made in a folder inside, and one rename of that folder
decides; what is left to do after it can be done again from wherever it broke off:

    .incoming/    being made     a crash here: the old files stay, this is thrown away next time
    .decided/     decided        a crash here: `settle` moves what is left of it
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

_INCOMING, _DECIDED = ".incoming", ".decided"


def lay(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files (name -> content) into a folder; those of the same names are replaced, others stay."""
    folder.mkdir(parents=True, exist_ok=True)
    settle(folder)
    incoming = folder / _INCOMING
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir()
    for name, content in files.items():
        with open(incoming / name, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    _sync(incoming)
    os.rename(incoming, folder / _DECIDED)
    _sync(folder)
    settle(folder)


def settle(folder: Path) -> bool:
    """Finish an import that was decided and broken off; whether there was one."""
    decided = folder / _DECIDED
    if not decided.is_dir():
        return False
    for path in sorted(decided.iterdir()):
        os.replace(path, folder / path.name)
    _sync(folder)
    decided.rmdir()
    _sync(folder)
    return True


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk; where a system cannot open folders, it orders them itself."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
