"""Identity: the only wiring place."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import yaml
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from identity.api.accounts import accounts, offices
from identity.api.authorize import authorize
from identity.api.closures import closures
from identity.api.companies import companies
from identity.api.deputies import deputies
from identity.api.discovery import discovery
from identity.api.federation import federation
from identity.api.logout import logout
from identity.api.password_pages import password_pages
from identity.api.passwords import passwords
from identity.api.registration_pages import registration_pages
from identity.api.registrations import registrations
from identity.api.second_factor import second_factor
from identity.api.tokens import tokens
from identity.api.told import told_again
from identity.due import RUNS
from identity.events import HEARS, TELLS
from identity.policy import DATA_REQUESTS, POLICY
from identity.use_cases import channels, demo, keys, office_register, other_issuer, sessions
from identity.use_cases.personal_data import of_person
from identity.use_cases.second_factor import REQUIRED_OF
from smartcity import clock, settings
from smartcity.data_requests import PersonalData
from smartcity.http.auth import Keys, Verifier
from smartcity.http.revoked import Revoked
from smartcity.service import Service, begin
from smartcity.settings import Settings, SettingsError
from smartcity.storage.transaction import Database


def own_verifier(database: Database, config: Settings) -> Verifier:
    """Checks our own tokens with the keys and the ended sessions of our own database: no request to ourselves."""

    def published() -> dict[str, object]:
        with database.transaction() as session:
            return keys.published(session, clock.real_now())

    def ended() -> list[str]:
        try:
            with database.transaction() as session:
                return sessions.revoked(session, clock.real_now())
        except SQLAlchemyError as away:
            raise ConnectionError("database away") from away

    return Verifier(config.issuer_url, config.public_url, Keys(published), Revoked(ended))


def configure(config: Settings) -> None:
    """What every process does first. Raises `SettingsError` for a channel or a rule that is none."""
    channels.configure(config)
    other_issuer.configure(config)
    if config.extra["SECOND_FACTOR"] not in REQUIRED_OF:
        raise SettingsError("SECOND_FACTOR must be officers, or left out")


@contextmanager
def _once(config: Settings) -> Iterator[Session]:
    """One transaction of a command, and the connection closed behind it."""
    database = begin(SERVICE, config)
    try:
        with database.transaction() as session:
            yield session
    finally:
        database.close()


def rotate_keys(config: Settings) -> int:
    """`python -m identity rotate-keys`: a new signing key, overlapping with the one in use."""
    with _once(config) as session:
        keys.signing_key(session, clock.real_now())
        key = keys.rotate(session, clock.real_now())
        print(f"key {key.kid} is published and signs from {key.signs_from.isoformat(timespec='seconds')}")
    return 0


def put_accounts(config: Settings) -> int:
    """`python -m identity put-accounts < register.yaml`: the accounts of offices and partners, and the clients."""
    try:
        file = yaml.safe_load(sys.stdin.read())
        with _once(config) as session:
            accounts, clients = office_register.put(session, file if isinstance(file, dict) else {"": file}, clock.real_now())
    except (yaml.YAMLError, ValueError) as wrong:
        raise SettingsError(f"standard input: {wrong}") from None
    print(f"{accounts} accounts and {clients} clients are as the file says")
    return 0


def seed_demo(config: Settings) -> int:
    """`python -m identity seed-demo`: the demonstration's accounts and clients; never in production."""
    if config.environment == "production":
        raise SettingsError("ENVIRONMENT is production: demo accounts have no place there")
    secrets = settings.load("identity", ("DEMO_PASSWORD", *demo.SECRETS)).extra
    with _once(config) as session:
        opened = demo.seed_demo(session, secrets["DEMO_PASSWORD"], clock.now())
        registered = demo.seed_demo_clients(session, secrets)
    print(f"{opened} demo accounts and {registered} demo clients are ready")
    return 0


SERVICE = Service(
    name="identity",
    package="identity",
    title="Identitas",
    apis=(
        discovery,
        authorize,
        tokens,
        logout,
        federation,
        registration_pages,
        password_pages,
        told_again,
        accounts,
        registrations,
        passwords,
        second_factor,
        closures,
        companies,
        deputies,
        offices,
    ),
    policy=POLICY,
    personal_data=PersonalData(of_person, DATA_REQUESTS),
    hears=HEARS,
    tells=TELLS,
    runs=RUNS,
    options={
        "MESSAGES_URL": "",
        "MESSAGES_PASSWORD": "",
        "SECOND_FACTOR": "",
        "FEDERATION_ISSUER": "",
        "FEDERATION_CLIENT_ID": "",
        "FEDERATION_SECRET": "",
        "FEDERATION_KEY": "",
        "FEDERATION_NAME": "",
        "FEDERATION_CLAIM": "",
        "FEDERATION_SCOPE": "",
    },
    configure=configure,
    constraints={
        "uq_company_nib_index": "nib-taken",
        "uq_company_person_standing": "company-person-known",
        "uq_account_closure_open": "closure-asked",
    },
    verifier=own_verifier,
    commands={"rotate-keys": rotate_keys, "put-accounts": put_accounts, "seed-demo": seed_demo},
)
