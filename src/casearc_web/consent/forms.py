"""Forms of the ledger. Rules are not here: `terms` and `signers` decide, and say what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casearc_web.clients.models import Client
from casearc_web.consent import actions, codes
from casearc_web.consent.age import months_later
from casearc_web.consent.clock import today
from casearc_web.consent.codes import OF_KIND, AuthorizationKind, Category, ConsentKind, Purpose, Relation
from casearc_web.consent.recipients import Recipient
from casearc_web.consent.signers import MAJORITY, Facts, lasting
from casearc_web.consent.terms import Agreement, Problem, Signer, Terms, in_words
from casearc_web.shell.fields import DayField
from casearc_web.shell.forms import Submittable

MOST_SIGNERS = 3
SAVE, PREVIEW, PRINT = "save", "preview", "print"
BEFORE_SIGNING = frozenset({PREVIEW, PRINT})
_RADIO = forms.RadioSelect


@dataclass(frozen=True, slots=True)
class SignerRow:
    """The controls of one signature."""

    number: int
    fields: tuple[forms.BoundField, ...]

    @property
    def is_used(self) -> bool:
        """Whether somebody is chosen, or something is wrong: such a row is never folded."""
        return bool(self.fields[0].value()) or any(field.errors for field in self.fields)


class SignedForm(Submittable):
    """Shared by authorizations and consents: language, way, facts about the client, signatures."""

    how = forms.ChoiceField(label=gettext_lazy("How it was given"), choices=codes.Given.choices, widget=_RADIO)
    language = forms.ChoiceField(label=gettext_lazy("Explained in"), choices=codes.Explained.choices, widget=_RADIO)
    emancipated = forms.BooleanField(label=gettext_lazy("A court has emancipated the client"), required=False)
    services_alone = forms.BooleanField(
        label=gettext_lazy("The law of this state lets the client receive these services without a parent"),
        help_text=gettext_lazy("If you are not sure, ask your supervisor before you tick this."),
        required=False,
    )
    court_guardian = forms.BooleanField(
        label=gettext_lazy("A court has appointed a guardian for the client"), required=False
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client, self.day = client, today(client.agency_id)
        self.age = actions.age_of(client, self.day)
        if self.age is not None and self.age >= MAJORITY:
            del self.fields["emancipated"], self.fields["services_alone"]
        for number in range(MOST_SIGNERS):
            self.fields.update(_signer_fields(number))

    @property
    def step(self) -> str:
        """What was asked for: a look at it, the paper to sign, or to save."""
        return str(self.data.get("do", SAVE))

    @property
    def is_minor(self) -> bool:
        """An unknown age is a minor's."""
        return self.age is None or self.age < MAJORITY

    def rows(self) -> Iterator[SignerRow]:
        """The signatures' controls."""
        for number in range(MOST_SIGNERS):
            yield SignerRow(number + 1, tuple(self[name] for name in _signer_fields(number)))

    def plain_fields(self) -> list[forms.BoundField]:
        """Everything but the signatures."""
        return [field for field in self.visible_fields() if not field.name.startswith("signer")]

    def facts(self) -> Facts:
        """What the rules ask about."""
        data = self.cleaned_data
        return Facts(
            age=self.age,
            emancipated=bool(data.get("emancipated")),
            services_alone=bool(data.get("services_alone")),
            court_guardian=bool(data.get("court_guardian")),
            waived=bool(data.get("permission_waived")),
        )

    def signers(self) -> list[Signer]:
        """Who signed: rows in which somebody is chosen."""
        return [signer for number in range(MOST_SIGNERS) if (signer := self._signer(number)) is not None]

    def _signer(self, number: int) -> Signer | None:
        data = {name: self.cleaned_data.get(f"signer{number}_{name}") for name in ("relation", "name", "on", "how")}
        if not data["relation"]:
            return None
        return Signer(
            relation=Relation(data["relation"]),
            name=data["name"] or "",
            signed_on=data["on"] or self.day,
            method=codes.Signed(data["how"] or codes.Signed.PAPER),
            is_abuser=self.cleaned_data.get(f"signer{number}_abuser") == "yes",
        )

    def _answered(self) -> None:
        """Nobody but the client signs before somebody has said who they are to the client."""
        for number in range(MOST_SIGNERS):
            relation = self.cleaned_data.get(f"signer{number}_relation")
            if relation and relation != Relation.CLIENT and not self.cleaned_data.get(f"signer{number}_abuser"):
                self.add_error(f"signer{number}_abuser", _("Answer this before the signature counts."))

    def _note(self, problems: list[Problem]) -> None:
        for name, said in problems:
            self.add_error(name if name in self.fields else None, said)


class GiveForm(SignedForm):
    """An authorization: what for, to whom, what, until when, and who signed."""

    purpose = forms.ChoiceField(label=gettext_lazy("What for"), choices=codes.Purpose.choices, widget=_RADIO)
    purpose_words = forms.CharField(
        label=gettext_lazy("What for, in words"),
        help_text=gettext_lazy("Needed where it is something else."),
        required=False,
        max_length=500,
    )
    organization = forms.CharField(label=gettext_lazy("Organization that may receive it"), max_length=200)
    person = forms.CharField(
        label=gettext_lazy("Person there"),
        help_text=gettext_lazy("Where you name one, nobody else there may receive it."),
        required=False,
        max_length=200,
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("What may be disclosed"),
        help_text=gettext_lazy("Only what the recipient needs. Nothing is chosen for you."),
        widget=forms.CheckboxSelectMultiple,
    )
    expires_on = DayField(label=gettext_lazy("Last day"), required=False)
    not_a_condition = forms.BooleanField(
        label=gettext_lazy("I explained: services do not depend on signing, and it can be taken back at any time"),
        required=False,
    )
    field_order = ("purpose", "purpose_words", "organization", "person", "categories", "expires_on")

    def __init__(self, *args: Any, client: Client, kind: AuthorizationKind, **kwargs: Any) -> None:
        super().__init__(*args, client=client, **kwargs)
        self.kind = kind
        chosen = self.fields["categories"]
        chosen.choices = [(one.value, one.label) for one in OF_KIND[kind]]  # type: ignore[attr-defined]
        if kind is AuthorizationKind.PART2:
            chosen.initial = [Category.SUBSTANCE_USE.value]
        usual = ", ".join(_months(purpose) for purpose in Purpose)
        self.fields["expires_on"].help_text = _("Leave it empty for the usual time: %(usual)s.") % {"usual": usual}

    def clean(self) -> dict[str, Any]:
        """What is wrong with the terms; with the signatures only where they are to be saved."""
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if self.step in BEFORE_SIGNING:
            problems = actions.problems_before_signing(self.client, self.terms())
            self._note([one for one in problems if one[0] != "not_a_condition"])
            return data
        self._answered()
        if not self.errors:
            self._note(actions.problems(self.client, self.terms(), self.signers(), self.facts()))
        return data

    def terms(self) -> Terms:
        """The terms as typed."""
        data, purpose = self.cleaned_data, Purpose(self.cleaned_data["purpose"])
        return Terms(
            kind=self.kind,
            purpose=purpose,
            purpose_words=data["purpose_words"],
            recipient=Recipient(data["organization"], data["person"]),
            categories=tuple(Category(one) for one in data["categories"]),
            expires_on=data["expires_on"] or months_later(self.day, lasting(purpose)[0]),
            how=codes.Given(data["how"]),
            language=codes.Explained(data["language"]),
            not_a_condition=data["not_a_condition"],
        )


class ConsentForm(SignedForm):
    """A consent, an assent, or a no."""

    kind = forms.ChoiceField(label=gettext_lazy("What was asked"), choices=codes.ConsentKind.choices, widget=_RADIO)
    answer = forms.ChoiceField(label=gettext_lazy("Answer"), choices=codes.Answer.choices, widget=_RADIO)
    study = forms.CharField(
        label=gettext_lazy("Study, by its code"),
        help_text=gettext_lazy("For research only."),
        required=False,
        max_length=120,
    )
    permission_waived = forms.BooleanField(
        label=gettext_lazy("A review board has waived a parent's permission for this study"), required=False
    )
    expires_on = DayField(label=gettext_lazy("Last day"), required=False)
    field_order = ("kind", "answer", "study", "permission_waived", "expires_on")

    def clean(self) -> dict[str, Any]:
        """What is wrong with it."""
        data = super().clean() or self.cleaned_data
        if not self.errors:
            self._answered()
        if not self.errors:
            self._note(actions.problems_of_consent(self.client, self.agreement(), self.signers(), self.facts()))
        return data

    def agreement(self) -> Agreement:
        """The consent as typed."""
        data = self.cleaned_data
        return Agreement(
            kind=ConsentKind(data["kind"]),
            answer=codes.Answer(data["answer"]),
            study=data["study"],
            expires_on=data["expires_on"],
            permission_waived=data["permission_waived"],
            how=codes.Given(data["how"]),
            language=codes.Explained(data["language"]),
        )


class RevokeForm(Submittable):
    """The end of an authorization or a consent. Nobody has to say why."""

    asked_by = forms.ChoiceField(label=gettext_lazy("Who asked"), choices=codes.Relation.choices, widget=_RADIO)
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=codes.Given.choices, widget=_RADIO)
    reason = forms.CharField(
        label=gettext_lazy("Why, if they want to say"), widget=forms.Textarea({"rows": 3}), required=False
    )


class DiscloseForm(Submittable):
    """Which of the authorized things go out now, and how."""

    categories = forms.MultipleChoiceField(
        label=gettext_lazy("What to disclose now"), widget=forms.CheckboxSelectMultiple
    )
    delivery = forms.ChoiceField(
        label=gettext_lazy("How it reaches them"), choices=codes.Delivery.choices, widget=_RADIO
    )

    def __init__(self, *args: Any, allowed: list[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["categories"].choices = [(one.value, one.label) for one in allowed]  # type: ignore[attr-defined]

    def chosen(self) -> list[Category]:
        """The categories."""
        return [Category(one) for one in self.cleaned_data["categories"]]


class BarForm(Submittable):
    """Somebody who may never sign."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    relation = forms.CharField(label=gettext_lazy("Who they are to the client"), required=False, max_length=200)


def needs_words(needed: frozenset[str]) -> str:
    """Who must sign, in words."""
    return ", ".join(in_words(who) for who in sorted(needed))


def _months(purpose: Purpose) -> str:
    months = lasting(purpose)[0]
    words = ngettext("%(purpose)s %(months)d month", "%(purpose)s %(months)d months", months)
    return words % {"purpose": purpose.label.lower(), "months": months}


def _signer_fields(number: int) -> dict[str, forms.Field]:
    nobody = ("", _("Nobody") if number else _("Not signed yet"))
    return {
        f"signer{number}_relation": forms.ChoiceField(
            label=_("Who signs"),
            choices=[nobody, *codes.Relation.choices],
            required=False,
            initial=codes.Relation.CLIENT.value if number == 0 else "",
        ),
        f"signer{number}_name": forms.CharField(
            label=_("Name"), help_text=_("Not for the client."), required=False, max_length=200
        ),
        f"signer{number}_on": DayField(label=_("Signed on"), help_text=_("Empty: today."), required=False),
        f"signer{number}_how": forms.ChoiceField(label=_("How"), choices=codes.Signed.choices, required=False),
        f"signer{number}_abuser": forms.ChoiceField(
            label=_("Did this person abuse or exploit the client, or abuse the other parent?"),
            choices=[("", _("Not for the client")), ("no", _("No")), ("yes", _("Yes, so it does not count"))],
            required=False,
        ),
    }
