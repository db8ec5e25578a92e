"""What the parts of the benchmark share: one line of the table, runs in turn, and peers in processes of their own.

A peer in R is a script in `peers/` that reads the data written for it and prints lines ``name value``: ``seconds`` (the
timed part alone, R's start-up left out) and the answers that are compared. A peer in Python is a script there too, run
by the interpreter of the peers' own environment (`make bench` makes it). A peer that is absent is skipped, and said so.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
PEERS = HERE / "peers"
PEERS_PYTHON = HERE.parent / ".venv-peers" / "bin" / "python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table. `ratio` is how many times as long ours takes, or, with `faster`, how many times faster."""

    what: str
    against: str
    ratio: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Peer:
    """What a peer's script printed: seconds of its timed part and its answers, in the order printed."""

    seconds: float
    answers: Mapping[str, float]


class PeerAbsentError(Exception):
    """The peer is not installed; its line is left out and named."""


def beside(ours: Callable[[], object], peer: Callable[[], object], *, runs: int) -> float:
    """How many times as long ours takes: the ratio of medians of runs in turn, after one of each to warm up."""
    ours(), peer()
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for run, found in zip((ours, peer), seconds, strict=True):
            found.append(timed(run))
    return statistics.median(seconds[0]) / statistics.median(seconds[1])


def timed(run: Callable[[], object]) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def median_seconds(run: Callable[[], object], *, runs: int = 5) -> float:
    """Median of several runs after one to warm up."""
    run()
    return statistics.median(timed(run) for _ in range(runs))


@contextmanager
def every_core() -> Iterator[None]:
    """All cores of the machine for what runs inside, where the system can be asked for them."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def r_peer(script: str, data: Mapping[str, np.ndarray], *arguments: str) -> Peer:
    """Run `peers/<script>` by Rscript on `data`, written as CSV whose path is its first argument."""
    program = shutil.which("Rscript")
    if program is None:
        raise PeerAbsentError("R is not installed")
    return _peer([program, str(PEERS / script)], data, arguments)


def python_peer(script: str, data: Mapping[str, np.ndarray], *arguments: str) -> Peer:
    """Run `peers/<script>` by the peers' own Python on `data`."""
    if not PEERS_PYTHON.exists():
        raise PeerAbsentError("the peers' environment (.venv-peers) is not there")
    return _peer([str(PEERS_PYTHON), str(PEERS / script)], data, arguments)


def _peer(command: list[str], data: Mapping[str, np.ndarray], arguments: tuple[str, ...]) -> Peer:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "data.csv"
        table = np.column_stack(list(data.values()))
        np.savetxt(file, table, delimiter=",", header=",".join(data), comments="", fmt="%.17g")
        done = subprocess.run(
            [*command, str(file), *arguments], capture_output=True, text=True, check=False, env=dict(os.environ)
        )
    if done.returncode:
        lines = done.stderr.splitlines()
        missing = [line for line in lines if "there is no package" in line or "ModuleNotFound" in line]
        if missing:
            raise PeerAbsentError(missing[0].strip())
        raise RuntimeError(done.stderr)
    answers = dict(line.split()[:2] for line in done.stdout.splitlines() if len(line.split()) == 2)
    return Peer(float(answers.pop("seconds")), {name: float(value) for name, value in answers.items()})


def times(ratio: float) -> str:
    """A ratio to two digits."""
    return f"{ratio:.2g}"
