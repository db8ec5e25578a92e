"""Asking for passphrases and other things. A passphrase comes from a terminal or a file, never from an argument."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, TypeVar

import click

WIDTH = 72
Command = TypeVar("Command", bound=Callable[..., Any])


def in_folder(command: Command) -> Command:
    """The option that names the agency's folder."""
    return click.option(
        "--folder",
        type=click.Path(file_okay=False, path_type=Path),
        help="The agency's folder. Default: $CASEARC_HOME, else casearc in your home folder.",
    )(command)


def with_passphrase_file(command: Command) -> Command:
    """The option that names a file with passphrases."""
    return click.option(
        "--passphrase-file",
        type=click.File("r", encoding="utf-8"),
        metavar="FILE",
        help="Read the passphrase from a line of FILE instead of asking; - is standard input.",
    )(command)


def ask_passphrase(file: IO[str] | None, *, what: str = "Passphrase") -> str:
    """A passphrase that exists already."""
    return _line(file, what) if file is not None else _hidden(what)


def ask_new_passphrase(file: IO[str] | None, *, what: str = "New passphrase") -> str:
    """A new passphrase: good enough, and on a terminal typed twice alike."""
    from casearc_web.errors import WeakPassphraseError
    from casearc_web.keys import RULE, check_quality

    if file is not None:
        given = _line(file, what)
        check_quality(given)
        return given
    _need_terminal(what)
    click.echo(textwrap.fill(RULE, WIDTH))
    while True:
        given = _hidden(what)
        try:
            check_quality(given)
        except WeakPassphraseError as weak:
            click.echo(str(weak).partition(". ")[0] + ".", err=True)
            continue
        if _hidden("The same again") == given:
            return given
        click.echo("The two were not the same. Once more, please.", err=True)


def ask(given: str | None, what: str, *, option: str, default: str | None = None) -> str:
    """Something that is no secret: from its option, else asked for."""
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise click.UsageError(f"There is no terminal to ask for: {what}. Give it with {option}.")
    answer: str = click.prompt(what, default=default, type=str)
    return answer.strip()


def _line(file: IO[str], what: str) -> str:
    line = file.readline()
    if not line.strip():
        raise click.UsageError(f"The passphrase file has no line left for: {what}.")
    return line.rstrip("\r\n")


def _hidden(what: str) -> str:
    _need_terminal(what)
    given: str = click.prompt(what, hide_input=True, type=str)
    return given


def _need_terminal(what: str) -> None:
    if not sys.stdin.isatty():
        raise click.UsageError(f"There is no terminal to ask for: {what}. Give it with --passphrase-file FILE.")
