"""Drafts: what somebody typed and has not finished, kept for them and for nobody else.

For the apps above, around a write:

    if led := used(by=by, submission=form.cleaned_data["submission"]):
        return redirect(led)
    …                                   # and inside the action, in its transaction:
    finish(by=by, key=f"contact-new:{enrollment.pk}", submission=submission, address=address)

with ``from casearc_web.drafts.actions import finish`` and ``from casearc_web.drafts.queries import used``.
"""
