"""Any process may be killed at any moment, again and again: whatever was answered with yes is there, once, and the city agrees with itself.

`SOAK_SECONDS` (120 on each broker) bounds it; the seed is printed, `SOAK_SEED` repeats its choices.
"""

import os
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.faults.stubborn import Applicant
from tests.integration.city import City, until
from tests.integration.test_a_paid_retribution_unlocks_a_permit import TOTAL

SECONDS = float(os.environ.get("SOAK_SECONDS", "120"))
SEED = int(os.environ.get("SOAK_SEED") or random.randrange(1_000_000))
PORTALS = 3
PAUSE = (0.5, 3.0)


class Killer:
    """SIGKILL for one program after the other: web, work, gateway, PostgreSQL and all its processes, and RabbitMQ where it is ours."""

    def __init__(self, city: City) -> None:
        self.city, self.chance, self.killed = city, random.Random(SEED), list[str]()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Killer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self.chance.uniform(*PAUSE)):
            programs = self.city.suite.programs()
            name = self.chance.choice([*sorted(programs), *(["broker"] if self.city.broker else [])])
            self.killed.append(name)
            if name == "broker":
                self.city.broker.kill()
                self.city.broker.start()
            elif pid := programs[name]["pid"]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


@pytest.mark.soak
def test_whatever_is_killed_nothing_is_lost_and_nothing_doubled(city: City) -> None:
    print(f"SOAK_SEED={SEED} SOAK_SECONDS={SECONDS:.0f}")
    end = time.monotonic() + SECONDS

    def portal(_: int) -> list[Applicant]:
        served = list[Applicant]()
        while time.monotonic() < end:
            served.append(Applicant(city))
            served[-1].go()
        return served

    with Killer(city) as killer, ThreadPoolExecutor(PORTALS) as pool:
        served = [applicant for portals in pool.map(portal, range(PORTALS)) for applicant in portals]
    until(lambda: {program["state"] for program in city.suite.programs().values()} == {"ready"}, 120)
    for applicant in served:
        city.issued_once(applicant.ident, TOTAL)
    until(lambda: city.suite.command("verify").returncode == 0, 120)
    print(f"{len(served)} permits, {len(killer.killed)} kills: {', '.join(killer.killed)}")
    assert len(served) >= PORTALS
    assert len(killer.killed) >= SECONDS / 10
