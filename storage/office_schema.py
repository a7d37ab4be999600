"""The shape of offices, their hours and events in a city's YAML files."""

import re
from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from desk.offices import Weekday
from storage.city_fields import Entry, FactEntry, Id, Name, Point

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
MIDNIGHT = "24:00"
HOURS, MINUTES = 24, 60


def _clock(value: Any) -> time:
    match = _CLOCK.fullmatch(str(value))
    hour, minute = (int(match[1]), int(match[2])) if match else (HOURS, 0)
    if hour >= HOURS or minute >= MINUTES:
        raise PydanticCustomError("bad_clock", "not a time of day")
    return time(hour, minute)


def _end_clock(value: Any) -> time:
    return time(0) if str(value) == MIDNIGHT else _clock(value)


def _date(value: Any) -> date:
    try:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        return date.fromisoformat(str(value))
    except ValueError:
        raise PydanticCustomError("bad_date", "not a date") from None


def _nth(value: int) -> int:
    if value == 0:
        raise PydanticCustomError("bad_nth", "nth counts from 1")
    return value


Clock = Annotated[time, BeforeValidator(_clock)]
EndClock = Annotated[time, BeforeValidator(_end_clock)]
Day = Annotated[date, BeforeValidator(_date)]
Nth = Annotated[int, Field(ge=-1, le=5), AfterValidator(_nth)]
# Shorter than other ids: a button that names an office has 64 bytes (Bot API, callback_data).
OfficeId = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=32)]


class SpanEntry(Entry):
    """From one time of day to another, over midnight when `to` is the earlier one."""

    from_: Annotated[Clock, Field(alias="from")]
    to: EndClock

    @model_validator(mode="after")
    def _spans_time(self) -> "SpanEntry":
        if self.from_ == self.to:
            raise PydanticCustomError("empty_hours", "from and to are the same")
        return self


class HoursEntry(SpanEntry):
    """One opening, weekly or on the nth weekday of a month."""

    day: Annotated[Weekday, Field(strict=False)]
    nth: Nth | None = None
    purpose: str | None = None
    term_only: bool = False


class ExceptionEntry(SpanEntry):
    """Hours of one day, instead of its usual ones."""

    date: Day
    reason: Name | None = None


class ClosureEntry(Entry):
    """Days on which nothing is open."""

    from_: Annotated[Day, Field(alias="from")]
    to: Day
    reason: Name

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "ClosureEntry":
        if self.to < self.from_:
            raise PydanticCustomError("closure_backwards", "to before from")
        return self


class EventEntry(FactEntry):
    """Something that takes place: on a date, on a weekday, or it is not known when."""

    name: Name
    date: Day | None = None
    day: Annotated[Weekday, Field(strict=False)] | None = None
    nth: Nth | None = None
    from_: Annotated[Clock | None, Field(alias="from")] = None
    to: EndClock | None = None
    term_only: bool = False
    note: str | None = None

    @model_validator(mode="after")
    def _says_when_or_does_not(self) -> "EventEntry":
        if self.date and self.day:
            raise PydanticCustomError("event_twice", "date or day")
        if (self.from_ is None) != (self.to is None) or (self.day and self.from_ is None):
            raise PydanticCustomError("event_half", "from and to belong together")
        if not self.day and (self.nth is not None or self.term_only):
            raise PydanticCustomError("event_rule", "nth and term_only need a day")
        if self.from_ and not (self.date or self.day):
            raise PydanticCustomError("event_no_day", "a time without a day")
        return self


class OfficeEntry(FactEntry):
    """A place people can go to."""

    id: OfficeId
    name: Name
    address: Name
    areas: list[Id] = []
    hours: Annotated[list[HoursEntry], Field(min_length=1)] | None = None
    closures: list[ClosureEntry] = []
    exceptions: list[ExceptionEntry] = []
    open_on_holidays: bool = False
    events: list[EventEntry] = []
    phone: str | None = None
    email: str | None = None
    point: Annotated[Point, Field(strict=False)] | None = None
