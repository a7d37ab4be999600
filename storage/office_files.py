"""Turns offices and events of a city file into what the desk knows of them."""

from collections.abc import Iterable

from desk.offices import Closure, Event, Exceptional, Office, OpenTime
from storage.city_fields import fields_of
from storage.office_schema import EventEntry, HoursEntry, OfficeEntry


def office_of(entry: OfficeEntry) -> Office:
    """Return the office with its hours, events and point."""
    fields = fields_of(entry)
    latitude, longitude = fields.pop("point") or (None, None)
    closures = tuple(Closure(first=one.from_, last=one.to, reason=one.reason) for one in entry.closures)
    fields |= {
        "hours": _openings(entry.hours),
        "closures": closures,
        "exceptions": tuple(
            Exceptional(day=one.date, start=one.from_, until=one.to, reason=one.reason)
            for one in entry.exceptions
        ),
        "events": tuple(event_of(one, closures=closures) for one in entry.events),
    }
    return Office(**fields, latitude=latitude, longitude=longitude)


def event_of(entry: EventEntry, *, closures: tuple[Closure, ...] = ()) -> Event:
    """Return the event with its rule, its date, or without either; `closures` are those of its office."""
    hours = None
    if entry.day and entry.from_ and entry.to is not None:
        hours = (
            OpenTime(
                day=entry.day, start=entry.from_, until=entry.to, nth=entry.nth, term_only=entry.term_only
            ),
        )
    return Event(
        name=entry.name,
        day=entry.date,
        start=entry.from_ if entry.date else None,
        until=entry.to if entry.date else None,
        hours=hours,
        closures=closures,
        note=entry.note,
        confidence=entry.confidence,
        check=entry.check,
    )


def _openings(entries: Iterable[HoursEntry] | None) -> tuple[OpenTime, ...] | None:
    openings = tuple(
        OpenTime(
            day=one.day,
            start=one.from_,
            until=one.to,
            nth=one.nth,
            purpose=one.purpose,
            term_only=one.term_only,
        )
        for one in entries or ()
    )
    return openings or None
