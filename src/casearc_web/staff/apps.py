"""The app's name, and its entries in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    """Named so that its tables start with `staff_`."""

    name = "casearc_web.staff"
    label = "staff"

    def ready(self) -> None:
        """Say how the log is reached, and add to the menu."""
        from casearc_web.access.navigation import Entry, add  # noqa: PLC0415 - models are there only now
        from casearc_web.access.verbs import Verb  # noqa: PLC0415
        from casearc_web.staff.access import register_all  # noqa: PLC0415

        register_all()
        add(Entry(label=_("Accounts"), route="staff:accounts", verb=Verb.MANAGE_STAFF, order=80))
        add(Entry(label=_("Agency"), route="staff:agency", verb=Verb.MANAGE_AGENCY, order=85))
        add(Entry(label=_("Log"), route="staff:log", verb=Verb.VIEW_AUDIT, order=90))
        add(Entry(label=_("Who may do what"), route="staff:roles", verb=Verb.USE_OWN_ACCOUNT, order=95))
