"""The only wiring place of the civil registry."""

from civil_registry.api.birth_claims import claims
from civil_registry.api.birth_decisions import decisions
from civil_registry.api.birth_documents import documents
from civil_registry.api.birth_duplicates import duplicates
from civil_registry.api.birth_paths import paths
from civil_registry.api.birth_registrations import registrations
from civil_registry.api.birth_statistics import statistics
from civil_registry.api.breach_scope import breaches
from civil_registry.api.certificates import certificates
from civil_registry.api.civil_records import records
from civil_registry.api.death_decisions import death_decisions
from civil_registry.api.death_registrations import deaths
from civil_registry.api.record_acts import acts
from civil_registry.api.work_queues import queues
from civil_registry.due import RUNS
from civil_registry.events import TELLS
from civil_registry.policy import DATA_REQUESTS, POLICY
from civil_registry.use_cases.authorities import configure
from civil_registry.use_cases.awaited_niks import longest_wait
from civil_registry.use_cases.birth_certificate import BIRTH_CERTIFICATE
from civil_registry.use_cases.breaches import BREACHED
from civil_registry.use_cases.death_register import DEATH_CERTIFICATE
from civil_registry.use_cases.duplicates import INDEX
from civil_registry.use_cases.electronic_signatures import longest_unsigned
from civil_registry.use_cases.my_cases import MY_CASES
from civil_registry.use_cases.personal_data import of_person
from civil_registry.use_cases.register_check import verify_register
from smartcity.data_requests import PersonalData
from smartcity.service import Service

SERVICE = Service(
    name="civil-registry",
    package="civil_registry",
    title="Akta Kelahiran online",
    apis=(
        paths,
        registrations,
        claims,
        documents,
        duplicates,
        decisions,
        records,
        acts,
        certificates,
        queues,
        breaches,
        deaths,
        death_decisions,
        statistics,
    ),
    policy=POLICY,
    personal_data=PersonalData(of_person, DATA_REQUESTS),
    tells=TELLS,
    runs=RUNS,
    documents=(BIRTH_CERTIFICATE, DEATH_CERTIFICATE),
    verify_letter="R",
    watches={
        "civil_registry_clocks_breached": BREACHED,
        "civil_registry_nik_awaited_seconds": longest_wait,
        "civil_registry_signature_awaited_seconds": longest_unsigned,
    },
    options={
        "NIK_AUTHORITY_URL": "",
        "NIK_AUTHORITY_TOKEN": "",
        "ESIGN_URL": "",
        "ESIGN_USER": "",
        "ESIGN_PASSWORD": "",
        "ESIGN_SIGNERS": "",
        "ESIGN_ROOTS": "",
    },
    configure=configure,
    cases=MY_CASES,
    constraints={
        INDEX: "child-already-filed",
        "uq_record_act_pending": "act-pending",
        "uq_record_act_pending_death": "act-pending",
        "uq_death_registration_deceased": "death-already-filed",
    },
    commands={"verify-register": verify_register},
)
