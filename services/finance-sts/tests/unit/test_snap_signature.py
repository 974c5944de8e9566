"""The signature of a SNAP call, against a vector computed elsewhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from finance_sts.rules.snap_signature import SignedCall, is_fresh, is_signed, read_timestamp, sign

SECRET = "medan-test-secret"
BODY = (
    b'{"partnerServiceId":"   12710","customerNo":"2026000000000042","virtualAccountNo":"   127102026000000000042",'
    b'"inquiryRequestId":"abcdef-123456-abcdef"}'
)
CALL = SignedCall("POST", "/v1.0/transfer-va/inquiry", "eyJhbGciOi.example.token", BODY, "2026-02-12T10:55:00+07:00")
SIGNATURE = "JYTr+P6k9B3wa9w7RH6V1LNOy2yUEkORJ2YqOWeMhe7+XIi4cQ7KSAGRHph853+eFFIO6c64elEuCD4T9YlG6Q=="
NOW = datetime(2026, 2, 12, 3, 55, tzinfo=UTC)


def test_the_known_vector() -> None:
    assert "f83ccc3e1826d2f57c0c58bb8d7d83269451a01c95b67eb1215eb4c04cd02047" in CALL.text
    assert sign(CALL, SECRET) == SIGNATURE
    assert is_signed(CALL, SECRET, SIGNATURE)


@pytest.mark.parametrize("other", [
    replace(CALL, method="GET"), replace(CALL, relative_url="/v1.0/transfer-va/inquiry?x=1"), replace(CALL, access_token="other"),
    replace(CALL, body=BODY + b" "), replace(CALL, timestamp="2026-02-12T10:55:01+07:00"),
])  # fmt: skip
def test_whatever_is_changed_breaks_it(other: SignedCall) -> None:
    assert not is_signed(other, SECRET, SIGNATURE)


def test_another_secret_or_a_crooked_signature_is_not_ours() -> None:
    assert not is_signed(CALL, "another", SIGNATURE)
    assert not is_signed(CALL, SECRET, "")
    assert not is_signed(CALL, SECRET, "Ж\udcff" * 20)


@pytest.mark.parametrize("seconds, fresh", [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_a_call_is_fresh_for_five_minutes_before_and_after(seconds: int, fresh: bool) -> None:
    assert is_fresh(read_timestamp("2026-02-12T10:55:00+07:00"), NOW + timedelta(seconds=seconds)) is fresh


@pytest.mark.parametrize("text", ["", "2026-02-12", "2026-02-12T10:55:00", "2026-02-12 10:55:00+07:00", "yesterday", "20260212T105500Z"])
def test_a_timestamp_without_time_or_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_timestamp(text)
