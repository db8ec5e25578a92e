"""What an enrollment asks of its needs assessments before its dates change: which days are taken."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max, Min
from django.utils.translation import gettext_lazy as _

from casearc_web.access.asker import Asker
from casearc_web.access.decide import visible
from casearc_web.access.verbs import Verb
from casearc_web.enrollments.facts import Span
from casearc_web.enrollments.models import Enrollment
from casearc_web.needs.models import NeedsAssessment


def taken_days(by: Asker, enrollment: Enrollment) -> Sequence[Span]:
    """From the first assessment to the last."""
    own = visible(by, Verb.VIEW_CASEWORK, NeedsAssessment.objects.filter(enrollment_id=enrollment.pk)).order_by()
    days = own.aggregate(first=Min("on"), last=Max("on"))
    return (Span(what=_("Needs assessments"), **days),) if days["first"] else ()
