"""The bank's own token, and the questions it may ask with it."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from finance_sts.rules.snap_signature import SignedCall, sign
from smartcity import clock as city_clock

TOKEN, INQUIRY, PAYMENT = "/snap/v1.0/access-token/b2b", "/snap/v1.0/transfer-va/inquiry", "/snap/v1.0/transfer-va/payment"
STATUS = "/snap/v1.0/transfer-va/status"
SECRET = "test-snap_client_secret"
GRANT = {"grantType": "client_credentials"}


def proof(key: Any, name: str = "MEDANDEMO", at: datetime | None = None) -> dict[str, str]:
    timestamp = (at or datetime.now(UTC)).isoformat(timespec="seconds")
    signed = key.sign(f"{name}|{timestamp}".encode(), PKCS1v15(), SHA256())
    return {"X-CLIENT-KEY": name, "X-TIMESTAMP": timestamp, "X-SIGNATURE": base64.b64encode(signed).decode()}


def token(treasury: Any, key: Any, at: datetime | None = None) -> str:
    answer = treasury.client.post(TOKEN, json=GRANT, headers=proof(key, at=at))
    assert (answer.status_code, answer.json["responseCode"], answer.json["expiresIn"]) == (200, "2007300", "900")
    return str(answer.json["accessToken"])


def ask(
    treasury: Any,
    bearer: str,
    bill: dict[str, Any],
    *,
    path: str = INQUIRY,
    external: str = "1",
    secret: str = SECRET,
    at: str = "",
    **other: Any,
) -> Any:
    account = bill["virtual_account_no"]
    asked = {
        "partnerServiceId": "   12710", "customerNo": account[5:], "virtualAccountNo": f"   {account}", "inquiryRequestId": "q-1", **other,
    }  # fmt: skip
    body = json.dumps(asked).encode()
    timestamp = at or datetime.now(UTC).isoformat(timespec="seconds")
    headers = {
        "Authorization": f"Bearer {bearer}", "X-TIMESTAMP": timestamp, "X-PARTNER-ID": "MEDANDEMO", "X-EXTERNAL-ID": external,
        "X-SIGNATURE": sign(SignedCall("POST", path, bearer, body, timestamp), secret), "CHANNEL-ID": "95231", "Content-Type": "application/json",
    }  # fmt: skip
    return treasury.client.post(path, data=body, headers=headers)


def test_old_and_new_key_and_secret_hold_while_the_bank_changes_them(treasury: Any, bank_keys: list[Any]) -> None:
    bill = treasury.a_bill(100)
    for number, key in enumerate(bank_keys):
        for count, secret in enumerate((SECRET, "the-next-secret")):
            answer = ask(treasury, token(treasury, key), bill, external=f"{number}{count}", secret=secret)
            assert answer.json["responseCode"] == "2002400"
    assert (
        ask(treasury, token(treasury, bank_keys[0]), bill, external="9", secret=f"{SECRET} the-next-secret").json["responseCode"]
        == "4012400"
    )


def test_the_old_key_and_secret_hold_no_longer_once_they_are_taken_away(
    treasury: Any, app: Any, bank_keys: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    bill, settings = treasury.a_bill(100), app.extensions["smartcity.settings"]
    new = {"SNAP_PUBLIC_KEY": settings.extra["SNAP_PUBLIC_KEY"].split()[1], "SNAP_CLIENT_SECRET": "the-next-secret"}
    monkeypatch.setitem(app.extensions, "smartcity.settings", replace(settings, extra={**settings.extra, **new}))
    assert treasury.client.post(TOKEN, json=GRANT, headers=proof(bank_keys[0])).json["responseCode"] == "4017300"
    held = token(treasury, bank_keys[1])
    assert ask(treasury, held, bill, secret=SECRET).json["responseCode"] == "4012400"
    assert ask(treasury, held, bill, secret="the-next-secret").json["responseCode"] == "2002400"


@pytest.mark.parametrize("wrong, code", [
    ({"X-SIGNATURE": "AAAA"}, "4017300"), ({"X-SIGNATURE": "é"}, "4017300"), ({"X-CLIENT-KEY": "NOBODY"}, "4017300"),
    ({"X-TIMESTAMP": "yesterday"}, "4007301"), ({"X-CLIENT-KEY": ""}, "4007302"), ({"X-SIGNATURE": ""}, "4007302"),
])  # fmt: skip
def test_whoever_cannot_prove_who_it_is_gets_no_token(treasury: Any, bank_keys: list[Any], wrong: dict[str, str], code: str) -> None:
    answer = treasury.client.post(TOKEN, json=GRANT, headers={**proof(bank_keys[0]), **wrong})
    assert answer.json["responseCode"] == code and "accessToken" not in answer.json


def test_an_old_or_foreign_proof_and_another_grant_get_no_token(treasury: Any, bank_keys: list[Any], issuer: Any) -> None:
    post = treasury.client.post
    old = proof(bank_keys[0], at=datetime.now(UTC) - timedelta(minutes=6))
    assert post(TOKEN, json=GRANT, headers=old).json["responseCode"] == "4017300"
    assert post(TOKEN, json={"grantType": "password"}, headers=proof(bank_keys[0])).json["responseCode"] == "4007301"
    assert post(TOKEN, json={}, headers=proof(bank_keys[0])).json["responseCode"] == "4007302"
    assert post(TOKEN, data=b"[", headers=proof(bank_keys[0])).json["responseCode"] == "4007300"


def test_a_token_that_was_changed_has_ended_or_is_another_partners_is_refused(treasury: Any, bank_keys: list[Any]) -> None:
    bill, held = treasury.a_bill(100), token(treasury, bank_keys[0])
    mark, partner, ends, seal = held.split(".")
    for crooked in (
        f"{mark}.OTHER.{ends}.{seal}", f"{mark}.{partner}.{int(ends) + 1}.{seal}", f"{mark}.{partner}.{ends}", f"{mark}.{partner}.x.{seal}",
        f"{held}x", "snap", "x.y.z",
    ):  # fmt: skip
        answer = ask(treasury, crooked, bill)
        assert (answer.status_code, answer.json["responseCode"]) == (401, "4012401"), crooked


def test_a_payment_with_the_banks_own_token_is_credited_once(treasury: Any, bank_keys: list[Any]) -> None:
    bill, held = treasury.a_bill(100), token(treasury, bank_keys[0])
    paid = {"paymentRequestId": "r-1", "paidAmount": {"value": "100.00", "currency": "IDR"}}
    answers = [ask(treasury, held, bill, path=PAYMENT, external=external, **paid) for external in ("1", "1", "2")]
    assert [answer.json["responseCode"] for answer in answers] == ["2002500"] * 3
    assert treasury.balanced()["1.1.01.02.01.0001"] == 100


def test_an_external_id_belongs_to_one_call(treasury: Any, bank_keys: list[Any]) -> None:
    bill, held = treasury.a_bill(100), token(treasury, bank_keys[0])
    first, again = ask(treasury, held, bill), ask(treasury, held, bill)
    assert first.json == again.json
    assert ask(treasury, held, bill, inquiryRequestId="q-2").json["responseCode"] == "4092400"
    assert ask(treasury, held, bill, path=STATUS).json["responseCode"] == "4092600"


def test_a_stranger_at_the_counter_sees_no_whole_name_and_a_cancelled_account_has_expired(
    treasury: Any, bank_keys: list[Any], session: Any
) -> None:
    bill, held = treasury.a_bill(100), token(treasury, bank_keys[0])
    shown = ask(treasury, held, bill).json["virtualAccountData"]
    first, *others = treasury.example("licensing.retribution.assessed.v1")["charge"]["payer"]["name"].split()
    assert others and shown["virtualAccountName"] == " ".join([first, *(f"{word[0]}." for word in others)])
    treasury.act(f"/v1/bills/{bill['id']}/cancellation", treasury.treasurer(), {"reason_code": "wrong-payer"})
    assert ask(treasury, held, bill, external="2").json["responseCode"] == "4042419"
    nobody = {**bill, "virtual_account_no": "127102026999999999990"}
    assert ask(treasury, held, nobody, external="3").json["responseCode"] == "4042412"
    assert ask(treasury, held, bill, external="4", inquiryRequestId=None).json["responseCode"] == "4002401"


def test_an_external_id_is_free_again_the_next_day(treasury: Any, bank_keys: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    bill, held = treasury.a_bill(100), token(treasury, bank_keys[0])
    paid = {"path": PAYMENT, "paymentRequestId": "r-1", "paidAmount": {"value": "100.00", "currency": "IDR"}}
    assert ask(treasury, held, bill).json["responseCode"] == "2002400"
    assert ask(treasury, held, bill, **paid).json["responseCode"] == "4092500"
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr(city_clock, "real_now", lambda: tomorrow)
    held = token(treasury, bank_keys[0], tomorrow)
    assert ask(treasury, held, bill, at=tomorrow.isoformat(timespec="seconds"), **paid).json["responseCode"] == "2002500"


def test_a_timestamp_that_is_none_is_crooked_and_an_old_one_is_no_signature(treasury: Any, bank_keys: list[Any]) -> None:
    bill, held = treasury.a_bill(100), token(treasury, bank_keys[0])
    old = (datetime.now(UTC) - timedelta(minutes=6)).isoformat(timespec="seconds")
    for at, code in (("yesterday", "4002401"), ("2026-02-12T10:55:00", "4002401"), (old, "4012400")):
        assert ask(treasury, held, bill, at=at).json["responseCode"] == code


def test_a_payment_is_asked_for_by_its_number_or_its_inquiry_s_and_one_nobody_made_is_not_found(
    treasury: Any, bank_keys: list[Any]
) -> None:
    bill, held = treasury.a_bill(100), token(treasury, bank_keys[0])
    for number in ("q-1", "q-2"):
        assert ask(treasury, held, bill, external=f"1{number[2:]}", inquiryRequestId=number).json["responseCode"] == "2002400"
    paid = {"path": PAYMENT, "paymentRequestId": "q-1", "paidAmount": {"value": "100.00", "currency": "IDR"}}
    assert ask(treasury, held, bill, external="20", **paid).json["responseCode"] == "2002500"
    by_inquiry = ask(treasury, held, bill, path=STATUS, external="21")
    account = by_inquiry.json["virtualAccountData"]
    assert (account["inquiryRequestId"], account["paymentRequestId"], account["paymentFlagStatus"]) == ("q-1", "q-1", "00")
    by_number = ask(treasury, held, bill, path=STATUS, external="22", inquiryRequestId="q-2", paymentRequestId="q-1")
    assert by_number.json["virtualAccountData"]["inquiryRequestId"] == "q-2"
    unknown = [ask(treasury, held, bill, path=STATUS, external="23", inquiryRequestId="q-2")]
    unknown.append(ask(treasury, held, bill, path=STATUS, external="24", paymentRequestId="q-9"))
    assert [(answer.status_code, answer.json["responseCode"]) for answer in unknown] == [(404, "4042601")] * 2
