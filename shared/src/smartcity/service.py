"""A service's descriptor, and the processes made of it: `python -m licensing web | work | migrate | inbox`."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from smartcity import clock, data_requests, due, settings, tracing
from smartcity.data_requests import PersonalData
from smartcity.events import Heard, catalogue
from smartcity.http import data_requests_api, kernel_api, problems
from smartcity.http.app import CityFlask, install_lifecycle
from smartcity.http.auth import Keys, Verifier, fetch_jwks
from smartcity.http.body import strict_json
from smartcity.http.kernel_api import Cases
from smartcity.http.languages import Messages
from smartcity.http.policy import Policy, check_complete
from smartcity.http.revoked import revoked_at
from smartcity.observability import configure_logs
from smartcity.settings import Settings
from smartcity.storage import root_keys
from smartcity.storage.encryption import keyring
from smartcity.storage.transaction import Database, Tells

if TYPE_CHECKING:
    from smartcity.http import Blueprint

Handler = Callable[[Session, Heard, Any], None]
Watch = Callable[[Session, datetime], float]
Invariant = Callable[[Session], tuple[int, list[str]]]
LARGEST_BODY = 25 * 1024 * 1024


@dataclass(frozen=True)
class Service:
    """One office's service: its only wiring place. Everything else is found by its room's name."""

    name: str
    package: str
    title: str
    apis: Sequence["Blueprint"]
    policy: Policy
    hears: Mapping[str, Handler] = field(default_factory=dict)
    tells: Tells = field(default_factory=dict)
    runs: Mapping[str, due.Runner] = field(default_factory=dict)
    documents: Sequence[Any] = ()
    verify_letter: str | None = None
    settings: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)  # settings that may be left out, and what then holds
    configure: Callable[[Settings], None] | None = None  # what else every process of it does first; may refuse by `SettingsError`
    cases: Sequence[Cases] = ()
    personal_data: PersonalData | None = None
    constraints: Mapping[str, str] = field(default_factory=dict)
    commands: Mapping[str, Callable[[Settings], int]] = field(default_factory=dict)
    watches: Mapping[str, Watch | Mapping[str, Watch]] = field(
        default_factory=dict
    )  # metric -> what it is now, or that by kind; asked by `work`
    invariants: Mapping[str, Invariant] = field(default_factory=dict)  # what is true of its rows at rest -> (how many seen, what is wrong)
    on_web: Callable[[CityFlask, Settings], None] | None = None
    verifier: Callable[[Database, Settings], Verifier] | None = None  # the issuer itself has its keys at home

    @property
    def due_work(self) -> Mapping[str, due.Runner]:
        """Its own due work, and the kernel's for what it has of people."""
        return {**self.runs, **(data_requests.gathering(self.personal_data.collect) if self.personal_data else {})}

    @property
    def watched(self) -> Mapping[str, Watch | Mapping[str, Watch]]:
        """Likewise what `work` watches."""
        return {**self.watches, **({"data_requests_overdue": data_requests.overdue} if self.personal_data else {})}

    def check(self) -> None:
        """Everything heard and told has its contract; raises naming what has not."""
        for name in self.hears:
            if self.name not in catalogue.contract(name).heard_by:
                raise LookupError(f"{name} does not name {self.name} in x-heard-by")
        for other in catalogue.all_contracts().values():
            if self.name in other.heard_by and other.name not in self.hears:
                raise LookupError(f"{other.name} names {self.name} in x-heard-by, but HEARS has no entry for it")


def begin(service: Service, config: Settings) -> Database:
    """What every process of a service does first: keys, clock, logs, documents. Opens no connection."""
    from smartcity import documents, files

    clock.configure(config.clock_file)
    configure_logs(service.name, config.log_level)
    tracing.configure(service.name)
    files.configure(config.files_url)
    documents.configure(service, config)
    if service.configure:
        service.configure(config)
    service.check()
    database = Database(config.database_url, service.tells, config.pool_size)
    root_keys.configure(database.engine, config.secret_key, config.secret_key_other)
    return database


def create_app(service: Service, config: Settings, verifier: Verifier | None = None) -> CityFlask:
    """The web side of `service`. Raises where an operation has no policy line, or a line no operation."""
    from smartcity.http import openapi

    app = CityFlask(service.package, static_folder=None)
    app.database = begin(service, config)
    app.verifier = verifier or (service.verifier or _verifier_over_http)(app.database, config)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, PROPAGATE_EXCEPTIONS=False, TRAP_HTTP_EXCEPTIONS=False)
    app.json.loads = lambda raw, **_: strict_json(raw if isinstance(raw, bytes) else raw.encode())  # type: ignore[method-assign]
    app.extensions.update({
        "smartcity.service": service,
        "smartcity.settings": config,
        "smartcity.constraints": service.constraints,
        "smartcity.messages": Messages((service.package,)),
    })  # fmt: skip
    install_lifecycle(app)
    problems.install(app)
    policy, kernel_doors = _of_the_kernel(service)
    policy = {**service.policy, **policy}
    blueprints = (*service.apis, *kernel_doors)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    check_complete(policy, {endpoint.rpartition(".")[2] for endpoint in app.view_functions})
    app.policy = policy
    documentation = openapi.Documentation(app, service.title, blueprints, policy)
    _open_doors(app, lambda: documentation.of(service.package))
    if service.on_web:
        service.on_web(app, config)
    return app


def _of_the_kernel(service: Service) -> tuple[Policy, list["Blueprint"]]:
    """The operations every service has alike, those that fit it, and who may call them."""
    policy, doors = dict(kernel_api.POLICY), [kernel_api.me]
    if service.verify_letter:
        policy.update(kernel_api.VERIFY_POLICY)
        doors.append(kernel_api.verification)
    if service.personal_data:
        policy.update(data_requests_api.policy(service.personal_data.answered_by))
        doors.append(data_requests_api.requests)
    return policy, doors


def _verifier_over_http(_: Database, config: Settings) -> Verifier:
    return Verifier(config.issuer_url, config.public_url, Keys(lambda: fetch_jwks(config.jwks_url)), revoked_at(config.revoked_url))


def _open_doors(app: CityFlask, documentation: Callable[[], Any]) -> None:
    doors: dict[str, Callable[[], Any]] = {
        "healthz": kernel_api.healthz,
        "readyz": kernel_api.readyz,
        "metrics": kernel_api.metrics,
        "openapi.json": lambda: app.json.response(documentation()),
    }
    for path, view in doors.items():
        app.add_url_rule(f"/{path}", path.replace(".", "_"), view)
    app.open_endpoints = frozenset(path.replace(".", "_") for path in doors)


def run_web(service: Service, config: Settings) -> None:
    """Serve with gunicorn's gthread worker in this process."""
    from smartcity.web import Server

    app = create_app(service, config)
    app.verifier.revoked.begin()
    Server(app, config.port, config.address).serve()


def run_work(service: Service, config: Settings) -> None:
    """Relay, consumer, inbox and due work until SIGTERM."""
    from smartcity.work import Work

    Work(service, config, begin(service, config)).run()


def run_migrate(service: Service, config: Settings) -> None:
    """Bring the schema up, then declare the service's queue and bindings, before any relay runs."""
    from smartcity.documents import keys as document_keys
    from smartcity.events.broker import open_broker
    from smartcity.events.topology import topology_for
    from smartcity.housekeeping import appoint
    from smartcity.storage import migrate

    database = begin(service, config)
    migrate.upgrade(service.package, config.database_url)
    keyring.open()
    with database.transaction() as session:
        appoint(session, clock.now())
        if service.verify_letter:
            document_keys.know(session)
    database.close()
    open_broker(config.broker_url).declare(topology_for(service.name, service.hears))


def run_close_keys(service: Service, config: Settings, *, new_root: bool = False) -> None:
    """Close the root keys with `SECRET_KEY` alone, after it was changed; with `new_root` what is encrypted from the next start on has another."""
    database = begin(service, config)
    with database.transaction() as session:
        count = root_keys.close_anew(session, config.secret_key, config.secret_key_other, new_root=new_root)
    database.close()
    print(f"{service.name}: {count} root keys are closed with SECRET_KEY; SECRET_KEY_OTHER is needed no more")


def run_withdraw_document_key(service: Service, config: Settings, names: Sequence[str]) -> int:
    """Publish that papers of a former `DOCUMENT_KEY` hold no longer without asking, because others may sign with it. 2 for a key that cannot be."""
    from smartcity.documents import keys as document_keys

    database, answer = begin(service, config), 0
    with database.transaction() as session:
        try:
            key = document_keys.withdraw(session, names[0] if names else "", clock.real_now())
            print(f"{service.name}: {key.key_id} is withdrawn since {key.withdrawn_at:%Y-%m-%d %H:%M} UTC")
        except (LookupError, document_keys.KeyInUse) as error:
            print(f"{service.name}: {error}", *(key.key_id for key in document_keys.known(session)), sep="\n    ", file=sys.stderr)
            answer = 2
    database.close()
    return answer


def run_verify(service: Service, config: Settings) -> int:
    """Say whether what the service promises of its rows at rest holds; 0 when all of it does, else 1 with what is wrong."""
    database, holds = begin(service, config), True
    kernel: Mapping[str, Invariant] = {"root keys opened by SECRET_KEY": partial(root_keys.closed_by_another, secret=config.secret_key)}
    for name, look in {**service.invariants, **kernel}.items():
        with database.session() as session:
            seen, wrong = look(session)
        print(f"{'✗' if wrong else '✓'} {name} ({seen} seen)", *wrong, sep="\n    ")
        holds = holds and not wrong
    database.close()
    return 0 if holds else 1


def main(service: Service, arguments: Sequence[str] | None = None) -> int:
    """`web`, `work`, `migrate`, `verify`, `close-keys`, `new-root-key`, `withdraw-document-key KEY_ID`, or a command the service declares."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    commands: dict[str, Callable[[Settings], Any]] = {
        "web": lambda config: run_web(service, config),
        "work": lambda config: run_work(service, config),
        "migrate": lambda config: run_migrate(service, config),
        "verify": lambda config: run_verify(service, config),
        "close-keys": lambda config: run_close_keys(service, config),
        "new-root-key": lambda config: run_close_keys(service, config, new_root=True),
        "withdraw-document-key": lambda config: run_withdraw_document_key(service, config, given[1:]),
        **service.commands,
    }
    if not given or given[0] not in commands:
        print(f"usage: python -m {service.package} {'|'.join(commands)}", file=sys.stderr)
        return 2
    try:
        return commands[given[0]](settings.load(service.name, service.settings, options=service.options)) or 0
    except settings.SettingsError as error:
        print(f"{service.name}: {error}", file=sys.stderr)
        return 2
