"""Offices and when they are open, as a city file says it."""

from dataclasses import dataclass
from datetime import time
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
    """One opening: every week, or on the nth such weekday of a month (5 with `nth=-1` is the last).

    Times are the city's wall clock. `until` at or before `start` reaches over midnight into the next day.
    """

    day: Weekday
    start: time
    until: time
    nth: int | None = None
    purpose: str | None = None


@dataclass(frozen=True, kw_only=True)
class Office(Fact):
    """A place people can go to. `hours` None means: not known, say so and name the phone number."""

    id: str
    name: str
    address: str
    areas: tuple[str, ...] = ()
    hours: tuple[OpenTime, ...] | None = None
    phone: str | None = None
    email: str | None = None
    latitude: float | None = None
    longitude: float | None = None
