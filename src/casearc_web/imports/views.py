"""The way of an import: upload, questions, preview, import; and the way back."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect

from casearc.files.mapping import write_answers
from casearc_web.access.requests import StaffRequest
from casearc_web.access.work import Status
from casearc_web.drafts.queries import used
from casearc_web.drafts.saving import save_once
from casearc_web.imports import actions, mapping, queries
from casearc_web.imports.forms import MappingForm, QuestionsForm, UploadForm
from casearc_web.imports.models import Import, ImportWork, Task
from casearc_web.imports.receiving import TOO_LARGE
from casearc_web.imports.telling import feeds_told, left_told, preview_told
from casearc_web.imports.undoing import made_by, standing
from casearc_web.records.changes import ConflictError

_MOST = 50


def imports(request: StaffRequest) -> HttpResponseBase:
    """Who imported what and when, and what was undone."""
    return render(request, "imports/imports.html", {"imports": queries.imports(by=request.asker)[:_MOST]})


def new(request: StaffRequest) -> HttpResponseBase:
    """Upload files; they are looked at before anything is kept."""
    by = request.asker
    if request.method != "POST":
        return render(request, "imports/new.html", {"form": UploadForm(by=by)})
    sent = request.POST, request.FILES  # read now: whether they are too large shows only then
    form = UploadForm(*sent, by=by, too_large=bool(getattr(request, TOO_LARGE, False)))
    if not form.is_valid():
        return render(request, "imports/new.html", {"form": form}, status=422)
    earlier = used(by=by, submission=form.cleaned_data["submission"])
    return HttpResponseRedirect(earlier) if earlier else _start(request, form)


def _start(request: StaffRequest, form: UploadForm) -> HttpResponseBase:
    given = form.cleaned_data
    files = [(file.name, file.parts) for file in given["uploads"]]

    def write() -> str:
        batch = actions.start(by=request.asker, program=given["program"], lead=given["lead"], files=files)
        return reverse("imports:working", kwargs={"import_id": batch.pk})

    return save_once(request, key="import-new", submission=given["submission"], write=write)


def import_page(request: StaffRequest, import_id: uuid.UUID) -> HttpResponseBase:
    """What was found in the files, said back; or what came of the import."""
    batch = queries.import_for(request.asker, import_id)
    if queries.under_way(batch):
        return redirect("imports:working", import_id=batch.pk)
    context = {
        "batch": batch,
        "files": list(batch.files.all()),
        "sentences": mapping.sentences(batch.mapping),
        "questions": mapping.unanswered(batch.mapping),
        "asks": bool(mapping.questions(batch.mapping)),
        "feeds": feeds_told(batch.told),
        "left": left_told(batch.told),
        **{name: batch.told.get(name, []) for name in ("notes", "definitions", "refused")},
        **preview_told(batch.counts and {"counts": batch.counts}, by=request.asker),
        "faults": batch.told.get("faults", []),
    }
    return render(request, "imports/import.html", context)


def working(request: StaffRequest, import_id: uuid.UUID) -> HttpResponseBase:
    """How far a task has come. Asks again every second; when it is done, it leads to what came of it."""
    batch = queries.import_for(request.asker, import_id)
    work = queries.last_work(batch)
    if work is None:
        return redirect("imports:import", import_id=batch.pk)
    if work.is_over:
        return _led_on(request, batch, work)
    template = "imports/parts/working.html" if request.htmx else "imports/working.html"  # type: ignore[attr-defined]
    answer = render(request, template, {"batch": batch, "work": work})
    answer["Refresh"] = "3"
    return answer


def _led_on(request: StaffRequest, batch: Import, work: ImportWork) -> HttpResponseBase:
    if work.told:
        messages.error(request, work.told)
    elif work.task in _DONE:
        messages.success(request, str(_DONE[Task(work.task)]))
    to = reverse(f"imports:{_TO[Task(work.task)][work.status != Status.DONE]}", kwargs={"import_id": batch.pk})
    return HttpResponseClientRedirect(to) if request.htmx else redirect(to)  # type: ignore[attr-defined]


_DONE = {
    Task.IMPORT: gettext_lazy("Imported."),
    Task.UNDO: gettext_lazy("Undone. The records of this import are erased."),
}
_TO = {
    Task.LOOK: ("import", "import"),
    Task.PREVIEW: ("preview", "import"),
    Task.IMPORT: ("import", "preview"),
    Task.UNDO: ("import", "undo"),
}
"""The page a task leads to where it was done, and where nothing came of it."""


def look(request: StaffRequest, import_id: uuid.UUID) -> HttpResponseBase:
    """Look at files again that nobody could look at."""
    batch = queries.import_for(request.asker, import_id)
    if request.method == "POST":
        return _ask(request, batch, Task.LOOK)
    return redirect("imports:import", import_id=batch.pk)


def _ask(request: StaffRequest, batch: Import, task: Task) -> HttpResponseBase:
    try:
        actions.ask(by=request.asker, batch=batch, task=task)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
        return redirect(f"imports:{_TO[task][True]}", import_id=batch.pk)
    return redirect("imports:working", import_id=batch.pk)


def questions(request: StaffRequest, import_id: uuid.UUID) -> HttpResponseBase:
    """The mapping's questions, to be answered by somebody who knows the files."""
    batch = queries.import_for(request.asker, import_id)
    asked = mapping.questions(batch.mapping)
    form = QuestionsForm(request.POST or None, questions=asked)
    if request.method == "POST" and form.is_valid():
        text = write_answers(batch.mapping, form.answers)
        return _change(request, form, batch, version=batch.version, text=text)
    context = {"form": form, "batch": batch}
    return render(request, "imports/questions.html", context, status=422 if form.errors else 200)


def edit_mapping(request: StaffRequest, import_id: uuid.UUID) -> HttpResponseBase:
    """The mapping as text, for who knows its language."""
    batch = queries.import_for(request.asker, import_id)
    form = MappingForm(request.POST or None, initial={"version": batch.version, "text": batch.mapping})
    if request.method == "POST" and form.is_valid():
        version, text = form.cleaned_data["version"], form.cleaned_data["text"]
        return _change(request, form, batch, version=version, text=text)
    context = {"form": form, "batch": batch}
    return render(request, "imports/mapping.html", context, status=422 if form.errors else 200)


def _change(request: StaffRequest, form: Any, batch: Import, *, version: int, text: str) -> HttpResponseBase:
    here = reverse("imports:import", kwargs={"import_id": batch.pk})

    def write() -> str:
        actions.set_mapping(by=request.asker, batch=batch, version=version, text=text)
        return here

    try:
        return save_once(request, key=f"import:{batch.pk}", submission=form.cleaned_data["submission"], write=write)
    except ConflictError:
        messages.error(request, _("Somebody else changed this import in the meantime. Look at it again."))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return HttpResponseRedirect(here)


def download_mapping(request: StaffRequest, import_id: uuid.UUID) -> HttpResponseBase:
    """The mapping, to be kept for the next time or used on the command line."""
    batch = queries.import_for(request.asker, import_id)
    if request.method != "POST":
        return redirect("imports:import", import_id=batch.pk)
    answer = HttpResponse(batch.mapping, content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="mapping.toml"'
    return answer


def preview(request: StaffRequest, import_id: uuid.UUID) -> HttpResponseBase:
    """What an import would do; worked out on asking, looked at as often as one likes."""
    batch = queries.import_for(request.asker, import_id)
    if request.method == "POST":
        return _ask(request, batch, Task.PREVIEW)
    if batch.is_open and not batch.preview:
        return redirect("imports:import", import_id=batch.pk)
    context = {"batch": batch, **preview_told(batch.preview, by=request.asker)}
    return render(request, "imports/preview.html", context)


def carry_out(request: StaffRequest, import_id: uuid.UUID) -> HttpResponseBase:
    """Import, as the preview said."""
    batch = queries.import_for(request.asker, import_id)
    if request.method != "POST" or not batch.is_open or not batch.preview:
        return redirect("imports:import", import_id=batch.pk)
    return _ask(request, batch, Task.IMPORT)


def discard(request: StaffRequest, import_id: uuid.UUID) -> HttpResponseBase:
    """Throw the files away."""
    batch = queries.import_for(request.asker, import_id)
    if request.method == "POST" and batch.is_pending:
        try:
            actions.discard(by=request.asker, batch=batch)
            messages.success(request, _("Discarded. The files are gone, and nothing was imported."))
        except ValidationError as wrong:
            messages.error(request, " ".join(wrong.messages))
    return redirect("imports:imports")


def undo(request: StaffRequest, import_id: uuid.UUID) -> HttpResponseBase:
    """Take an import back, where nobody has worked on its records since."""
    by = request.asker
    batch = queries.import_for(by, import_id)
    if request.method == "POST":
        return _undo(request, batch)
    found = standing(made_by(batch)) if batch.state == "imported" else None
    seen = queries.codes_of(by, found.clients) if found else []
    context = {
        "batch": batch,
        "standing": found,
        "seen": seen,
        "unseen": len(found.clients) - len(seen) if found else 0,
    }
    return render(request, "imports/undo.html", context)


def _undo(request: StaffRequest, batch: Import) -> HttpResponseBase:
    if "sure" not in request.POST:
        messages.error(request, _("Tick that you want the records of this import erased."))
        return redirect("imports:undo", import_id=batch.pk)
    return _ask(request, batch, Task.UNDO)
