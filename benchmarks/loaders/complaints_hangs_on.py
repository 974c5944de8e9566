"""What hangs on complaints that were loaded: histories, due work, supporters, followers, photos, surveys, the series of numbers and the map's counts, made by PostgreSQL.

Ids are those of the complaint with another end, so that the same complaints always have the same.
"""

from typing import Any

import psycopg

WATCHER = "watcher-1"
"""Follows a hundredth of all."""
ELEMENTS = ("requirements", "procedure", "time", "cost", "product", "competence", "conduct", "complaint_handling", "facilities")
_ID = "overlay(c.id::text PLACING lpad(to_hex({number}), 2, '0') FROM 35)::uuid"
HISTORY = f"""
INSERT INTO complaint_history (id, complaint_id, position, event, status, at, audience, actor_sub, office, note)
SELECT {_ID.format(number="line.position")}, c.id, line.position - (line.position > 1 AND c.verified_at IS NULL)::int, line.event, line.status, line.at,
    CASE WHEN line.position = 4 AND c.number LIKE '%7' THEN 'city' ELSE 'everybody' END, line.actor, CASE WHEN line.position > 2 THEN c.office END,
    line.note
FROM complaint c CROSS JOIN LATERAL (VALUES
    (1, 'received', 'received', c.received_at, c.recorded_by, NULL),
    (2, 'verified', 'received', c.verified_at, 'citra', NULL),
    (3, 'disposed', 'disposed', CASE WHEN c.office IS NOT NULL THEN c.verified_at + interval '1 minute' END, 'citra', NULL),
    (3, 'completion_asked', 'needs_completion', CASE c.status WHEN 'needs_completion' THEN c.status_since END, 'citra', 'Di mana tepatnya?'),
    (3, CASE WHEN c.duplicate_of IS NULL THEN 'archived.unclear' ELSE 'archived.duplicate' END, 'archived', CASE c.status WHEN 'archived' THEN c.status_since END, 'citra', NULL),
    (3, 'withdrawn.solved', 'withdrawn', CASE c.status WHEN 'withdrawn' THEN c.status_since END, c.owner_sub, NULL),
    (4, 'begun', 'in_progress', CASE WHEN c.status IN ('in_progress', 'answered', 'closed')
        THEN c.verified_at + (coalesce(c.answered_at, c.status_since) - c.verified_at) / 2 END, 'ramli', 'Regu berangkat besok.'),
    (5, 'answered', 'answered', c.answered_at, 'ramli', 'Telah diperbaiki, terima kasih.'),
    (6, 'closed.' || c.close_cause, 'closed', c.closed_at, CASE c.close_cause WHEN 'accepted' THEN c.owner_sub END, NULL)
) line (position, event, status, at, actor, note) WHERE line.at IS NOT NULL
"""  # noqa: S608 - constants of this house
DUE = """
INSERT INTO due (kind, subject, at, attempts, status)
SELECT 'complaints.deadline', id::text, deadline, 0, 'due' FROM complaint WHERE deadline IS NOT NULL
"""
SUPPORT = """
INSERT INTO complaint_support (complaint_id, sub, at)
SELECT c.id, 'citizen-' || (right(c.number, 6)::bigint + i * 7919) %% %(people)s, c.verified_at + i * interval '1 hour'
FROM complaint c CROSS JOIN LATERAL generate_series(1, c.support_count) i ON CONFLICT DO NOTHING
"""
FOLLOWERS = """
INSERT INTO complaint_follower (sub, complaint_id, at)
SELECT sub, complaint_id, at FROM complaint_support WHERE extract(hour FROM at)::int %% 2 = 0
UNION ALL SELECT %(watcher)s, id, verified_at FROM complaint WHERE verified_at IS NOT NULL AND NOT confidential AND number LIKE '%%42'
"""
PICTURED = "FROM complaint c WHERE c.unread_photos > 0 OR c.number LIKE '%3' OR c.number LIKE '%5'"
FILES = f"""
INSERT INTO stored_file (id, owner_sub, kind, media_type, size, sha256, key, status, created_at, detail)
SELECT {_ID.format(number="200")}, c.owner_sub, 'jpeg', 'image/jpeg', 240000, sha256(c.number::bytea), 'load/' || c.id, 'ready', c.received_at,
    '{{"width": 1600, "height": 1200}}' {PICTURED}
"""  # noqa: S608 - constants of this house
PHOTOS = f"""
INSERT INTO complaint_photo (id, complaint_id, kind, file_id, uploaded_at, review)
SELECT {_ID.format(number="201")}, c.id, 'report', {_ID.format(number="200")}, c.received_at,
    CASE WHEN c.verified_at IS NULL OR c.unread_photos > 0 THEN 'unread' ELSE 'shown' END {PICTURED}
"""  # noqa: S608 - constants of this house
SURVEYS = f"""
INSERT INTO satisfaction_survey (id, complaint_id, office, instrument, scores, given_at)
SELECT {_ID.format(number="210")}, c.id, c.office, 'permenpan-rb-14-2017',
    jsonb_build_object({", ".join(f"'{name}', 2 + (right(c.number, 4)::int / {number + 1}) % 3" for number, name in enumerate(ELEMENTS))}), c.closed_at
FROM complaint c WHERE c.close_cause = 'accepted' AND c.number LIKE '%1'
"""  # noqa: S608 - constants of this house
NUMBERS = """
INSERT INTO number_series (kind, office, period, last)
SELECT 'complaint', 'MEDAN', split_part(number, '-', 2), count(*) FROM complaint GROUP BY 3
"""

COUNTS = """
INSERT INTO map_count
SELECT square / 1000000 / 10, mod(square, 1000000) / 10, count(*), sum(square / 1000000), sum(mod(square, 1000000)) FROM complaint
WHERE square IS NOT NULL AND verified_at IS NOT NULL AND NOT confidential GROUP BY 1, 2
"""


def hang_on(connection: psycopg.Connection[Any], count: int) -> None:
    """All of it, for the `count` complaints that are there."""
    for statement in (HISTORY, DUE, FILES, PHOTOS, SURVEYS, NUMBERS, COUNTS):
        connection.execute(statement)
    connection.execute(SUPPORT, {"people": 1 + count // 3})
    connection.execute(FOLLOWERS, {"watcher": WATCHER})
