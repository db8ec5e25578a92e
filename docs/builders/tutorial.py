"""A tutorial as a list of steps, each with the output its page promises.

python blocks run in one namespace; console blocks hold lines that begin with ``$ ``; a toml block whose first line is
``# <name>`` is a file to be saved; sh blocks show how to install and are not run. A text block right after a block
is what that block prints.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """One block. `promised` is None where the page shows no output; `line` is the line of the page it starts on."""

    language: str
    content: str
    promised: str | None
    line: int


def steps(page: str) -> list[Step]:
    """The blocks of a page in order, each with the text block that follows it without a word between."""
    blocks = list(_BLOCK.finditer(page))
    found = []
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if block[1] == "text":
            continue
        adjacent = following is not None and not page[block.end() : following.start()].strip()
        promised = following[2] if following is not None and following[1] == "text" and adjacent else None
        found.append(Step(block[1], block[2], promised, page[: block.start()].count("\n") + 1))
    return found


def run(step: Step, folder: Path, names: dict[str, object]) -> str:
    """Do what a reader would do with this block in `folder`; return what it prints."""
    if step.language == "toml":
        folder.joinpath(step.content.split("\n", 1)[0].removeprefix("# ").strip()).write_text(step.content)
        return ""
    if step.language == "python":
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.chdir(folder):
            exec(compile(step.content, f"<tutorial, line {step.line}>", "exec"), names)
        return printed.getvalue()
    if step.language == "console":
        return "".join(_command(line.removeprefix("$ "), folder) for line in step.content.splitlines())
    return ""


def refreshed(page: str, folder: Path) -> str:
    """The page with the outputs that its blocks print today. Read the difference before you commit it."""
    names: dict[str, object] = {"__name__": "__tutorial__"}
    for step in steps(page):
        printed = run(step, folder, names)
        if step.promised is not None:
            shown = f"```{step.language}\n{step.content}```\n\n```text\n"
            page = page.replace(f"{shown}{step.promised}```", f"{shown}{printed}```", 1)
    return page


def _command(line: str, folder: Path) -> str:
    """Run a shell line with this environment's `casearc` found first; a failure shows what it said."""
    here = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(line, shell=True, cwd=folder, env=here, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{line} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout
