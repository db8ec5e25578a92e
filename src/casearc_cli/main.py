"""The `casearc` command: finds the subcommand, prints errors in plain words, ends with the contract's exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module

import click

from casearc.errors import CasearcError

OUR_FAULT = 1
USAGE = 2

_COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": ("casearc_cli.demo", "demo_command", "Run the whole evaluation on a made-up program."),
    "evaluate": ("casearc_cli.evaluate", "evaluate_command", "Evaluate a program: plan and files in, report out."),
    "instruments": ("casearc_cli.instruments", "instruments_group", "List, show and check instruments."),
    "plan": ("casearc_cli.plan", "plan_group", "Check a study plan and say it back in sentences."),
    "score": ("casearc_cli.score", "score_command", "Score a file of responses."),
}


class LazyGroup(click.Group):
    """Loads a subcommand only when it is run, so that `--help` is instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, attribute, _ = _COMMANDS[cmd_name]
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}.{attribute} is not a command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in sorted(_COMMANDS.items())])


@click.group(
    cls=LazyGroup,
    epilog="Exit codes: 0 done, 2 usage, 3 data refused, 4 plan refused, 5 disclosure refused, 1 our fault.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="casearc", prog_name="casearc")
def casearc() -> None:
    """Score measures, evaluate a program by its plan, and write a report that harms nobody.

    Start with `casearc demo -o demo`: it makes up a program of 95 participants and evaluates it.
    """


def main() -> None:
    """Entry point of the command."""
    sys.exit(run(lambda: casearc(standalone_mode=False), as_json="--json" in sys.argv[1:]))


def run(command: Callable[[], object], *, as_json: bool) -> int:  # noqa: PLR0911 - one return for each way to end
    """Run a command, print what went wrong on standard error, return the exit code."""
    try:
        command()
    except CasearcError as error:
        _report(error, as_json=as_json)
        return error.exit_code
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        click.echo("Stopped; nothing was written.", err=True)
        return 130
    except click.ClickException as error:
        _report_usage(error, as_json=as_json)
        return USAGE
    except BrokenPipeError:
        return 0
    except OSError as error:
        click.echo(f"{error.strerror or 'The file system refused'}: {error.filename or ''}".rstrip(": "), err=True)
        return USAGE
    except Exception as error:  # the last wall: a traceback could carry a participant's value
        click.echo(_our_fault(error), err=True)
        return OUR_FAULT
    return 0


def _report(error: CasearcError, *, as_json: bool) -> None:
    if not as_json:
        click.echo(str(error), err=True)
        return
    faults = [
        {"file": f.file, "row": f.row, "column": f.column, "problem": f.problem, "remedy": f.remedy}
        for f in error.faults
    ]
    content = {"error": error.message, "kind": type(error).__name__, "exit_code": error.exit_code, "faults": faults}
    click.echo(json.dumps(content, ensure_ascii=False), err=True)


def _report_usage(error: click.ClickException, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"error": error.format_message(), "kind": "UsageError", "exit_code": USAGE}), err=True)
    else:
        error.show()


def _our_fault(error: Exception) -> str:
    """Where our code failed, without the message: a message could quote a value from the data."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_globals.get('__name__', '?')}, line {place.tb_lineno}" if place else "unknown place"
    return (
        f"Casearc failed, and that is our fault, not yours ({type(error).__name__} at {where}). Nothing was written. "
        "Please report this line; it holds nothing of your data."
    )
