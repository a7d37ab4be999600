from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from desk.hours import Reason, opening, states, weekly_lines
from desk.hours_calendar import Calendar
from desk.offices import Office, OpenTime, Weekday
from storage.city_files import load_city

BERLIN = ZoneInfo("Europe/Berlin")


def office(*hours: OpenTime) -> Office:
    """An office with these hours."""
    return Office(id="buero", name="Büro", address="Weg 1", hours=hours or None)


def on(day: str, start: str, until: str, nth: int | None = None) -> OpenTime:
    """An opening, times as "14:00"."""
    return OpenTime(
        day=Weekday(day), start=time.fromisoformat(start), until=time.fromisoformat(until), nth=nth
    )


def at(text: str) -> datetime:
    """A moment on Essen's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def test_open_until_the_end_and_next_in_a_week() -> None:
    """Within an opening it is open till its end; the end itself is closed."""
    place = office(on("do", "14:00", "16:00"))
    state = opening(place, at("2026-11-26T14:00"), zone=BERLIN)
    assert (state.open, state.closes_at, state.reason) == (True, at("2026-11-26T16:00"), Reason.OPEN)
    assert state.next_opening == at("2026-12-03T14:00")
    after = opening(place, at("2026-11-26T16:00"), zone=BERLIN)
    assert (after.open, after.closes_at, after.next_opening) == (False, None, at("2026-12-03T14:00"))


def test_several_openings_a_day() -> None:
    """Between two openings of a day the second is next; touching ones are one."""
    place = office(on("do", "09:00", "13:00"), on("do", "15:00", "18:00"), on("do", "18:00", "19:00"))
    noon = opening(place, at("2026-11-26T13:30"), zone=BERLIN)
    assert (noon.open, noon.next_opening) == (False, at("2026-11-26T15:00"))
    assert opening(place, at("2026-11-26T17:00"), zone=BERLIN).closes_at == at("2026-11-26T19:00")


@pytest.mark.parametrize(
    ("nth", "expected"),
    [(1, "2026-12-04T11:00"), (2, "2026-11-13T11:00"), (5, "2027-01-29T11:00"), (-1, "2026-11-27T11:00")],
)
def test_the_nth_weekday_of_a_month(nth: int, expected: str) -> None:
    """First, second, fifth and last Friday, seen from 10 November 2026."""
    place = office(on("fr", "11:00", "13:00", nth))
    assert opening(place, at("2026-11-10T10:00"), zone=BERLIN).next_opening == at(expected)


def test_over_midnight() -> None:
    """An opening that ends at two in the morning is still open after midnight."""
    state = opening(office(on("sa", "20:00", "02:00")), at("2026-11-29T01:00"), zone=BERLIN)
    assert (state.open, state.closes_at) == (True, at("2026-11-29T02:00"))


def test_wall_clock_holds_over_daylight_saving() -> None:
    """Ten o'clock stays ten o'clock in the week the clocks change."""
    place = office(on("mo", "10:00", "12:00"))
    before = opening(place, at("2026-10-19T13:00"), zone=BERLIN).next_opening
    assert before is not None
    assert before.utcoffset() == timedelta(hours=1)
    assert before.time() == time(10)


def test_unknown_hours_are_said_to_be_unknown() -> None:
    """Without hours an office is neither open nor closed."""
    state = opening(office(), at("2026-11-26T14:00"), zone=BERLIN)
    assert (state.open, state.next_opening, state.reason) == (None, None, Reason.UNKNOWN)


def test_a_closed_day_has_its_reason() -> None:
    """On a closed day nothing is open, the reason is the day's, and the next opening is another day."""
    place = office(on("do", "14:00", "16:00"), on("fr", "10:00", "11:30"))

    def holiday(day: date) -> str | None:
        return "holiday" if day == date(2026, 11, 26) else None

    state = opening(place, at("2026-11-26T15:00"), zone=BERLIN, calendar=Calendar(holiday=holiday))
    assert (state.open, state.reason, state.next_opening) == (False, "holiday", at("2026-11-27T10:00"))


def test_weekly_lines_follow_the_week() -> None:
    """Lines are in the order Monday to Sunday and by time."""
    lines = weekly_lines(
        office(on("fr", "10:00", "11:00"), on("mo", "15:00", "16:00"), on("mo", "09:00", "10:00"))
    )
    assert [(one.day, one.start.hour) for one in lines] == [("mo", 9), ("mo", 15), ("fr", 10)]


def test_every_office_of_a_city_gets_a_state() -> None:
    """`states` answers for each office in the file's order."""
    city = load_city("essen")
    answers = states(city, at("2026-12-04T12:00"))
    assert [one.id for one, _ in answers] == [one.id for one in city.offices]
    assert [state.open for one, state in answers if one.id == "kon-takt"] == [True]
