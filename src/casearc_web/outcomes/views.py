"""Plans, runs and their reports."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from csp.decorators import csp_replace
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casearc.study import explain
from casearc_web.access.decide import find, may
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Agency
from casearc_web.drafts.queries import used
from casearc_web.outcomes import queries
from casearc_web.outcomes.actions import ask_for_run, save_plan
from casearc_web.outcomes.forms import PlanForm
from casearc_web.outcomes.models import Edition, EvaluationPlan
from casearc_web.outcomes.plans import first_plan, read_text
from casearc_web.records.changes import ConflictError

_SHOWN = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}
_REPORT = {
    "report.html": gettext_lazy("Read the report"),
    "report.pdf": gettext_lazy("As PDF"),
    "report.docx": gettext_lazy("As a Word document"),
    "results.json": gettext_lazy("All results, for other programs (JSON)"),
}
_MOST_RUNS = 50
_REPORT_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "font-src": ["data:"],
}


def evaluations(request: StaffRequest) -> HttpResponseBase:
    """Plans and runs on one page."""
    by = request.asker
    can_run = may(by, Verb.RUN_EVALUATION)
    context = {
        "plans": queries.plans(by=by) if can_run else [],
        "runs": queries.runs(by=by)[:_MOST_RUNS],
        "can_run": can_run,
    }
    return render(request, "outcomes/evaluations.html", context)


def new_plan(request: StaffRequest) -> HttpResponseBase:
    """Write a plan, beginning with one that works."""
    agency = Agency.objects.get(pk=request.asker.agency_id)
    initial = {"text": first_plan(), "evaluator": agency.name, "name": _("Evaluation")}
    return _plan_form(request, None, agency, initial)


def edit_plan(request: StaffRequest, plan: uuid.UUID) -> HttpResponseBase:
    """Another version of a plan. Reports made before keep the digest of the version they were made by."""
    agency = Agency.objects.get(pk=request.asker.agency_id)
    found = find(request.asker, Verb.RUN_EVALUATION, EvaluationPlan.objects.all(), plan)
    return _plan_form(request, found, agency, {"version": found.version})


def plan_page(request: StaffRequest, plan: uuid.UUID) -> HttpResponseBase:
    """A plan said back in sentences; the place to ask for a run."""
    by = request.asker
    found = find(by, Verb.RUN_EVALUATION, EvaluationPlan.objects.prefetch_related("programs"), plan)
    if request.method == "POST":
        asked = ask_for_run(by=by, plan=found, edition=_edition(request.POST.get("edition", "")))
        return redirect("outcomes:run", run=asked.pk)
    floor = Agency.objects.get(pk=by.agency_id).disclosure_floor
    context = {"plan": found, "sentences": explain(read_text(found.text, floor=floor)), "editions": Edition.choices}
    return render(request, "outcomes/plan.html", context)


def run_page(request: StaffRequest, run: uuid.UUID) -> HttpResponseBase:
    """How far a run has come, and its files. Asks again every two seconds while it goes on."""
    found = queries.run(run, by=request.asker)
    names = list(found.files.values_list("name", flat=True))
    shown = [(name, label) for name, label in _REPORT.items() if name in names]
    context = {"run": found, "shown": shown, "others": [name for name in names if name not in _REPORT]}
    template = "outcomes/parts/run.html" if request.htmx else "outcomes/run.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    if not found.is_over:
        answer["Refresh"] = "3"
    return answer


@csp_replace(_REPORT_POLICY)  # type: ignore[arg-type]  # typed for views of a plain request
def report_file(request: StaffRequest, run: uuid.UUID, name: str) -> HttpResponseBase:
    """One file of a report: the page and the PDF are shown, everything else is saved.

    The report carries its own style in the page, so it is the one page with a looser style rule; it runs no script.
    """
    found = queries.report_file(run, name, by=request.asker)
    kind = _SHOWN.get(name.rpartition(".")[2])
    answer = HttpResponse(bytes(found.content), content_type=kind or "application/octet-stream")
    if kind is None:
        answer["Content-Disposition"] = f'attachment; filename="{name.rpartition("/")[2]}"'
    return answer


def _plan_form(
    request: StaffRequest, plan: EvaluationPlan | None, agency: Agency, initial: Mapping[str, object]
) -> HttpResponseBase:
    by = request.asker
    form = PlanForm(request.POST or None, instance=plan, by=by, floor=agency.disclosure_floor, initial=initial)
    if request.method == "POST" and form.is_valid():
        led = used(by=by, submission=form.cleaned_data["submission"])
        return redirect(led) if led else _save(request, form, plan)
    context = {"form": form, "plan": plan}
    return render(request, "outcomes/plan_form.html", context, status=422 if form.errors else 200)


def _save(request: StaffRequest, form: PlanForm, plan: EvaluationPlan | None) -> HttpResponseBase:
    names = ("name", "text", "evaluator", "study", "programs", "submission")
    values = {name: form.cleaned_data[name] for name in names}
    stored = EvaluationPlan.objects.get(pk=plan.pk) if plan else None  # the form has already written into `plan`
    try:
        saved = save_plan(by=request.asker, plan=stored, version=form.cleaned_data["version"], **values)
    except ConflictError:
        form.add_error(
            None, _("Somebody else changed this plan in the meantime. Copy what you wrote and open it anew.")
        )
        return render(request, "outcomes/plan_form.html", {"form": form, "plan": plan}, status=409)
    return redirect("outcomes:plan", plan=saved.pk)


def _edition(given: str) -> str:
    return given if given in Edition.values else Edition.OUTSIDE
