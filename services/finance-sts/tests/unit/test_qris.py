"""QRIS payloads against strings seen in the wild, and our own written strictly."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_sts.rules import qris
from finance_sts.use_cases.tables import merchant_on
from smartcity.calendar import date

EXAMPLES = json.loads((Path(__file__).parent / "data" / "qris-examples.json").read_text())["examples"]
MERCHANT = merchant_on(date(2026, 2, 12))


def test_the_check_value_of_the_checksum() -> None:
    assert qris.checksum("123456789") == "29B1"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e["id"])
def test_every_known_payload_reads_as_it_should(example: dict[str, Any]) -> None:
    payload = example["payload"]
    assert qris.checksum(payload[:-4]) == example["crc_computed"]
    if example["valid"]:
        assert [list(pair) for pair in qris.read(payload)] == example["tlv"]
    else:
        with pytest.raises(qris.PayloadWrong):
            qris.read(payload)


def test_our_payload_is_the_known_one_with_its_own_label() -> None:
    known = next(example for example in EXAMPLES if example["id"] == "QR-4")
    ours = dict(qris.read(qris.dynamic_payload(MERCHANT, 140_625, "STS202600000001")))
    theirs = dict(qris.read(known["payload"]))
    for tag in ("00", "01", "52", "53", "54", "58", "59", "60", "61"):
        assert ours[tag] == theirs[tag], tag
    assert dict(qris.parse(ours["62"])) == {"01": "STS202600000001"}
    assert dict(qris.parse(ours["51"]))["00"] == "ID.CO.QRIS.WWW"


@given(st.integers(1, 10**13), st.text(st.characters(min_codepoint=48, max_codepoint=90), min_size=1, max_size=25))
def test_what_is_written_can_be_read_and_one_changed_character_is_noticed(amount: int, label: str) -> None:
    payload = qris.dynamic_payload(MERCHANT, amount, label)
    assert dict(qris.read(payload))["54"] == str(amount)
    changed = payload.replace("54", "55", 1)
    with pytest.raises(qris.PayloadWrong):
        qris.read(changed[:-1] + ("0" if changed[-1] != "0" else "1") if changed == payload else changed)


@pytest.mark.parametrize("amount, label", [(0, "A"), (-5, "A"), (10, ""), (10, "A" * 26)])
def test_what_emvco_has_no_room_for_is_refused(amount: int, label: str) -> None:
    with pytest.raises(ValueError):
        qris.dynamic_payload(MERCHANT, amount, label)


@pytest.mark.parametrize("payload", ["", "00", "0002", "000201", "0002016304XXXX", "0a0201", "00020163040000", "٠٠0201"])
def test_a_stump_is_no_payload(payload: str) -> None:
    with pytest.raises(qris.PayloadWrong):
        qris.read(payload)
