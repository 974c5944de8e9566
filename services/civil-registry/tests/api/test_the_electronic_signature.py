"""The signer's act is the legal one; the electronic signature follows from it, is checked before it is relied on, and nothing is issued without it."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy.orm import Session

from civil_registry.use_cases import electronic_signatures
from civil_registry.use_cases.electronic_signatures import longest_unsigned
from civil_registry.use_cases.signing_service import Account, SigningService
from smartcity import clock as city_clock
from smartcity import documents
from smartcity.documents import NotGenuine, Signatory
from smartcity.documents import electronic as port
from smartcity.documents.trial_signer import TrialSigner
from smartcity.settings import SettingsError
from smartcity.testing.stand_in import Asked, serving

SIGNER = "nurhayati"
SEED = bytes([9]) * 32
NUMBER = "1271-LU-12022026-0001"
AWAITED = (409, "/problems/certificate-awaits-signature")
PDF = (200, b"signed")
ROOT = ssl.DER_cert_to_PEM_cert(TrialSigner(SEED).roots()[0])


@dataclass
class Service:
    """A signing service of a test: what it answers next, and what it was asked."""

    url: str = ""
    answers: list[tuple[int, bytes] | None] = field(default_factory=list)
    asked: list[tuple[str, bytes, str]] = field(default_factory=list)

    def signed(self, form: bytes) -> bytes:
        pdf = form[form.index(b"%PDF-") : form.rindex(b"\r\n--")]
        return TrialSigner(SEED).sign(pdf, Signatory("1271", "Nurhayati Siregar", "Pejabat", "Kutipan"))


@pytest.fixture
def bsre() -> Iterator[Service]:
    made = Service()

    def answer(asked: Asked) -> tuple[int, bytes] | None:
        made.asked.append((asked.path, asked.body, asked.headers["Authorization"]))
        said = made.answers.pop(0) if made.answers else PDF
        return (PDF[0], made.signed(asked.body)) if said is PDF else said

    with serving(answer) as url:
        made.url = f"{url}/esign"
        yield made


@pytest.fixture
def outside(app: Any, bsre: Service) -> Iterator[Service]:
    """The service's processes are set to it (after they have begun with their own settings)."""
    before = port.signer()
    port.choose(service_at(bsre.url))
    yield bsre
    port.choose(before)


def service_at(url: str, roots: Any = None) -> SigningService:
    account = {SIGNER: Account("1271014502900001", "sandi")}
    return SigningService(urlsplit(url), ("kota", "rahasia"), account, roots or TrialSigner(SEED).roots(), within=0.5)


def paper(desk: Any, number: str = NUMBER) -> Any:
    return desk.client.get(f"/v1/certificates/{number}/document", headers=desk.citizen())


def verified(desk: Any, code: str) -> dict[str, Any]:
    answer = desk.client.get(f"/v1/verify/{code}")
    assert answer.status_code == 200
    return dict(answer.json)


def offline(pdf: bytes, roots: Any = None) -> documents.Checked:
    return documents.verify_offline(pdf, dict([documents.public_key()]), roots or port.signer().roots())


def test_a_certificate_bears_the_signature_of_its_signer_and_says_that_it_is_one_for_trial(desk: Any, told: Any) -> None:
    desk.brought_to("signature")
    code = told("civil-registry.certificate.issued.v1")[-1]["data"]["verify_code"]
    made = paper(desk)
    found = offline(made.data).signature
    assert found is not None and "sertifikat uji, tanpa kekuatan hukum" in found.by
    online = verified(desk, code)
    assert (online["signature"]["by"], online["signature"]["intact"]) == (found.by, True)
    assert online["statement"]["signature"] == "pades"
    assert online["sha256"] == offline(made.data).sha256


def test_nobody_s_paper_is_taken_for_one_that_another_authority_signed(desk: Any) -> None:
    desk.brought_to("signature")
    with pytest.raises(NotGenuine, match="signature-not-trusted"):
        offline(paper(desk).data, TrialSigner(SEED).roots())


def test_the_death_of_a_person_is_certified_likewise(desk: Any) -> None:
    ident = desk.dead()
    assert desk.death_step(ident, "submission", "verification", "registration", "signature").json["status"] == "issued"
    assert offline(paper(desk, "1271-KM-12022026-0001").data).signature


def test_signed_outside_the_certificate_is_issued_when_the_signature_has_come(desk: Any, outside: Service, run_due: Any, told: Any) -> None:
    ident = desk.brought_to("signature")
    assert (desk.show(ident)["status"], outside.asked, told("civil-registry.certificate.issued.v1")) == ("signed", [], [])
    refused = paper(desk)
    assert (refused.status_code, refused.json["type"]) == AWAITED
    assert run_due() == ["done"]
    path, form, login = outside.asked[0]
    assert (path, login) == ("/esign/api/sign/pdf", "Basic a290YTpyYWhhc2lh")
    assert b'name="nik"\r\n\r\n1271014502900001\r\n' in form and b'name="passphrase"\r\n\r\nsandi\r\n' in form
    assert [line["status"] for line in desk.show(ident)["history"]][-2:] == ["signed", "issued"]
    found = offline(paper(desk).data).signature
    assert found is not None and found.by.startswith("Nurhayati Siregar")
    issued = told("civil-registry.certificate.issued.v1")
    assert len(issued) == 1 and verified(desk, issued[0]["data"]["verify_code"])["signature"]["intact"] is True
    run_due()
    assert len(outside.asked) == 1


@pytest.mark.parametrize("away", [(503, b""), (500, b"{"), (301, b""), (200, b"not a pdf"), (200, b"x" * 6_000_000), None])
def test_away_slow_or_not_to_be_understood_it_is_asked_again_and_nothing_is_lost(
    desk: Any, session: Session, outside: Service, run_due: Any, clock: Any, away: tuple[int, bytes] | None
) -> None:
    outside.answers = [away, away]
    ident = desk.brought_to("signature")
    assert set(run_due()) == {"done"} and len(outside.asked) == 1
    assert desk.show(ident)["status"] == "signed"
    clock.advance(minutes=1)
    assert longest_unsigned(session, city_clock.now()) >= 60
    run_due()
    assert len(outside.asked) == 2
    clock.advance(minutes=30)
    run_due()
    session.rollback()
    assert (desk.show(ident)["status"], len(outside.asked), longest_unsigned(session, city_clock.now())) == ("issued", 3, 0)


def test_a_service_that_is_down_for_days_is_asked_for_days(desk: Any, outside: Service, run_due: Any, clock: Any) -> None:
    port.choose(service_at("http://127.0.0.1:9"))  # nobody listens there
    ident = desk.brought_to("signature")
    for _ in range(20):
        assert "failed" not in run_due()
        clock.advance(hours=3)
    port.choose(service_at(outside.url))
    run_due()
    assert desk.show(ident)["status"] == "issued"


@pytest.mark.parametrize("answer", [(400, b'{"status_code": 2031, "error": "Nurhayati: sandi salah"}'), (401, b""), (403, b"<html>")])
def test_what_is_refused_waits_for_a_person_and_names_nobody(
    desk: Any, outside: Service, run_due: Any, answer: tuple[int, bytes], session: Session
) -> None:
    outside.answers = [answer]
    ident = desk.brought_to("signature")
    assert "failed" in run_due()
    assert desk.show(ident)["status"] == "signed"
    reason = session.connection().exec_driver_sql("SELECT reason FROM due WHERE kind = 'sign_certificate'").scalar_one()
    assert "SignerRefused" in reason and "Nurhayati" not in reason


def test_a_signature_of_a_foreign_authority_is_not_stored(desk: Any, outside: Service, run_due: Any) -> None:
    port.choose(service_at(outside.url, TrialSigner(bytes(32)).roots()))
    ident = desk.brought_to("signature")
    assert "failed" in run_due()
    assert desk.show(ident)["status"] == "signed" and paper(desk).json["type"] == AWAITED[1]


def test_a_copy_signed_outside_waits_too_and_the_lost_one_no_longer_holds(desk: Any, outside: Service, run_due: Any, told: Any) -> None:
    ident = desk.brought_to("signature")
    run_due()
    asked = desk.copy(NUMBER, "lost")
    assert desk.sign_act(NUMBER, asked.json["id"]).status_code == 200
    assert desk.show(ident)["status"] == "signed" and paper(desk).json["type"] == AWAITED[1]
    run_due()
    old, new = told("civil-registry.certificate.issued.v1")
    states = [verified(desk, one["data"]["verify_code"])["standing"] for one in (old, new)]
    assert (states, desk.show(ident)["status"], paper(desk).status_code) == (["superseded", "valid"], "issued", 200)


@pytest.mark.parametrize(("name", "value"), [
    ("ESIGN_URL", "esign.example"), ("ESIGN_URL", "https://"), ("ESIGN_SIGNERS", ""), ("ESIGN_SIGNERS", '{"a": {"nik": "1"}}'),
    ("ESIGN_SIGNERS", '{"a": {"nik": "1", "passphrase": "x"}}'), ("ESIGN_ROOTS", ""), ("ESIGN_ROOTS", "-----BEGIN CERTIFICATE-----"),
])  # fmt: skip
def test_settings_that_cannot_be_stop_the_start(config: Any, name: str, value: str) -> None:
    said = {"ESIGN_URL": "https://esign.example", "ESIGN_USER": "u", "ESIGN_PASSWORD": "p", "ESIGN_SIGNERS": "{}", "ESIGN_ROOTS": ROOT}
    with pytest.raises(SettingsError, match=name):
        electronic_signatures.configure(replace(config, extra={**said, name: value}))


def test_settings_that_can_be_choose_the_service(config: Any, app: Any) -> None:
    before = port.signer()
    said = {
        "ESIGN_URL": "https://esign.example/x",
        "ESIGN_USER": "u",
        "ESIGN_PASSWORD": "p",
        "ESIGN_SIGNERS": "{}",
        "ESIGN_ROOTS": ROOT * 2,
    }
    electronic_signatures.configure(replace(config, extra=said))
    assert port.signer().roots() == (*TrialSigner(SEED).roots(), *TrialSigner(SEED).roots()) and not port.signer().at_once
    port.choose(before)
