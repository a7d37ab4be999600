"""Hours, closures, exceptions and events in a city file: what they become, and what mistakes are told."""

from datetime import date, time
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from desk.offices import Weekday
from storage.calendars import SCHOOL_HOLIDAYS, calendar_of
from storage.office_files import event_of, office_of
from storage.office_schema import EventEntry, OfficeEntry
from storage.texts import Texts

OFFICE = {"id": "treff", "name": "Treff", "address": "Weg 1", "confidence": "H"}


def mistakes(model: Any, content: dict[str, Any]) -> list[str]:
    """The kinds of all mistakes; each has an advice in German."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(model).validate_python(content)
    kinds = [str(one["type"]) for one in caught.value.errors()]
    assert all(f"city_file.{kind}" in Texts.load().entries for kind in kinds)
    return kinds


def test_an_office_with_everything() -> None:
    """All that can be said of hours arrives at the desk."""
    entry = OfficeEntry.model_validate(
        OFFICE
        | {
            "hours": [{"day": "fr", "nth": 1, "from": "11:00", "to": "24:00", "term_only": True}],
            "closures": [{"from": date(2026, 12, 21), "to": "2027-01-03", "reason": "Ferien"}],
            "exceptions": [{"date": date(2026, 12, 5), "from": "10:00", "to": "12:00"}],
            "open_on_holidays": True,
            "events": [{"name": "Café", "confidence": "H"}],
            "point": [51.4, 7.0],
        }
    )
    office = office_of(entry)
    assert office.hours is not None
    assert (office.hours[0].until, office.hours[0].term_only) == (time(0), True)
    assert (office.closures[0].last, office.exceptions[0].day) == (date(2027, 1, 3), date(2026, 12, 5))
    assert (office.open_on_holidays, office.latitude) == (True, 51.4)
    assert [event.name for event in office.events] == ["Café"]
    assert office.events[0].closures == office.closures


def test_every_mistake_of_an_office_is_found() -> None:
    """One run names them all."""
    content = OFFICE | {
        "id": "x" * 33,
        "hours": [
            {"day": "fr", "from": "11:00", "to": "11:00"},
            {"day": "xx", "nth": 0, "from": "25:00", "to": 660},
        ],
        "closures": [
            {"from": date(2026, 12, 21), "to": date(2026, 12, 1), "reason": "Ferien"},
            {"from": "Advent", "to": date(2026, 12, 1)},
        ],
        "exceptions": [{"date": "31.12.2026", "from": "10:00", "to": "12:00"}],
    }
    assert mistakes(OfficeEntry, content) == [
        "string_too_long",
        "empty_hours",
        "bad_clock",
        "bad_clock",
        "enum",
        "bad_nth",
        "closure_backwards",
        "bad_date",
        "missing",
        "bad_date",
    ]


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        ({"date": "2026-12-12", "day": "sa", "from": "10:00", "to": "12:00"}, "event_twice"),
        ({"date": "2026-12-12", "from": "10:00"}, "event_half"),
        ({"day": "sa"}, "event_half"),
        ({"nth": 1}, "event_rule"),
        ({"from": "10:00", "to": "12:00"}, "event_no_day"),
        ({"date": "2026-02-30"}, "bad_date"),
    ],
)
def test_an_event_says_when_in_one_way(content: dict[str, Any], mistake: str) -> None:
    """On a date, on a weekday, or not at all; nothing in between."""
    assert mistakes(EventEntry, {"name": "Fest", "confidence": "H"} | content) == [mistake]


def test_events_by_date_by_rule_and_without() -> None:
    """The three kinds of events."""
    dated = event_of(EventEntry.model_validate({"name": "A", "confidence": "H", "date": "2026-12-12"}))
    assert (dated.day, dated.hours) == (date(2026, 12, 12), None)
    weekly = {
        "name": "B",
        "confidence": "S",
        "check": True,
        "day": "sa",
        "nth": 2,
        "from": "9:00",
        "to": "11:00",
    }
    (rule,) = event_of(EventEntry.model_validate(weekly)).hours or ()
    assert (rule.day, rule.nth, rule.start) == (Weekday.SATURDAY, 2, time(9))
    unknown = event_of(EventEntry.model_validate({"name": "C", "confidence": "S", "check": True}))
    assert (unknown.day, unknown.hours, unknown.certain) == (None, None, False)


def test_the_school_holidays_are_in_order() -> None:
    """Each ends after it begins, and the next begins after that."""
    known = calendar_of("NW", file=SCHOOL_HOLIDAYS).school_holidays
    assert len(known) > 5
    ends = [day for one in known for day in (one.first, one.last)]
    assert ends == sorted(ends)
    assert calendar_of("BY").school_holidays == ()
