"""The bank's own token, and the questions it may ask with it."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from finance_sts.rules.snap_signature import SignedCall, sign

TOKEN, INQUIRY, PAYMENT = "/snap/v1.0/access-token/b2b", "/snap/v1.0/transfer-va/inquiry", "/snap/v1.0/transfer-va/payment"
SECRET = "test-snap_client_secret"
GRANT = {"grantType": "client_credentials"}


def proof(key: Any, name: str = "MEDANDEMO", at: datetime | None = None) -> dict[str, str]:
    timestamp = (at or datetime.now(UTC)).isoformat(timespec="seconds")
    signed = key.sign(f"{name}|{timestamp}".encode(), PKCS1v15(), SHA256())
    return {"X-CLIENT-KEY": name, "X-TIMESTAMP": timestamp, "X-SIGNATURE": base64.b64encode(signed).decode()}


def token(treasury: Any, key: Any) -> str:
    answer = treasury.client.post(TOKEN, json=GRANT, headers=proof(key))
    assert (answer.status_code, answer.json["responseCode"], answer.json["expiresIn"]) == (200, "2007300", "900")
    return str(answer.json["accessToken"])


def ask(
    treasury: Any, bearer: str, bill: dict[str, Any], *, path: str = INQUIRY, external: str = "1", secret: str = SECRET, **other: Any
) -> Any:
    account = bill["virtual_account_no"]
    asked = {
        "partnerServiceId": "   12710", "customerNo": account[5:], "virtualAccountNo": f"   {account}", "inquiryRequestId": "q-1", **other,
    }  # fmt: skip
    body, timestamp = json.dumps(asked).encode(), datetime.now(UTC).isoformat(timespec="seconds")
    headers = {
        "Authorization": f"Bearer {bearer}", "X-TIMESTAMP": timestamp, "X-PARTNER-ID": "MEDANDEMO", "X-EXTERNAL-ID": external,
        "X-SIGNATURE": sign(SignedCall("POST", path, bearer, body, timestamp), secret), "Content-Type": "application/json",
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


@pytest.mark.parametrize("wrong, code", [
    ({"X-SIGNATURE": "AAAA"}, "4017300"), ({"X-SIGNATURE": "é"}, "4017300"), ({"X-CLIENT-KEY": "NOBODY"}, "4017300"),
    ({"X-TIMESTAMP": "yesterday"}, "4017300"), ({"X-CLIENT-KEY": ""}, "4007302"), ({"X-SIGNATURE": ""}, "4007302"),
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
    assert ask(treasury, held, bill, path="/snap/v1.0/transfer-va/status").json["responseCode"] == "4092600"


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
