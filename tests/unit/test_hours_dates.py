"""What questions say about when, read on Thursday, 26 November 2026."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.dates import Asks, When
from desk.dates_days import easter
from storage.calendars import calendar_of, date_reader

THURSDAY = date(2026, 11, 26)
NRW = calendar_of("NW")


def read(text: str, *, today: date = THURSDAY) -> When:
    """What a message says about when."""
    return date_reader().read(text, today=today, calendar=NRW)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("und heute?", "2026-11-26"),
        ("wie lang habt ihr heut noch offen", "2026-11-26"),
        ("und morgen?", "2026-11-27"),
        ("Übermorgen?", "2026-11-28"),
        ("ubermorgen", "2026-11-28"),
        ("am Samstag?", "2026-11-28"),
        ("am samstach offen", "2026-11-28"),
        ("und am sa?", "2026-11-28"),
        ("Sonnabend", "2026-11-28"),
        ("donnerstags", "2026-11-26"),
        ("nächsten Donnerstag", "2026-12-03"),
        ("nächsten Dienstag", "2026-12-01"),
        ("naechste woche mitwoch", "2026-12-02"),
        ("Mittwoch nächster Woche", "2026-12-02"),
        ("Dienstag in zwei Wochen", "2026-12-15"),
        ("in 3 Tagen", "2026-11-29"),
        ("am 24.12.", "2026-12-24"),
        ("am 24.12. um zehn", "2026-12-24"),
        ("24.12.2026", "2026-12-24"),
        ("24.12.26", "2026-12-24"),
        ("2026-12-24", "2026-12-24"),
        ("24. Dezember 2026", "2026-12-24"),
        ("am 5. januar", "2027-01-05"),
        ("am 15.10 zu?", "2027-10-15"),
        ("am 5.", "2026-12-05"),
        ("am 29.2.", "2028-02-29"),
        ("an Heiligabend?", "2026-12-24"),
        ("heilig abend auf", "2026-12-24"),
        ("heilgabend", "2026-12-24"),
        ("am 2. Weihnachtstag", "2026-12-26"),
        ("silvester zu oder auf?", "2026-12-31"),
        ("An Rosenmontag geöffnet?", "2027-02-08"),
        ("Ostermontag", "2027-03-29"),
        ("am 1. Mai", "2027-05-01"),
        ("Ist am Tag nach Christi Himmelfahrt jemand da?", "2027-05-07"),
        ("Fällt die Sprechstunde an Fronleichnam aus?", "2027-05-27"),
        ("am nächsten Feiertag", "2026-12-25"),
    ],
)
def test_a_day_is_read(text: str, day: str) -> None:
    """However it is said, and misspelt, one day is meant."""
    assert read(text).days == (date.fromisoformat(day),)


@pytest.mark.parametrize(
    ("text", "first", "last", "count"),
    [
        ("am Wochenende", "2026-11-28", "2026-11-29", 2),
        ("nächstes Wochenende", "2026-11-28", "2026-11-29", 2),
        ("nächste Woche", "2026-11-30", "2026-12-06", 7),
        ("gibt es diese Woche noch was", "2026-11-26", "2026-11-29", 4),
        ("Montag oder Dienstag", "2026-11-30", "2026-12-01", 2),
        ("zwischen Weihnachten und Neujahr", "2026-12-27", "2026-12-31", 5),
        ("in den Ferien", "2026-12-23", "2027-01-06", 15),
        ("in den Osterferien", "2027-03-22", "2027-04-03", 13),
        ("über Ostern", "2027-03-26", "2027-03-29", 4),
        ("im Juli", "2027-07-01", "2027-07-31", 31),
    ],
)
def test_several_days_are_read(text: str, first: str, last: str, count: int) -> None:
    """A range has all its days."""
    days = read(text).days
    assert (str(days[0]), str(days[-1]), len(days)) == (first, last, count)


@pytest.mark.parametrize(
    ("text", "start", "end", "moment"),
    [
        ("um 15 Uhr?", "15:00", None, True),
        ("um drei", "15:00", None, True),
        ("um 15.10 uhr", "15:10", None, True),
        ("um halb fünf noch offen?", "16:30", None, True),
        ("viertel nach zehn", "10:15", None, True),
        ("abends um 8", "20:00", None, True),
        ("um 6 uhr früh", "06:00", None, True),
        ("habt ihr nach 17 uhr noch auf?", "17:00", None, False),
        ("Dienstag 11 bis 13 Uhr", "11:00", "13:00", False),
        ("donnerstag 14–16 Uhr", "14:00", "16:00", False),
        ("zwischen 10 und 12", "10:00", "12:00", False),
        ("morgen früh", "05:00", "10:00", False),
        ("heute morgen", "05:00", "10:00", False),
        ("am Samstagnachmittag", "12:00", "18:00", False),
        ("Mittwochabend", "17:00", None, False),
    ],
)
def test_a_time_of_day_is_read(text: str, start: str, end: str | None, *, moment: bool) -> None:
    """Clock times and parts of the day; small hours mean the afternoon."""
    clock = read(text).clock
    assert clock is not None
    assert (clock.start, clock.moment) == (time.fromisoformat(start), moment)
    assert clock.end == (time.fromisoformat(end) if end else None)


@pytest.mark.parametrize(
    "text",
    [
        "Guten Morgen, wann habt ihr offen?",
        "Schönes Wochenende!",
        "Stand gestern um drei vor verschlossener Tür. Wann macht ihr auf?",
        "Gibts feste Zeiten, wo jemand da ist",
        "Öffnungszeiten bitte",
        "am 24.12.2020",
        "Ich warte seit Montag",
        "vor 3 Tagen war zu",
    ],
)
def test_no_time_is_read_into_greetings_and_what_is_over(text: str) -> None:
    """A greeting is no question about tomorrow, and the past is not asked about."""
    assert not read(text).says_when


def test_now_is_a_time() -> None:
    """Who says "jetzt" means now."""
    assert read("habt ihr jetzt offen?").now


def test_a_day_that_does_not_exist_and_holidays_nobody_knows() -> None:
    """Both are handed back as they were written."""
    assert read("am 31.2.").impossible == "31.2."
    assert read("in den Winterferien").unknown == "winterferien"


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("bis wann kann ich heute kommen?", Asks.UNTIL),
        ("Ab wann ist morgens jemand im Büro?", Asks.FROM),
        ("wo ist das Quartiersbüro in Kray?", Asks.WHERE),
        ("Adresse vom Büro", Asks.WHERE),
        ("wann ist das nächste Austauschcafé?", Asks.EVENT),
        ("Wann ist das Weihnachtsfest?", Asks.EVENT),
        ("das Stadtteilbüro", Asks.OFFICE),
        ("und morgen?", Asks.MORE),
    ],
)
def test_what_is_asked_for(text: str, asks: Asks) -> None:
    """The question's aim is told apart."""
    assert asks in read(text).asks


def test_days_like_christmas_eve_are_marked_however_they_are_named() -> None:
    """By name, by date, as tomorrow or as now; a public holiday needs no mark."""
    for text, today in (
        ("an Heiligabend", THURSDAY),
        ("am 24.12.", THURSDAY),
        ("morgen", date(2026, 12, 23)),
        ("offen?", date(2026, 12, 24)),
    ):
        assert read(text, today=today).custom
    assert not read("am 1. Mai").custom
    assert not read("offen?").custom


@pytest.mark.parametrize(
    ("year", "day"), [(2024, "2024-03-31"), (2026, "2026-04-05"), (2027, "2027-03-28"), (2038, "2038-04-25")]
)
def test_easter(year: int, day: str) -> None:
    """Easter Sunday as the church calendar has it."""
    assert easter(year) == date.fromisoformat(day)


@given(st.text(max_size=80), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_any_text_is_read_and_no_day_is_over(text: str, today: date) -> None:
    """Nothing makes the reader fail, and it never answers for the past."""
    assert all(day >= today for day in read(text, today=today).days)


@given(st.dates(date(2024, 1, 1), date(2060, 1, 1)))
def test_tomorrow_is_tomorrow_every_day(today: date) -> None:
    """Over months, years and leap days, and a weekday lies within the next seven days."""
    assert read("und morgen?", today=today).days == (today + timedelta(days=1),)
    (friday,) = read("freitag?", today=today).days
    assert friday.weekday() == 4
    assert (friday - today).days in range(7)
