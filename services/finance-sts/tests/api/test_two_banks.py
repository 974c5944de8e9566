"""Each bank has its own keys and speaks of its own virtual accounts; a QRIS code is its acquirer's."""

import json
from dataclasses import replace
from typing import Any

import pytest

from finance_sts.use_cases import tables
from smartcity.observability import configure_logs

VA, QRIS = "/snap/v1.0/transfer-va/", "/snap/v1.0/qr/qr-mpm-notify"


@pytest.fixture(autouse=True)
def other_bank(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second partner, with its own secret and its own partner number."""
    (first,) = tables.partners()
    settings = app.extensions["smartcity.settings"]
    other = replace(first, id="OTHER", bank="BANK-OTHER", partner_service_id="99001", secret_setting="OTHER_SECRET", asked_by=None)
    monkeypatch.setattr(tables, "partners", lambda: (first, other))
    monkeypatch.setitem(
        app.extensions, "smartcity.settings", replace(settings, extra={**settings.extra, "OTHER_SECRET": "theirs their-next"})
    )


def call(treasury: Any, path: str, body: bytes, secret: str = "theirs", partner: str = "OTHER") -> str:
    headers = {**treasury.signed(body, path=path, secret=secret), "X-PARTNER-ID": partner}
    return str(treasury.client.post(path, data=body, headers=headers).json["responseCode"])


def notice(bill: dict[str, Any]) -> bytes:
    told = {"originalReferenceNo": "q-1", "originalPartnerReferenceNo": bill["number"], "latestTransactionStatus": "00"}
    return json.dumps({**told, "amount": {"value": f"{bill['total']}.00", "currency": "IDR"}}).encode()


@pytest.mark.parametrize(("what", "code"), [("inquiry", "4042412"), ("payment", "4042512"), ("status", "4042612"), ("qris", "4045212")])
def test_another_bank_s_account_is_nobody_s_logged_and_nothing_is_credited(
    treasury: Any, capsys: pytest.CaptureFixture[str], what: str, code: str
) -> None:
    bill = treasury.a_bill(100)
    configure_logs("finance-sts", "INFO")
    capsys.readouterr()
    body = notice(bill) if what == "qris" else treasury.callback(bill, inquiryRequestId="q-1")
    assert call(treasury, QRIS if what == "qris" else VA + what, body) == code
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["code"] for line in lines if line["event"] == "bank refused"] == [code]
    assert treasury.balanced() == {}
    assert treasury.pay(bill).json["responseCode"] == "2002500"


def test_one_bank_s_secret_signs_nothing_of_the_other_s_and_both_change_theirs_alone(treasury: Any) -> None:
    bill = treasury.a_bill(100)
    for secret, partner in (("theirs", "MEDANDEMO"), ("test-snap_client_secret", "OTHER"), ("theirs their-next", "OTHER")):
        assert call(treasury, VA + "payment", treasury.callback(bill), secret, partner) == "4012500"
    for secret in ("theirs", "their-next"):  # signed rightly, and not its account
        assert call(treasury, VA + "payment", treasury.callback(bill), secret) == "4042512"
    assert treasury.balanced() == {}


def test_an_account_a_bank_gave_out_under_an_older_number_of_its_own_stays_its_own(treasury: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bill, (first, other) = treasury.a_bill(100), tables.partners()
    monkeypatch.setattr(tables, "partners", lambda: (replace(first, partner_service_id="12711"), other, first))
    assert treasury.pay(bill).json["responseCode"] == "2002500"
