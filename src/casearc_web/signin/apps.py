"""The app's name, and the gates it puts up."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """Named so that its tables start with `signin_`."""

    name = "casearc_web.signin"
    label = "signin"

    def ready(self) -> None:
        """Put up the gates, in the order they are passed."""
        from casearc_web.access.gates import put_up, receive_strangers  # noqa: PLC0415 - models are there only now
        from casearc_web.signin import gates  # noqa: PLC0415

        receive_strangers(gates.stranger)
        for gate in (gates.idle, gates.second_factor, gates.step_up):
            put_up(gate)
