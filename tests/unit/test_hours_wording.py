"""What residents read about an office's hours and about events, on Thursday, 26 November 2026, at one o'clock."""

from datetime import date, datetime, time
from typing import Any

import pytest

from desk.facts import Confidence
from desk.offices import Closure, Event, Office, OpenTime, Weekday
from storage.calendars import calendar_of, date_reader
from storage.hours_wording import HoursWording
from storage.texts import Texts
from tests.builders import small_city

CITY = small_city()
HOURS = HoursWording(texts=Texts.load(), city=CITY, calendar=calendar_of("NW"))
NOW = datetime(2026, 11, 26, 13, 0, tzinfo=CITY.zone)


def on(day: str, start: int, until: int, **more: Any) -> OpenTime:
    """An opening on full hours."""
    return OpenTime(day=Weekday(day), start=time(start), until=time(until % 24), **more)


def office(*hours: OpenTime, **more: Any) -> Office:
    """An office with these hours."""
    return Office(id="treff", name="Treff", address="Weg 1", hours=hours or None, **more)


WEEK = (on("mi", 16, 18, purpose="Beratung"), on("do", 14, 16), on("fr", 10, 12))


def headline(text: str, place: Office | None = None, *, at: datetime = NOW) -> str:
    """The first line of the answer to a question."""
    when = date_reader().read(text, today=at.date(), calendar=HOURS.calendar)
    return HOURS.headline(place or office(*WEEK), when, at=at)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("habt ihr jetzt offen?", "jetzt geschlossen. Wieder geöffnet heute, 14:00–16:00 Uhr."),
        ("bis wann kann ich heute kommen?", "heute bis 16:00 Uhr (geöffnet ab 14:00 Uhr)"),
        ("ab wann heute?", "heute ab 14:00 Uhr (bis 16:00 Uhr)"),
        ("und morgen?", "morgen geöffnet, 10:00–12:00 Uhr"),
        (
            "am Samstag?",
            "am Samstag, 28.11. geschlossen. Wieder geöffnet am Mittwoch, 02.12., 16:00–18:00 Uhr (Beratung).",
        ),
        ("an Heiligabend?", "an Heiligabend (Donnerstag, 24.12.) geöffnet, 14:00–16:00 Uhr"),
        (
            "am 25.12.?",
            (
                "am Freitag, 25.12. geschlossen (Erster Weihnachtstag). Wieder geöffnet am Mittwoch, 30.12., "
                "16:00–18:00 Uhr (Beratung)."
            ),
        ),
        ("um 15 Uhr?", "heute um 15:00 Uhr geöffnet, bis 16:00 Uhr"),
        ("morgen um drei", "morgen um 15:00 Uhr geschlossen. Geöffnet ist an dem Tag 10:00–12:00 Uhr."),
        (
            "am Montag um 9",
            (
                "am Montag, 30.11. um 09:00 Uhr geschlossen. Wieder geöffnet am Mittwoch, 02.12., 16:00–18:00 "
                "Uhr (Beratung)."
            ),
        ),
        ("Mittwoch nach 17 Uhr", "am Mittwoch, 02.12. ab 17:00 Uhr geöffnet, 16:00–18:00 Uhr (Beratung)"),
        (
            "Freitag nachmittag",
            "morgen am Nachmittag geschlossen. Wieder geöffnet am Mittwoch, 02.12., 16:00–18:00 Uhr (Beratung).",
        ),
        ("abends?", "am Abend das nächste Mal am Mittwoch, 02.12., 16:00–18:00 Uhr (Beratung)"),
        ("nachts?", "nachts ist nicht geöffnet. Wieder geöffnet heute, 14:00–16:00 Uhr."),
        (
            "am Wochenende",
            (
                "am Samstag, 28.11. und am Sonntag, 29.11. geschlossen. Wieder geöffnet am Mittwoch, 02.12., "
                "16:00–18:00 Uhr (Beratung)."
            ),
        ),
        (
            "über Weihnachten",
            (
                "\n• Donnerstag, 24.12.: 14:00–16:00 Uhr\n• Freitag, 25.12.: geschlossen (Erster Weihnachtstag)"
                "\n• Samstag, 26.12.: geschlossen (Zweiter Weihnachtstag)"
            ),
        ),
        (
            "in den Osterferien",
            (
                "\n• Mittwoch, 24.03.2027: 16:00–18:00 Uhr (Beratung)\n• Donnerstag, 25.03.2027: 14:00–16:00 Uhr"
                "\n• Mittwoch, 31.03.2027: 16:00–18:00 Uhr (Beratung)\n• Donnerstag, 01.04.2027: 14:00–16:00 Uhr"
                "\n• Freitag, 02.04.2027: 10:00–12:00 Uhr"
            ),
        ),
    ],
)
def test_the_answer_fits_the_question(text: str, says: str) -> None:
    """It says what holds at the asked time, and when it opens next where it is closed."""
    said = headline(text)
    assert said[2:].removeprefix("Treff:").strip() == says.strip()
    assert (said[0] == "🔴") == ("geschlossen" in says.split("\n", maxsplit=1)[0] or "nicht" in says)


def test_an_office_that_is_open_says_until_when() -> None:
    """Open now, with what follows later the same day; after the last opening it is over for today."""
    split = office(on("do", 9, 12), on("do", 12, 14), on("do", 15, 24))
    assert (
        headline("jetzt", split)
        == "🟢 Treff: jetzt geöffnet, bis 14:00 Uhr, heute noch einmal 15:00–24:00 Uhr"
    )
    evening = NOW.replace(hour=17)
    assert headline("heute?", at=evening).startswith(
        "🔴 Treff: heute schon geschlossen. Wieder geöffnet morgen"
    )
    assert headline("heute?", at=NOW.replace(hour=15)) == "🟢 Treff: jetzt geöffnet, bis 16:00 Uhr"


def test_a_closure_is_named_with_its_reason() -> None:
    """Residents read why it is closed."""
    closed = office(
        *WEEK, closures=(Closure(first=date(2026, 11, 27), last=date(2026, 12, 4), reason="Umzug"),)
    )
    assert headline("morgen", closed) == (
        "🔴 Treff: morgen geschlossen (Umzug). Wieder geöffnet am Mittwoch, 09.12., 16:00–18:00 Uhr (Beratung)."
    )


def test_unknown_hours_are_said_to_be_unknown_with_a_number() -> None:
    """The office's own number, else the city's."""
    assert headline("offen?", office()).endswith("nicht bekannt. Bitte fragen Sie vorher nach: 0000 1")
    assert headline("offen?", office(phone="0000 9")).endswith("nach: 0000 9")


def test_hours_of_a_term_nobody_knows_are_not_said_as_certain() -> None:
    """Neither open nor closed, but maybe, with a number to call."""
    term = office(on("do", 14, 16, term_only=True), phone="0000 9")
    later = datetime(2028, 1, 13, 14, 30, tzinfo=CITY.zone)
    for text in ("jetzt?", "heute?"):
        said = headline(text, term, at=later)
        assert said.startswith(
            "⚪ Treff: heute vielleicht geöffnet, 14:00–16:00 Uhr, aber nur in der Schulzeit."
        )
        assert said.endswith("0000 9")
    assert "Vielleicht wieder" in headline("morgen", term, at=later)
    assert "nur in der Schulzeit" in headline("diese Woche", term, at=later)


def test_the_whole_answer_has_address_week_and_caveat() -> None:
    """What is not certain says so; a question where it is begins with the address."""
    place = office(on("do", 14, 16, term_only=True), on("fr", 10, 12, nth=1), on("mo", 9, 10, nth=-1))
    unsure = Office(**{**vars(place), "confidence": Confidence.PRESS, "check": True})
    when = date_reader().read("wo ist das?", today=NOW.date(), calendar=HOURS.calendar)
    lines = HOURS.office(unsure, when, at=NOW).splitlines()
    assert lines[0] == "📍 Weg 1"
    assert lines[2:] == [
        "🕐 jeden letzten Montag im Monat 09:00–10:00 Uhr",
        "🕐 Donnerstags 14:00–16:00 Uhr (in der Schulzeit)",
        "🕐 jeden 1. Freitag im Monat 10:00–12:00 Uhr",
        "⚠️ Ohne Gewähr, bitte prüfen: 0000 1",
    ]


def test_several_offices_get_a_line_each() -> None:
    """What is not certain is marked there too, and unknown hours are said to be unknown."""
    unsure = office(*WEEK, check=True)
    when = date_reader().read("morgen", today=NOW.date(), calendar=HOURS.calendar)
    assert HOURS.overview((office(*WEEK), unsure, office()), when, at=NOW).splitlines() == [
        "🟢 Treff: morgen geöffnet, 10:00–12:00 Uhr",
        "🟢 Treff: morgen geöffnet, 10:00–12:00 Uhr (bitte prüfen)",
        "⚪ Treff: Öffnungszeiten nicht bekannt",
    ]


def test_days_like_christmas_eve_come_with_a_caveat_where_it_would_be_open() -> None:
    """Even of certain hours; not where it is closed anyway."""
    for text, warned in (("an Heiligabend", True), ("an Silvester", True), ("morgen", False)):
        when = date_reader().read(text, today=NOW.date(), calendar=HOURS.calendar)
        assert ("bitte prüfen" in HOURS.office(office(*WEEK), when, at=NOW)) == warned
    when = date_reader().read("an Silvester", today=NOW.date(), calendar=HOURS.calendar)
    assert "bitte prüfen" not in HOURS.office(office(on("mo", 9, 10)), when, at=NOW)


def test_a_day_that_does_not_exist_is_said_so() -> None:
    """And what holds now comes instead of nothing."""
    for text, says in (("am 31.2.?", "„31.2.“ gibt es nicht"), ("in den Winterferien", "„Winterferien“")):
        when = date_reader().read(text, today=NOW.date(), calendar=HOURS.calendar)
        first, second = HOURS.office(office(*WEEK), when, at=NOW).splitlines()[:2]
        assert says in first
        assert "jetzt geschlossen" in second


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (Event(name="Café"), "Café: Der Termin ist mir leider nicht bekannt. Bitte fragen Sie nach: 0000 1"),
        (
            Event(name="Fest", day=date(2026, 12, 12), start=time(15), until=time(18)),
            "Fest: das nächste Mal am Samstag, 12.12., 15:00–18:00 Uhr",
        ),
        (
            Event(name="Fest", day=date(2026, 12, 12)),
            "Fest: am Samstag, 12.12., die Uhrzeit ist mir leider nicht",
        ),
        (Event(name="Fest", day=date(2026, 11, 12)), "Fest: Das war am Donnerstag, 12.11."),
        (
            Event(name="Fest", day=date(2026, 11, 26), start=time(9), until=time(12)),
            "Fest: Das war heute, der nächste Termin ist mir nicht bekannt.",
        ),
        (Event(name="Café", hours=(on("do", 12, 14),)), "Café: läuft gerade, bis 14:00 Uhr"),
        (Event(name="Café", hours=(on("do", 15, 17),)), "Café: das nächste Mal heute, 15:00–17:00 Uhr"),
    ],
)
def test_events_with_and_without_dates(event: Event, says: str) -> None:
    """What is known of the date is said, what is not known comes with a number to call."""
    assert HOURS.event(event, None, at=NOW)[2:].startswith(says)


def test_an_event_names_its_office_its_note_and_what_is_not_certain() -> None:
    """Where it is, what to know, and to check it."""
    event = Event(name="Café", hours=(on("do", 15, 17),), note="Bitte anmelden.", check=True)
    lines = HOURS.event(event, office(phone="0000 9"), at=NOW).splitlines()
    assert lines[1:] == ["Bitte anmelden.", "📍 Treff, Weg 1", "⚠️ Ohne Gewähr, bitte prüfen: 0000 9"]
