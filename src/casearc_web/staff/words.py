"""What each verb is called, as something one may do and as something somebody did: for roles and log.

Both never in the same words, for other languages need two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from casearc_web.access.roles import Reach
from casearc_web.access.verbs import Verb
from casearc_web.audit.checks import CHECKED
from casearc_web.signin.setup import OPERATOR

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Said:
    """A verb in words."""

    do: Words
    did: Words


SAID: Mapping[str, Said] = {
    Verb.SIGN_IN: Said(_("sign in"), _("signed in")),
    Verb.SIGN_OUT: Said(_("sign out"), _("signed out")),
    Verb.CHANGE_SIGN_IN: Said(_("change how they sign in"), _("changed how they sign in")),
    Verb.USE_OWN_ACCOUNT: Said(_("use their own account"), _("used their own account")),
    Verb.SEE_HOME: Said(_("see their start page"), _("saw the client in a list on the start page")),
    Verb.SEARCH_CLIENTS: Said(_("search for clients"), _("found the client in a search")),
    Verb.VIEW_CLIENT: Said(_("see a client's record"), _("looked at the record")),
    Verb.VIEW_IDENTITY: Said(_("see who a client is and how to reach them"), _("looked at identity and contact ways")),
    Verb.VIEW_SENSITIVE: Said(_("see what was done to a client"), _("looked at what was done to the client")),
    Verb.VIEW_SUBSTANCE_USE: Said(_("see substance use"), _("looked at substance use")),
    Verb.INTAKE_CLIENT: Said(_("take in a new client"), _("took in the client, or met their details at an intake")),
    Verb.EDIT_CLIENT: Said(_("change a client's description"), _("changed the description")),
    Verb.EDIT_IDENTITY: Said(_("change identity and contact ways"), _("changed identity or contact ways")),
    Verb.EDIT_SENSITIVE: Said(_("change what was done to a client"), _("changed what was done to the client")),
    Verb.LOOK_BEYOND: Said(
        _("look for a client beyond their reach, by whole name and birth date"),
        _("looked for the client by whole name and birth date"),
    ),
    Verb.BREAK_GLASS: Said(
        _("open a record beyond their reach in an emergency, with a reason"), _("broke the glass to open the record")
    ),
    Verb.SEE_NOTICES: Said(_("read their notices"), _("read notices")),
    Verb.ENROLL: Said(_("enroll a client"), _("enrolled the client")),
    Verb.EDIT_ENROLLMENT: Said(_("change an enrollment, note referrals"), _("changed an enrollment or a referral")),
    Verb.EXIT_ENROLLMENT: Said(_("end an enrollment, or take that back"), _("ended an enrollment, or took that back")),
    Verb.ASSIGN: Said(_("say who is on a care team"), _("changed the care team")),
    Verb.TRANSFER_CASELOAD: Said(_("transfer a caseload"), _("transferred the client to a colleague")),
    Verb.VIEW_CASEWORK: Said(_("see contacts, needs, goals and enrollments"), _("looked at contacts, needs or goals")),
    Verb.WRITE_CASEWORK: Said(_("record contacts, needs and goals"), _("recorded contacts, needs or goals")),
    Verb.VIEW_NOTES: Said(_("read notes"), _("looked at notes")),
    Verb.COSIGN: Said(_("co-sign notes"), _("co-signed a note")),
    Verb.SET_TEMPLATES: Said(_("set templates and rules of a program"), _("set templates or rules of a program")),
    Verb.VIEW_AUTHORIZATIONS: Said(_("see authorizations"), _("looked at authorizations")),
    Verb.GIVE_AUTHORIZATION: Said(_("record an authorization"), _("recorded an authorization")),
    Verb.REVOKE_AUTHORIZATION: Said(_("record that one is revoked"), _("recorded that an authorization is revoked")),
    Verb.DISCLOSE: Said(_("disclose under an authorization"), _("disclosed under an authorization")),
    Verb.DISCLOSE_SUBSTANCE_USE: Said(
        _("disclose substance use under its own authorization"), _("disclosed substance use under an authorization")
    ),
    Verb.RUN_EVALUATION: Said(_("run an evaluation"), _("ran an evaluation")),
    Verb.VIEW_RESULTS: Said(_("see results that may leave the house"), _("looked at results")),
    Verb.VIEW_RESULTS_IN_HOUSE: Said(_("see results for the house"), _("looked at results for the house")),
    Verb.SEE_EXPORTS: Said(_("see row exports that were asked for"), _("looked at row exports")),
    Verb.EXPORT_ROWS: Said(_("ask for an export of rows"), _("exported rows, or asked for them")),
    Verb.APPROVE_EXPORT: Said(_("approve an export of rows"), _("decided on an export of rows")),
    Verb.IMPORT_RECORDS: Said(_("import files, and undo an import"), _("imported the record, or undid an import")),
    Verb.VIEW_CLIENT_AUDIT: Said(_("see who has looked at a client"), _("looked at who has looked")),
    Verb.VIEW_AUDIT: Said(_("read the agency's log"), _("looked at the agency's log")),
    Verb.SET_RETENTION: Said(_("set how long records are kept"), _("changed how long records are kept")),
    Verb.PURGE_CLIENT: Said(_("purge a client's record"), _("purged the record, or proposed it")),
    Verb.APPROVE_PURGE: Said(_("approve a purge"), _("decided on a purge")),
    Verb.HOLD: Said(_("put a record on legal hold"), _("put on or lifted a legal hold")),
    Verb.MANAGE_STAFF: Said(_("make and change accounts"), _("made or changed an account")),
    Verb.MANAGE_AGENCY: Said(
        _("change settings, teams, programs and sites"), _("changed settings, teams, programs or sites")
    ),
    CHECKED: Said(_("check the log"), _("checked the log")),
}
"""A test finds the verb that has no words."""

REACHES: Mapping[Reach, Words] = {
    Reach.NOBODY: _("no"),
    Reach.CASELOAD: _("own caseload"),
    Reach.TEAM: _("own team"),
    Reach.PROGRAM: _("own programs"),
    Reach.AGENCY: _("yes"),
}

OPERATOR_SAID: Mapping[str, Words] = {OPERATOR: _("whoever runs the server")}


def do(verb: str) -> Words:
    """As something one may do."""
    return SAID[verb].do if verb in SAID else verb


def did(verb: str) -> Words:
    """As something somebody did."""
    return SAID[verb].did if verb in SAID else verb


def opened(verb: str) -> Words:
    """As a page that somebody opened without writing anything; a search or a look is done by opening it."""
    if verb.startswith(("view_", "search_", "see_", "look_")):
        return did(verb)
    return format_lazy(_("opened the page to {do}"), do=do(verb))


def tried(verb: str) -> Words:
    """As something that somebody was refused."""
    return format_lazy(_("tried to {do}"), do=do(verb))
