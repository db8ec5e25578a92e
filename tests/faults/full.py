"""Disk full: a plain error, nothing acknowledged lost, readable while full, and writing goes on once there is room.

A small file system in memory of a different size each time (needs root to mount it; elsewhere a limit on the size of
a file stands in for it).

    python tests/faults/full.py --trials 20
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import ledger
from result import Result, arguments, finish

SMALLEST, STEP = 200_000, 4_096
Room = Callable[[Path, int], AbstractContextManager[Callable[[], object]]]
PLAIN = ("full", "disk I/O error", "unable to open")


def main() -> int:
    given = arguments(trials=200)
    chance = random.Random(given.seed)
    can_mount = os.geteuid() == 0 and shutil.which("mount") is not None
    told: dict[str, int] = {}
    failed = 0
    for number in range(given.trials):
        room = _mounted if can_mount else _limited
        found = _fill(room, SMALLEST + STEP * number, chance, told)
        failed += bool(found)
        for fault in found:
            print(fault, file=sys.stderr)  # noqa: T201
    way = "a mounted file system" if can_mount else "a limit on the size of files"
    remark = f"{way}, {given.trials} sizes; told: " + ", ".join(f"{text} ({n})" for text, n in sorted(told.items()))
    line = Result(fault="disk full", trials=given.trials, failures=failed, seed=given.seed, remark=remark)
    return finish("full", [line], save=given.save)


def _fill(room: Room, size: int, chance: random.Random, told: dict[str, int]) -> list[str]:
    """Write until the disk is full, in a process of its own; what is wrong afterwards."""
    with tempfile.TemporaryDirectory(prefix="casearc-full-") as scratch, room(Path(scratch), size) as grow:
        path = ledger.make(Path(scratch))
        acknowledged, text = _write_until_full(chance.getrandbits(32), size if room is _limited else None)
        told[text] = told.get(text, 0) + 1
        found = [] if any(plain in text for plain in PLAIN) else [f"not a plain error: {text}"]
        if ledger.newest() < acknowledged:
            found.append("not readable, or entries lost, while the disk is full")
        ledger.connection.close()
        grow()
        ledger.go_to(path)
        found += ledger.faults(acknowledged)
        ledger.write(ledger.newest() + 1, chance)
        ledger.connection.close()
        return found


def _write_until_full(seed: int, limit: int | None) -> tuple[int, str]:
    """Fork a writer; the last number it told and its error's words."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.set_inheritable(writing, True)
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            ledger.write_and_tell(writing, seed=seed, count=10**6, checkpoint=50)
        except ledger.DatabaseError as error:
            os.write(writing, f"! {error}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    numbers, _, text = told.partition("!")
    return int(numbers.split()[-1]) if numbers.strip() else 0, text.strip()


@contextmanager
def _mounted(folder: Path, size: int) -> Iterator[Callable[[], object]]:
    def options(wanted: int) -> list[str]:
        return ["mount", "-t", "tmpfs", "-o", f"{{}}size={wanted}", "tmpfs", str(folder)]

    subprocess.run([part.format("") for part in options(size)], check=True)
    try:
        yield lambda: subprocess.run([part.format("remount,") for part in options(50_000_000)], check=True)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def _limited(folder: Path, size: int) -> Iterator[Callable[[], object]]:
    del folder, size
    yield lambda: None


if __name__ == "__main__":
    sys.exit(main())
