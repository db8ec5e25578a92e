"""Power loss: whatever of the unsynced writes reaches the disk, no acknowledged entry is lost, none is torn.

The system calls of a writer are recorded with strace. A state of the disk is then made for a random moment: what was
synced is there; of every later write a part, all or nothing is there, each by chance and cut at a sector; a file
whose name was not synced into its folder may be missing. What the disk itself acknowledges falsely is beyond this.

Beside it runs a control with `synchronous = NORMAL`, which is known to lose the newest entries: it shows that this
program can see a loss.

    python tests/faults/power.py --trials 100
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from result import Result, arguments, finish

SECTOR = 512
ENTRIES = 120
STATES_A_RECORDING = 250
CHECKPOINT = 40
_CALL = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\((.*)\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing the writer did: `write`, `cut`, `sync`, `remove` of a file, or `told` an entry's number."""

    kind: str
    name: str = ""
    offset: int = 0
    data: bytes = b""


@dataclass(kw_only=True)
class Disk:
    """A file as it surely is, and what was done to it since it was last synced."""

    surely: bytearray | None = None
    since: list[Event] = field(default_factory=list)


def main() -> int:
    given = arguments(trials=1_000)
    if shutil.which("strace") is None:
        print("strace is not installed, so power loss cannot be tried here.", file=sys.stderr)  # noqa: T201
        return 77
    chance = random.Random(given.seed)
    failed = _trials(given.trials, chance, "FULL")
    control = _trials(given.trials, chance, "NORMAL")
    line = Result(
        fault="power loss",
        trials=given.trials,
        failures=failed,
        seed=given.seed,
        remark=f"control with synchronous = NORMAL: entries lost in {control} of {given.trials} states",
    )
    return finish("power", [line], save=given.save, expected=control > 0)


def _trials(trials: int, chance: random.Random, synchronous: str) -> int:
    import ledger

    failed = 0
    for start in range(0, trials, STATES_A_RECORDING):
        with tempfile.TemporaryDirectory(prefix="casearc-power-") as scratch:
            base = Path(scratch) / "base"
            base.mkdir()
            ledger.make(base)
            events = record(base, Path(scratch), seed=chance.getrandbits(32), synchronous=synchronous)
            for _ in range(min(STATES_A_RECORDING, trials - start)):
                moment = chance.randrange(len(events))
                state = Path(scratch) / "state"
                acknowledged = make_state(base, state, events[:moment], chance)
                ledger.go_to(state / "records.db")
                found = ledger.faults(acknowledged)
                failed += bool(found)
                for fault in found if synchronous == "FULL" else ():
                    print(fault, file=sys.stderr)  # noqa: T201
    return failed


def record(base: Path, scratch: Path, *, seed: int, synchronous: str) -> list[Event]:
    """Run a writer on a copy of the base under strace; what it did."""
    work, trace = scratch / "work", scratch / "trace"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(base, work)
    calls = "openat,close,pwrite64,write,ftruncate,fsync,fdatasync,unlink"
    command = [
        "strace",
        "-f",
        "-o",
        str(trace),
        "-e",
        f"trace={calls}",
        "-xx",
        "-s",
        "200000",
        sys.executable,
        __file__,
    ]
    subprocess.run([*command, "--write", str(work), str(seed), synchronous], check=True, stdout=subprocess.DEVNULL)
    return list(_events(trace, work))


def make_state(base: Path, state: Path, events: list[Event], chance: random.Random) -> int:
    """The disk after a power loss at the end of these events; the last entry that was told by then."""
    shutil.rmtree(state, ignore_errors=True)
    shutil.copytree(base, state)
    disks = {path.name: Disk(surely=bytearray(path.read_bytes())) for path in base.iterdir() if path.is_file()}
    acknowledged = 0
    for event in events:
        if event.kind == "told":
            acknowledged = int(event.data)
        elif event.kind == "sync":
            disk = disks.setdefault(event.name, Disk())
            disk.surely, disk.since = _applied(disk, disk.since), []
        elif event.name:
            disks.setdefault(event.name, Disk()).since.append(event)
    for name, disk in disks.items():
        content = _applied(disk, [part for event in disk.since for part in _by_chance(event, chance)])
        if content is None or (disk.surely is None and chance.random() < 0.5):
            (state / name).unlink(missing_ok=True)
        else:
            (state / name).write_bytes(content)
    return acknowledged


def _applied(disk: Disk, events: list[Event]) -> bytearray | None:
    content = None if disk.surely is None else bytearray(disk.surely)
    for event in events:
        if event.kind == "remove":
            content = None
            continue
        content = bytearray() if content is None else content
        if event.kind == "cut":
            del content[event.offset :]
            content.extend(bytes(event.offset - len(content)))
        elif event.kind == "write":
            content.extend(bytes(max(0, event.offset - len(content))))
            content[event.offset : event.offset + len(event.data)] = event.data
    return content


def _by_chance(event: Event, chance: random.Random) -> Iterator[Event]:
    """All of a write, none of it, or some of its sectors."""
    fate = chance.random()
    if event.kind != "write":
        if fate < 0.5:
            yield event
        return
    for start in range(0, len(event.data), SECTOR):
        if fate < 0.4 or (fate > 0.7 and chance.random() < 0.5):
            yield Event(
                kind="write", name=event.name, offset=event.offset + start, data=event.data[start : start + SECTOR]
            )


def _events(trace: Path, work: Path) -> Iterator[Event]:
    """What strace wrote down, of the files in the folder and of what was told."""
    names: dict[int, str] = {}
    for line in trace.read_text().splitlines():
        found = _CALL.match(line)
        if found is None or int(found[3]) < 0:
            continue
        call, said, returned = found[1], found[2], int(found[3])
        if call == "openat":
            names[returned] = _name(_text(said).decode(), work)
        elif call == "unlink":
            yield Event(kind="remove", name=_name(_text(said).decode(), work))
        elif (handle := int(said.partition(",")[0])) == 1 and call == "write":
            yield Event(kind="told", data=_text(said))
        elif names.get(handle):
            yield from _file_event(call, said, names[handle], returned)


def _file_event(call: str, said: str, name: str, returned: int) -> Iterator[Event]:
    if call == "pwrite64":
        offset = int(said.rpartition(",")[2])
        yield Event(kind="write", name=name, offset=offset, data=_text(said)[:returned])
    elif call == "write":
        raise RuntimeError("a file was written without a place; this program does not follow that")
    elif call == "ftruncate":
        yield Event(kind="cut", name=name, offset=int(said.rpartition(",")[2]))
    elif call in {"fsync", "fdatasync"}:
        yield Event(kind="sync", name=name)


def _text(said: str) -> bytes:
    found = _TEXT.search(said)
    if found is None:
        raise RuntimeError("strace cut a call short")
    return bytes.fromhex(found[1].replace("\\x", ""))


def _name(path: str, work: Path) -> str:
    """The file's name where it is one of the database's; its shared memory is no file that outlives a power loss."""
    inside = Path(path).parent == work and Path(path).name.startswith("records.db") and not path.endswith("-shm")
    return Path(path).name if inside else ""


def _write(folder: Path, seed: int, synchronous: str) -> None:
    """The recorded writer."""
    import ledger

    ledger.keys.use(ledger.keys.unlock(folder / "keys", ledger.PASSPHRASE))
    ledger.go_to(folder / "records.db")
    with ledger.connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous = {synchronous}")
    ledger.write_and_tell(1, seed=seed, count=ENTRIES, checkpoint=CHECKPOINT)
    os._exit(0)  # as a power loss would: without closing the database in order


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        _write(Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    sys.exit(main())
