"""An evaluator who reads Spanish is told in Spanish what is wrong with a plan, on its page and of its run."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation

from casearc_web.access.work import Status
from casearc_web.outcomes.actions import ask_for_run
from casearc_web.outcomes.line import run_next
from casearc_web.outcomes.models import EvaluationPlan
from casearc_web.outcomes.plans import first_plan
from web.cast import Cast, sign_in


@pytest.fixture
def evaluator(cast: Cast) -> Browser:
    """Eve, who reads Spanish."""
    cast.eve.language = "es"
    cast.eve.save()
    browser = Browser()
    sign_in(browser, cast.eve)
    return browser


def _visible(page: bytes) -> str:
    text = re.sub(r"(?s)<(script|style|textarea).*?</\1>", " ", page.decode())
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


REFUSED = [
    (
        'role = "primary"',
        'role = "principal"',
        '[[outcome]] número 1 "support", clave "role", línea 38: "principal" no se permite aquí.',
    ),
    ("[[wave]]", 'instruments = ["ours"]\n[[wave]]', "El plan nombra carpetas de instrumentos."),
    ("[disclosure]", "[disclosure]\nthreshold = 3", "El umbral es menor que el mínimo de la agencia, 11"),
    ("[study]", "[study", "El plan study.toml no es TOML válido (línea 4, columna"),
]


@pytest.mark.parametrize(("old", "new", "said"), REFUSED)
def test_faults_of_a_plan_are_told_on_its_page_in_spanish(
    evaluator: Browser, cast: Cast, old: str, new: str, said: str
) -> None:
    assert old in first_plan()
    text = first_plan().replace(old, new, 1)
    fields = {"name": "Made up", "programs": [cast.north.pk], "evaluator": "Riverbend", "study": "", "text": text}
    answer = evaluator.post(reverse("outcomes:new_plan"), {**fields, "version": 1})
    assert answer.status_code == 422
    assert said in _visible(answer.content)
    assert not EvaluationPlan.objects.exists()


def test_a_run_that_is_refused_says_so_in_the_language_of_whoever_asked(evaluator: Browser, cast: Cast) -> None:
    by = cast.by(cast.eve)
    plan = EvaluationPlan.objects.create(
        agency=cast.riverbend, name="Made up", text=first_plan(), evaluator="Riverbend", study=""
    )
    plan.programs.set([cast.north])
    run = ask_for_run(by=by, plan=plan, edition="outside")
    translation.activate("en")  # a worker's own
    assert run_next()
    run.refresh_from_db()
    assert run.status == Status.REFUSED
    assert run.step == "Revisando las tablas"
    page = evaluator.get(reverse("outcomes:run", kwargs={"run": run.pk})).content
    assert "Los datos se rechazaron: 4 errores. No se escribió nada." in _visible(page)
    assert "participants.csv: La tabla participants no tiene filas." in _visible(page)
