"""What a set-up tells once: the recovery shares, how to sign in, the passphrase of a demo."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

import click

from casearc_cli.web.asking import WIDTH

if TYPE_CHECKING:
    from casearc_web.keys import Recovery


def tell_shares(recovery: Recovery) -> None:
    """Print the shares to be written down, one a sheet; on a terminal wait until that is done."""
    click.echo("")
    say(
        f"RECOVERY SHARES. Copy each of the {recovery.made} onto a sheet of paper of its own, and give the sheets to "
        f"different people you trust. If the passphrase is lost, any {recovery.needed} of them together open the "
        "records; fewer open nothing. They are shown only now. Do not photograph or e-mail them."
    )
    for number, phrase in enumerate(recovery.phrases, start=1):
        click.echo(f"\n  Share {number} of {recovery.made}")
        for line in _rows(phrase):
            click.echo(f"    {line}")
    click.echo("")
    if sys.stdin.isatty():
        click.prompt("Press Enter when all are on paper", default="", show_default=False, prompt_suffix=" ")
        click.clear()


def say(text: str) -> None:
    """A paragraph, wrapped."""
    click.echo(textwrap.fill(text, WIDTH))


def _rows(phrase: str) -> list[str]:
    """Six words a row, each row with the number of its first word, to copy and compare by."""
    words = phrase.split()
    return [f"{start + 1:>2}  {'  '.join(words[start : start + 6])}" for start in range(0, len(words), 6)]
