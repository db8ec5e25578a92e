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
from django.utils.translation import ngettext

from casearc.errors import CasearcError
from casearc.files.mapping import write_answers
from casearc_web.access.requests import StaffRequest
from casearc_web.drafts.queries import used
from casearc_web.drafts.saving import save_once
from casearc_web.imports import actions, mapping, queries, reading
from casearc_web.imports.forms import MappingForm, QuestionsForm, UploadForm
from casearc_web.imports.models import Import
from casearc_web.imports.notes import faults_told
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
    by, given = request.asker, form.cleaned_data
    files = [(file.name, file.parts) for file in given["uploads"]]
    try:
        proposal = reading.proposed(files)
    except CasearcError as refused:
        context = {"form": form, "refused": refused.message, "faults": faults_told(refused.faults)}
        return render(request, "imports/new.html", context, status=422)

    def write() -> str:
        batch = actions.start(
            by=by,
            program=given["program"],
            lead=given["lead"],
            text=proposal.text,
            told=reading.told(proposal),
            files=files,
        )
        return reverse("imports:import", kwargs={"import_id": batch.pk})

    return save_once(request, key="import-new", submission=given["submission"], write=write)


def import_page(request: StaffRequest, import_id: uuid.UUID) -> HttpResponseBase:
    """What was found in the files, said back; or what came of the import."""
    batch = queries.import_for(request.asker, import_id)
    context = {
        "batch": batch,
        "files": list(batch.files.all()),
        "sentences": mapping.sentences(batch.mapping),
        "questions": mapping.unanswered(batch.mapping),
        "asks": bool(mapping.questions(batch.mapping)),
        "feeds": feeds_told(batch.told),
        "left": left_told(batch.told),
        "notes": batch.told.get("notes", []),
        "definitions": batch.told.get("definitions", []),
        **preview_told(batch.counts and {"counts": batch.counts}, by=request.asker),
    }
    return render(request, "imports/import.html", context)


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
    by = request.asker
    batch = queries.import_for(by, import_id)
    here = reverse("imports:preview", kwargs={"import_id": batch.pk})
    if request.method == "POST":
        return _work_out(request, batch, here)
    if batch.is_open and not batch.preview:
        return redirect("imports:import", import_id=batch.pk)
    context = {"batch": batch, **preview_told(batch.preview, by=by)}
    return render(request, "imports/preview.html", context)


def _work_out(request: StaffRequest, batch: Import, here: str) -> HttpResponseBase:
    read, faults = None, []
    try:
        read = reading.read(batch)
    except CasearcError as refused:
        faults = list(refused.faults) or [reading.as_fault(refused)]
    try:
        actions.keep_preview(by=request.asker, batch=batch, read=read, faults=faults)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
        here = reverse("imports:import", kwargs={"import_id": batch.pk})
    return HttpResponseRedirect(here)


def carry_out(request: StaffRequest, import_id: uuid.UUID) -> HttpResponseBase:
    """Import, as the preview said."""
    by = request.asker
    batch = queries.import_for(by, import_id)
    if request.method != "POST" or not batch.is_open or not batch.preview:
        return redirect("imports:import", import_id=batch.pk)
    try:
        actions.carry_out(by=by, batch=batch, read=reading.read(batch))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
        return redirect("imports:preview", import_id=batch.pk)
    except CasearcError:
        return _work_out(request, batch, reverse("imports:preview", kwargs={"import_id": batch.pk}))
    messages.success(request, _("Imported."))
    return redirect("imports:import", import_id=batch.pk)


def discard(request: StaffRequest, import_id: uuid.UUID) -> HttpResponseBase:
    """Throw the files away."""
    batch = queries.import_for(request.asker, import_id)
    if request.method == "POST" and batch.is_open:
        actions.discard(by=request.asker, batch=batch)
        messages.success(request, _("Discarded. The files are gone, and nothing was imported."))
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
    here = redirect("imports:undo", import_id=batch.pk)
    if "sure" not in request.POST:
        messages.error(request, _("Tick that you want the records of this import erased."))
        return here
    try:
        actions.undo(by=request.asker, batch=batch)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
        return here
    except actions.StandingError as refused:
        count = refused.found.records
        text = ngettext(
            "Nothing was undone: %(count)d record was changed or added since.",
            "Nothing was undone: %(count)d records were changed or added since.",
            count,
        )
        messages.error(request, text % {"count": count})
        return here
    messages.success(request, _("Undone. The records of this import are erased."))
    return redirect("imports:import", import_id=batch.pk)
