"""A picture of a place that says where it was taken."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, MappedAsDataclass, mapped_column

from smartcity.regions import in_city_box
from smartcity.storage import uuid7

POINT = "(latitude IS NULL) = (longitude IS NULL)"


class PlacePhoto(MappedAsDataclass, kw_only=True, eq=False, repr=False):
    """`latitude`, `longitude`: as the picture itself says (`by_camera`), else as given with it."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    file_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stored_file.id"))
    uploaded_at: Mapped[datetime]
    latitude: Mapped[float | None] = mapped_column(default=None)
    longitude: Mapped[float | None] = mapped_column(default=None)
    by_camera: Mapped[bool] = mapped_column(default=False)

    def locate(self, position: dict[str, float] | None) -> None:
        """Take over what was read from the picture before its particulars were stripped."""
        if position:
            self.latitude, self.longitude, self.by_camera = position["lat"], position["lon"], True

    @property
    def in_city(self) -> bool:
        """Is it known where it was taken, and is that in Medan?"""
        return self.latitude is not None and self.longitude is not None and in_city_box(self.latitude, self.longitude)
