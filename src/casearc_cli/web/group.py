"""The group itself: alone it sets an agency up where there is none, and serves."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import IO

import click

from casearc_cli.web.asking import in_folder, with_passphrase_file
from casearc_cli.web.opening import check_installed

_COMMANDS: dict[str, tuple[str, str, str]] = {
    "administrator": ("casearc_cli.web.tending", "administrator_command", "Invite an administrator anew."),
    "audit": ("casearc_cli.web.tending", "audit_group", "Check the audit log."),
    "backup": ("casearc_cli.web.keeping", "backup_command", "Write an encrypted backup."),
    "init": ("casearc_cli.web.starting", "init_command", "Set an agency up: keys, database, administrator."),
    "migrate": ("casearc_cli.web.tending", "migrate_command", "Bring the records to this version."),
    "passphrase": ("casearc_cli.web.keeping_keys", "passphrase_command", "Change the passphrase."),
    "purge": ("casearc_cli.web.tending", "purge_command", "Say what is past its time, or erase it."),
    "recover": ("casearc_cli.web.keeping_keys", "recover_command", "Set a new passphrase with recovery shares."),
    "rekey": ("casearc_cli.web.keeping_keys", "rekey_command", "Encrypt everything under a new key."),
    "restore": ("casearc_cli.web.keeping", "restore_command", "Restore a backup."),
    "serve": ("casearc_cli.web.starting", "serve_command", "Open the records and serve them."),
    "shares": ("casearc_cli.web.keeping_keys", "shares_command", "Print a new set of recovery shares."),
}


class WebGroup(click.Group):
    """Loads a command when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, attribute, _ = _COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in sorted(_COMMANDS.items())])


@click.group(name="web", cls=WebGroup, invoke_without_command=True)
@in_folder
@with_passphrase_file
@click.option("--port", type=click.IntRange(1, 65535), help="Default: as casearc.toml says, else 8000.")
@click.option("--demo", is_flag=True, help="Try it: a made-up agency of 95 clients, nobody in it real.")
@click.pass_context
def web_group(
    ctx: click.Context, folder: Path | None, passphrase_file: IO[str] | None, port: int | None, demo: bool
) -> None:
    """Run the agency's application on this machine.

    Without a command: sets the agency up if that was not done yet, asks for the passphrase, and serves until CTRL-C.
    The records are encrypted; the passphrase, or enough recovery shares, are the only way to open them.
    """
    check_installed()
    if ctx.invoked_subcommand is not None:
        if folder or passphrase_file or port or demo:
            raise click.UsageError(f"Write options after the command: casearc web {ctx.invoked_subcommand} --folder …")
        return
    from casearc_cli.web.starting import start

    start(folder, passphrase_file, port=port, demo=demo)
