"""The backup's file: a plain tar of three members, of which none can be read without the agency's keys.

keys.json         the key file as it was, wrapped under the passphrase
manifest.sealed   see `manifest`
records           the payload: a SQLCipher database, or PostgreSQL's tables, sealed
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
from pathlib import Path

from casearc_web.durable import OWNER_ONLY, sync_folder
from casearc_web.errors import AlreadyThereError, BackupRefusedError
from casearc_web.keys import KEY_FILE

MANIFEST = "manifest.sealed"
PAYLOAD = "records"
MEMBERS = (KEY_FILE, MANIFEST, PAYLOAD)
_LARGEST_SMALL_MEMBER = 16_000_000


def pack(target: Path, *, key_file: bytes, manifest: bytes, payload: Path) -> None:
    """Write a backup whole or not at all."""
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with open(partial, "xb", opener=_owner_only) as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as tar:
                for name, content in ((KEY_FILE, key_file), (MANIFEST, manifest)):
                    tar.addfile(_member(name, len(content)), io.BytesIO(content))
                with payload.open("rb") as records:
                    tar.addfile(_member(PAYLOAD, payload.stat().st_size), records)
            file.flush()
            os.fsync(file.fileno())
        os.link(partial, target)  # unlike a rename, this never overwrites
    except FileExistsError:
        raise AlreadyThereError(f"{target} is already there. Choose another name.") from None
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(target.parent)


def unpack(source: Path, folder: Path) -> None:
    """Lay the members into a folder; BackupRefusedError where the file is not a whole backup."""
    try:
        with tarfile.open(source, mode="r:") as tar:
            members = tar.getmembers()
            if [member.name for member in members] != list(MEMBERS) or not all(m.isreg() for m in members):
                raise BackupRefusedError(f"{source} is not a backup of Casearc's.")
            for member in members:
                _extract(tar, member, folder)
    except (tarfile.TarError, EOFError):
        raise BackupRefusedError(f"{source} is not a backup of Casearc's, or it was cut off.") from None


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    if member.name != PAYLOAD and member.size > _LARGEST_SMALL_MEMBER:
        raise BackupRefusedError("The backup's parts have sizes that cannot be right.")
    content = tar.extractfile(member)
    if content is None:
        raise BackupRefusedError("A part of the backup is missing.")
    with open(folder / member.name, "xb", opener=_owner_only) as file:
        shutil.copyfileobj(content, file)
    if (folder / member.name).stat().st_size != member.size:
        raise BackupRefusedError("The backup was cut off.")


def _member(name: str, size: int) -> tarfile.TarInfo:
    """Nothing of the machine or the person who makes the backup goes along."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, OWNER_ONLY
    return member


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, OWNER_ONLY)
