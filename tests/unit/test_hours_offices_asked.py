"""Which office a question is about, in Essen's file."""

import pytest

from desk.nearest_centres import NearestCentres
from desk.offices import Event
from desk.offices_asked import OfficeFinder
from desk.places import Located, Status
from storage.calendars import office_words
from storage.city_files import load_city
from tests.builders import small_city

ESSEN = load_city("essen")
FINDER = OfficeFinder(city=ESSEN, words=office_words(), districts=NearestCentres(ESSEN))


@pytest.mark.parametrize(
    ("text", "offices"),
    [
        ("ist im Kon-Takt jemand", ["kon-takt"]),
        ("beim kontakt offen?", ["kon-takt"]),
        ("Wann ist wer im Kraysl?", ["kraysel"]),
        ("blickpunkt 101 sprechzeiten", ["blickpunkt-101"]),
        ("Wann ist das Büro in der Mülheimer Straße auf?", ["frohnhausen"]),
        ("muelheimerstr 56", ["frohnhausen"]),
        ("inne haus-berge-str", ["blickpunkt-101"]),
        ("am Katernberger Markt", ["kon-takt"]),
        ("wo ist das Quartiersbüro in Kray?", ["kraysel"]),
        ("büro frohnhausn auf", ["frohnhausen"]),
        ("Sprechzeiten der AWO in Katernberg", ["kon-takt"]),
        ("Öffnungszeiten Diakonie", ["frohnhausen", "blickpunkt-101"]),
        ("diakonie in bochold", ["blickpunkt-101"]),
        ("Wie kann ich Kontakt aufnehmen?", []),
        ("und morgen?", []),
        ("Wann habt ihr auf?", []),
    ],
)
def test_an_office_is_found_by_what_people_call_it(text: str, offices: list[str]) -> None:
    """By name, street, district and carrier, misspelt too; other words name none."""
    assert [office.id for office in FINDER.find(text).offices] == offices


@pytest.mark.parametrize(
    ("text", "nowhere"),
    [("Büro in Steele", "Steele"), ("sprechzeiten gelsenkirchen?", "Gelsenkirchen")],
)
def test_a_place_without_an_office_is_named(text: str, nowhere: str) -> None:
    """Who asks for a place that has none can be told so."""
    asked = FINDER.find(text)
    assert (asked.offices, asked.nowhere) == ((), nowhere)


def test_a_place_found_elsewhere_counts_before_the_words() -> None:
    """Where the place data knows the street, its district decides."""
    located = Located(status=Status.RESOLVED, district="Karnap", candidates=("Karnap",))
    assert [one.id for one in FINDER.find("in der Hauptstr. 3", named=located).offices] == ["karnap"]


def test_events_are_found_by_name_and_all_of_them_otherwise() -> None:
    """A misspelt name finds its event; a question about events in general finds all."""
    cafe, feast = Event(name="Austauschcafé"), Event(name="Sommerfest")
    city = small_city()
    object.__setattr__(city, "events", (cafe, feast))
    finder = OfficeFinder(city=city, words=office_words(), districts=NearestCentres(city))
    assert [event for event, _ in finder.events("wann ist das austauschkafe")] == [cafe]
    assert [event for event, _ in finder.events("Veranstaltungen?")] == [cafe, feast]
    assert finder.names_event("Sommerfest")
    assert not finder.names_event("Wann habt ihr auf?")
