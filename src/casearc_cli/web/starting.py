"""`casearc web`, `casearc web init` and `casearc web serve`."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from casearc_cli.web.asking import ask, ask_new_passphrase, in_folder, with_passphrase_file
from casearc_cli.web.opening import check_up_to_date, configuration_of, folder_of, unlock
from casearc_cli.web.telling import say, tell_shares

if TYPE_CHECKING:
    from casearc_web.configuration import Configuration, Language
    from casearc_web.keys import Keys

DEMO_PASSPHRASE = "demo-passphrase.txt"
PORT = click.option("--port", type=click.IntRange(1, 65535), help="Default: as casearc.toml says, else 8000.")


@click.command(name="init")
@in_folder
@with_passphrase_file
@click.option("--demo", is_flag=True, help="A made-up agency of 95 clients, nobody in it real.")
@click.option("--agency", metavar="NAME", help="The agency's name; asked for if left out.")
@click.option("--state", metavar="NAME", help="State or territory, by whose rules young people sign; asked for.")
@click.option("--administrator", metavar="USER", help="User name of the first administrator; asked for.")
@click.option("--name", metavar="NAME", help="The administrator's name, as colleagues know it; asked for.")
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True)
@click.option("--shares", type=(int, int), default=(2, 3), show_default=True, metavar="NEEDED MADE")
def init_command(
    folder: Path | None,
    passphrase_file: IO[str] | None,
    demo: bool,
    agency: str | None,
    state: str | None,
    administrator: str | None,
    name: str | None,
    language: Language,
    shares: tuple[int, int],
) -> None:
    """Set an agency up in a folder of its own: keys, an encrypted database, the first administrator.

    Prints recovery shares and how the administrator signs in, once. --shares 2 3 makes three shares, of which any
    two recover the records.
    """
    from casearc_web.configuration import Configuration

    configuration = _written_before(folder) or Configuration(folder=folder_of(folder), language=language, made_up=demo)
    if demo:
        _set_up_demo(configuration)
    else:
        asked = {"agency": agency, "state": state, "administrator": administrator, "name": name}
        _set_up(configuration, passphrase_file, asked, shares)


@click.command(name="serve")
@in_folder
@with_passphrase_file
@PORT
@click.option("--address", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--behind-tls", is_flag=True, help="A proxy in front of Casearc speaks HTTPS; needed for other addresses."
)
def serve_command(
    folder: Path | None, passphrase_file: IO[str] | None, port: int | None, address: str, behind_tls: bool
) -> None:
    """Open the records with the passphrase and serve them until CTRL-C."""
    configuration = _configured(configuration_of(folder), port, behind_tls=behind_tls)
    _check(configuration, address)
    with _held(configuration):
        _serve(configuration, _unlocked(configuration, passphrase_file), address)


def start(folder: Path | None, passphrase_file: IO[str] | None, *, port: int | None, demo: bool) -> None:
    """Set up what is not there yet, and serve."""
    from casearc_web.configuration import Configuration
    from casearc_web.setup import is_set_up

    fresh = _written_before(folder) or Configuration(folder=folder_of(folder), made_up=demo)
    keys: Keys | None = None
    if not is_set_up(fresh):
        fresh = _configured(fresh, port)
        _check(fresh, "127.0.0.1")
        keys = _set_up_demo(fresh) if demo else _set_up(fresh, passphrase_file, {}, (2, 3))
    configuration = _configured(configuration_of(folder), port)
    if demo and not configuration.made_up:
        raise click.UsageError(f"{configuration.folder} holds an agency that is no demo. Name another --folder.")
    _check(configuration, "127.0.0.1")
    with _held(configuration):
        _serve(configuration, keys or _unlocked(configuration, passphrase_file), "127.0.0.1")


def _set_up(
    configuration: Configuration,
    passphrase_file: IO[str] | None,
    asked: dict[str, str | None],
    shares: tuple[int, int],
) -> Keys:
    from casearc_web.setup import check_free, first_administrator, set_up

    check_free(configuration)
    say(f"This sets up an agency in {configuration.folder}.")
    agency = ask(asked.get("agency"), "The agency's name", option="--agency")
    state = ask(asked.get("state"), "State or territory", option="--state")
    user = ask(asked.get("administrator"), "A user name for the first administrator", option="--administrator")
    name = ask(asked.get("name"), "That person's name, as colleagues know it", option="--name")
    say(
        "Now the passphrase that opens the records each time Casearc is started. Nobody can look it up or reset it, "
        "so write it down and lock it away."
    )
    passphrase = ask_new_passphrase(passphrase_file, what="Passphrase")
    keys, recovery, signs_in = set_up(
        configuration,
        passphrase,
        lambda: first_administrator(
            agency=agency, state=state, username=user, name=name, root=f"http://localhost:{configuration.port}"
        ),
        shares=shares,
    )
    tell_shares(recovery)
    say(f"{configuration.folder} is set up. The first sign-in, once `casearc web` runs:")
    for line in signs_in:
        click.echo(f"  {line}")
    return keys


def _set_up_demo(configuration: Configuration) -> Keys:
    from casearc_web import keys
    from casearc_web.durable import write_whole
    from casearc_web.setup import check_free

    check_free(configuration)
    say(f"Making up an agency of 95 clients in {configuration.folder}. Nobody in it is real.")
    passphrase = keys.made_up()
    # The made-up program starts threads of the dataframe library. The server forks later, and a fork does not take
    # threads along, only their locks: so the agency is made in a process of its own.
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as apart:
        signs_in = apart.submit(_make_demo, configuration, passphrase).result()
    write_whole(configuration.folder / DEMO_PASSPHRASE, f"{passphrase}\n".encode())
    click.echo(f"Passphrase of the demo: {passphrase}")
    say(f"(It lies in {DEMO_PASSPHRASE} beside the made-up records, so that the demo starts without asking.)")
    for line in signs_in:
        click.echo(f"  {line}")
    return keys.unlock(configuration.folder, passphrase)


def _make_demo(configuration: Configuration, passphrase: str) -> tuple[str, ...]:
    from casearc_web.setup import made_up_agency, set_up

    return set_up(configuration, passphrase, made_up_agency)[2]


def _written_before(folder: Path | None) -> Configuration | None:
    """A casearc.toml that somebody wrote before the set-up, as PostgreSQL needs it."""
    from casearc_web.configuration import FILE, read

    place = folder_of(folder)
    return read(place) if (place / FILE).exists() else None


def _unlocked(configuration: Configuration, passphrase_file: IO[str] | None) -> Keys:
    """A demo opens with the passphrase that lies beside it, if nobody gives another."""
    beside = configuration.folder / DEMO_PASSPHRASE
    if configuration.made_up and passphrase_file is None and beside.exists():
        with beside.open(encoding="utf-8") as file:
            click.echo(f"Passphrase of the demo: {beside.read_text(encoding='utf-8').strip()}")
            return unlock(configuration, file)[1]
    return unlock(configuration, passphrase_file)[1]


def _configured(configuration: Configuration, port: int | None, *, behind_tls: bool = False) -> Configuration:
    return replace(
        configuration,
        port=port or configuration.port,
        behind_tls=behind_tls or configuration.behind_tls,
    )


def _check(configuration: Configuration, address: str) -> None:
    """Before anybody types a passphrase for nothing."""
    from casearc_web.server import check_address

    check_address(address, configuration.port, behind_tls=configuration.behind_tls)


def _held(configuration: Configuration) -> AbstractContextManager[None]:
    from casearc_web.presence import present

    return present(configuration.folder)


def _serve(configuration: Configuration, keys: Keys, address: str) -> None:
    from casearc_web.server import prepare, serve

    prepare(configuration, keys)
    check_up_to_date()
    serve(configuration, address, ready=lambda where: click.echo(f"Casearc is at {where} (CTRL-C stops it)"))
