import pytest
from jinja2 import DictLoader, Environment, UndefinedError

from smartcity.http import pages

ASKED = pages.templates("smartcity", "http").overlay(
    loader=DictLoader({"a.html": "<p nonce={{ nonce }}>{{ say('hello') }} {{ name }}</p>"})
)


def test_a_page_says_its_language_escapes_what_is_put_into_it_and_has_a_nonce_of_its_own() -> None:
    one, other = (pages.page(ASKED.get_template("a.html"), "id", str.upper, name="<b>") for _ in range(2))
    assert "HELLO &lt;b&gt;" in one.get_data(as_text=True)
    assert (one.headers["Content-Language"], one.vary.as_set()) == ("id", {"accept-language"})
    assert one.headers["Content-Security-Policy"] != other.headers["Content-Security-Policy"]
    nonce = one.headers["Content-Security-Policy"].partition("'nonce-")[2].partition("'")[0]
    assert f"nonce={nonce}>" in one.get_data(as_text=True)


def test_its_forms_go_nowhere_unless_it_says_so() -> None:
    where = {action: pages.page(ASKED.get_template("a.html"), "en", str, name="", form_action=action) for action in ("'none'", "'self'")}
    assert all(f"form-action {action};" in said.headers["Content-Security-Policy"] for action, said in where.items())


def test_what_a_page_names_must_be_given() -> None:
    assert isinstance(ASKED, Environment)
    with pytest.raises(UndefinedError):
        pages.page(ASKED.get_template("a.html"), "id", str)
