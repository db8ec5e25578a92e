"""Gates that a signed-in request passes before a page: second factor, idle time, step-up. `signin` puts them up."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from casearc_web.access.routes import Rule

Gate = Callable[[HttpRequest, Rule], HttpResponseBase | None]

_gates: list[Gate] = []
_strangers: list[Gate] = []


def put_up(gate: Gate) -> None:
    """Add a gate for those signed in; it answers None to let pass."""
    if gate not in _gates:
        _gates.append(gate)


def receive_strangers(gate: Gate) -> None:
    """Say what happens to somebody who is not signed in."""
    _strangers[:] = [gate]


def pass_gates(request: HttpRequest, rule: Rule) -> HttpResponseBase | None:
    """The answer of the first gate that does not let pass."""
    for gate in _gates:
        answer = gate(request, rule)
        if answer is not None:
            return answer
    return None


def meet_stranger(request: HttpRequest, rule: Rule) -> HttpResponseBase | None:
    """The answer to somebody not signed in; None where no app has said."""
    return _strangers[0](request, rule) if _strangers else None
