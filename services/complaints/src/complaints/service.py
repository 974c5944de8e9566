"""The only wiring place of complaints."""

from complaints.api.complaints import complaints
from complaints.api.duplicates import same
from complaints.api.feeds import feeds
from complaints.api.follow_up import follow_up
from complaints.api.handling import handling
from complaints.api.moderation import moderation
from complaints.api.open311 import open311
from complaints.api.open311_forms import refuse_unknown_address
from complaints.api.open_data import open_data
from complaints.api.satisfaction import satisfaction
from complaints.api.tables import tables
from complaints.api.work_queues import queues
from complaints.due import RUNS
from complaints.events import HEARS, TELLS
from complaints.model.satisfaction_survey import ONE_EACH
from complaints.policy import DATA_REQUESTS, POLICY
from complaints.use_cases import moderator, open311_keys, places
from complaints.use_cases.clocks import BREACHED
from complaints.use_cases.first_looks import longest_wait
from complaints.use_cases.personal_data import of_person
from complaints.use_cases.reporting import MY_CASES
from smartcity.data_requests import PersonalData
from smartcity.http.app import CityFlask
from smartcity.service import Service
from smartcity.settings import Settings


def on_web(app: CityFlask, settings: Settings) -> None:
    """Also what is no operation of Open311 is refused as Open311 refuses."""
    app.before_request(refuse_unknown_address)


def configure(settings: Settings) -> None:
    """What was given to the service can be used, or it does not start. Raises `SettingsError`."""
    open311_keys.check(settings)
    places.boundaries()
    moderator.configure(settings)


SERVICE = Service(
    name="complaints",
    package="complaints",
    title="Medan Rumah Kita",
    apis=(complaints, same, feeds, follow_up, handling, moderation, open311, open_data, satisfaction, tables, queues),
    policy=POLICY,
    personal_data=PersonalData(of_person, DATA_REQUESTS),
    hears=HEARS,
    tells=TELLS,
    runs=RUNS,
    watches={"complaints_clocks_breached": BREACHED, "complaints_first_look_awaited_seconds": longest_wait},
    options={"OPEN311_API_KEYS": "", "MODERATOR_URL": "", "MODERATOR_TOKEN": ""},
    configure=configure,
    on_web=on_web,
    cases=MY_CASES,
    constraints={ONE_EACH: "survey-already-given"},
)
