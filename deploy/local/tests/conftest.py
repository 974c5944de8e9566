"""A toy clone of two small services and a gateway, run by the real launcher on ports of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from smartcity_local.place import Place
from smartcity_local.testing import Suite, all_gone, free_span

SERVICE = """
from sqlalchemy import text
from smartcity.service import Service
def lost(session):
    return 1, [f"toy {{row.last}} is lost" for row in session.execute(text("SELECT last FROM number_series WHERE kind = 'lost'"))]
SERVICE = Service(name="{name}", package="{package}", title="Toy", apis=(), policy={{}}, settings=("TOY_TOKEN",), options={{"TOY_URL": ""}},
                  invariants={{"I3 no toy is lost": lost}})
"""
MAIN = """
from smartcity.service import main
from {package}.service import SERVICE
raise SystemExit(main(SERVICE))
"""
MIGRATION = '''
"""What the kernel needs."""
from smartcity.storage import kernel_schema as kernel
revision, down_revision = "0001_initial", None
def upgrade():
    kernel.create_v1()
    kernel.upgrade_v2()
    kernel.upgrade_v3()
    kernel.upgrade_v4()
    kernel.upgrade_v5()
'''
GATEWAY = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
class Door(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ["UPSTREAMS"].encode())
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Door).serve_forever()
"""


def write_service(root: Path, name: str) -> None:
    """A service that does nothing but live."""
    package = name.replace("-", "_")
    source = root / "services" / name / "src" / package
    (source / "migrations").mkdir(parents=True)
    (root / "services" / name / "pyproject.toml").touch()
    (source / "__init__.py").touch()
    for room in ("messages", "data"):
        (source / room).mkdir()
    for language in ("id", "en"):
        (source / "messages" / f"{language}.yaml").write_text("problems: {}\nlabels: {}\n")
    (source / "service.py").write_text(SERVICE.format(name=name, package=package))
    (source / "__main__.py").write_text(MAIN.format(package=package))
    (source / "migrations" / "__init__.py").touch()
    (source / "migrations" / "0001_initial.py").write_text(MIGRATION)


def write_gateway(root: Path) -> None:
    """A door that answers 200 to everything."""
    source = root / "services" / "gateway" / "src" / "gateway"
    source.mkdir(parents=True)
    (root / "services" / "gateway" / "pyproject.toml").touch()
    (source / "__init__.py").touch()
    (source / "service.py").touch()
    (source / "__main__.py").write_text(GATEWAY)


def make_suite(root: Path) -> Suite:
    write_gateway(root)
    for name in ("toy-bank", "toy-shop"):
        write_service(root, name)
    sources = [str(path) for path in root.glob("services/*/src")]
    return Suite(Place(root, free_span()), {"PYTHONPATH": os.pathsep.join(sources)})


@pytest.fixture
def suite(tmp_path: Path) -> Iterator[Suite]:
    """A clone that has not been started."""
    one = make_suite(tmp_path)
    yield one
    one.command("down")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """A running clone; a test leaves it running."""
    one = make_suite(tmp_path_factory.mktemp("clone"))
    one.up()
    yield one
    processes = one.tree()
    assert one.command("down").returncode == 0
    assert all_gone(processes)
