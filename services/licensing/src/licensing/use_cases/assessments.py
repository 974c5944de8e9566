"""The officer fixes the retribution of an approved application."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from licensing.model.assessment import Assessment
from licensing.model.facts import Debt
from licensing.model.permit_application import PermitApplication
from licensing.use_cases.clocks import follow
from licensing.use_cases.permit_types import permit_type
from licensing.use_cases.permits import issue_if_ready
from licensing.use_cases.retribution_estimates import computed, rules_for
from licensing.use_cases.tariffs import RuleSet, entered
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, RuleBroken
from smartcity.events.envelope import plain
from smartcity.http import Actor


def rules_of(application: PermitApplication) -> RuleSet:
    """What the permit type says, a building's by the application's date; raises `RuleBroken` for one that was never submitted."""
    return rules_for(permit_type(application.permit_type), _date_of(application))


def assess(session: Session, application: PermitApplication, actor: Actor, fixed: dict[str, Any], now: datetime) -> PermitApplication:
    """Compute by the rules and the tariff of the application's date and fix it; `fixed` has `inputs` and may have `reason`.

    Nothing owed, or everything paid already: the permit is issued in the same commit. Raises `InputWrong` for what cannot be,
    and for a relief without the decision that grants it.
    """
    _must_be_granted(fixed["inputs"].get("keringanan", ()))
    rules = rules_of(application)
    found = computed(rules, fixed["inputs"], _date_of(application), entered(session))
    assessment = Assessment(
        rule_set=rules.name, total=found["total_rp"], calculation=plain(found), assessed_on=day_of(now), assessed_at=now,
        assessor_sub=actor.sub, reason=fixed.get("reason"),
    )  # fmt: skip
    kind = permit_type(application.permit_type)
    payer = (application.owner_sub, application.applicant_name, application.applicant_address)
    application.assess(assessment, Debt(*payer, kind.account_code, kind.due_rule, application.kelurahan_code[:8]), now)
    issue_if_ready(session, application, now)
    follow(application, now)
    return application


def _must_be_granted(reliefs: Sequence[Mapping[str, Any]]) -> None:
    """UU 1/2022 Pasal 96: the Kepala Daerah grants; the officer names the decision."""
    without = [position for position, grant in enumerate(reliefs) if not grant.get("keputusan")]
    if without:
        raise InputWrong({"inputs": {"keringanan": {str(position): {"keputusan": ["required"]} for position in without}}})


def _date_of(application: PermitApplication) -> date:
    if application.applied_on is None:
        raise RuleBroken("application-not-assessable", status=application.status)
    return application.applied_on
