"""What the specimen page shows: made-up forms and a made-up conflict. Nobody in it is real."""

from __future__ import annotations

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from casearc_web.shell.conflict import SAVED as SAVED_SIDE
from casearc_web.shell.conflict import Conflict, Difference
from casearc_web.shell.fields import DayField, ReasonedField
from casearc_web.shell.forms import Submittable

SAVED = _("Saved.")
KINDS = [("client", "Client"), ("caregiver", "Caregiver"), ("team_partner", "Team partner"), ("joint", "Joint")]
HOMES = [("family", "With family"), ("foster", "Foster care"), ("shelter", "Shelter"), ("own", "Own place")]
LANGUAGES = [("en", "English"), ("es", "Spanish"), ("ht", "Haitian Creole"), ("other", "Another language")]


class ContactForm(Submittable):
    day = DayField(label="Day")
    kind = forms.ChoiceField(label="With whom", choices=KINDS, widget=forms.RadioSelect, initial="client")
    minutes = forms.IntegerField(label="Minutes", min_value=0, max_value=1440, help_text="Travel not counted.")
    services = forms.MultipleChoiceField(
        label="Services delivered", choices=LANGUAGES, widget=forms.CheckboxSelectMultiple, required=False
    )
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)


class SpecimenForm(ContactForm):
    home = forms.ChoiceField(label="Where the client lives", choices=[("", "Choose"), *HOMES])
    mail = forms.EmailField(label="Work email", widget=forms.EmailInput({"autocomplete": "email"}), required=False)
    urgent = forms.BooleanField(label="Needs an answer today", required=False, help_text="The supervisor is told.")
    age = ReasonedField(forms.IntegerField(min_value=0, max_value=30), label="Age when it began", help_text="In years.")
    housing = ReasonedField(
        forms.ChoiceField(choices=HOMES[:2], widget=forms.RadioSelect), label="Housing on the first day"
    )
    spoken = ReasonedField(
        forms.MultipleChoiceField(choices=LANGUAGES, widget=forms.CheckboxSelectMultiple),
        label="Languages spoken at home",
    )


CONFLICT = Conflict(
    differences=(
        Difference("housing", "Housing", "With family", "Shelter"),
        Difference("note", "Note", "Called twice.\nNobody answered.", "Called once.", prefer=SAVED_SIDE),
    ),
    typed=(("housing", "With family"), ("note", "Called twice.\nNobody answered."), ("school", "10th grade")),
    version=8,
    saved_by="Bea Example",
    saved_at=datetime.datetime(2026, 11, 20, 14, 5, tzinfo=datetime.UTC),
)
