"""`casearc web audit verify`, `migrate` and `purge`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from casearc_cli.web.asking import in_folder, with_passphrase_file
from casearc_cli.web.opening import check_up_to_date, configuration_of, open_records, unlock
from casearc_cli.web.telling import say

if TYPE_CHECKING:
    from casearc_web.audit.verify import ChainReport

ALTERED = 3


@click.group(name="audit")
def audit_group() -> None:
    """Check the audit log."""


@audit_group.command(name="verify")
@in_folder
@with_passphrase_file
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def verify_command(ctx: click.Context, folder: Path | None, passphrase_file: IO[str] | None, as_json: bool) -> None:
    """Go through the audit log link by link. Ends with exit code 3 where it was altered.

    Note the head somewhere else: only that shows when a whole database was put back to an earlier day.
    """
    open_records(folder, passphrase_file)
    check_up_to_date()
    reports = verified_chains(noted=True)
    if as_json:
        plain = [{"agency": str(r.agency_id), "events": r.events, "head": r.head, "faults": r.faults} for r in reports]
        click.echo(json.dumps(plain, indent=2))
    for report in () if as_json else reports:
        click.echo(f"Events: {report.events:,}, {'all sound' if report.sound else 'ALTERED'}. Head: {report.head}")
        for fault in report.faults:
            click.echo(f"  - {fault}")
    if not all(report.sound for report in reports):
        ctx.exit(ALTERED)


@click.command(name="migrate")
@in_folder
@with_passphrase_file
def migrate_command(folder: Path | None, passphrase_file: IO[str] | None) -> None:
    """Bring the records to this version of Casearc, after a backup into the agency's folder. Stop Casearc first."""
    from casearc_web.server import migrate, missing_migrations, prepare
    from casearc_web.upgrading import upgrade

    configuration = configuration_of(folder)
    prepare(configuration, unlock(configuration, passphrase_file)[1])
    missing = missing_migrations()
    if not missing:
        if configuration.engine == "postgresql":
            migrate()
            say("The wall between agencies and the rights of the application's role were put up anew.")
        say("The records are up to date; nothing was done.")
        return
    backup = upgrade(configuration)
    say(f"The records are up to date ({len(missing)} steps). As they were before: {backup}")


@click.command(name="purge")
@in_folder
@with_passphrase_file
@click.option("--erase", is_flag=True, help="Erase it. Without this, nothing is touched.")
@click.option("--dry-run", is_flag=True, help="Only say what would be erased, also beside --erase.")
def purge_command(folder: Path | None, passphrase_file: IO[str] | None, erase: bool, dry_run: bool) -> None:
    """Say what the agency's retention rules call past its time, or erase it.

    Nothing is erased unless told so with --erase. Legal holds are kept.
    """
    open_records(folder, passphrase_file)
    check_up_to_date()
    from casearc_web.retention.commands import purge  # its models need a Django that is ready

    report = purge(dry_run=dry_run or not erase)
    click.echo(str(report))
    if report.dry_run and not dry_run:
        say("Nothing was touched. To erase it: casearc web purge --erase")


@click.command(name="administrator")
@click.argument("user_name")
@in_folder
@with_passphrase_file
def administrator_command(user_name: str, folder: Path | None, passphrase_file: IO[str] | None) -> None:
    """Invite the administrator USER_NAME anew, when nobody is left who could do so in the application.

    Ends that person's password and second factor. It stands in the audit log.
    """
    from casearc_web.setup import invite_administrator_again

    open_records(folder, passphrase_file)
    check_up_to_date()
    for line in invite_administrator_again(user_name):
        click.echo(line)


def verified_chains(*, noted: bool = False) -> list[ChainReport]:
    """Each agency's audit log, gone through; `noted` in the log itself, whose page then tells when it was sound."""
    from casearc_web.access import row_security
    from casearc_web.agencies.models import Agency
    from casearc_web.audit.checks import check
    from casearc_web.audit.verify import verify

    reports = []
    for agency_id in list(Agency.objects.order_by("created_at").values_list("pk", flat=True)):
        row_security.enter(agency_id)
        reports.append((check if noted else verify)(agency_id))
    row_security.leave()
    return reports
