"""How many public complaints lie in a large square of the map."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base


class MapCount(Base):
    """A hundredth of a degree a side. Kept by the database itself as complaints become public or move (trigger `count_on_the_map`).

    `rows_sum`, `columns_sum`: of the squares (thousandths of a degree) its complaints lie in, so that their middle is exact.
    """

    __tablename__ = "map_count"

    large_row: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    large_column: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    complaints: Mapped[int] = mapped_column(sa.BigInteger)
    rows_sum: Mapped[int] = mapped_column(sa.BigInteger)
    columns_sum: Mapped[int] = mapped_column(sa.BigInteger)
