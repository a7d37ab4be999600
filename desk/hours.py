"""When an office is open: what holds now, and what next. The clock and the city's zone are passed in."""

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from desk.city import City
from desk.offices import Office, OpenTime, Weekday

WEEK = tuple(Weekday)
LOOK_AHEAD = timedelta(days=400)
"""The rarest rule, a fifth weekday of a month, comes round within four months, closures included."""
ClosedOn = Callable[[date], str | None]
"""Names why everything is closed on a day (a public holiday), None on an ordinary day."""


class Reason(StrEnum):
    """Why an office is open or not; a closed day's own reason (a holiday) comes from `ClosedOn`."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class OpenState:
    """What holds at a moment; times are in the city's zone.

    `open` is None while the hours are not known. `purpose` is what the opening now, or next, is for.
    """

    open: bool | None
    closes_at: datetime | None = None
    next_opening: datetime | None = None
    reason: str = Reason.UNKNOWN
    purpose: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Span:
    start: datetime
    end: datetime
    purpose: str | None


def never_closed(_day: date) -> str | None:
    """Know of no closed days."""
    return None


def opening(office: Office, at: datetime, *, zone: ZoneInfo, closed_on: ClosedOn = never_closed) -> OpenState:
    """Tell whether an office is open at a moment, until when, and when it opens next.

    `at` must be aware; any zone will do. Openings that touch or overlap count as one.
    """
    if office.hours is None:
        return OpenState(open=None)
    now = at.astimezone(UTC)
    current, following = None, None
    for span in _spans(office.hours, at.astimezone(zone).date(), zone, closed_on):
        if span.end <= now:
            continue
        if span.start > now:
            following = span
            break
        current = span
    return OpenState(
        open=current is not None,
        closes_at=current.end.astimezone(zone) if current else None,
        next_opening=following.start.astimezone(zone) if following else None,
        reason=_reason(current, at.astimezone(zone).date(), closed_on),
        purpose=current.purpose if current else following.purpose if following else None,
    )


def states(
    city: City, at: datetime, *, closed_on: ClosedOn = never_closed
) -> tuple[tuple[Office, OpenState], ...]:
    """Return every office of a city with what holds at a moment."""
    return tuple((one, opening(one, at, zone=city.zone, closed_on=closed_on)) for one in city.offices)


def weekly_lines(office: Office) -> tuple[OpenTime, ...]:
    """Return the office's openings in the order of the week; empty when they are not known."""
    return tuple(sorted(office.hours or (), key=lambda one: (WEEK.index(one.day), one.start, one.nth or 0)))


def _reason(current: _Span | None, day: date, closed_on: ClosedOn) -> str:
    if current:
        return Reason.OPEN
    return closed_on(day) or Reason.CLOSED


def _spans(hours: tuple[OpenTime, ...], today: date, zone: ZoneInfo, closed_on: ClosedOn) -> Iterator[_Span]:
    """Yield openings from yesterday on (it may reach over midnight), in order, merged where they touch."""
    waiting: _Span | None = None
    for offset in range(-1, LOOK_AHEAD.days):
        day = today + timedelta(days=offset)
        if closed_on(day) is not None:
            continue
        spans = [_span(one, day, zone, closed_on) for one in hours if _on(one, day)]
        for span in sorted(spans, key=lambda one: (one.start, one.end)):
            if waiting and span.start <= waiting.end:
                waiting = _Span(start=waiting.start, end=max(waiting.end, span.end), purpose=waiting.purpose)
                continue
            if waiting:
                yield waiting
            waiting = span
    if waiting:
        yield waiting


def _on(one: OpenTime, day: date) -> bool:
    """Tell whether a rule holds on a day: its weekday, and its place in the month when it has one."""
    if WEEK[day.weekday()] is not one.day:
        return False
    if one.nth is None:
        return True
    if one.nth < 0:
        return day.day + 7 > calendar.monthrange(day.year, day.month)[1]
    return (day.day - 1) // 7 + 1 == one.nth


def _span(one: OpenTime, day: date, zone: ZoneInfo, closed_on: ClosedOn) -> _Span:
    last = day
    until = one.until
    if one.until <= one.start:
        last = day + timedelta(days=1)
        until = time(0) if closed_on(last) is not None else one.until
    start = datetime.combine(day, one.start, tzinfo=zone).astimezone(UTC)
    end = datetime.combine(last, until, tzinfo=zone).astimezone(UTC)
    return _Span(start=start, end=end, purpose=one.purpose)
