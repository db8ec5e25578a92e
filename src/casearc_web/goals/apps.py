"""The app's name, and what it says to the apps below it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GoalsConfig(AppConfig):
    """Named so that its tables start with `goals_`."""

    name = "casearc_web.goals"
    label = "goals"

    def ready(self) -> None:
        """Say who reaches what, what is due, and what stands on a client's page."""
        from casearc_web.access.verbs import Verb  # noqa: PLC0415 - models are there only now
        from casearc_web.clients.tabs import Panel, Tab, add_panel, add_tab  # noqa: PLC0415
        from casearc_web.consent.categories import register as register_category  # noqa: PLC0415
        from casearc_web.consent.codes import Category  # noqa: PLC0415
        from casearc_web.enrollments.due import register  # noqa: PLC0415
        from casearc_web.enrollments.facts import bring_along, register_open, register_span  # noqa: PLC0415
        from casearc_web.goals.access import register_all  # noqa: PLC0415
        from casearc_web.goals.at_exit import still_open, taken_days  # noqa: PLC0415
        from casearc_web.goals.disclosed import goals  # noqa: PLC0415
        from casearc_web.goals.panel import panel  # noqa: PLC0415
        from casearc_web.goals.schedule import due  # noqa: PLC0415

        register_all()
        register(due)
        register_open(still_open)
        register_span(taken_days)
        bring_along("support_plan")
        register_category(Category.GOALS, goals)
        add_tab(Tab(label=_("Plan"), route="goals:plan", verb=Verb.VIEW_CASEWORK, order=60))
        add_panel(Panel(template="goals/panel.html", context=panel, verb=Verb.VIEW_CASEWORK, order=60))
