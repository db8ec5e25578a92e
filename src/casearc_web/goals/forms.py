"""Forms of plans, goals and reviews."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casearc_web.goals.models import AgreedHow, Goal, GoalReview, Progress, Rating, SupportPlan
from casearc_web.needs.levels import Domain
from casearc_web.shell.fields import DayField
from casearc_web.shell.forms import Submittable

LET_GO = "let_go"
LOOKS = "looks_"


class Versioned(Submittable):
    """A form that edits something somebody else may be editing too."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def edited(self) -> int:
        """The version that was opened."""
        return int(self.cleaned_data.get("version") or 0)

    def typed(self) -> dict[str, Any]:
        """What was typed, by field."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"submission", "version"}}


class PlanForm(Versioned):
    """The young person's own words at the head of the plan."""

    wishes = forms.CharField(
        label=gettext_lazy("What matters to me, in the young person's words"),
        help_text=gettext_lazy("What should be different in some months? Who and what helps?"),
        widget=forms.Textarea({"rows": 5}),
        required=False,
    )


class AgreeForm(Versioned):
    """On which day, and how, the young person agreed."""

    agreed_on = DayField(label=gettext_lazy("Agreed on"))
    agreed_how = forms.ChoiceField(label=gettext_lazy("How"), choices=AgreedHow.choices, widget=forms.RadioSelect)


class GoalForm(Versioned):
    """A goal: in whose words, in which domain, by which steps, and what reaching it would look like."""

    words = forms.CharField(
        label=gettext_lazy("The goal, in the young person's words"), widget=forms.Textarea({"rows": 3})
    )
    domain = forms.ChoiceField(label=gettext_lazy("Domain"))
    opened_on = DayField(label=gettext_lazy("Set on"))
    steps = forms.CharField(
        label=gettext_lazy("Steps, one a line"),
        help_text=gettext_lazy("Small ones. What is done is ticked later."),
        widget=forms.Textarea({"rows": 4}),
        required=False,
    )

    def __init__(self, *args: Any, domains: Sequence[Domain], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose a domain")), *((domain.code, domain.name) for domain in domains)]
        self.fields["domain"] = forms.ChoiceField(label=_("Domain"), choices=choices)
        for rating in reversed(Rating):
            self.fields[looks(rating)] = forms.CharField(
                label=rating.in_figures,
                widget=forms.Textarea({"rows": 2}),
                required=False,
            )

    def levels(self) -> list[forms.BoundField]:
        """The fields that say what each rating would look like, the best first."""
        return [self[looks(rating)] for rating in reversed(Rating)]

    def content(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """What the actions take."""
        said = {str(rating.value): chosen[looks(rating)].strip() for rating in Rating}
        return {
            **{name: chosen[name] for name in ("words", "domain", "opened_on")},
            "steps": chosen["steps"].splitlines(),
            "looks_like": {rating: text for rating, text in said.items() if text},
        }


class StepsForm(Versioned):
    """Which steps are done."""

    done = forms.MultipleChoiceField(
        label=gettext_lazy("Steps done"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {step["key"]: step["text"] for step in goal.steps}
        self.fields["done"] = forms.MultipleChoiceField(
            label=_("Steps done"), choices=list(self.names.items()), widget=forms.CheckboxSelectMultiple, required=False
        )


class ReviewForm(StepsForm):
    """How a goal stands, and which steps are done by now."""

    on = DayField(label=gettext_lazy("Date"))
    progress = forms.TypedChoiceField(
        label=gettext_lazy("Progress"), choices=Progress.choices, coerce=int, widget=forms.RadioSelect
    )
    note = forms.CharField(label=gettext_lazy("What was said"), widget=forms.Textarea({"rows": 4}), required=False)
    field_order = ("on", "progress", "done", "note")

    def __init__(self, *args: Any, goal: Goal, steps: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, goal=goal, **kwargs)
        if not steps or not goal.steps:
            del self.fields["done"]
        self.order_fields(self.field_order)


class CloseForm(Versioned):
    """How far a goal was reached. Whether it was met follows."""

    on = DayField(label=gettext_lazy("Closed on"))
    reached = forms.ChoiceField(label=gettext_lazy("How far was it reached?"), widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("Note at closing"), widget=forms.Textarea({"rows": 4}), required=False)

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ratings = [(str(rating.value), _reached(goal, rating)) for rating in reversed(Rating)]
        self.fields["reached"] = forms.ChoiceField(
            label=_("How far was it reached?"),
            help_text=_("As hoped or more counts as met."),
            choices=[*ratings, (LET_GO, _("Let go: no longer wanted, or not possible"))],
            widget=forms.RadioSelect,
        )
        self.order_fields(("on", "reached", "note"))

    def rating(self, chosen: Mapping[str, Any]) -> int | None:
        """-2 to 2; None where the goal was let go."""
        return None if chosen["reached"] == LET_GO else int(chosen["reached"])


class ReopenForm(Versioned):
    """From which day on."""

    on = DayField(label=gettext_lazy("Taken up again on"))


def looks(rating: Rating) -> str:
    """The field that says what a rating would look like."""
    return f"{LOOKS}{rating.value}".replace("-", "m")


def plan_values(plan: SupportPlan) -> dict[str, Any]:
    """A plan by the forms' fields."""
    return {"wishes": plan.wishes, "agreed_on": plan.agreed_on, "agreed_how": plan.agreed_how}


def goal_values(goal: Goal) -> dict[str, Any]:
    """A goal by the form's fields."""
    said = {looks(rating): goal.looks_like.get(str(rating.value), "") for rating in Rating}
    steps = "\n".join(step["text"] for step in goal.steps)
    return {"words": goal.words, "domain": goal.domain, "opened_on": goal.opened_on, "steps": steps, **said}


def steps_values(goal: Goal) -> dict[str, Any]:
    """Which steps are done, by the form's field."""
    return {"done": [step["key"] for step in goal.steps if step.get("done_on")]}


def review_values(review: GoalReview) -> dict[str, Any]:
    """A review by the form's fields."""
    return {"on": review.on, "progress": review.progress, "note": review.note}


def closing_values(goal: Goal) -> dict[str, Any]:
    """How a goal was closed, by the form's fields; empty where it is open."""
    reached = "" if goal.is_open else LET_GO if goal.rating is None else str(goal.rating)
    return {"on": goal.closed_on, "reached": reached, "note": goal.closing_note}


def shower(form: forms.BaseForm) -> Callable[[str, Any], str]:
    """How the page of two versions says a form's values: days and choices in words."""

    def show(name: str, value: Any) -> str:
        if isinstance(value, date):
            return date_format(value)
        labels = {str(key): str(label) for key, label in getattr(form.fields[name], "choices", ())}
        if isinstance(value, list):
            return "\n".join(labels.get(key, "") for key in value)
        return labels.get(str(value), str(value)) if value is not None else ""

    return show


def _reached(goal: Goal, rating: Rating) -> str:
    said = goal.looks_like.get(str(rating.value))
    return f"{rating.in_figures}: {said}" if said else rating.in_figures
