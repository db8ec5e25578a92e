"""An assessment holds what was answered and nothing else, by those who may; substance use lies apart."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from casearc_web.access.decide import Denied
from casearc_web.access.models import BrokenGlass
from casearc_web.audit.models import AuditEvent
from casearc_web.needs.actions import add_domain, assess, change_domain, correct
from casearc_web.needs.at_exit import taken_days
from casearc_web.needs.models import NeedsAssessment
from casearc_web.needs.queries import asked, domains, rows_for_export, sees_substance_use
from casearc_web.records.changes import ConflictError
from casearc_web.records.models import Revision
from web.cast import Cast

DAY = date(2026, 2, 14)
WORDS = {"housing": "Made up: sleeps on a couch", "substance_use": "Made up: asks about a group"}


def assessed(cast: Cast, **values: object) -> NeedsAssessment:
    given = {"on": DAY, "answers": {"housing": 3, "safety": 0, "legal": "declined", "substance_use": 2}, "notes": WORDS}
    stay = cast.enrollment_of(cast.acacia)
    return assess(by=cast.by(cast.cleo), enrollment=stay, **{**given, "strengths": "Made up: sings", **values})


def test_what_was_answered_is_kept_and_the_rest_is_empty(cast: Cast) -> None:
    stored = NeedsAssessment.objects.get(pk=assessed(cast).pk)
    assert stored.answers == {"housing": 3, "safety": 0, "legal": "declined"}
    assert stored.notes == {"housing": WORDS["housing"]}
    assert stored.substance_use == {"substance_use": {"answer": 2, "note": WORDS["substance_use"]}}
    assert [stored.answer(code) for code in ("housing", "safety", "legal", "substance_use", "family")] == [
        *(3, 0, "declined", 2, None)
    ]


def test_words_and_substance_use_are_sealed(cast: Cast) -> None:
    stored = assessed(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT notes, substance_use, strengths FROM needs_needsassessment")
        columns = b" ".join(bytes(column) for column in cursor.fetchone())
    for words in (*WORDS.values(), stored.strengths):
        assert words.encode() not in columns
    assert b"answer" not in columns


def test_the_event_names_the_client(cast: Cast) -> None:
    stored = assessed(cast)
    event = AuditEvent.objects.latest("number")
    assert (event.verb, event.kind, event.record_id) == ("write_casework", "needs.needsassessment", str(stored.pk))
    assert [seen.client_id for seen in event.clients.all()] == [cast.acacia.pk]


@pytest.mark.parametrize("who", ["carl", "eve", "ada", "faye", "fay"])
def test_nobody_else_writes(cast: Cast, who: str) -> None:
    stay = cast.enrollment_of(cast.acacia)
    with pytest.raises(Denied):
        assess(by=cast.by(getattr(cast, who)), enrollment=stay, on=DAY, answers={"housing": 1})
    assert not NeedsAssessment.objects.exists()


def test_a_supervisor_neither_writes_nor_loses_substance_use(cast: Cast) -> None:
    stored, by = assessed(cast), cast.by(cast.sue)
    with pytest.raises(Denied):
        correct(by=by, assessment=stored, version=1, on=DAY, answers={"substance_use": 4})
    changed = correct(by=by, assessment=stored, version=1, on=DAY, answers={"housing": 1})
    assert (changed.answer("housing"), changed.answer("substance_use")) == (1, 2)


def test_broken_glass_does_not_open_substance_use(cast: Cast) -> None:
    stay = cast.enrollment_of(cast.birch)
    BrokenGlass.objects.create(agency=cast.riverbend, client_id=cast.birch.pk, staff=cast.cleo, reason="made up")
    by = cast.by(cast.cleo)
    assess(by=by, enrollment=stay, on=DAY, answers={"safety": 4})
    assert not sees_substance_use(by, stay)
    with pytest.raises(Denied):
        assess(by=by, enrollment=stay, on=DAY + timedelta(days=1), answers={"substance_use": 1})


WRONG_DAYS = [
    ("acacia", date(2026, 1, 14), "before the start"),
    ("acacia", timezone.localdate() + timedelta(days=30), "not come yet"),
    ("cedar", date(2026, 7, 1), "after the exit"),
]


@pytest.mark.parametrize(("whose", "on", "why"), WRONG_DAYS, ids=[why for _, _, why in WRONG_DAYS])
def test_days_that_cannot_be(cast: Cast, whose: str, on: date, why: str) -> None:
    with pytest.raises(ValidationError) as refused:
        assess(by=cast.by(cast.cleo), enrollment=cast.enrollment_of(getattr(cast, whose)), on=on, answers={})
    assert set(refused.value.message_dict) == {"on"}


@pytest.mark.parametrize("answers", [{"housing": 5}, {"housing": -1}, {"housing": "never"}, {"weather": 1}])
def test_answers_that_cannot_be(cast: Cast, answers: dict[str, int | str | None]) -> None:
    with pytest.raises(ValidationError):
        assessed(cast, answers=answers)


def test_one_a_day(cast: Cast) -> None:
    assessed(cast)
    with pytest.raises(ValidationError):
        assessed(cast)


def test_two_editors_lose_nothing(cast: Cast) -> None:
    stored, by = assessed(cast), cast.by(cast.cleo)
    correct(by=by, assessment=stored, version=1, on=DAY, answers={"housing": 2})
    with pytest.raises(ConflictError) as conflict:
        correct(by=cast.by(cast.sue), assessment=stored, version=1, on=DAY, answers={"housing": 4})
    assert isinstance(conflict.value.stored, NeedsAssessment)
    assert conflict.value.stored.answer("housing") == 2
    assert Revision.objects.get(record_id=stored.pk).content["answers"]["housing"] == 3


def test_a_domain_retired_keeps_its_answers_and_a_new_one_is_asked(cast: Cast) -> None:
    stored, ada = assessed(cast), cast.by(cast.ada)
    names = {"name_en": "Place to live", "name_es": "Lugar donde vivir", "order": 20}
    setting = add_domain(by=ada, values={"code": "housing", **names})
    change_domain(by=ada, setting=setting, version=1, values={"is_retired": True})
    add_domain(by=ada, values={"code": "child_care", "name_en": "Child care", "name_es": "Guardería", "order": 105})
    codes = [domain.code for domain in asked(cast.riverbend.pk, substance_use=True)]
    assert "housing" not in codes
    assert codes.index("child_care") == codes.index("family") + 1
    assert NeedsAssessment.objects.get(pk=stored.pk).answer("housing") == 3
    assert "child_care" not in [domain.code for domain in domains(cast.farshore.pk)]


def test_ours_stays_about_substance_use_whatever_an_agency_calls_it(cast: Cast) -> None:
    values = {"code": "substance_use", "name_en": "Habits", "name_es": "Hábitos", "is_substance_use": False}
    setting = add_domain(by=cast.by(cast.ada), values=values)
    change_domain(by=cast.by(cast.ada), setting=setting, version=1, values={"is_substance_use": False, "order": 5})
    assert [domain.code for domain in domains(cast.riverbend.pk) if domain.substance_use] == ["substance_use"]


@pytest.mark.parametrize("who", ["cleo", "sue", "dora", "eve"])
def test_only_an_administrator_changes_domains(cast: Cast, who: str) -> None:
    with pytest.raises(Denied):
        add_domain(by=cast.by(getattr(cast, who)), values={"code": "x", "name_en": "X", "name_es": "X"})


def test_export_has_codes_and_never_words(cast: Cast) -> None:
    assessed(cast)
    rows = rows_for_export([cast.enrollment_of(cast.acacia)])
    assert {(row["domain"], row["level"], row["missing_reason"], row["substance_use"]) for row in rows} == {
        ("housing", 3, "", False),
        ("safety", 0, "", False),
        ("legal", None, "declined", False),
        ("substance_use", 2, "", True),
    }
    assert not any(words in repr(rows) for words in (*WORDS.values(), "sings"))


def test_taken_days_are_known(cast: Cast) -> None:
    stay, by = cast.enrollment_of(cast.acacia), cast.by(cast.cleo)
    assert taken_days(by, stay) == ()
    assessed(cast)
    assessed(cast, on=DAY + timedelta(days=30))
    (span,) = taken_days(by, stay)
    assert (span.first, span.last) == (DAY, DAY + timedelta(days=30))
