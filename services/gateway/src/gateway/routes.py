"""The one declared table: first word of the path → service, and how long and how large a request may be."""

from dataclasses import dataclass

MIB = 1024 * 1024
DEADLINE, LONG = 15.0, 30.0


@dataclass(frozen=True)
class Route:
    """Where a request goes. `template` stands for it in logs and metrics; `deadline` in seconds, `largest` body in bytes.

    `own_tokens`: the partner may carry a token that is not the issuer's; the service judges it, in the partner's own form.
    """

    service: str
    template: str
    rate: str = "api"
    deadline: float = DEADLINE
    largest: int = 25 * MIB
    own_tokens: bool = False


OF_SERVICE: dict[str, tuple[str, ...]] = {
    "licensing": ("permit-types", "permit-applications", "permits", "retribution-estimates", "tariffs", "inspections"),
    "finance-sts": (
        "bills", "payments", "receipts", "refunds", "virtual-accounts", "qris", "deposit-slips", "bank-statements", "reconciliations",
        "ledger", "days",
    ),
    "complaints": ("complaints", "complaint-categories", "routing-rules", "satisfaction", "feeds"),
    "civil-registry": ("birth-registrations", "birth-notifications", "death-registrations", "civil-records", "certificates"),
    "identity": ("accounts", "sessions", "offices"),
}  # fmt: skip
SERVICE_SECOND = ("work-queues", "statistics", "open-data", "reports")
VERIFY_LETTER = {"L": "licensing", "F": "finance-sts", "R": "civil-registry"}
OUTSIDE = {"/snap/v1.0/": ("finance-sts", "partner"), "/open311/v2/": ("complaints", "api"), "/oauth/": ("identity", "sign-in"),
           "/.well-known/": ("identity", "api")}  # fmt: skip
ASKED_OF_ALL = "/v1/me/data-requests"
"""What a person can ask every office at once; one office alone is asked under its name behind it."""
FANNED_OUT = ("/v1/me/cases", "/v1/me/data-access", ASKED_OF_ALL)

BY_PREFIX = {prefix: Route(service, f"{prefix}*", rate, own_tokens=rate == "partner") for prefix, (service, rate) in OUTSIDE.items()}
BY_WORD = {word: Route(service, f"/v1/{word}") for service, words in OF_SERVICE.items() for word in words}
BY_TWO = {
    (first, service): Route(
        service, f"/v1/{first}/{service}", deadline=LONG if first in ("statistics", "reports", "open-data") else DEADLINE
    )
    for first in SERVICE_SECOND
    for service in OF_SERVICE
}
BY_RIGHT = {service: Route(service, f"{ASKED_OF_ALL}/{service}") for service in OF_SERVICE}
BY_LETTER = {letter: Route(service, "/v1/verify/{code}") for letter, service in VERIFY_LETTER.items()}
OF_NOBODY = BY_LETTER["L"]
"""Of a code that no service gave any of them says so, to a browser with a page."""


def find(path: str) -> Route | None:
    """The route of `path`, or `None` where the table has no line for it."""
    words = path.split("/", 4)
    if len(words) < 3 or words[1] != "v1":
        return next((route for prefix, route in BY_PREFIX.items() if path.startswith(prefix)), None)
    first, second = words[2], words[3] if len(words) > 3 else ""
    if first == "verify":
        return BY_LETTER.get(second[:1].upper(), OF_NOBODY) if second and len(words) == 4 else None
    if path.startswith(f"{ASKED_OF_ALL}/"):
        return BY_RIGHT.get(words[4].partition("/")[0])
    return BY_WORD.get(first) or BY_TWO.get((first, second))
