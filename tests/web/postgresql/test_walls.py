"""No table of the application stands without a wall between agencies unless it is named, with its reason."""

from __future__ import annotations

from django.apps import apps

from casearc_web.access.row_security import UNWALLED, walled_tables, walled_through


def _labels() -> set[str]:
    return {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}


def test_every_table_is_walled_or_named_with_its_reason() -> None:
    walled = {model._meta.label_lower for model, _ in (*walled_tables(), *walled_through())}
    assert _labels() - walled - set(UNWALLED) == set(), "give it an agency, or name it in UNWALLED and say why"
    assert set(UNWALLED) <= _labels(), "a table that is no more"
    assert not walled & set(UNWALLED)


def test_none_without_a_wall_holds_what_is_said_of_a_client() -> None:
    """Their columns lead to nobody's record; the staff of a session is the only one there is."""
    leads = {
        (label, field.name)
        for label in UNWALLED
        for field in apps.get_model(*label.split(".")[:2])._meta.concrete_fields
        if field.related_model is not None and field.related_model._meta.label_lower not in UNWALLED
    }
    assert leads == {("signin.signedin", "staff"), ("account.emailconfirmation", "email_address")}
