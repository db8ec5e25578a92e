"""Who may do what: the table of roles, printed from the roles themselves."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from casearc_web.access.requests import StaffRequest
from casearc_web.access.roles import ROLES, Reach, reach_of
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import RoleCode
from casearc_web.staff.words import REACHES, do


def roles(request: StaffRequest) -> HttpResponseBase:
    """Every verb and every role."""
    heads = [{"label": RoleCode(code).label, "says": role.says} for code, role in ROLES.items()]
    rows = [
        {
            "do": do(verb),
            "cells": [
                {"role": RoleCode(code).label, "reach": REACHES[reach], "yes": reach > Reach.NOBODY}
                for code, reach in ((code, reach_of(code, verb)) for code in ROLES)
            ],
        }
        for verb in Verb
    ]
    return render(request, "staff/roles.html", {"heads": heads, "rows": rows})
