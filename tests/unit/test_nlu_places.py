from itertools import pairwise

import pytest

from nlu.components.places import PlaceFinder
from nlu.components.times import TimeFinder

NAMES = ("Katernberg", "Altendorf", "Hörsterfeld", "Altenessen", "Altenessen-Süd", "Werden", "Horst")
PLACES = {
    "lindenstr. 12": "lindenstr. 12",
    "liegt vor der Lindenstr.12a auf dem Weg": "Lindenstr.12a",
    "In der Altendorfer Straße 120 a liegt Müll": "Altendorfer Straße 120 a",
    "Sperrmüll Gutenbergstr. 52": "Gutenbergstr. 52",
    "vor der Theodor-Heuss-Str. 3-5 parkt wer": "Theodor-Heuss-Str. 3-5",
    "Ecke Altendorfer/Haedenkamp liegen Scherben": "Altendorfer/Haedenkamp",
    "Scherben vor dem Rewe auf der Altendorfer Straße.": "Altendorfer Straße",
    "Am Freistein 3 stinkt es": "Am Freistein 3",
    "im hoersterfeld ist es laut": "hoersterfeld",
    "am Katernberger Markt sitzen sie wieder": "Katernberger Markt",
    "bei uns im Tannenweg nr. 7": "Tannenweg nr. 7",
    "Krach in der ringstrasse": "ringstrasse",
    "Musik in Altenessen-Süd": "Altenessen-Süd",
    "Streit in Werden": "Werden",
    "Scherben auf dem Spielplatz am Rathaus": "Spielplatz am Rathaus",
    "Müll vor der Haltestelle Wasserturm": "Haltestelle Wasserturm",
    "am marktplatz ist es laut": "marktplatz",
    "Krach am lindenweg": "lindenweg",
    "dreck im lindenweg": "lindenweg",
    "Party in der Lindenstraße 5 Uhr morgens": "Lindenstraße",
    "Seit drei Wochen Lärm in der Heinestr. 7": "Heinestr. 7",
    "Im Lindenweg 2 Matratzen": "Lindenweg",
}
NOWHERE = (
    "",
    "Auf dem Gehweg liegt Müll",
    "in unserer Straße ist es laut",
    "wir werden hier wahnsinnig",
    "Herr Horst Müller schreit",
    "der Radweg ist voller Scherben",
    "es ist immer wieder dieselbe straße",
    "Scherben auf dem Spielplatz",
    "Schnee weg macht hier keiner",
    "Die Straße ist gesperrt",
    "Die verkäufer schreien, ein ehering lag auch da",
    "In der Rettungsgasse steht ein Auto",
    "\ud800\x00",
)
TIMES = {
    "da liegt seit drei Wochen ne Matratze": "seit drei Wochen",
    "jede Nacht laute Musik": "jede Nacht",
    "Seit gestern Abend ist es so": "Seit gestern Abend",
    "bis 3 Uhr nachts wird gebohrt": "bis 3 Uhr nachts",
    "täglich um 6 Uhr": "täglich um 6 Uhr",
    "Sonntags ab 7 Uhr mäht er": "Sonntags ab 7 Uhr",
    "seit 2 Monaten jeden Tag": "seit 2 Monaten jeden Tag",
    "er bohrt von 6 bis 22 Uhr": "von 6 bis 22 Uhr",
}


@pytest.fixture(scope="module")
def places() -> PlaceFinder:
    """A finder that knows a few districts."""
    return PlaceFinder.read(NAMES)


@pytest.fixture(scope="module")
def times() -> TimeFinder:
    """The finder as it ships."""
    return TimeFinder.read()


@pytest.mark.parametrize(("text", "place"), PLACES.items())
def test_the_best_place_is_found_as_written(places: PlaceFinder, text: str, place: str) -> None:
    """Streets in all usual spellings, crossings, districts and landmarks are found; the most exact comes first."""
    spans = places.find(text)
    assert [text[span.start : span.end] for span in spans[:1]] == [place]


@pytest.mark.parametrize("text", NOWHERE)
def test_ordinary_words_are_no_places(places: PlaceFinder, text: str) -> None:
    """Ways, pronouns and names of people are not taken for places."""
    assert places.find(text) == []


def test_street_and_district_are_both_kept(places: PlaceFinder) -> None:
    """A district beside the street is an entity of its own, after the street."""
    text = "Müll in Katernberg, Lindenstr. 4"
    assert [text[span.start : span.end] for span in places.find(text)] == ["Lindenstr. 4", "Katernberg"]


def test_spans_do_not_overlap(places: PlaceFinder) -> None:
    """What two shapes find at the same spot is reported once."""
    text = "Ecke Altendorfer Straße/Heinestraße am Spielplatz am Rathaus in Altendorf, Am Freistein 3"
    spans = sorted(places.find(text), key=lambda span: span.start)
    assert len(spans) >= 4
    assert all(first.end <= second.start for first, second in pairwise(spans))


@pytest.mark.parametrize(("text", "time"), TIMES.items())
def test_times_are_found_as_written(times: TimeFinder, text: str, time: str) -> None:
    """Since when, how often and at what time is found as free text."""
    assert [text[span.start : span.end] for span in times.find(text)] == [time]


@pytest.mark.parametrize("text", ["", "Da liegt Müll", "Lindenstr. 12", "Zwei Sofas und drei Reifen"])
def test_no_time_is_found_where_none_is_said(times: TimeFinder, text: str) -> None:
    """Numbers of things and houses are no times."""
    assert times.find(text) == []
