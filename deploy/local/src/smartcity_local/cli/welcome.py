"""What a person sees when the suite is ready: where to go, and as whom."""

from smartcity_local.cli.app import console
from smartcity_local.place import Place
from smartcity_local.secret_store import SecretStore

OPEN311 = "OPEN311_DEMO_KEY"
ACCOUNTS = (
    ("budi, siti", "citizens"),
    ("petugas-dpmptsp, pemeriksa-dpmptsp, approver-dpmptsp", "permits: officer, examiner, approver"),
    ("bendahara, ppk-skpd, kuasa-bud, bank", "money: treasurer, cashbook-closer, head of treasury, the bank"),
    ("petugas-dukcapil, registrar, penandatangan-dukcapil, kadis-dukcapil", "civil registry: officer, registrar, signer, head"),
    ("admin-pengaduan, petugas-pu", "complaints: coordinator; officer of public works"),
    ("agency-bpn, auditor, admin, admin-kedua", "agency, auditor, two administrators"),
)


def welcome(place: Place, seconds: float) -> None:
    """Addresses and demo accounts."""
    secrets = SecretStore(place.run / "secrets")
    console.print(f"\n[bold]Medan Smart City is ready[/] after {seconds:.1f} s at [bold]{place.public_url}[/]\n")
    console.print(f"  documentation   {place.public_url}/docs\n  all operations  {place.public_url}/openapi.json")
    if "DEMO_PASSWORD" in secrets:
        console.print(f"\n  demo accounts, all with the password [bold]{secrets.password('DEMO_PASSWORD')}[/]")
        for names, role in ACCOUNTS:
            console.print(f"    {names}  [dim]{role}[/]")
    if OPEN311 in secrets:
        console.print(f"\n  demo api_key of {place.public_url}/open311/v2: [bold]{secrets.password(OPEN311)}[/]")
    console.print("\n  [dim].venv/bin/smartcity token budi · make demo · Ctrl-C stops, the data stays[/]\n")
