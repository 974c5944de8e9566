"""A small cache for public answers: only what the service itself calls `public` with a `max-age` (RFC 9111)."""

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.answers import Answer, asked_tags
from gateway.incoming import Request

MOST_BYTES = 16_000_000
OVERHEAD = 2_000
ALONE = frozenset(("authorization", "cookie", "range", "if-match", "if-unmodified-since"))
MAX_AGE = re.compile(r"(?:^|[,\s])max-age=([0-9]{1,8})(?:$|[,\s])")


@dataclass(frozen=True)
class Kept:
    """An answer and until when it may be given again (monotonic seconds)."""

    answer: Answer
    since: float
    until: float


@dataclass
class Shelf:
    """The kept answers of one target, by the values of the request headers they vary with."""

    vary: tuple[str, ...]
    size: int = 0
    kept: dict[tuple[str, ...], Kept] = field(default_factory=dict)

    def find(self, request: Request) -> Kept | None:
        return self.kept.get(tuple(map(request.get, self.vary)))

    def put(self, request: Request, kept: Kept) -> None:
        old = self.find(request)
        self.size += (kept.answer.length or 0) - ((old.answer.length or 0) if old else -OVERHEAD)
        self.kept[tuple(map(request.get, self.vary))] = kept


class Cache:
    """What was not asked for longest goes first."""

    def __init__(self, most_bytes: int = MOST_BYTES, now: Callable[[], float] = time.monotonic) -> None:
        self._most, self._now, self._bytes = most_bytes, now, 0
        self._shelves: OrderedDict[str, Shelf] = OrderedDict()

    def through(self, request: Request, carried: Callable[[], Answer]) -> Answer:
        """The kept answer where there is a fresh one, else what `carried` brings."""
        if request.method not in ("GET", "HEAD") or not ALONE.isdisjoint(request.sent):
            return carried()
        shelf = self._shelves.get(request.target)
        kept = shelf.find(request) if shelf else None
        if kept and self._now() < kept.until and "no-cache" not in request.get("cache-control"):
            self._shelves.move_to_end(request.target)
            return self._given(request, kept)
        answer = carried()
        self._keep(request, answer)
        return answer

    def _given(self, request: Request, kept: Kept) -> Answer:
        answer, age = kept.answer, ("Age", str(int(self._now() - kept.since)))
        tag, asked = answer.get("etag").removeprefix("W/"), asked_tags(request.get("if-none-match"))
        if tag and tag in [one.strip().removeprefix("W/") for one in asked.split(",")]:
            return Answer(304, [*answer.headers, age])
        return Answer(200, [*answer.headers, age], b"" if request.method == "HEAD" else answer.body, answer.length)

    def _keep(self, request: Request, answer: Answer) -> None:
        age = keeps_for(request, answer)
        if not age:
            return
        vary = tuple(sorted({"accept-language", *(name.strip() for name in answer.get("vary").lower().split(",") if name.strip())}))
        shelf = self._shelves.pop(request.target, Shelf(vary))
        self._bytes -= shelf.size
        shelf = shelf if shelf.vary == vary else Shelf(vary)
        kept = Answer(200, [line for line in answer.headers if line[0].lower() != "x-request-id"], answer.body)
        shelf.put(request, Kept(kept, self._now(), self._now() + age))
        self._shelves[request.target] = shelf
        self._bytes += shelf.size
        while self._bytes > self._most:
            self._bytes -= self._shelves.popitem(last=False)[1].size


def keeps_for(request: Request, answer: Answer) -> int:
    """Seconds for which `answer` may be given to anybody else; 0 where it may not."""
    control = answer.get("cache-control").lower()
    age = MAX_AGE.search(control)
    if request.method != "GET" or answer.status != 200 or not isinstance(answer.body, bytes) or age is None:
        return 0
    secret = "public" not in control or any(word in control for word in ("private", "no-store", "no-cache")) or "*" in answer.get("vary")
    return 0 if secret or answer.get("set-cookie") else int(age[1])
