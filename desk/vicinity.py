"""What lies near a place: the square to look in, the distance in it, and the same address without a point."""

import math
from dataclasses import dataclass
from datetime import datetime

from desk.places import METRES_PER_DEGREE, metres_between
from desk.tickets import Place, Ticket

MARGIN = 1.02
"""How much wider than the reach the square is: distances are flat, good to 1 %."""
NEAR_POLE = 0.01


@dataclass(frozen=True, kw_only=True)
class Square:
    """The edges in WGS84 degrees of what may be within reach."""

    south: float
    north: float
    west: float
    east: float


@dataclass(frozen=True, kw_only=True)
class Vicinity:
    """Open tickets of a kind around a place, sent since then; `reach` in metres, `category` comes first."""

    kind: str
    category: str
    place: Place
    reach: float
    since: datetime

    @property
    def square(self) -> Square | None:
        """The square around the place's point; None without a point."""
        latitude, longitude = self.place.latitude, self.place.longitude
        if latitude is None or longitude is None:
            return None
        north = self.reach * MARGIN / METRES_PER_DEGREE
        east = north / max(math.cos(math.radians(latitude)), NEAR_POLE)
        return Square(
            south=latitude - north, north=latitude + north, west=longitude - east, east=longitude + east
        )

    def metres_to(self, place: Place) -> float | None:
        """Return how far a place is; None where one of both has no point."""
        here, there = _point(self.place), _point(place)
        return metres_between(here, there) if here and there else None

    @property
    def has_label(self) -> bool:
        """Whether the place is called something its district is not: that name alone says too little."""
        return _plain(self.place.label) not in ("", _plain(self.place.district))

    def is_called(self, label: str) -> bool:
        """Tell whether a place in the district is the same by its label, but for capitals and spaces."""
        return self.has_label and _plain(label) == _plain(self.place.label)

    def takes_in(self, ticket: Ticket) -> bool:
        """Tell whether a ticket of that kind and time lies within reach, or at the same address."""
        report = ticket.report
        if report.kind != self.kind or ticket.created_at < self.since:
            return False
        metres = self.metres_to(report.place)
        if metres is not None:
            return metres <= self.reach
        return report.place.district == self.place.district and self.is_called(report.place.label)

    def order(self, ticket: Ticket) -> tuple[bool, float, str]:
        """Return what sorts tickets: those of the category first, then the nearest."""
        return (
            ticket.report.category != self.category,
            self.metres_to(ticket.report.place) or 0.0,
            ticket.number,
        )


def _plain(label: str) -> str:
    return label.lower().replace(" ", "")


def _point(place: Place) -> tuple[float, float] | None:
    if place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude
