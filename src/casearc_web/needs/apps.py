"""The app's name, and what it says to the apps below it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NeedsConfig(AppConfig):
    """Named so that its tables start with `needs_`."""

    name = "casearc_web.needs"
    label = "needs"

    def ready(self) -> None:
        """Say who reaches what, what is due, and what stands on a client's page."""
        from casearc_web.access import navigation  # noqa: PLC0415 - models are there only now
        from casearc_web.access.verbs import Verb  # noqa: PLC0415
        from casearc_web.clients.tabs import Panel, Tab, add_panel, add_tab  # noqa: PLC0415
        from casearc_web.consent.categories import register as register_category  # noqa: PLC0415
        from casearc_web.consent.codes import Category  # noqa: PLC0415
        from casearc_web.enrollments.due import register  # noqa: PLC0415
        from casearc_web.enrollments.facts import register_span  # noqa: PLC0415
        from casearc_web.needs.access import register_all  # noqa: PLC0415
        from casearc_web.needs.at_exit import taken_days  # noqa: PLC0415
        from casearc_web.needs.disclosed import needs, substance_use  # noqa: PLC0415
        from casearc_web.needs.panel import panel  # noqa: PLC0415
        from casearc_web.needs.schedule import due  # noqa: PLC0415

        register_all()
        register(due)
        register_span(taken_days)
        register_category(Category.GOALS, needs)
        register_category(Category.SUBSTANCE_USE, substance_use)
        add_tab(Tab(label=_("Needs"), route="needs:assessments", verb=Verb.VIEW_CASEWORK, order=50))
        add_panel(Panel(template="needs/panel.html", context=panel, verb=Verb.VIEW_CASEWORK, order=50))
        navigation.add(navigation.Entry(label=_("Domains"), route="needs:domains", verb=Verb.MANAGE_AGENCY, order=80))
