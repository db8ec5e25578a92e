"""The app's name, and what it offers to the sign-in."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """Named so that its tables start with `drafts_`."""

    name = "casearc_web.drafts"
    label = "drafts"

    def ready(self) -> None:
        """Keep forms that arrive too late."""
        from casearc_web.drafts.keeping import FormKeeper  # noqa: PLC0415 - models are there only now
        from casearc_web.signin.keeping import set_keeper  # noqa: PLC0415

        set_keeper(FormKeeper())
