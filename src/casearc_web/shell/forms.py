"""A form whose sending can be repeated without making two records."""

from __future__ import annotations

import uuid

from django import forms


class Submittable(forms.Form):
    """Carries a random `submission`: the action that writes remembers it, and a repeat writes nothing.

    For a `ModelForm`, list this class after it: `class ContactForm(forms.ModelForm, Submittable)`.
    """

    submission = forms.UUIDField(widget=forms.HiddenInput({"autocomplete": "off"}), initial=uuid.uuid4)
