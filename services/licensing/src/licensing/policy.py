"""Operation × role × ownership × office. An operation that is not here does not start."""

from smartcity.http.policy import Policy, allow, anyone

OFFICE = "DPMPTSP"
OWN = allow("citizen", own=True)
OFFICER, EXAMINER, APPROVER, HEAD = (allow(role, office=True) for role in ("officer", "examiner", "approver", "head"))
BY_OFFICER, BY_EXAMINER, BY_APPROVER, BY_HEAD = (
    allow(role, office=True, others=True) for role in ("officer", "examiner", "approver", "head")
)  # who has a part in the case takes no step of the office on it
AUDITOR = allow("auditor")
STAFF_OF_OFFICE = [allow(role, office=OFFICE) for role in ("officer", "examiner", "approver", "head")]
INSPECTORS = [OFFICER, EXAMINER, HEAD]
BY_INSPECTORS = [BY_OFFICER, BY_EXAMINER, BY_HEAD]
READERS = [OWN, OFFICER, EXAMINER, APPROVER, HEAD, AUDITOR]
DATA_REQUESTS = [allow("head", office=OFFICE)]  # who answers for people's data

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
    "find_application_complete": [BY_OFFICER],
    "return_application": [BY_OFFICER, BY_EXAMINER],
    "examine_application": [BY_EXAMINER],
    "list_clearances": READERS,
    "show_clearance": [OFFICER],
    "read_clearance_document": [OFFICER],
    "answer_clearance": [BY_OFFICER],
    "list_visits": READERS,
    "schedule_visit": [BY_OFFICER, BY_EXAMINER],
    "move_visit": [OWN, BY_OFFICER, BY_EXAMINER],
    "attach_visit_photo": [BY_EXAMINER],
    "read_visit_photo": READERS,
    "report_visit": [BY_EXAMINER],
    "approve_application": [BY_APPROVER],
    "assess_retribution": [BY_OFFICER],
    "reject_application": [BY_APPROVER],
    "list_permits": [allow("citizen"), *STAFF_OF_OFFICE, AUDITOR],
    "show_permit": READERS,
    "read_permit_document": READERS,
    "read_renewal_calendar": [allow("citizen")],
    "ask_for_renewal": [OWN],
    "ask_for_amendment": [OWN],
    "answer_permit_notice": [OWN],
    "correct_permit": [BY_HEAD],
    "suspend_permit": [BY_HEAD],
    "lift_permit_suspension": [BY_HEAD],
    "announce_permit_revocation": [BY_HEAD],
    "revoke_permit": [BY_HEAD],
    "give_works_notice": [OWN],
    "show_inspection_terms": [anyone],
    "list_inspections": [allow("officer"), allow("examiner"), allow("head"), AUDITOR],
    "open_inspection": [allow("officer"), allow("examiner"), allow("head")],
    "show_inspection": [*INSPECTORS, AUDITOR],
    "schedule_inspection": BY_INSPECTORS,
    "attach_inspection_photo": BY_INSPECTORS,
    "read_inspection_photo": [*INSPECTORS, AUDITOR],
    "conclude_inspection": BY_INSPECTORS,
    "cancel_inspection": BY_INSPECTORS,
    "list_forwarding": [*STAFF_OF_OFFICE, AUDITOR],
    "show_forwarding": [OFFICER, EXAMINER, APPROVER, HEAD, AUDITOR],
    "mend_forwarding": [BY_OFFICER, BY_HEAD],
    "list_licensing_work": [*STAFF_OF_OFFICE, allow("officer")],
    "list_licensing_officers": [allow("head", office=OFFICE)],
    "set_officer_presence": [allow("head", office=OFFICE)],
    "list_published_permits": [anyone],
    "export_published_permits": [anyone],
    "export_permit_map": [anyone],
    "list_data_sets": [anyone],
    "show_data_set": [anyone],
    "show_permit_figures": [anyone],
    "export_permit_figures": [anyone],
}
