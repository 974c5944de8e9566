"""Who may do what, for people: `docs/policy/<service>.md`, a line for each operation of a service's `policy.py` and of its kernel's part.

`python -m checks.policy_documents` writes them; the check holds that they are current. What the table says is tried at the running service by
everybody who may not (`smartcity.testing.intruders`).
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from checks.light_web import ENVIRON
from checks.tree import Room, Tree

FOLDER = Path("docs/policy")
COMMAND = "python -m checks.policy_documents"
PROGRAM = """
import json
from smartcity import settings
from smartcity.http import openapi
from smartcity.service import create_app
from {package}.service import SERVICE
extra = dict.fromkeys(SERVICE.settings, "x")
app = create_app(SERVICE, settings.load("{name}", SERVICE.settings, {environ!r} | extra, SERVICE.options))
paths = app.test_client().get("/openapi.json").json["paths"]
where = {{told["operationId"]: f"{{method.upper()}} {{path}}" for path, ways in paths.items() for method, told in ways.items() if method != "parameters"}}
print(json.dumps([[name, where[name], [[grant.role, grant.own, grant.office, grant.others] for grant in grants]] for name, grants in sorted(app.policy.items())]))
"""
Grants = list[tuple[str, bool, str | bool | None, bool]]


def documents(tree: Tree) -> dict[Path, str]:
    """Every page by its path in the repository; raises `RuntimeError` where a service does not start."""
    rooms = [room for room in tree.services if room.name != "gateway" and (room.source / "service.py").exists()]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(pool.map(lambda room: (FOLDER / f"{room.name}.md", _page(tree, room)), rooms))


def look(tree: Tree) -> list[str]:
    """Pages that differ from the policies, or that no service stands behind."""
    try:
        wanted = documents(tree)
    except RuntimeError as error:
        return [str(error)]
    there = {FOLDER / file.name for file in (tree.root / FOLDER).glob("*")}
    stale = [path for path, text in wanted.items() if path not in there or (tree.root / path).read_text() != text]
    return [f"{path} is not current: `{COMMAND}` writes it" for path in sorted({*stale, *(there - set(wanted))})]


def _page(tree: Tree, room: Room) -> str:
    environ = {**ENVIRON, "FILES_URL": f"file://{os.devnull}/files"}
    program = PROGRAM.format(package=room.package, name=room.name, environ=environ)
    done = subprocess.run([sys.executable, "-c", program], env=tree.environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{room.name}: web does not start: {(done.stderr.strip().splitlines() or ['nothing said'])[-1]}")
    lines = [
        f"# Who may do what at {room.name}\n",
        f"Written by `{COMMAND}` from `policy.py`. Whoever is not named is refused: 401 without a token, 403 with one, 404 for what is not theirs. Not their own: 409 for who has a part in the case, and for who acts for them.\n",
        "| operation | where | who |\n| --- | --- | --- |",
        *(f"| `{name}` | `{where}` | {_who(grants)} |" for name, where, grants in json.loads(done.stdout.splitlines()[-1])),
    ]
    return "\n".join(lines) + "\n"


def _who(grants: Grants) -> str:
    return "; ".join(_words(*grant) for grant in grants)


def _words(role: str, own: bool, office: str | bool | None, others: bool) -> str:
    of = "" if office is None else " of its office" if office is True else f" of {office}"
    return f"{role}{of}{', own' if own else ''}{', not their own' if others else ''}"


def main() -> int:
    """Write the pages."""
    tree = Tree(Path(__file__).resolve().parents[1])
    for path, text in documents(tree).items():
        (tree.root / path).parent.mkdir(parents=True, exist_ok=True)
        (tree.root / path).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
