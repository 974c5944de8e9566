"""The base of every entity: columns, behaviour and the facts it notes, in one place."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import sqlalchemy as sa
import uuid_utils.compat
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.errors import NotFound

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
Moment = sa.DateTime(timezone=True)


def uuid7() -> UUID:
    """A new id: time-ordered, made here and never by the database."""
    return uuid_utils.compat.uuid7()


class Base(orm.MappedAsDataclass, orm.DeclarativeBase, kw_only=True, eq=False, repr=False):
    """Rows of a service. Keyword constructor; defaults exist before the flush; compared by identity; never printed."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment}


class Aggregate(Base):
    """An entity with an id, a version for optimistic locking, and facts that it notes in past tense.

    `told` counts the facts ever noted; it becomes the event's `sequence` and makes the row dirty, so that a fact
    is never written without its row's version check.
    """

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7, sort_order=-3)
    version: Mapped[int] = mapped_column(init=False, sort_order=-2)
    told: Mapped[int] = mapped_column(init=False, default=0, sort_order=-1)

    @orm.declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version if hasattr(cls, "__table__") else cls.version}

    @property
    def parties(self) -> frozenset[str]:
        """Whose case it is: the `sub` of each person who must not decide it. Empty where it is nobody's."""
        owner: str | None = getattr(self, "owner_sub", None)
        return frozenset([owner] if owner else ())

    @property
    def hides_parties(self) -> bool:
        """Does nobody learn whose case it is, the deputies of its parties neither? Then the parties alone must not decide it."""
        return False

    def note(self, fact: Any) -> None:
        """Note a fact (a frozen dataclass); it becomes an event in the commit that keeps this entity."""
        self.told += 1
        self.__dict__.setdefault("_noted", []).append((self.told, fact))


def states(kind: type[StrEnum], name: str = "status") -> sa.Enum:
    """A column type for states: the English word as text, with a CHECK in the database."""
    return sa.Enum(kind, native_enum=False, length=40, name=name, create_constraint=True, values_callable=lambda e: [m.value for m in e])


E_ = TypeVar("E_", bound=Base)


def get(session: orm.Session, kind: type[E_], ident: Any, *, lock: bool = False) -> E_:
    """The entity `ident`, locked for change when `lock`; raises `NotFound`."""
    found = session.get(kind, ident, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise NotFound()
    return found
