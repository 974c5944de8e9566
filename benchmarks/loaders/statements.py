"""A day of payments and the bank's statement of it, by `COPY` and set by set: as many lines as payments, half found by the bank's reference."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

ID = "lpad(to_hex(i), 32, '0')::uuid"
FILL = (
    f"""INSERT INTO bill (id, version, told, number, office, owner_sub, payer_name, payer_address, ref_service, ref_kind, ref_id, total, due_on,
    issued_at, virtual_account_no, qris_payload, verify_code, paid_total, status)
    SELECT {ID}, 1, 0, 'SKRD/' || i, 'DPMPTSP', 'x', '\\x00', '\\x00', 's', 'k', {ID}, 100 + i, '2026-03-12', now(),
    (127100000000000000 + i)::text, 'Q', 'C', 100 + i, 'paid' FROM generate_series(1, :rows) i""",
    f"""INSERT INTO payment (id, version, told, bill_id, owner_sub, office, bank, bank_reference, amount, channel, paid_at, day, recorded_by,
    receipt_no, verify_code, status)
    SELECT {ID}, 1, 0, {ID}, 'x', 'DPMPTSP', 'BANK-DEMO', 'req-' || i, 100 + i, 'virtual_account', '2026-02-12T03:00Z', '2026-02-12', 'b', 'R' || i,
    'C', 'usable' FROM generate_series(1, :rows) i""",
)


def load(session: Session, rows: int) -> None:
    """So many paid bills of 2026-02-12, each by virtual account."""
    for statement in FILL:
        session.execute(sa.text(statement), {"rows": rows})
    session.commit()
    session.execute(sa.text("ANALYZE"))
    session.commit()


def statement(rows: int) -> bytes:
    """The bank's MT940 of that day."""
    total = sum(range(1, rows + 1)) + 100 * rows
    head = ":20:BENCH\n:25:1270100000002\n:28C:1/1\n:60F:C260212IDR0,\n"
    moves = (
        f":61:2602120212C{100 + i},NTRF{f'REQ-{i}' if i % 2 else 'NONREF'}//B{i}\n:86:VA {127100000000000000 + i}\n"
        for i in range(1, rows + 1)
    )
    return (head + "".join(moves) + f":62F:C260212IDR{total},\n-\n").encode()
