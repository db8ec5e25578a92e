"""Setting an agency up: keys, database and the first administrator, all or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import TypeVar

from casearc.errors import UsageError
from casearc_web import configuration as configurations
from casearc_web import keys as agency_keys
from casearc_web import swap
from casearc_web.configuration import Configuration
from casearc_web.durable import make_folder
from casearc_web.errors import AlreadyThereError
from casearc_web.keys import KEY_FILE, STRONG, Cost, Keys, Recovery
from casearc_web.presence import alone
from casearc_web.replacement import decide_in_postgresql, settle
from casearc_web.server import at_database, migrate, prepare
from casearc_web.sqlcipher import make_database

Made = TypeVar("Made")


def first_administrator(*, agency: str, state: str, username: str, name: str, root: str) -> tuple[str, ...]:
    """The agency and its first administrator; how that person signs in, in lines to be shown once.

    `root` is the address at which the application will answer.
    """
    from casearc_web.access import row_security  # noqa: PLC0415 - Django must be ready first
    from casearc_web.agencies.models import Agency  # noqa: PLC0415
    from casearc_web.signin.setup import make_administrator  # noqa: PLC0415

    made = Agency.objects.create(name=agency, state=state)
    row_security.enter(made.pk)
    code = make_administrator(made, username=username, name=name)
    row_security.leave()
    return _signs_in(root, username, code)


def invite_administrator_again(username: str) -> tuple[str, ...]:
    """For an administrator who cannot sign in any more; UsageError where there is none of that name."""
    from casearc_web.agencies.models import RoleCode, StaffMember  # noqa: PLC0415 - Django must be ready first
    from casearc_web.signin.setup import reset_administrator  # noqa: PLC0415

    staff = StaffMember.objects.filter(username__iexact=username, role=RoleCode.ADMINISTRATOR, is_active=True).first()
    if staff is None:
        raise UsageError("There is no administrator of that user name who may sign in.")
    return _signs_in("", staff.username, reset_administrator(staff))


def _signs_in(root: str, username: str, code: str) -> tuple[str, ...]:
    from django.urls import reverse  # noqa: PLC0415 - Django must be ready first

    return (
        f"page       {root}{reverse('signin:invitation')}",
        f"user name  {username}",
        f"code       {code}   (good once, for 72 hours)",
    )


def made_up_agency() -> tuple[str, ...]:
    """The demo's agency; how its made-up staff sign in."""
    from casearc_web.demo.fill import fill  # noqa: PLC0415

    made = fill()
    width = max(len(name) for name, _ in made.accounts)
    signs_in = (f"  {name:<{width}}  {role}" for name, role in made.accounts)
    return ("Accounts to sign in with:", *signs_in, f"Password of all of them: {made.password}")


def is_set_up(configuration: Configuration) -> bool:
    """Whether the folder holds an agency's keys; what broke off while it was set up does not count."""
    return (configuration.folder / KEY_FILE).exists() or (configuration.folder / swap.READY).exists()


def check_free(configuration: Configuration) -> None:
    """AlreadyThereError where an agency is set up already."""
    if is_set_up(configuration) or configuration.database.exists():
        raise AlreadyThereError(f"{configuration.folder} holds an agency's records already.")


def _check_empty() -> None:
    """A PostgreSQL database may hold an agency already, under keys that are elsewhere."""
    from casearc_web.agencies.models import Agency  # noqa: PLC0415 - Django must be ready first

    if Agency.objects.exists():
        raise AlreadyThereError("The database holds an agency already. Its keys.json belongs into the agency's folder.")


def set_up(
    configuration: Configuration,
    passphrase: str,
    fill: Callable[[], Made],
    *,
    shares: tuple[int, int] = (2, 3),
    cost: Cost = STRONG,
) -> tuple[Keys, Recovery, Made]:
    """Make the agency's folder. `fill` puts the first rows into the new database: the agency, its administrator.

    Where anything fails, also in `fill`, nothing is left behind.
    """
    folder = configuration.folder
    made: list[Made] = []
    make_folder(folder)
    with alone(folder):
        settle(configuration)
        check_free(configuration)
        incoming = swap.begin(folder)
        try:
            recovery = agency_keys.create(incoming, passphrase, shares=shares, cost=cost)
            keys = agency_keys.unlock(incoming, passphrase)
            if configuration.engine == "postgresql":
                configurations.write(configuration)
                prepare(configuration, keys)
                decide_in_postgresql(configuration, keys, lambda: made.append(_filled(fill)))
            else:
                make_database(incoming / configuration.file, keys)
                prepare(configuration, keys)
                with at_database(incoming / configuration.file, keys):
                    made.append(_filled(fill))
                configurations.write(configuration)
                swap.commit(folder, configuration.file)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
    return keys, recovery, made[0]


def _filled(fill: Callable[[], Made]) -> Made:
    migrate()
    _check_empty()
    return fill()
