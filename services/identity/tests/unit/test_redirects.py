"""Where a browser may be sent back to."""

import pytest

from identity.rules.redirects import is_allowed, origin_of, with_answer

REGISTERED = ["https://portal.example.go.id/callback", "http://127.0.0.1/callback", "http://[::1]/callback"]


@pytest.mark.parametrize(
    "asked",
    ["https://portal.example.go.id/callback", "http://127.0.0.1/callback", "http://127.0.0.1:49152/callback", "http://[::1]:8000/callback"],
)
def test_a_registered_address_is_allowed_and_a_loopback_port_is_free(asked: str) -> None:
    assert is_allowed(asked, REGISTERED)


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "https://portal.example.go.id/callback/",
        "https://portal.example.go.id/callback?x=1",
        "https://portal.example.go.id:8443/callback",
        "http://portal.example.go.id/callback",
        "https://evil.example/callback",
        "https://portal.example.go.id.evil.example/callback",
        "https://portal.example.go.id/callback#x",
        "http://127.0.0.1:80/other",
        "http://localhost/callback",
        "http://127.0.0.1:80@evil.example/callback",
        "http://user@127.0.0.1/callback",
        "http://127.0.0.1:99999/callback",
        "http://127.0.0.1:abc/callback",
        "http://127.0.0.1\\@evil.example/callback",
        "https://127.0.0.1/callback",
        "http://[::1/callback",
        "http://127.0.0.1:0/callback",
        "http://127.0.0.1/callback\n",
        "http://127.0.0.1/ca llback",
        "http://127.0.0.1:8/callback?x=1",
        "javascript:alert(1)",
        "//127.0.0.1/callback",
        "http://127.0.0.1/callbäck",
        "http://127.0.0.1/" + "c" * 500,
    ],
)
def test_anything_else_is_refused(asked: str) -> None:
    assert not is_allowed(asked, REGISTERED)


def test_an_answer_is_added_to_the_address() -> None:
    assert with_answer("http://127.0.0.1/cb", {"code": "a&b"}) == "http://127.0.0.1/cb?code=a%26b"
    assert with_answer("http://127.0.0.1/cb?x=1", {"code": "c"}) == "http://127.0.0.1/cb?x=1&code=c"


def test_the_origin_is_what_a_content_policy_names() -> None:
    assert origin_of("http://127.0.0.1:5555/callback") == "http://127.0.0.1:5555"
    assert origin_of("id.go.medan.app:/callback") == "id.go.medan.app:"
