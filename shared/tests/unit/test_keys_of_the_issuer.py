"""The issuer's keys while the issuer does not answer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from smartcity.http.auth import IssuerAway, Keys


def test_with_an_issuer_that_hangs_and_no_key_yet_all_who_wait_hear_so_after_one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would otherwise wait for the tries of all before it."""
    monkeypatch.setattr("smartcity.http.auth.time.monotonic", lambda: 100.0)
    hangs, tries = threading.Event(), list[int]()

    def fetch() -> Any:
        tries.append(1)
        hangs.wait(20)
        raise TimeoutError

    keys = Keys(fetch)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(keys.find, "any") for _ in range(8)]
        hangs.set()
        for one in asked:
            with pytest.raises(IssuerAway):
                one.result()
    assert len(tries) == 1
