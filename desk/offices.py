"""Offices, events and when they are open or take place, as a city file says it."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from desk.facts import Fact


class Weekday(StrEnum):
    """Days as a city file writes them; the order is Python's `date.weekday()`."""

    MONDAY = "mo"
    TUESDAY = "di"
    WEDNESDAY = "mi"
    THURSDAY = "do"
    FRIDAY = "fr"
    SATURDAY = "sa"
    SUNDAY = "so"


@dataclass(frozen=True, kw_only=True)
class OpenTime:
    """One opening: every week, or on the nth such weekday of a month (`nth=-1` is the last).

    Times are the city's wall clock. `until` at or before `start` reaches over midnight into the next day.
    """

    day: Weekday
    start: time
    until: time
    nth: int | None = None
    purpose: str | None = None
    term_only: bool = False
    """Only while school is on: not in the holidays of the schools of the Land."""


@dataclass(frozen=True, kw_only=True)
class Closure:
    """Days, both included, on which nothing is open, and why."""

    first: date
    last: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class Exceptional:
    """Hours of one day that hold instead of its usual ones; a day may have several."""

    day: date
    start: time
    until: time
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Timed:
    """What has hours. A day's exceptions come before closures, those before public holidays and usual hours.

    `hours` None means: not known; say so and name the phone number.
    """

    hours: tuple[OpenTime, ...] | None = None
    closures: tuple[Closure, ...] = ()
    exceptions: tuple[Exceptional, ...] = ()
    open_on_holidays: bool = False


@dataclass(frozen=True, kw_only=True)
class Event(Fact, Timed):
    """Something that takes place: on a `day` (its time may be unknown), by its `hours`, or who knows when."""

    name: str
    day: date | None = None
    start: time | None = None
    until: time | None = None
    note: str | None = None

    @property
    def timed(self) -> Timed:
        """The event's hours, with those of its day when it is on one."""
        if self.day is None or self.start is None or self.until is None:
            return self
        return Timed(exceptions=(Exceptional(day=self.day, start=self.start, until=self.until),))


@dataclass(frozen=True, kw_only=True)
class Office(Fact, Timed):
    """A place people can go to."""

    id: str
    name: str
    address: str
    areas: tuple[str, ...] = ()
    phone: str | None = None
    email: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    events: tuple[Event, ...] = ()
