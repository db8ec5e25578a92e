"""The app's name, and what it says about access."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnrollmentsConfig(AppConfig):
    """Named so that its tables start with `enrollments_`."""

    name = "casearc_web.enrollments"
    label = "enrollments"

    def ready(self) -> None:
        """Say who reaches what, and add the app's tabs and menu entries."""
        from casearc_web.access.navigation import Entry, add  # noqa: PLC0415 - models are there only now
        from casearc_web.access.verbs import Verb  # noqa: PLC0415
        from casearc_web.clients.care import set_care  # noqa: PLC0415
        from casearc_web.clients.tabs import Tab, add_tab  # noqa: PLC0415
        from casearc_web.enrollments.access import register_all  # noqa: PLC0415
        from casearc_web.enrollments.care import CareOfEnrollments  # noqa: PLC0415
        from casearc_web.enrollments.parts import add_parts  # noqa: PLC0415

        register_all()
        set_care(CareOfEnrollments())
        add_parts()
        add(Entry(label=_("Start"), route="enrollments:home", verb=Verb.SEE_HOME, order=0))
        add(Entry(label=_("Due"), route="enrollments:due", verb=Verb.VIEW_CASEWORK, order=5))
        add(Entry(label=_("Transfer"), route="enrollments:transfer", verb=Verb.TRANSFER_CASELOAD, order=60))
        add_tab(Tab(label=_("Enrollments"), route="enrollments:stays", verb=Verb.VIEW_CASEWORK, order=30))
        add_tab(Tab(label=_("Who has looked"), route="enrollments:looked", verb=Verb.VIEW_CLIENT_AUDIT, order=90))
