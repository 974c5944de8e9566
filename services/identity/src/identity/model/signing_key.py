"""The keys tokens are signed with. The private half stays here, encrypted."""

import json
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from joserfc import jwk, jwt
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base, Encrypted

ALGORITHM = "Ed25519"


class SigningKey(Base):
    """Published → signs (from `signs_from`) → replaced, still published → withdrawn (at `published_until`)."""

    __tablename__ = "signing_key"
    __table_args__ = (sa.Index("ix_signing_key_signs_from", "signs_from"),)

    kid: Mapped[str] = mapped_column(primary_key=True)
    public: Mapped[dict[str, Any]] = mapped_column(JSONB)
    private: Mapped[str] = mapped_column(Encrypted)
    made_at: Mapped[datetime]
    signs_from: Mapped[datetime]
    published_until: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def make(cls, now: datetime, ahead: timedelta) -> "SigningKey":
        """A new Ed25519 key, named by its thumbprint (RFC 7638), that signs after `ahead`."""
        key = jwk.OKPKey.generate_key("Ed25519", auto_kid=False)
        kid = key.thumbprint()
        public = {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": ALGORITHM}
        return cls(kid=kid, public=public, private=json.dumps(key.as_dict(private=True)), made_at=now, signs_from=now + ahead)

    def sign(self, claims: dict[str, Any], typ: str) -> str:
        """The claims as a signed JWT of type `typ`."""
        return jwt.encode({"alg": ALGORITHM, "typ": typ, "kid": self.kid}, claims, _read(self.private), algorithms=[ALGORITHM])

    def retire(self, until: datetime) -> None:
        """Stay published until `until`, for the tokens already out; an earlier end stays."""
        self.published_until = until if self.published_until is None else min(self.published_until, until)


@lru_cache(maxsize=2)
def _read(private: str) -> jwk.OKPKey:
    """A private key as it signs; read once while it is in use."""
    return jwk.OKPKey.import_key(json.loads(private))
