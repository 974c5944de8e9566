"""Who may do what. The OAuth endpoints are open by nature: they check clients, passwords and tokens themselves."""

from smartcity.http.policy import Policy, allow, anyone, signed_in

POLICY: Policy = {
    "show_configuration": [anyone],
    "show_keys": [anyone],
    "begin_authorization": [anyone],
    "decide_authorization": [anyone],
    "exchange_token": [anyone],
    "revoke_token": [anyone],
    "list_revoked": [anyone],
    "show_userinfo": [signed_in],
    "show_my_account": [signed_in],
    "list_my_sessions": [signed_in],
    "end_my_session": [allow("signed-in", own=True)],
    "list_offices": [anyone],
}
