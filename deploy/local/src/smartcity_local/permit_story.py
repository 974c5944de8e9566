"""A paid retribution unlocks a permit: the steps, each a few lines; the demonstration and the seed both take them."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from smartcity_local.city import City

APPLICATIONS = "/v1/permit-applications"
HOUSE = {
    "fungsi": "hunian_kecil", "kompleksitas": "sederhana", "permanensi": "permanen", "jumlah_lantai": 1, "luas_lantai_m2": "72",
    "kepemilikan": "perorangan_badan_usaha", "ilo": "0.005", "shst": "5350000", "jenis_pekerjaan": "baru",
}  # fmt: skip
PARTICULARS = {
    "permit_type": "PBG", "applicant_name": "Budi Hasibuan", "applicant_address": "Jalan Sei Deli 12, Medan",
    "site_address": "Jalan Sisingamangaraja 40, Medan", "kelurahan_code": "12.71.01.1001",
    "answers": {"fungsi": "hunian_kecil", "jumlah_lantai": 1, "luas_lantai_m2": "72"},
}  # fmt: skip
OFFICE: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
    ("petugas-dpmptsp", "completeness", None),
    ("pemeriksa-dpmptsp", "examinations", {"result": "conforms", "minutes": "Gambar sesuai standar."}),
    ("approver-dpmptsp", "approval", None),
)


def file(city: City, citizen: str, name: str = "", **other: Any) -> str:
    """Open, attach, submit; answers the application's id."""
    application = city.post(citizen, APPLICATIONS, {**PARTICULARS, **other}, name)
    thing = f"{APPLICATIONS}/{application['id']}"
    for kind in ("land_title", "design_drawings"):
        city.upload(citizen, f"{thing}/documents", kind)
    city.act(citizen, thing, "submission")
    return str(application["id"])


def examine(city: City, ident: str) -> None:
    """The office checks, examines and approves."""
    for account, step, body in OFFICE:
        city.act(account, f"{APPLICATIONS}/{ident}", step, body)


def assess(city: City, ident: str, **other: Any) -> dict[str, Any]:
    """The officer fixes the retribution."""
    return city.act("petugas-dpmptsp", f"{APPLICATIONS}/{ident}", "assessment", {"inputs": {**HOUSE, **other}})


def bill_of(city: City, citizen: str, ident: str) -> dict[str, Any]:
    """The bill that E-STS has made of it, when it is there."""

    def look() -> Any:
        bills = city.get(citizen, "/v1/bills")["items"]
        return next((bill for bill in bills if bill["reference"]["id"] == ident), None)

    found: dict[str, Any] = city.until("The bill", look)
    return found


def pay_at_the_bank(city: City, bill: dict[str, Any], repeat: int = 1) -> list[dict[str, Any]]:
    """The bank tells it by SNAP, signed; as often as a bank repeats itself."""
    from smartcity_local.sign_in import demo_secrets

    secrets = demo_secrets(city.place)
    bank = _bank().Bank.signed_in(city.http, secrets.password("SNAP_CLIENT_SECRET"), secrets.password("SNAP_PRIVATE_KEY"))
    return [answer.json() for answer in bank.pay(bill["virtual_account_no"], bill["outstanding"], repeat=repeat)]


def issued(city: City, citizen: str, ident: str) -> dict[str, Any]:
    """The application once its permit is there; nobody typed anything."""

    def look() -> Any:
        application = city.get(citizen, f"{APPLICATIONS}/{ident}")
        return application if application["status"] == "issued" else None

    found: dict[str, Any] = city.until("The permit", look)
    return found


def _bank() -> ModuleType:
    """`examples/bank.py`, which is a program of its own."""
    path = Path(__file__).resolve().parents[4] / "examples" / "bank.py"
    spec = importlib.util.spec_from_file_location("smartcity_example_bank", path)
    assert spec and spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
