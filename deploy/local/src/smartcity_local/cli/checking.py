"""`verify`, `verify-document`, `document-keys`, `document-roots`."""

from pathlib import Path
from typing import Annotated

import httpx
import typer

from smartcity.documents.statement import NotGenuine
from smartcity.documents.verify import verify_offline
from smartcity_local import verifying
from smartcity_local.cli.app import Json, app, console, show_json, show_table
from smartcity_local.document_keys import pem, published, read, read_file, read_roots, trial_roots
from smartcity_local.errors import CannotGoOn
from smartcity_local.inside import with_database
from smartcity_local.place import here


@app.command()
def verify(as_json: Json = False) -> None:
    """What must be true of the whole suite: money, delivery, order, signatures, nobody's NIK."""
    findings = list(verifying.verify(here()))
    if as_json:
        show_json([vars(finding) for finding in findings])
    else:
        for finding in findings:
            console.print(
                f"[{'red' if finding.wrong else 'green'}]{'✗' if finding.wrong else '✓'}[/] {finding.name} [dim]({finding.seen})[/]"
            )
            for line in finding.wrong[:20]:
                console.print(f"    {line}", markup=False)
    if any(finding.wrong for finding in findings):
        raise SystemExit(1)


@app.command()
def verify_document(
    paper: Annotated[str, typer.Argument(help="A PDF, or the text of its QR code.")],
    keys: Annotated[
        Path | None, typer.Option(help="Public keys as `document-keys` or an office gives them, instead of this clone's.")
    ] = None,
    roots: Annotated[
        Path | None, typer.Option(help="Certificates (PEM) that vouch for electronic signatures, instead of this clone's for trial.")
    ] = None,
    online: Annotated[bool, typer.Option(help="Also ask the office whether it still stands.")] = True,
) -> None:
    """Is this paper genuine? Checked with the offices' public keys alone, then asked for."""
    place, file = here(), Path(paper)
    try:
        known = read_file(keys) if keys else read(published(place, with_database(place)))
        vouching = read_roots(roots) if roots else trial_roots(place, with_database(place))
        checked = verify_offline(file.read_bytes() if _is_file(file) else paper, known.keys, vouching, known.withdrawn)
    except NotGenuine as error:
        if error.code == "key-withdrawn":
            raise CannotGoOn("Others may sign with its key (key-withdrawn): only its office can tell, at /v1/verify/CODE.") from error
        raise CannotGoOn(f"This is not genuine: {error.code}.") from error
    show_table(("what it says", ""), checked.statement.shown().items())
    console.print("[green]✓[/] signed by an office of this city")
    if checked.signature:
        console.print(f"[green]✓[/] signed electronically by {checked.signature.by}", markup=True)
    if online:
        _ask(place.public_url, checked.statement.code, checked.sha256)


@app.command()
def document_keys() -> None:
    """The offices' public keys, to check their papers with anywhere; those of former years where the suite runs."""
    place = here()
    show_json({"keys": published(place, with_database(place))})


@app.command()
def document_roots() -> None:
    """The certificates that vouch for the electronic signatures of this clone, which are for trial."""
    place = here()
    print(pem(trial_roots(place, with_database(place))), end="")


def _is_file(paper: Path) -> bool:
    try:
        return paper.is_file()
    except OSError:  # the text of a QR code is longer than a name may be
        return False


def _ask(url: str, code: str, sha256: str | None) -> None:
    try:
        answer = httpx.get(f"{url}/v1/verify/{code}", timeout=5)
    except httpx.TransportError:
        console.print("[yellow]![/] nobody could be asked whether it still stands: the suite is not running")
        return
    known = answer.json()
    if answer.status_code != 200:
        raise CannotGoOn(f"The office does not know {code}.")
    if sha256 and known["sha256"] not in (None, sha256):
        raise CannotGoOn("The signature holds, but these are not the bytes that were issued.")
    console.print(f"[green]✓[/] it stands: {known['standing']}")
