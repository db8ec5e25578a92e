"""commands.md, from the commands themselves."""

from __future__ import annotations

import inspect

import click

from casearc_cli.main import casearc

_INTRODUCTION = """\
# Commands

<!-- Written by docs/build.py; change the command in src/casearc_cli/, not this page. -->

`casearc --help` and `casearc COMMAND --help` say the same. Exit codes: 0 done, 2 the call was wrong, 3 data refused,
4 plan refused, 5 disclosure refused, 1 our fault. What goes wrong is said on standard error; with `--json`, as JSON.
"""


def page() -> str:
    """Every command with its arguments and options."""
    return "\n".join([_INTRODUCTION, *_sections(casearc, "casearc", None)]).rstrip() + "\n"


def _sections(command: click.Command, path: str, parent: click.Context | None) -> list[str]:
    context = click.Context(command, info_name=path, parent=parent)
    if isinstance(command, click.Group):
        names = command.list_commands(context)
        found = [(name, command.get_command(context, name)) for name in names]
        return [part for name, each in found if each is not None for part in _sections(each, f"{path} {name}", None)]
    return [_section(command, path, context)]


def _section(command: click.Command, path: str, context: click.Context) -> str:
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    lines = [f"## {path}", "", f"```\n{usage}\n```", "", inspect.cleandoc(command.help or "").replace("\b", ""), ""]
    options = [option for option in command.params if isinstance(option, click.Option)]
    if options:
        lines += ["| option | meaning |", "|---|---|", *(_row(option, context) for option in options), ""]
    return "\n".join(lines)


def _row(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    if record is None:
        raise ValueError(f"{option.name} is hidden")
    name, meaning = (part.replace("|", "\\|") for part in record)
    return f"| `{name}` | {' '.join(meaning.split())} |"
