"""Closures, exceptions, public holidays, school terms and the nights the clocks change."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from desk.hours import Reason, closed_because, opening, openings_on, upcoming
from desk.hours_calendar import Calendar, School
from desk.offices import Closure, Exceptional, Office, OpenTime, Weekday
from storage.calendars import calendar_of

BERLIN = ZoneInfo("Europe/Berlin")
NRW = calendar_of("NW")


def at(text: str) -> datetime:
    """A moment on Essen's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def on(day: str, start: str, until: str, **more: Any) -> OpenTime:
    """An opening, times as "14:00"."""
    clocks = {"start": time.fromisoformat(start), "until": time.fromisoformat(until)}
    return OpenTime(day=Weekday(day), **clocks, **more)


def office(*hours: OpenTime, **more: Any) -> Office:
    """An office with these hours."""
    return Office(id="buero", name="Büro", address="Weg 1", hours=hours or None, **more)


def once(day: str, start: str, until: str, reason: str | None = None) -> Exceptional:
    """Hours of one day."""
    clocks = {"start": time.fromisoformat(start), "until": time.fromisoformat(until)}
    return Exceptional(day=date.fromisoformat(day), **clocks, reason=reason)


EVERY_DAY = tuple(on(day.value, "10:00", "12:00") for day in Weekday)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-10-03", "Tag der Deutschen Einheit"),
        ("2026-11-01", "Allerheiligen"),
        ("2026-12-25", "Erster Weihnachtstag"),
        ("2027-01-01", "Neujahr"),
        ("2027-03-29", "Ostermontag"),
        ("2027-05-27", "Fronleichnam"),
        ("2026-12-24", None),
        ("2026-12-31", None),
        ("2027-01-06", None),
    ],
)
def test_public_holidays_are_those_of_the_land(day: str, reason: str | None) -> None:
    """In NRW Corpus Christi is one, Epiphany is not, and Christmas Eve is an ordinary day."""
    state = opening(office(*EVERY_DAY), at(f"{day}T11:00"), zone=BERLIN, calendar=NRW)
    assert state.open is (reason is None)
    assert state.reason == (reason or Reason.OPEN)


def test_an_unknown_land_has_no_holidays() -> None:
    """Where the library knows no holidays, days are ordinary ones."""
    assert calendar_of("XX").holiday(date(2026, 12, 25)) is None


def test_an_office_may_be_open_on_holidays() -> None:
    """`open_on_holidays` leaves the usual hours."""
    place = office(*EVERY_DAY, open_on_holidays=True)
    assert opening(place, at("2026-12-25T11:00"), zone=BERLIN, calendar=NRW).open


def test_the_first_friday_on_new_year_is_left_out() -> None:
    """1 January 2027 is the month's first Friday; the next opening is in February, not a week later."""
    place = office(on("fr", "11:00", "13:00", nth=1))
    state = opening(place, at("2027-01-01T11:30"), zone=BERLIN, calendar=NRW)
    assert (state.open, state.reason) == (False, "Neujahr")
    assert state.next_opening == at("2027-02-05T11:00")


def test_a_closure_names_its_reason_and_ends() -> None:
    """From the first to the last day nothing is open, the day after the usual hours hold."""
    closure = Closure(first=date(2026, 12, 21), last=date(2027, 1, 3), reason="Betriebsferien")
    place = office(*EVERY_DAY, closures=(closure,))
    assert opening(place, at("2026-12-20T11:00"), zone=BERLIN, calendar=NRW).open
    for day in ("2026-12-21", "2027-01-03"):
        state = opening(place, at(f"{day}T11:00"), zone=BERLIN, calendar=NRW)
        assert (state.open, state.reason) == (False, "Betriebsferien")
        assert state.next_opening == at("2027-01-04T10:00")


def test_exceptions_replace_a_day_also_a_closed_one() -> None:
    """Two openings instead of the usual one; the day's reason is said when it is closed in between."""
    place = office(
        *EVERY_DAY,
        exceptions=(once("2026-12-25", "08:00", "09:00", "Frühstück"), once("2026-12-25", "18:00", "20:00")),
    )
    spans = openings_on(place, date(2026, 12, 25), zone=BERLIN, calendar=NRW)
    assert [f"{span.start.astimezone(BERLIN):%H:%M}" for span in spans] == ["08:00", "18:00"]
    assert [span.note for span in spans] == ["Frühstück", None]
    noon = opening(place, at("2026-12-25T11:00"), zone=BERLIN, calendar=NRW)
    assert (noon.open, noon.reason, noon.next_opening) == (False, "Frühstück", at("2026-12-25T18:00"))


def test_an_exception_over_midnight_lasts_into_a_holiday() -> None:
    """What is announced for New Year's Eve until two is open till two."""
    place = office(*EVERY_DAY, exceptions=(once("2026-12-31", "20:00", "02:00"),))
    state = opening(place, at("2027-01-01T01:00"), zone=BERLIN, calendar=NRW)
    assert (state.open, state.closes_at) == (True, at("2027-01-01T02:00"))
    assert not opening(place, at("2027-01-01T11:00"), zone=BERLIN, calendar=NRW).open
    assert not opening(place, at("2026-12-31T11:00"), zone=BERLIN, calendar=NRW).open


def test_exceptions_alone_are_hours() -> None:
    """An office without weekly hours that opens on one day is known to be closed on others."""
    place = office(exceptions=(once("2026-12-05", "10:00", "12:00"),))
    assert opening(place, at("2026-12-01T10:00"), zone=BERLIN).next_opening == at("2026-12-05T10:00")


@pytest.mark.parametrize(
    ("day", "school"),
    [
        (date(2026, 10, 16), School.UNKNOWN),
        (date(2026, 10, 17), School.HOLIDAYS),
        (date(2026, 11, 2), School.TERM),
        (date(2026, 12, 22), School.TERM),
        (date(2026, 12, 23), School.HOLIDAYS),
        (date(2027, 5, 18), School.HOLIDAYS),
        (date(2028, 1, 8), School.HOLIDAYS),
        (date(2028, 1, 9), School.UNKNOWN),
    ],
)
def test_school_terms_of_nrw(day: date, school: School) -> None:
    """Between the first and the last known holidays every day is term or holidays, outside nobody knows."""
    assert NRW.school(day) is school


def test_a_rule_of_the_term_pauses_in_the_holidays() -> None:
    """In the holidays the reason is their name, and it goes on after them."""
    place = office(on("do", "14:00", "16:00", term_only=True))
    state = opening(place, at("2026-12-24T14:30"), zone=BERLIN, calendar=NRW)
    assert (state.open, state.reason) == (False, "Weihnachtsferien")
    assert state.next_opening == at("2027-01-07T14:00")


def test_beyond_the_known_holidays_a_rule_of_the_term_is_unknown() -> None:
    """It is neither open nor closed then, and what is certain to come is told beside what may come earlier."""
    place = office(on("do", "14:00", "16:00", term_only=True), on("fr", "10:00", "11:00"))
    state = opening(place, at("2028-01-13T14:30"), zone=BERLIN, calendar=NRW)
    assert (state.open, state.reason) == (None, Reason.SCHOOL_UNKNOWN)
    assert state.next_opening == at("2028-01-14T10:00")
    before = opening(place, at("2028-01-13T09:00"), zone=BERLIN, calendar=NRW)
    assert (before.open, before.unsure_opening) == (False, at("2028-01-13T14:00"))


def test_the_night_the_clocks_go_forward() -> None:
    """An opening inside the hour that is skipped is not there; a longer one is an hour shorter."""
    place = office(on("so", "02:15", "02:45"), on("so", "01:00", "04:00", nth=-1))
    spans = openings_on(place, date(2027, 3, 28), zone=BERLIN)
    assert [span.end - span.start for span in spans] == [timedelta(hours=2)]
    short = office(on("so", "02:15", "02:45"))
    assert openings_on(short, date(2027, 3, 28), zone=BERLIN) == ()
    assert not opening(short, at("2027-03-28T03:30"), zone=BERLIN).open


def test_the_night_the_clocks_go_back() -> None:
    """From one to four it is open for four hours, and in both hours between two and three."""
    place = office(on("so", "01:00", "04:00"))
    (span,) = openings_on(place, date(2026, 10, 25), zone=BERLIN)
    assert span.end - span.start == timedelta(hours=4)
    for fold in (0, 1):
        assert opening(place, at("2026-10-25T02:30").replace(fold=fold), zone=BERLIN).open


def test_a_leap_day_and_the_end_of_a_year() -> None:
    """29 February 2028 is a fifth Tuesday; an opening of New Year's Eve reaches into the new year."""
    fifth = office(on("di", "10:00", "12:00", nth=5))
    assert opening(fifth, at("2028-02-29T11:00"), zone=BERLIN).open
    late = office(on("fr", "22:00", "03:00"))
    state = opening(late, at("2028-01-01T02:00"), zone=BERLIN)
    assert (state.open, state.closes_at) == (True, at("2028-01-01T03:00"))


def test_what_began_the_evening_before_is_part_of_the_day_but_did_not_begin_there() -> None:
    """A day's openings are cut where the day begins; upcoming ones begin later."""
    place = office(on("sa", "20:00", "02:00"))
    (span,) = openings_on(place, date(2026, 11, 29), zone=BERLIN)
    assert (span.start, span.end) == (at("2026-11-29T00:00"), at("2026-11-29T02:00"))
    assert next(upcoming(place, at("2026-11-29T00:30"), zone=BERLIN)).start == at("2026-12-05T20:00")


def test_an_ordinary_day_has_no_reason() -> None:
    """Outside its hours an office is just closed."""
    assert closed_because(office(*EVERY_DAY), date(2026, 11, 26), Calendar()) is None
