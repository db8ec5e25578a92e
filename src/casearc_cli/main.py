"""The `casearc` command: finds the subcommand, prints errors in plain words, ends with the contract's exit codes."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from importlib import import_module

import click

from casearc.errors import CasearcError

OUR_FAULT = 1
USAGE = 2
STOPPED = 130

_COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": ("casearc_cli.demo", "demo_command", "Run the whole evaluation on a made-up program."),
    "evaluate": ("casearc_cli.evaluate", "evaluate_command", "Evaluate a program: plan and files in, report out."),
    "export": ("casearc_cli.export", "export_command", "Write a program's tables in other programs' formats."),
    "import": ("casearc_cli.imports", "import_group", "Bring in files as other programs wrote them."),
    "instruments": ("casearc_cli.instruments", "instruments_group", "List, show, check, export, draft instruments."),
    "plan": ("casearc_cli.plan", "plan_group", "Check a study plan and say it back in sentences."),
    "power": ("casearc_cli.power", "power_command", "Tell what a plan can show, before anybody is measured."),
    "score": ("casearc_cli.score", "score_command", "Score a file of responses."),
    "web": ("casearc_cli.web", "web_group", "Run the agency's application: records, keys, backups."),
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
    except (click.Abort, KeyboardInterrupt):
        _say("Stopped; nothing was left half written.", kind="Stopped", code=STOPPED, as_json=as_json)
        return STOPPED
    except click.ClickException as error:
        _report_usage(error, as_json=as_json)
        return USAGE
    except BrokenPipeError:
        return 0
    except OSError as error:
        refused = f"{error.strerror or 'The file system refused'}: {error.filename or ''}".rstrip(": ")
        _say(refused, kind="UsageError", code=USAGE, as_json=as_json)
        return USAGE
    except SystemExit:
        raise
    except BaseException as error:  # the last wall (a panic in Rust is no Exception): a traceback could carry a value
        _say(_our_fault(error), kind="OurFault", code=OUR_FAULT, as_json=as_json)
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


def _say(told: str, *, kind: str, code: int, as_json: bool) -> None:
    """An end that is no error of Casearc's own tree, in the same two forms."""
    content = {"error": told, "kind": kind, "exit_code": code, "faults": []}
    click.echo(json.dumps(content, ensure_ascii=False) if as_json else told, err=True)


def _report_usage(error: click.ClickException, *, as_json: bool) -> None:
    if as_json:
        _say(error.format_message(), kind="UsageError", code=USAGE, as_json=True)
    else:
        error.show()


def _our_fault(error: BaseException) -> str:
    """Where our code failed, without the message: a message could quote a value from the data."""
    where = "an unknown place"
    for frame, line in traceback.walk_tb(error.__traceback__):
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("casearc"):
            where = f"{module}, line {line}"
    return (
        f"Casearc failed, and that is our fault, not yours ({type(error).__name__} at {where}). Nothing was written. "
        "Please report this line; it holds nothing of your data."
    )


if __name__ == "__main__":
    main()
