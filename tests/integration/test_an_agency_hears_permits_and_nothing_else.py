"""Another office of government at the broker, with the example as it stands: it reads its queue of public events, and every other door is shut."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pika
import pytest

from tests.integration.city import City

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "agency_subscriber.py"
REFUSED = "ACCESS_REFUSED"


@pytest.fixture(scope="module")
def address(city: City) -> str:
    """The account of the example, made as `smartcity agency` says."""
    made = city.suite.command("agency", "bpn", "licensing.permit.#")
    if city.broker is None:
        assert made.returncode == 1
        assert "RabbitMQ" in made.stderr
        pytest.skip("with the embedded broker no agency listens from outside, and the command says so")
    assert made.returncode == 0, made.stderr
    commands = [line.split("rabbitmqctl ")[1].split() for line in made.stdout.splitlines() if "rabbitmqctl " in line]
    for words in commands:
        given = [word.strip("'") for word in words]
        city.broker.control(*given, *(["a-password"] if given[0] == "add_user" else []))
    return str(city.broker.url).replace("guest:guest", "agency-bpn:a-password")


def test_an_agency_hears_each_permit_and_no_name(city: City, address: str) -> None:
    ident, bill = city.assessed_bill()
    city.pay(bill)
    city.issued_once(ident, bill["total"])
    permit = city.permit_of(ident)
    assert permit is not None
    words = [sys.executable, str(EXAMPLE), "--most", "1"]
    heard = subprocess.run(words, env={**os.environ, "AMQP_URL": address}, capture_output=True, text=True, timeout=60, check=True)
    assert permit["number"] in heard.stdout
    assert "Budi" not in heard.stdout


ATTEMPTS: dict[str, Callable[[Any], Any]] = {
    "publish to the public exchange": lambda channel: channel.basic_publish("smartcity.public", "licensing.permit.issued.v1", b"{}"),
    "publish to the internal exchange": lambda channel: channel.basic_publish("smartcity.internal", "finance-sts.bill.paid.v1", b"{}"),
    "publish into a service's queue": lambda channel: channel.basic_publish("", "licensing.events", b"{}"),
    "read a service's queue": lambda channel: channel.basic_get("licensing.events"),
    "bind its queue to the internal exchange": lambda channel: channel.queue_bind("agency.bpn.events", "smartcity.internal", "#"),
    "declare a queue of its own": lambda channel: channel.queue_declare("agency.bpn.more", durable=True),
    "delete an exchange": lambda channel: channel.exchange_delete("smartcity.public"),
    "purge a service's queue": lambda channel: channel.queue_purge("finance-sts.events"),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_every_other_door_is_shut(city: City, address: str, attempt: str) -> None:
    with pika.BlockingConnection(pika.URLParameters(address)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        with pytest.raises(pika.exceptions.ChannelClosedByBroker, match=REFUSED):
            ATTEMPTS[attempt](channel)


def test_what_it_hears_is_what_the_contract_says(city: City, address: str) -> None:
    ident, bill = city.assessed_bill()
    city.pay(bill)
    city.issued_once(ident, bill["total"])
    with pika.BlockingConnection(pika.URLParameters(address)) as connection:
        _, _, body = next(connection.channel().consume("agency.bpn.events", inactivity_timeout=20))
    data = json.loads(body)["data"]
    assert data["retribution_total"] == bill["total"]
    assert not {"applicant_name", "holder_name", "owner_sub", "address"} & set(data)
