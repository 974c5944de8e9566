"""Operation × role × ownership × office. An operation that is not here does not start."""

from smartcity.http.policy import Policy, allow, anyone

OFFICE = "DPMPTSP"
OWN = allow("citizen", own=True)
OFFICER, EXAMINER, APPROVER, HEAD = (allow(role, office=True) for role in ("officer", "examiner", "approver", "head"))
AUDITOR = allow("auditor")
STAFF_OF_OFFICE = [allow(role, office=OFFICE) for role in ("officer", "examiner", "approver", "head")]
READERS = [OWN, OFFICER, EXAMINER, APPROVER, HEAD, AUDITOR]

POLICY: Policy = {
    "list_permit_types": [anyone],
    "show_permit_type": [anyone],
    "list_tariffs": [anyone],
    "list_reliefs": [anyone],
    "enter_tariff": [allow("head", office=OFFICE)],
    "estimate_retribution": [anyone],
    "open_application": [allow("citizen")],
    "list_applications": [allow("citizen"), *STAFF_OF_OFFICE, AUDITOR],
    "summarize_applications": [allow("citizen")],
    "show_application": READERS,
    "change_application": [OWN],
    "attach_application_document": [OWN],
    "list_application_documents": READERS,
    "read_application_document": READERS,
    "submit_application": [OWN],
    "withdraw_application": [OWN],
    "find_application_complete": [OFFICER],
    "return_application": [OFFICER, EXAMINER],
    "examine_application": [EXAMINER],
    "list_clearances": READERS,
    "show_clearance": [OFFICER],
    "read_clearance_document": [OFFICER],
    "answer_clearance": [OFFICER],
    "list_visits": READERS,
    "schedule_visit": [OFFICER, EXAMINER],
    "move_visit": [OWN, OFFICER, EXAMINER],
    "attach_visit_photo": [EXAMINER],
    "read_visit_photo": READERS,
    "report_visit": [EXAMINER],
    "approve_application": [APPROVER],
    "assess_retribution": [OFFICER],
    "reject_application": [APPROVER],
    "list_permits": [allow("citizen"), *STAFF_OF_OFFICE, AUDITOR],
    "show_permit": READERS,
    "read_permit_document": READERS,
    "read_renewal_calendar": [allow("citizen")],
    "ask_for_renewal": [OWN],
    "ask_for_amendment": [OWN],
    "answer_permit_notice": [OWN],
    "correct_permit": [HEAD],
    "suspend_permit": [HEAD],
    "lift_permit_suspension": [HEAD],
    "announce_permit_revocation": [HEAD],
    "revoke_permit": [HEAD],
    "give_works_notice": [OWN],
    "list_licensing_work": [*STAFF_OF_OFFICE, allow("officer")],
    "list_published_permits": [anyone],
    "export_published_permits": [anyone],
    "export_permit_map": [anyone],
    "list_data_sets": [anyone],
    "show_data_set": [anyone],
    "show_permit_figures": [anyone],
    "export_permit_figures": [anyone],
}
