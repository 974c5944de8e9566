"""The only wiring place of licensing."""

from licensing.api.application_decisions import decisions
from licensing.api.application_documents import documents
from licensing.api.clearances import clearances
from licensing.api.inspections import inspections
from licensing.api.open_data import open_data
from licensing.api.permit_applications import applications
from licensing.api.permit_forwarding import forwarding
from licensing.api.permit_measures import measures
from licensing.api.permit_statistics import statistics
from licensing.api.permit_succession import succession
from licensing.api.permit_types import types
from licensing.api.permits import permits
from licensing.api.retribution_estimates import estimates
from licensing.api.tariffs import prices
from licensing.api.visits import visits
from licensing.api.work_queues import queues
from licensing.api.works_notices import works
from licensing.due import RUNS
from licensing.events import HEARS, TELLS
from licensing.policy import DATA_REQUESTS, POLICY
from licensing.use_cases.cases import MY_CASES
from licensing.use_cases.clocks import BREACHED
from licensing.use_cases.forwarding import oldest_not_forwarded
from licensing.use_cases.national_systems import configure
from licensing.use_cases.permit_document import PERMIT_PAPER
from licensing.use_cases.permit_types import permit_types
from licensing.use_cases.personal_data import of_person
from smartcity.data_requests import PersonalData
from smartcity.service import Service

permit_types()  # a broken file stops the start

SERVICE = Service(
    name="licensing",
    package="licensing",
    title="Pelayanan Perizinan",
    apis=(
        types,
        prices,
        estimates,
        applications,
        documents,
        clearances,
        visits,
        decisions,
        permits,
        measures,
        succession,
        works,
        inspections,
        forwarding,
        queues,
        open_data,
        statistics,
    ),
    policy=POLICY,
    personal_data=PersonalData(of_person, DATA_REQUESTS),
    hears=HEARS,
    tells=TELLS,
    runs=RUNS,
    watches={"licensing_clocks_breached": BREACHED, "licensing_not_forwarded_oldest_seconds": oldest_not_forwarded},
    options={"SIMBG_URL": "", "SIMBG_TOKEN": "", "OSS_URL": "", "OSS_TOKEN": ""},
    configure=configure,
    documents=(PERMIT_PAPER,),
    verify_letter="L",
    cases=MY_CASES,
)
