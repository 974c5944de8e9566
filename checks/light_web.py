"""A `web` process starts with what it needs and no more: no kombu, pika, alembic, typst or pyhanko; every operation has its policy and its example."""

import base64
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from checks.tree import Room, Tree

HEAVY = ("kombu", "pika", "alembic", "typst", "pyhanko")
PROGRAM = """
import sys
from smartcity import settings
from smartcity.http import examples
from smartcity.service import create_app
from {package}.service import SERVICE
import smartcity.web
from smartcity_local import warm_parent
import importlib
for name in (*warm_parent.BOTH, *warm_parent.WARM["web"]):
    importlib.import_module(name)
extra = dict.fromkeys(SERVICE.settings, "x")
app = create_app(SERVICE, settings.load("{name}", SERVICE.settings, {environ!r} | extra, SERVICE.options))
print(*["loads " + name for name in {heavy!r} if name in sys.modules], sep="\\n")
print(*["has no example of " + name for name in sorted(set(app.policy) - set(examples.load("{package}")))], sep="\\n")
"""
KEY = base64.b64encode(bytes(32)).decode()
ENVIRON = {
    "ENVIRONMENT": "test", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "BROKER_URL": "embedded:///nowhere/bus.db",
    "ISSUER_URL": "http://127.0.0.1:1", "PUBLIC_URL": "http://127.0.0.1:1", "SECRET_KEY": KEY, "DOCUMENT_KEY": KEY,
}  # fmt: skip


def look(tree: Tree) -> list[str]:
    """Services whose web side does not start without a database, loads what only `work` needs, or has an operation without an example."""
    rooms = [room for room in tree.services if room.name != "gateway" and (room.source / "service.py").exists()]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [line for lines in pool.map(lambda room: _of(tree, room), rooms) for line in lines]


def _of(tree: Tree, room: Room) -> list[str]:
    environ = {**ENVIRON, "FILES_URL": f"file://{os.devnull}/files"}
    program = PROGRAM.format(package=room.package, name=room.name, environ=environ, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", program], env=tree.environ, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
        return [f"{room.name}: web does not start: {last}"]
    return [f"{room.name}: web {line}" for line in done.stdout.splitlines() if line]
