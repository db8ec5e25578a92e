"""Everything that can be done, one verb each."""

from __future__ import annotations

from enum import StrEnum


class Verb(StrEnum):
    """What somebody does. Roles grant verbs; routes and actions ask for them; the audit log records them."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    CHANGE_SIGN_IN = "change_sign_in"
    USE_OWN_ACCOUNT = "use_own_account"
    SEE_HOME = "see_home"

    SEARCH_CLIENTS = "search_clients"
    VIEW_CLIENT = "view_client"
    VIEW_IDENTITY = "view_identity"
    VIEW_SENSITIVE = "view_sensitive"
    VIEW_SUBSTANCE_USE = "view_substance_use"
    INTAKE_CLIENT = "intake_client"
    EDIT_CLIENT = "edit_client"
    EDIT_IDENTITY = "edit_identity"
    EDIT_SENSITIVE = "edit_sensitive"
    LOOK_BEYOND = "look_beyond"
    BREAK_GLASS = "break_glass"
    SEE_NOTICES = "see_notices"

    ENROLL = "enroll"
    EDIT_ENROLLMENT = "edit_enrollment"
    EXIT_ENROLLMENT = "exit_enrollment"
    ASSIGN = "assign"
    TRANSFER_CASELOAD = "transfer_caseload"

    VIEW_CASEWORK = "view_casework"
    WRITE_CASEWORK = "write_casework"
    VIEW_NOTES = "view_notes"
    COSIGN = "cosign"
    SET_TEMPLATES = "set_templates"

    VIEW_AUTHORIZATIONS = "view_authorizations"
    GIVE_AUTHORIZATION = "give_authorization"
    REVOKE_AUTHORIZATION = "revoke_authorization"
    DISCLOSE = "disclose"
    DISCLOSE_SUBSTANCE_USE = "disclose_substance_use"

    RUN_EVALUATION = "run_evaluation"
    VIEW_RESULTS = "view_results"
    VIEW_RESULTS_IN_HOUSE = "view_results_in_house"
    SEE_EXPORTS = "see_exports"
    EXPORT_ROWS = "export_rows"
    APPROVE_EXPORT = "approve_export"
    IMPORT_RECORDS = "import_records"

    VIEW_CLIENT_AUDIT = "view_client_audit"
    VIEW_AUDIT = "view_audit"

    SET_RETENTION = "set_retention"
    PURGE_CLIENT = "purge_client"
    APPROVE_PURGE = "approve_purge"
    HOLD = "hold"

    MANAGE_STAFF = "manage_staff"
    MANAGE_AGENCY = "manage_agency"
