"""What the table of complaints holds to besides its columns: unique things, checks, and an index for every list."""

import sqlalchemy as sa

IN_OFFICE = "status NOT IN ('disposed', 'in_progress', 'answered', 'closed') OR office IS NOT NULL"
PUBLIC = "verified_at IS NOT NULL AND NOT confidential"
PUBLIC_OPEN = f"{PUBLIC} AND status IN ('answered', 'disposed', 'in_progress', 'needs_completion', 'received')"
TO_LOOK_AT = "unread_photos > 0 AND verified_at IS NOT NULL OR doubts > 0"
# as PostgreSQL writes them back
SQUARE = "(((floor((latitude * (1000)::double precision)))::bigint * 1000000) + (floor((longitude * (1000)::double precision)))::bigint)"
WORDS = (
    "setweight(to_tsvector('indonesian'::regconfig, (title)::text), 'A'::\"char\") || "
    "setweight(to_tsvector('indonesian'::regconfig, (address)::text), 'B'::\"char\")"
)
WAITING = "status IN ('received', 'disposed', 'in_progress')"
RULES: tuple[sa.schema.SchemaItem, ...] = (
    sa.UniqueConstraint("number"),
    sa.UniqueConstraint("follow_up_index"),
    sa.CheckConstraint(IN_OFFICE, name="in_office"),
    sa.CheckConstraint("(status = 'closed') = (close_cause IS NOT NULL)", name="closed_for_a_cause"),
    sa.CheckConstraint("(clock IS NULL) = (deadline IS NULL)", name="clock_has_its_end"),
    sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),
    sa.CheckConstraint("(planned_reference IS NULL) = (planned_for IS NULL)", name="planned"),
    sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point"),
    sa.CheckConstraint("duplicate_of IS NULL OR (status = 'archived' AND duplicate_of <> id)", name="duplicate"),
    sa.CheckConstraint("support_count >= 0 AND returns >= 0 AND reopenings >= 0", name="counts"),
    sa.Index("ix_complaint_duplicate_of", "duplicate_of", "id", postgresql_where=sa.text("duplicate_of IS NOT NULL")),
    sa.Index("ix_complaint_received_at", "received_at"),
    sa.Index("ix_complaint_owner_sub", "owner_sub", "id"),
    sa.Index("ix_complaint_office", "office", "deadline", "id", postgresql_where=sa.text(WAITING)),
    sa.CheckConstraint("cost IS NULL OR cost >= 0", name="cost"),
    sa.Index("ix_complaint_assignee", "assignee_sub", "deadline", "id", postgresql_where=sa.text(WAITING)),
    sa.Index("ix_complaint_waiting", "status", "deadline", "id", postgresql_where=sa.text(WAITING)),
    sa.Index("ix_complaint_public", "id", postgresql_where=sa.text(PUBLIC)),
    sa.Index("ix_complaint_public_category", "category", "id", postgresql_where=sa.text(PUBLIC)),
    sa.Index("ix_complaint_public_status", "status", "id", postgresql_where=sa.text(PUBLIC)),
    sa.Index("ix_complaint_public_kelurahan", "kelurahan_code", "id", postgresql_where=sa.text(PUBLIC)),
    sa.Index("ix_complaint_public_kelurahan_category", "kelurahan_code", "category", "id", postgresql_where=sa.text(PUBLIC)),
    sa.Index("ix_complaint_public_received", "received_at", "id", postgresql_where=sa.text(PUBLIC)),
    sa.Index("ix_complaint_public_category_received", "category", "received_at", "id", postgresql_where=sa.text(PUBLIC)),
    sa.Index("ix_complaint_moderation", "id", postgresql_where=sa.text(TO_LOOK_AT)),
    sa.Index("ix_complaint_words", "words", postgresql_using="gin", postgresql_where=sa.text(PUBLIC)),
    sa.Index("ix_complaint_square", "square", postgresql_where=sa.text(PUBLIC)),
    sa.Index("ix_complaint_place", sa.text("point(longitude, latitude)"), postgresql_using="gist", postgresql_where=sa.text(PUBLIC)),
    sa.Index(
        "ix_complaint_open_place", sa.text("point(longitude, latitude)"), postgresql_using="gist", postgresql_where=sa.text(PUBLIC_OPEN)
    ),
)
