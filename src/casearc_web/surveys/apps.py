"""The app's name, its place on a client's page, and what it says about access and about what is due."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    """Named so that its tables start with `surveys_`."""

    name = "casearc_web.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Register models, tab and due provider."""
        from casearc_web.access.registry import register  # noqa: PLC0415 - models are there only now
        from casearc_web.access.verbs import Verb  # noqa: PLC0415
        from casearc_web.clients.tabs import Tab, add_tab  # noqa: PLC0415
        from casearc_web.consent.categories import register as register_category  # noqa: PLC0415
        from casearc_web.consent.codes import Category  # noqa: PLC0415
        from casearc_web.enrollments import due  # noqa: PLC0415
        from casearc_web.surveys.disclosed import measures  # noqa: PLC0415
        from casearc_web.surveys.models import Administration  # noqa: PLC0415
        from casearc_web.surveys.schedule import due_rounds  # noqa: PLC0415

        register(Administration, enrollment="enrollment_id", client="enrollment__client_id")
        add_tab(Tab(label=_("Measures"), route="surveys:administrations", verb=Verb.VIEW_CASEWORK, order=60))
        due.register(due_rounds)
        register_category(Category.MEASURES, measures)
