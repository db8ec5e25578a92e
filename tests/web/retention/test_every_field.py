"""Every field of every table has a privacy class and a fate: a field that is added is purged too, or this fails."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from casearc_web.access.registry import registered
from casearc_web.records.classification import Privacy, privacy_of
from casearc_web.records.sealed import SealedTextField
from casearc_web.retention import fates
from casearc_web.retention.fates import AT_PARTIAL, Fate, fate_of, plans

OURS = [model for model in apps.get_models() if model.__module__.startswith("casearc_web.")]
THEIRS = [model for model in apps.get_models() if not model.__module__.startswith("casearc_web.")]
LISTS = {
    "about a client": {plan.model._meta.label_lower for plan in plans()},
    "typed": set(fates.TYPED),
    "the log": set(fates.THE_LOG),
    "not about a client": set(fates.NOT_ABOUT_A_CLIENT),
    "other packages": set(fates.OTHER_PACKAGES),
}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_has_a_class_and_a_fate(model: type[models.Model]) -> None:
    declared = privacy_of(model)
    for field in [*model._meta.concrete_fields, *model._meta.local_many_to_many]:
        assert isinstance(declared.get(field.name), Privacy), f"{model._meta.label}.{field.name} has no privacy class"
        assert isinstance(fate_of(model, field.name), Fate)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_no_class_is_of_a_field_that_is_gone(model: type[models.Model]) -> None:
    known = {field.name for field in [*model._meta.concrete_fields, *model._meta.local_many_to_many]}
    assert privacy_of(model).keys() <= known


@pytest.mark.parametrize("model", [*OURS, *THEIRS], ids=lambda model: model._meta.label)
def test_every_table_is_on_exactly_one_list(model: type[models.Model]) -> None:
    on = [name for name, labels in LISTS.items() if model._meta.label_lower in labels]
    assert len(on) == 1, f"{model._meta.label} is on the lists: {on}. Say in retention/fates.py what it is about."


def test_no_list_names_a_table_that_is_gone() -> None:
    there = {model._meta.label_lower for model in apps.get_models()}
    for labels in LISTS.values():
        assert labels <= there


def test_every_class_has_a_fate() -> None:
    assert set(AT_PARTIAL) == set(Privacy)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_sealed_words_are_never_kept_by_a_partial_purge(model: type[models.Model]) -> None:
    """Free words are text, identity or locating, whatever the model's writer thought; staff's own words are theirs."""
    for field in model._meta.concrete_fields:
        if isinstance(field, SealedTextField) and privacy_of(model)[field.name] is not Privacy.STAFF:
            assert fate_of(model, field.name) is Fate.ERASE


def test_a_table_that_leads_to_a_client_is_not_called_the_agencys() -> None:
    """A foreign key to a client, an enrollment or anything of theirs makes a table one about a client."""
    about = {plan.model for plan in plans()}
    for model in OURS:
        leads = {one.related_model for one in model._meta.concrete_fields if one.is_relation} & about
        named = {one.name for one in model._meta.concrete_fields} & {"client", "client_id", "enrollment_id"}
        if (leads or named) and model._meta.label_lower not in LISTS["the log"]:
            assert model in about, f"{model._meta.label} leads to a client and is on no way to be purged"


def test_what_points_at_others_goes_first() -> None:
    gone: set[type[models.Model]] = set()
    for plan in plans():
        for field in plan.model._meta.concrete_fields:
            assert not field.is_relation or field.related_model is plan.model or field.related_model not in gone
        gone.add(plan.model)


def test_a_new_table_stops_every_purge_until_it_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fates, "NOT_ABOUT_A_CLIENT", {})
    plans.cache_clear()
    try:
        with pytest.raises(fates.UndecidedError, match=r"agencies\.Program"):
            plans()
    finally:
        monkeypatch.undo()
        plans.cache_clear()


def test_registered_models_are_the_ones_purged() -> None:
    reached = {model for model, path in registered().items() if path.client}
    assert reached <= {plan.model for plan in plans()}
