"""Complaints by words: stemmed in Indonesian, over what everybody may read (title and address as they stand now)."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, raiseload, with_expression

from complaints.model.complaint import Complaint

NEWEST = 300
LANGUAGE: sa.ColumnElement[str] = sa.literal_column("'indonesian'::regconfig")
MILLIONTH = 1_000_000

Found = tuple[sa.Select[Complaint], tuple[sa.UnaryExpression[int], sa.UnaryExpression[object]]]


def search(session: Session, among: sa.Select[Complaint], words: str) -> Found:
    """The newest three hundred of `among` in which all of `words` stand ("…" together, `or`, `-without`), and the keys that put the best first.

    What is in the title weighs more than what is in the address. No more, so that words which stand in every hundredth complaint, the dearest
    ones (rare for the order, common for their index), cost some 30,000 rows looked at whatever the city has been told.
    """
    # the words decide between the index of words and the newest first: a plan made for all words alike would be wrong for most
    session.execute(sa.text("SET LOCAL plan_cache_mode = force_custom_plan"))
    return query(among, words)


def query(among: sa.Select[Complaint], words: str) -> Found:
    """What `search` asks."""
    asked = sa.func.websearch_to_tsquery(LANGUAGE, words)
    rank = sa.cast(sa.func.ts_rank(Complaint.words, asked, 1) * MILLIONTH, sa.Integer).label("rank")
    newest = among.add_columns(rank).where(Complaint.words.op("@@")(asked)).order_by(Complaint.id.desc()).limit(NEWEST)
    hit = newest.subquery("hit")
    one = aliased(Complaint, hit)
    return sa.select(one).options(with_expression(one.rank, hit.c.rank), raiseload(one.history)), (hit.c.rank.desc(), hit.c.id.desc())
