"""Forms say what they ask, what was wrong and where; an answer and the reason for having none are kept apart."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.http import QueryDict

from casearc_web.shell.fields import DayField, Reason, Reasoned, ReasonedField
from casearc_web.shell.forms import Submittable
from web.shell.specimen import SpecimenForm


def post(text: str) -> QueryDict:
    return QueryDict(text)


class OneForm(forms.Form):
    age = ReasonedField(forms.IntegerField(min_value=0, max_value=30), label="Age")
    spoken = ReasonedField(
        forms.MultipleChoiceField(choices=[("en", "English"), ("es", "Spanish")], widget=forms.CheckboxSelectMultiple)
    )


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("age=15", Reasoned(15, "")),
        ("age=0", Reasoned(0, "")),
        ("age=&age_reason=declined", Reasoned(None, "declined")),
        ("age_reason=not_asked", Reasoned(None, "not_asked")),
        ("age=&age_reason=unknown", Reasoned(None, "unknown")),
        ("age=&age_reason=", Reasoned(None, "")),
        ("", Reasoned(None, "")),
    ],
)
def test_declined_not_asked_unknown_and_missing_are_told_apart(sent, kept):
    form = OneForm(post(sent))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["age"] == kept
    assert form.cleaned_data["age"].missing is (sent in {"", "age=&age_reason="})


@pytest.mark.parametrize("sent", ["age=15&age_reason=declined", "age=31", "age=x", "age_reason=other"])
def test_what_cannot_be_is_refused(sent):
    form = OneForm(post(sent))
    assert not form.is_valid()
    assert list(form.errors) == ["age"]


def test_several_answers_and_a_reason():
    form = OneForm(post("spoken=en&spoken=es"))
    assert form.is_valid()
    assert form.cleaned_data["spoken"] == Reasoned(["en", "es"], "")
    assert not OneForm(post("spoken=en&spoken_reason=declined")).is_valid()
    assert OneForm(post("spoken_reason=declined")).is_valid()


@pytest.mark.parametrize("kept", [Reasoned(15, ""), Reasoned(None, "declined"), Reasoned(None, "")])
def test_what_was_kept_is_shown_again(kept):
    page = str(OneForm(initial={"age": kept}))
    assert ('value="15"' in page) is (kept.value == 15)
    checked = re.findall(r'name="age_reason" value="([a-z_]*)"[^>]*checked', page)
    assert checked == [kept.reason]
    assert not OneForm(post(f"age={kept.value or ''}&age_reason={kept.reason}"), initial={"age": kept}).has_changed()


def test_what_was_typed_wrongly_is_shown_again():
    page = str(OneForm(post("age=99&age_reason=declined")))
    assert 'value="99"' in page
    assert re.search(r'value="declined"[^>]*checked', page)


def test_every_control_is_named_and_tied_to_hint_and_error():
    page = str(SpecimenForm(post("minutes=-1")))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), "an id stands twice"
    for target in re.findall(r'(?:for|aria-labelledby)="([^"]+)"', page):
        assert target in ids
    for targets in re.findall(r'aria-describedby="([^"]+)"', page):
        assert set(targets.split()) <= set(ids)
    for target in re.findall(r'href="#([^"]+)"', page):
        assert target in ids, f"the summary leads to {target}, which is not there"
    assert 'id="id_minutes_error"' in page
    assert "placeholder" not in page


def test_only_optional_fields_are_marked():
    page = str(SpecimenForm())
    marked = set(re.findall(r'(?:for|id)="id_([a-z]+)(?:_legend)?">[^<]*<span class="optional">', page))
    assert marked == {"services", "note", "mail", "age", "housing", "spoken"}


def test_nothing_typed_becomes_markup():
    page = str(SpecimenForm(post("note=%3C/textarea%3E%3Cscript%3E1%3C/script%3E&minutes=%22%3E%3Cscript%3E")))
    assert "<script" not in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_day_is_read_alike_in_both_languages(language):
    from django.utils import translation

    class DayForm(forms.Form):
        day = DayField()

    with translation.override(language):
        assert 'type="date"' in str(DayForm())
        assert DayForm(post("day=2026-03-04")).is_valid()
        assert not DayForm(post("day=03/04/2026")).is_valid()
        form = DayForm(initial={"day": DayField().clean("2026-03-04")})
        assert 'value="2026-03-04"' in str(form)


def test_every_page_gets_a_submission_of_its_own():
    first, second = str(Submittable()), str(Submittable())
    assert re.search(r'name="submission" value="[0-9a-f-]{36}"', first)
    assert first != second


def test_reasons_are_the_contract_s():
    assert [reason.value for reason in Reason] == ["declined", "not_asked", "unknown"]
