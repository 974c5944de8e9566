"""The `web` processes of a service as they run, checking tokens of an issuer that the benchmark has in hand."""

import base64
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.gateway import free_port, running
from smartcity.testing.tokens import Issuer

KEY = base64.b64encode(bytes(range(32))).decode()


@contextmanager
def webs(package: str, database_url: str, files: str, count: int = 2) -> Iterator[tuple[list[int], Issuer]]:
    """Their ports, and who signs for everybody; files are kept in the folder `files`."""
    issuer, keys = Issuer(), free_port()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "jwks.json").write_text(json.dumps(issuer.jwks()))
        stack.enter_context(running([sys.executable, "-m", "http.server", "-b", "127.0.0.1", "-d", str(folder), str(keys)], keys))
        environ = {
            "DATABASE_URL": database_url, "BROKER_URL": "embedded:///dev/null", "FILES_URL": f"file://{files}", "ISSUER_URL": issuer.issuer,
            "PUBLIC_URL": issuer.issuer, "JWKS_URL": f"http://127.0.0.1:{keys}/jwks.json", "SECRET_KEY": KEY, "DOCUMENT_KEY": KEY,
            "ENVIRONMENT": "test", "POOL_SIZE": "8",
        }  # fmt: skip
        ports = [free_port() for _ in range(count)]
        for port in ports:
            stack.enter_context(running([sys.executable, "-m", package, "web"], port, PORT=str(port), **environ))
        yield ports, issuer
