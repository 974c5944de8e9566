"""The environment of each process: nothing else reaches it."""

import os
from dataclasses import dataclass

from smartcity_local.databases import url_for
from smartcity_local.place import Place
from smartcity_local.secret_store import SecretStore
from smartcity_local.suite import IDENTITY, Member

DEMO_SECRETS = ("DEMO_PASSWORD", "BANK_CLIENT_SECRET", "AGENCY_CLIENT_SECRET")
KEPT = ("PATH", "PYTHONPATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LOG_LEVEL", "PYTHONWARNINGS", "SSL_CERT_FILE", "SMARTCITY_FAULTS")
OF_THE_DOOR = ("LIMITS_PER_MINUTE",)


@dataclass(frozen=True)
class Environments:
    """Builds the environment of every process of one clone; invents the secrets they need."""

    place: Place
    members: list[Member]
    secrets: SecretStore
    database_server: str

    def of(self, member: Member, kind: str) -> dict[str, str]:
        """The environment of `member`'s process of this kind (`web`, `work`, `prepare`)."""
        common = {
            **{name: value for name, value in os.environ.items() if name in KEPT or name.startswith("OTEL_")},
            "ENVIRONMENT": "demo",
            "ISSUER_URL": self.place.public_url,
            "PUBLIC_URL": self.place.public_url,
            "JWKS_URL": f"{self._address(IDENTITY)}/.well-known/jwks.json",
            "REVOKED_URL": f"{self._address(IDENTITY)}/oauth/revoked",
            "PORT": str(member.port),
            "METRICS_PORT": str(member.metrics_port) if kind == "work" or member.is_gateway else "0",
        }
        return {**common, **(self._of_the_gateway() if member.is_gateway else self._of_a_service(member))}

    def _of_the_gateway(self) -> dict[str, str]:
        own = {name: os.environ[name] for name in OF_THE_DOOR if name in os.environ}
        return {"UPSTREAMS": self.upstreams(), **own}

    def _of_a_service(self, member: Member) -> dict[str, str]:
        place, secrets = self.place, self.secrets
        return {
            "DATABASE_URL": url_for(self.database_server, member, secrets),
            "BROKER_URL": place.broker_url,
            "FILES_URL": f"file://{place.run / 'files' / member.name}",
            "SECRET_KEY": secrets.key(f"{member.name}.secret_key"),
            "DOCUMENT_KEY": secrets.key(f"{member.name}.document_key"),
            "CLOCK_FILE": str(place.clock_file),
            **{name: self._invented(name) for name in self._secrets_of(member)},
            **{name: secrets.api_key(name) for name in member.declared_options if name.endswith("_API_KEYS")},
            **{name: os.environ[name] for name in member.declared_options if name in os.environ},
        }

    def _invented(self, name: str) -> str:
        return self.secrets.public_key(name) if name.endswith("_PUBLIC_KEY") else self.secrets.password(name)

    def upstreams(self) -> str:
        """`licensing=http://127.0.0.1:8085,…`: what the gateway carries requests to."""
        return ",".join(f"{one.name}={self._address(one.name)}" for one in self.members if not one.is_gateway)

    def _address(self, name: str) -> str:
        port = next((one.port for one in self.members if one.name == name), self.place.port)
        return f"http://127.0.0.1:{port}"

    def _secrets_of(self, member: Member) -> tuple[str, ...]:
        return (*member.declared_settings, *(DEMO_SECRETS if member.name == IDENTITY else ()))
