"""The office's side: checked, given back, decided when late, registered, signed, handed over. Each by another person."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import BirthRegistration, Decision
from civil_registry.model.birth_status import Step
from civil_registry.model.office_way import OfficeWay, Reason
from civil_registry.use_cases import awaited_niks, name_sounds
from civil_registry.use_cases.birth_register import add_entry
from civil_registry.use_cases.civil_records import record_of
from civil_registry.use_cases.duplicate_decisions import must_be_decided
from civil_registry.use_cases.hands import taken
from civil_registry.use_cases.issuing import issue
from civil_registry.use_cases.marginal_notes import notes_of
from civil_registry.use_cases.registry_data import must_be_reason
from smartcity.calendar import day_of
from smartcity.errors import Forbidden, InputWrong
from smartcity.http import Actor

Way = TypeVar("Way", bound=OfficeWay)
GIVES_BACK = {Step.VERIFICATION: "officer", Step.REGISTRATION: "registrar"}


def verify(session: Session, registration: Way, actor: Actor, result: str, now: datetime) -> Way:
    """`begun`: the check is in this officer's hands. `conforms`: papers and data agree."""
    if result == "begun":
        registration.begin_check(actor.sub, now)
    else:
        registration.verify(actor.sub, now)
    taken(session, actor, registration, Step.VERIFICATION, now)
    return registration


def give_back(session: Session, registration: Way, actor: Actor, reason: Reason, now: datetime) -> Way:
    """Back to the parent: by the officer while it is checked, by the registrar before it is registered."""
    must_be_reason("returned", reason.code)
    step = registration.waits_for
    if step in GIVES_BACK and not actor.has(GIVES_BACK[step]):
        raise Forbidden()
    registration.give_back(actor.sub, reason, now)
    if step:
        taken(session, actor, registration, step, now)
    return registration


def decide_late(
    session: Session, registration: BirthRegistration, actor: Actor, said: tuple[Decision, Reason | None], now: datetime
) -> BirthRegistration:
    """The head approves or rejects a late report; a rejection says why."""
    decision, reason = said
    if decision is Decision.REJECTED:
        if reason is None:
            raise InputWrong({"reason_code": ["reason-required"]})
        must_be_reason("rejected", reason.code)
    elif reason is not None:
        raise InputWrong({"reason_code": ["reason-not-for-approval"]})
    registration.decide_late(actor.sub, decision, reason, now)
    taken(session, actor, registration, Step.LATE_DECISION, now)
    if decision is Decision.REJECTED:
        name_sounds.forget(session, registration)
    return registration


def register(session: Session, registration: BirthRegistration, actor: Actor, now: datetime) -> BirthRegistration:
    """Into the register: NIK, entry, number, in one commit with the fact."""
    registration.must_be_registrable(actor.sub)
    taken(session, actor, registration, Step.REGISTRATION, now)
    must_be_decided(session, registration)
    record = add_entry(session, registration, actor.sub, now)
    registration.register(record.number, actor.sub, day_of(now), now)
    return registration


def sign(session: Session, registration: BirthRegistration, actor: Actor, now: datetime) -> BirthRegistration:
    """The signer's act; the certificate is issued with the electronic signature, at once or when the signer outside can be reached."""
    registration.must_be_signable(actor.sub)
    taken(session, actor, registration, Step.SIGNATURE, now)
    record = record_of(session, registration)
    awaited_niks.must_have_come(session, record)
    notes = notes_of(session, record)
    registration.sign(actor.sub, now)
    issue(session, record, actor, now, notes[-1].position if notes else 0)
    return registration


def collect(registration: Way, actor: Actor, now: datetime) -> Way:
    """The parent has the certificate, downloaded or handed over."""
    registration.collect(actor.sub, now)
    return registration
