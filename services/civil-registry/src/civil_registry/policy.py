"""Operation × role × ownership × office. An operation that is not here does not start. How much each sees: `rules/sight`."""

from smartcity.http.policy import Policy, allow, anyone

OFFICE = "DISDUKCAPIL"
OWN = allow("citizen", own=True)
OFFICER, REGISTRAR, SIGNER, HEAD = (allow(role, office=True) for role in ("officer", "registrar", "signer", "head"))
BY_OFFICER, BY_REGISTRAR, BY_SIGNER, BY_HEAD = (
    allow(role, office=True, others=True) for role in ("officer", "registrar", "signer", "head")
)  # who reported it, or filed it for them, takes no step of the office on it
AUDITOR = allow("auditor")
STAFF_OF_OFFICE = [allow(role, office=OFFICE) for role in ("officer", "registrar", "signer", "head")]
PEOPLE_READERS = [OWN, OFFICER, REGISTRAR, SIGNER, HEAD]
READERS = [*PEOPLE_READERS, AUDITOR]
DATA_REQUESTS = [allow("head", office=OFFICE)]  # who answers for people's data

POLICY: Policy = {
    "list_birth_paths": [anyone],
    "open_birth_registration": [allow("citizen"), allow("officer", office=OFFICE)],  # the second on behalf only
    "notify_birth": [allow("agency")],
    "claim_birth_registration": [allow("citizen")],
    "list_birth_registrations": [allow("citizen"), *STAFF_OF_OFFICE, AUDITOR],
    "show_birth_registration": READERS,
    "change_birth_registration": [OWN, OFFICER],  # an officer what they filed for a parent
    "submit_birth_registration": [OWN, OFFICER],
    "withdraw_birth_registration": [OWN],
    "attach_birth_document": [OWN, OFFICER],
    "list_birth_documents": READERS,
    "read_birth_document": PEOPLE_READERS,
    "verify_birth_registration": [BY_OFFICER],
    "list_birth_duplicates": [OFFICER, REGISTRAR],
    "decide_birth_duplicate": [BY_OFFICER, BY_REGISTRAR],
    "return_birth_registration": [BY_OFFICER, BY_REGISTRAR],
    "decide_late_birth": [BY_HEAD],
    "register_birth": [BY_REGISTRAR],
    "sign_birth_certificate": [BY_SIGNER],
    "collect_birth_certificate": [OWN, OFFICER],
    "show_civil_record": READERS,
    "search_civil_records": STAFF_OF_OFFICE,
    "propose_correction": [BY_REGISTRAR],
    "propose_cancellation": [BY_REGISTRAR],
    "ask_for_copy": [OWN, OFFICER],
    "list_record_acts": READERS,
    "show_record_act": READERS,
    "read_record_act_paper": PEOPLE_READERS,
    "sign_record_act": [BY_SIGNER],
    "refuse_record_act": [BY_SIGNER],
    "list_waiting_acts": STAFF_OF_OFFICE,
    "read_certificate_document": PEOPLE_READERS,
    "list_accesses": [AUDITOR, allow("admin")],
    "show_breach_scope": [AUDITOR, allow("admin")],
    "list_death_paths": [anyone],
    "open_death_registration": [allow("citizen"), allow("officer", office=OFFICE)],  # the second on behalf only
    "claim_death_registration": [allow("citizen")],
    "list_death_registrations": [allow("citizen"), *STAFF_OF_OFFICE, AUDITOR],
    "show_death_registration": READERS,
    "change_death_registration": [OWN, OFFICER],  # an officer what they filed for who reports
    "attach_death_document": [OWN, OFFICER],
    "list_death_documents": READERS,
    "read_death_document": PEOPLE_READERS,
    "submit_death_registration": [OWN, OFFICER],
    "withdraw_death_registration": [OWN],
    "verify_death_registration": [BY_OFFICER],
    "return_death_registration": [BY_OFFICER, BY_REGISTRAR],
    "register_death": [BY_REGISTRAR],
    "sign_death_certificate": [BY_SIGNER],
    "collect_death_certificate": [OWN, OFFICER],
    "list_waiting_deaths": STAFF_OF_OFFICE,
    "show_birth_figures": [anyone],
    "export_birth_figures": [anyone],
    "list_data_sets": [anyone],
    "show_data_set": [anyone],
    "list_civil_registry_work": STAFF_OF_OFFICE,
}
