"""A refusal as OAuth says it (RFC 6749 §4.1.2.1 and §5.2): a code from its list and a sentence for the developer."""


class OAuthRefused(Exception):
    """The protocol says no. `keep`: what was done until here stays (a family is revoked, a failure counted)."""

    def __init__(self, error: str, description: str, *, status: int = 400, keep: bool = False, retry_after: int = 0) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status
        self.keep = keep
        self.retry_after = retry_after
