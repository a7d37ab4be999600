"""When an office is open: what holds now, and what next. Clock, calendar and time zone are passed in."""

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import takewhile
from zoneinfo import ZoneInfo

from desk.city import City
from desk.hours_calendar import Calendar, School
from desk.offices import Office, OpenTime, Timed, Weekday

WEEK = tuple(Weekday)
LOOK_AHEAD = 400
"""Days. The rarest rule, a fifth weekday of a month, comes round within four months, closures included."""
ONE_DAY = timedelta(days=1)
ORDINARY = Calendar()


class Reason(StrEnum):
    """Why an office is open or not; a closed day's own reason (a holiday, a closure) is its German name."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"
    SCHOOL_UNKNOWN = "school_unknown"


@dataclass(frozen=True, kw_only=True)
class Span:
    """One opening, from `start` until `end` (both UTC); `note` is why it is not as usual."""

    start: datetime
    end: datetime
    purpose: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class OpenState:
    """What holds at a moment; times are in the city's zone.

    `open` is None while that is not known. `purpose` is what the opening now, or next, is for.
    `unsure_opening` comes before `next_opening` but depends on school holidays nobody knows yet.
    """

    open: bool | None
    closes_at: datetime | None = None
    next_opening: datetime | None = None
    reason: str = Reason.UNKNOWN
    purpose: str | None = None
    unsure_opening: datetime | None = None


def opening(place: Timed, at: datetime, *, zone: ZoneInfo, calendar: Calendar = ORDINARY) -> OpenState:
    """Tell whether a place is open at a moment, until when, and when it opens next.

    `at` must be aware; any zone will do. Openings that touch or overlap count as one.
    """
    if not has_hours(place):
        return OpenState(open=None)
    now, today = at.astimezone(UTC), at.astimezone(zone).date()
    sure = spans(place, today, zone=zone, calendar=calendar)
    current, following = _around(sure, now)
    maybe_now, maybe = _around(spans(place, today, zone=zone, calendar=calendar, unsure=True), now)
    unknown = current is None and maybe_now is not None
    next_one = current or following
    earlier = maybe is not None and (following is None or maybe.start < following.start)
    reason = Reason.SCHOOL_UNKNOWN if unknown else closed_because(place, today, calendar) or Reason.CLOSED
    return OpenState(
        open=None if unknown else current is not None,
        closes_at=_local(current.end, zone) if current else None,
        next_opening=_local(following.start, zone) if following else None,
        reason=Reason.OPEN if current else reason,
        purpose=next_one.purpose if next_one else None,
        unsure_opening=_local(maybe.start, zone) if maybe and earlier else None,
    )


def states(
    city: City, at: datetime, *, calendar: Calendar = ORDINARY
) -> tuple[tuple[Office, OpenState], ...]:
    """Return every office of a city with what holds at a moment."""
    return tuple((one, opening(one, at, zone=city.zone, calendar=calendar)) for one in city.offices)


def openings_on(
    place: Timed, day: date, *, zone: ZoneInfo, calendar: Calendar = ORDINARY, unsure: bool = False
) -> tuple[Span, ...]:
    """Return what is open on a day, cut where the day begins, not where it ends."""
    begins, ends = (_utc(one, time(0), zone) for one in (day, day + ONE_DAY))
    found = takewhile(
        lambda span: span.start < ends, spans(place, day, zone=zone, calendar=calendar, unsure=unsure)
    )
    return tuple(replace(span, start=max(span.start, begins)) for span in found if span.end > begins)


def upcoming(
    place: Timed, at: datetime, *, zone: ZoneInfo, calendar: Calendar = ORDINARY, unsure: bool = False
) -> Iterator[Span]:
    """Yield the openings that begin at a moment or later."""
    now, today = at.astimezone(UTC), at.astimezone(zone).date()
    found = spans(place, today, zone=zone, calendar=calendar, unsure=unsure)
    return (span for span in found if span.start >= now)


def weekly_lines(office: Office) -> tuple[OpenTime, ...]:
    """Return the office's openings in the order of the week; empty when they are not known."""
    return tuple(sorted(office.hours or (), key=lambda one: (WEEK.index(one.day), one.start, one.nth or 0)))


def has_hours(place: Timed) -> bool:
    """Tell whether anything is known about when a place is open."""
    return place.hours is not None or bool(place.exceptions)


def closed_because(place: Timed, day: date, calendar: Calendar) -> str | None:
    """Return why nothing is open that would be on such a weekday; None on an ordinary day."""
    if any(one.day == day for one in place.exceptions):
        return next((one.reason for one in place.exceptions if one.day == day and one.reason), None)
    if reason := _closed(place, day, calendar):
        return reason
    pausing = calendar.school_holidays_on(day)
    usual = any(one.term_only and _on(one, day) for one in place.hours or ())
    return pausing.name if pausing and usual else None


def spans(
    place: Timed, today: date, *, zone: ZoneInfo, calendar: Calendar = ORDINARY, unsure: bool = False
) -> Iterator[Span]:
    """Yield openings from yesterday on (it may reach over midnight), in order, merged where they touch.

    With `unsure` only those that depend on school holidays nobody knows, else all the others.
    """
    if unsure and not any(rule.term_only for rule in place.hours or ()):
        return
    waiting: Span | None = None
    for offset in range(-1, LOOK_AHEAD):
        day = today + offset * ONE_DAY
        found = _spans_on(place, day, zone, calendar, unsure=unsure)
        for span in sorted(found, key=lambda one: (one.start, one.end)):
            if waiting and span.start <= waiting.end:
                waiting = replace(waiting, end=max(waiting.end, span.end))
                continue
            if waiting:
                yield waiting
            waiting = span
    if waiting:
        yield waiting


def _around(found: Iterator[Span], now: datetime) -> tuple[Span | None, Span | None]:
    """Return the opening that holds now, and the one after it."""
    current = None
    for span in found:
        if span.start > now:
            return current, span
        if span.end > now:
            current = span
    return current, None


def _closed(place: Timed, day: date, calendar: Calendar) -> str | None:
    """Return the closure or public holiday of a day that has no hours of its own."""
    if any(one.day == day for one in place.exceptions):
        return None
    closure = next((one.reason for one in place.closures if one.first <= day <= one.last), None)
    return closure or (None if place.open_on_holidays else calendar.holiday(day))


def _spans_on(place: Timed, day: date, zone: ZoneInfo, calendar: Calendar, *, unsure: bool) -> Iterator[Span]:
    """Yield what begins on a day; an hour the clocks skip in spring leaves nothing of a shorter opening."""
    exceptions = [one for one in place.exceptions if one.day == day]
    for one in () if unsure else exceptions:
        start, end = _utc(day, one.start, zone), _utc(_last_day(day, one.start, one.until), one.until, zone)
        if start < end:
            yield Span(start=start, end=end, note=one.reason)
    if exceptions or _closed(place, day, calendar) is not None:
        return
    school = calendar.school(day)
    for rule in place.hours or ():
        depends = rule.term_only and school is School.UNKNOWN
        if not _on(rule, day) or depends != unsure or (rule.term_only and school is School.HOLIDAYS):
            continue
        last = _last_day(day, rule.start, rule.until)
        cut = last != day and _closed(place, last, calendar) is not None
        start, end = _utc(day, rule.start, zone), _utc(last, time(0) if cut else rule.until, zone)
        if start < end:
            yield Span(start=start, end=end, purpose=rule.purpose)


def _on(one: OpenTime, day: date) -> bool:
    """Tell whether a rule holds on a day: its weekday, and its place in the month when it has one."""
    if WEEK[day.weekday()] is not one.day:
        return False
    if one.nth is None:
        return True
    if one.nth < 0:
        return day.day + 7 > months.monthrange(day.year, day.month)[1]
    return (day.day - 1) // 7 + 1 == one.nth


def _last_day(day: date, start: time, until: time) -> date:
    return day if until > start else day + ONE_DAY


def _utc(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return a wall clock's moment; one that the clocks skip in spring is the moment they do."""
    wanted = datetime.combine(day, clock, tzinfo=zone)
    moment = wanted.astimezone(UTC)
    skipped = moment.astimezone(zone).time() != clock
    return moment.replace(minute=0, second=0) if skipped else moment  # they change on a full hour


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone)
