"""The database file and the key file replaced together, all or nothing, whenever the program or the power fails.

Two files cannot be renamed at once, so the new pair is laid beside the old one in a folder of its own, and one
rename of that folder decides. What is left to do after that rename can be done again from wherever it broke off:

    incoming/          the new pair is being made         a crash here: the old pair stays, this is thrown away
    incoming-ready/    decided                            a crash here: `settle` finishes the move
    replaced/          the old pair, whole, with its log

On PostgreSQL there is but the key file to rename, and the database decides (`replacement`); until it has, the folder is
called `incoming-undecided-TOKEN/`.

`settle` runs before anybody opens the records. The caller holds `presence.alone`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from casearc_web.durable import make_folder, sync_file, sync_folder
from casearc_web.errors import AlreadyThereError, DatabaseRefusedError
from casearc_web.keys import KEY_FILE

INCOMING = "incoming"
READY = "incoming-ready"
REPLACED = "replaced"
_UNDECIDED = "incoming-undecided-"
LOG_ENDINGS = ("-wal", "-shm", "-journal")


def begin(folder: Path) -> Path:
    """An empty folder for the new pair."""
    if (folder / REPLACED).exists():
        raise AlreadyThereError(
            f"{folder / REPLACED} still holds the records that were replaced last time. "
            "Look whether you need them, and move or delete that folder first."
        )
    incoming = folder / INCOMING
    shutil.rmtree(incoming, ignore_errors=True)
    make_folder(incoming)
    return incoming


def commit(folder: Path, database: str) -> Path:
    """Decide for the new pair, move it into place, and tell where the old one is kept."""
    _call_incoming(folder, READY)
    settle(folder, database)
    return folder / REPLACED


def leave_undecided(folder: Path, token: str) -> None:
    """From here on only who has asked the database may throw the new key file away."""
    _call_incoming(folder, _UNDECIDED + token)


def undecided(folder: Path) -> str | None:
    """The token of a replacement of which only the database knows whether it happened."""
    found = sorted(folder.glob(f"{_UNDECIDED}*"))
    return found[0].name.removeprefix(_UNDECIDED) if found else None


def decide(folder: Path, token: str, *, for_it: bool) -> None:
    """What the database said. `settle` does the rest."""
    waiting = folder / (_UNDECIDED + token)
    if for_it:
        waiting.rename(folder / READY)
        sync_folder(folder)
    else:
        shutil.rmtree(waiting)


def settle(folder: Path, database: str) -> None:
    """Finish or undo a replacement that broke off; nothing to do in all other cases."""
    shutil.rmtree(folder / INCOMING, ignore_errors=True)
    ready = folder / READY
    if not ready.is_dir():
        return
    make_folder(folder / REPLACED)
    for name in (database, KEY_FILE):
        if (ready / name).exists():
            _replace(folder, name)
    ready.rmdir()
    if not any((folder / REPLACED).iterdir()):
        (folder / REPLACED).rmdir()
    sync_folder(folder)


def _call_incoming(folder: Path, name: str) -> None:
    """Rename `incoming/`, once all in it is on the disk."""
    incoming = folder / INCOMING
    for file in incoming.iterdir():
        if file.name.endswith(LOG_ENDINGS):
            raise DatabaseRefusedError("The new records are still open somewhere. Nothing was replaced.")
        sync_file(file)
    sync_folder(incoming)
    incoming.rename(folder / name)
    sync_folder(folder)


def _replace(folder: Path, name: str) -> None:
    """Put the old file and its logs aside, logs first: a log beside another database would be read into it."""
    for aside in (*(f"{name}{ending}" for ending in LOG_ENDINGS), name):
        if (folder / aside).exists():
            (folder / aside).rename(folder / REPLACED / aside)
    sync_folder(folder / REPLACED)
    sync_folder(folder)
    (folder / READY / name).rename(folder / name)
    sync_folder(folder)
