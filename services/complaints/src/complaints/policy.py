"""Operation × role × ownership × office. An operation that is not here does not start.

`anyone` where the complaint itself says who sees it (`use_cases/visibility.py`) or a follow-up token opens it. `open311` is an application
with a key of its own (`use_cases/open311_keys.py`), never a person's role.
"""

from smartcity.http.policy import Policy, allow, anyone

OWN = allow("citizen", own=True)
COORDINATOR = allow("coordinator")
OFFICER, HEAD = allow("officer", office=True), allow("head", office=True)
BY_COORDINATOR = allow("coordinator", others=True)
BY_OFFICER, BY_HEAD = (
    allow(role, office=True, others=True) for role in ("officer", "head")
)  # nobody handles what they reported themselves
DATA_REQUESTS = [COORDINATOR]  # who answers for people's data

POLICY: Policy = {
    "list_complaint_categories": [anyone],
    "file_complaint": [anyone],
    "list_complaints": [anyone],
    "find_duplicates": [anyone],
    "show_complaint": [anyone],
    "show_timeline": [anyone],
    "read_complaint_photo": [anyone],
    "attach_complaint_photo": [OWN, OFFICER],
    "support_complaint": [allow("citizen")],
    "follow_complaint": [allow("citizen")],
    "confirm_repair": [allow("citizen")],
    "unfollow_complaint": [allow("citizen")],
    "complete_complaint": [OWN],
    "locate_complaint": [OWN],
    "accept_answer": [OWN],
    "reopen_complaint": [OWN],
    "withdraw_complaint": [OWN],
    "track_complaint": [anyone],
    "attach_photo_by_token": [anyone],
    "complete_by_token": [anyone],
    "locate_by_token": [anyone],
    "accept_by_token": [anyone],
    "reopen_by_token": [anyone],
    "withdraw_by_token": [anyone],
    "read_complaints_feed": [anyone],
    "read_deadlines": [COORDINATOR, allow("officer"), allow("head")],
    "open311_discovery": [anyone],
    "open311_services": [anyone],
    "open311_definition": [anyone],
    "open311_file": [allow("open311")],
    "open311_token": [anyone],
    "open311_requests": [anyone],
    "open311_request": [anyone],
    "open311_updates": [anyone],
    "verify_complaint": [BY_COORDINATOR],
    "show_complaint_figures": [anyone],
    "export_complaint_figures": [anyone],
    "export_map": [anyone],
    "list_data_sets": [anyone],
    "show_data_set": [anyone],
    "give_survey": [anyone],
    "show_satisfaction_index": [anyone],
    "list_moderation_work": [COORDINATOR],
    "review_photo": [BY_COORDINATOR],
    "reword_complaint": [BY_COORDINATOR],
    "link_duplicate": [BY_COORDINATOR],
    "dispose_complaint": [BY_COORDINATOR],
    "return_complaint": [BY_OFFICER, BY_HEAD],
    "follow_up_complaint": [BY_OFFICER, BY_HEAD],
    "assign_complaint": [BY_OFFICER, BY_HEAD],
    "answer_complaint": [BY_OFFICER, BY_HEAD],
    "extend_complaint": [BY_HEAD],
    "plan_works": [BY_OFFICER, BY_HEAD],
    "list_complaints_work": [COORDINATOR, allow("officer"), allow("head")],
    "list_routing_rules": [COORDINATOR, allow("auditor"), allow("admin")],
    "lay_down_routing_rule": [COORDINATOR],
}
