"""The web edge of a service: translate, call, translate."""

from datetime import datetime

from flask import g
from sqlalchemy.orm import Session

from smartcity.http import fields
from smartcity.http.app import keep
from smartcity.http.app import now_of_request as _now
from smartcity.http.auth import Actor
from smartcity.http.blueprint import Blueprint, Schema
from smartcity.http.cases import case, check_match, permitted, shown
from smartcity.http.idempotency import idempotent
from smartcity.http.paging import page
from smartcity.http.published import published

__all__ = [
    "Actor", "Blueprint", "Schema", "actor", "case", "check_match", "fields", "idempotent", "keep", "now", "page", "permitted", "published",
    "session", "shown",
]  # fmt: skip


def session() -> Session:
    """The request's session: one transaction, committed by the edge."""
    found: Session = g.session
    return found


def actor() -> Actor:
    """Who acts in this request."""
    found: Actor = g.actor
    return found


def now() -> datetime:
    """The request's moment by the suite's clock."""
    return _now()
