"""Who may do what. The OAuth endpoints are open by nature: they check clients, passwords and tokens themselves."""

from smartcity.http.policy import Policy, allow, anyone, signed_in

CITIZEN = [allow("citizen")]
"""Whether they act for the very company the database knows better than a token."""
OWN, HEAD, ADMIN = allow("signed-in", own=True), allow("head", office=True), allow("admin")
ANOTHERS = [allow("admin", others=True)]
DATA_REQUESTS = [ADMIN]  # who answers for people's data

POLICY: Policy = {
    "show_configuration": [anyone],
    "show_keys": [anyone],
    "begin_authorization": [anyone],
    "decide_authorization": [anyone],
    "exchange_token": [anyone],
    "revoke_token": [anyone],
    "introspect_token": [anyone],
    "begin_logout": [anyone],
    "send_logout": [anyone],
    "finish_federation": [anyone],
    "list_revoked": [anyone],
    "show_userinfo": [signed_in],
    "show_registration": [anyone],
    "send_registration": [anyone],
    "send_registration_code": [anyone],
    "show_told": [anyone],
    "begin_registration": [anyone],
    "confirm_registration": [anyone],
    "show_reset": [anyone],
    "send_reset": [anyone],
    "send_new_password": [anyone],
    "begin_password_reset": [anyone],
    "finish_password_reset": [anyone],
    "change_my_password": [signed_in],
    "show_second_factor": [signed_in],
    "begin_second_factor": [signed_in],
    "confirm_second_factor": [signed_in],
    "remove_second_factor": [signed_in],
    "reset_second_factor": [ADMIN],
    "ask_for_closure": ANOTHERS,
    "list_closures": [ADMIN],
    "show_closure": [ADMIN],
    "decide_closure": ANOTHERS,
    "show_my_account": [signed_in],
    "list_my_sign_ins": [signed_in],
    "list_my_changes": [signed_in],
    "list_my_sessions": [signed_in],
    "end_my_session": [allow("signed-in", own=True)],
    "name_deputy": [OWN, HEAD, ADMIN],
    "list_deputies": [OWN, HEAD, ADMIN, allow("auditor")],
    "end_deputy": [OWN, HEAD, ADMIN],
    "list_offices": [anyone],
    "open_company": CITIZEN,
    "list_companies": CITIZEN,
    "show_company": CITIZEN,
    "invite_person": CITIZEN,
    "remove_person": CITIZEN,
    "list_invitations": CITIZEN,
    "accept_invitation": CITIZEN,
    "refuse_invitation": CITIZEN,
}
