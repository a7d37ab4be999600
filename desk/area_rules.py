"""What areas are made of besides districts: parts of streets, and rules for what is reported there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from desk.address_text import street_key
from desk.offices import Weekday

NIGHT = (time(22), time(6))
"""Night rest by the wall clock (LImSchG NRW § 9)."""
_WEEK = tuple(Weekday)


class Side(StrEnum):
    """Which house numbers of a street: in German towns each side has its own."""

    ODD = "odd"
    EVEN = "even"


@dataclass(frozen=True, kw_only=True)
class StreetPart:
    """A street or a part of one; `district` None: wherever the city has a street of that name.

    `first` and `last` are house numbers, both included; None leaves that end open.
    """

    name: str
    district: str | None = None
    first: int | None = None
    last: int | None = None
    side: Side | None = None

    @property
    def key(self) -> str:
        """What all spellings of the street's name have in common."""
        return street_key(self.name)

    @property
    def whole(self) -> bool:
        """True when every house number of the street belongs to it."""
        return self.first is None and self.last is None and self.side is None

    def has_number(self, number: int) -> bool:
        """Tell whether a house number lies in this part."""
        parity = Side.EVEN if number % 2 == 0 else Side.ODD
        low, high = self.first or 0, self.last if self.last is not None else number
        return low <= number <= high and self.side in (None, parity)

    def overlaps(self, other: "StreetPart") -> bool:
        """Tell whether some house would belong to both parts."""
        same_street = self.key == other.key and (
            None in (self.district, other.district) or self.district == other.district
        )
        same_side = None in (self.side, other.side) or self.side == other.side
        low = max(self.first or 0, other.first or 0)
        ends = [last for last in (self.last, other.last) if last is not None]
        return same_street and same_side and low <= min(ends, default=low)


@dataclass(frozen=True, kw_only=True)
class Where:
    """A place as rules see it. Street and house number are None while they are not known."""

    district: str
    street: str | None = None
    number: int | None = None

    def is_in(self, parts: Collection[StreetPart]) -> bool:
        """Tell whether the place certainly lies in one of the parts of streets."""
        if self.street is None:
            return False
        key = street_key(self.street)
        return any(
            part.key == key
            and part.district in (None, self.district)
            and (part.whole if self.number is None else part.has_number(self.number))
            for part in parts
        )


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Conditions that must all hold (an empty one always does), and what follows then.

    `start` and `until` are the city's wall clock; `until` at or before `start` reaches over midnight, and
    the hours after midnight then belong to the day it began. `recipient` is an area's id or the coordination
    desk's; `inform` names matters of the city's referrals.
    """

    categories: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    streets: tuple[StreetPart, ...] = ()
    days: tuple[Weekday, ...] = ()
    start: time | None = None
    until: time | None = None
    hours_night: bool = False
    recipient: str | None = None
    urgent: bool = False
    inform: tuple[str, ...] = ()

    @property
    def hours(self) -> tuple[time, time] | None:
        """From when to when it holds; None: all day."""
        if self.hours_night:
            return NIGHT
        if self.start is None and self.until is None:
            return None
        return self.start or time(0), self.until or time(0)

    def holds(self, where: Where, category: str, at: datetime) -> bool:
        """Tell whether it applies to a report of this category, from here, at this local time."""
        return (
            (not self.categories or category in self.categories)
            and (not self.districts or where.district in self.districts)
            and (not self.streets or where.is_in(self.streets))
            and self._in_time(at)
        )

    def leaves_nothing_for(self, later: "Rule") -> bool:
        """Tell whether whatever fits the later rule fits this one already, so that it is never reached."""
        pairs: tuple[tuple[tuple[object, ...], tuple[object, ...]], ...] = (
            (self.categories, later.categories),
            (self.districts, later.districts),
            (self.streets, later.streets),
            (self.days, later.days),
        )
        same_time = self.hours is None or self.hours == later.hours
        return same_time and all(not mine or (theirs and set(theirs) <= set(mine)) for mine, theirs in pairs)

    def _in_time(self, at: datetime) -> bool:
        day, hours = at.weekday(), self.hours
        if hours is not None:
            start, until = hours
            now = at.time()
            over_midnight = until <= start
            if over_midnight and now < until:
                day = (day - 1) % len(_WEEK)
            elif not (now >= start and (over_midnight or now < until)):
                return False
        return not self.days or _WEEK[day] in self.days
