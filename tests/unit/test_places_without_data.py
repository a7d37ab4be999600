import math
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.area_rules import StreetPart
from desk.city import Area, City, District, Neighbour
from desk.district_names import DistrictNames
from desk.nearest_centres import NearestCentres
from desk.places import Status, coordinates
from desk.spelling import words
from storage.city_files import load_city
from tests.builders import small_city


@cache
def essen() -> NearestCentres:
    """One locator for all tests."""
    return NearestCentres(load_city("essen"))


@pytest.fixture
def city() -> City:
    """Essen."""
    return essen().city


@pytest.fixture
def locator() -> NearestCentres:
    """Essen's locator without place data."""
    return essen()


def test_a_pin_is_never_certain(city: City, locator: NearestCentres) -> None:
    """Even at a district's very centre the resident is asked, that district first."""
    for district in city.districts:
        found = locator.at(district.latitude, district.longitude)
        assert found.status is Status.AMBIGUOUS
        assert found.candidates[0] == district.name
        assert 3 <= len(found.candidates) <= 5


@pytest.mark.parametrize(
    "pin", [(0, 0), (54.5, 7.9), (51.51, 7.46), (7.01, 51.45), (math.nan, 7), (91, 7), (51, math.inf)]
)
def test_pins_elsewhere_are_outside(locator: NearestCentres, pin: tuple[float, float]) -> None:
    """The sea, Dortmund, swapped, impossible and missing numbers are outside."""
    assert locator.at(*pin).status is Status.OUTSIDE


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("Katernberg", "Katernberg"),
        ("katernberk", "Katernberg"),
        ("Ruettenscheid", "Rüttenscheid"),
        ("Rüttenschied", "Rüttenscheid"),
        ("SCHONNEBECK!!", "Schonnebeck"),
        ("altenessen süd", "Altenessen-Süd"),
        ("Hörsterfeld", "Horst"),
        ("Bergmannsfeld", "Freisenbruch"),
        ("Borbeck", "Borbeck-Mitte"),
        ("nördliche Innenstadt", "Stadtkern"),
        ("Horst", "Horst"),
        ("Essen-Horst", "Horst"),
        ("in Werden", "Werden"),
        ("Gutenbergstr. 52 in Katernberg", "Katernberg"),
        ("Karnap an der Grenze zu Gelsenkirchen", "Karnap"),
    ],
)
def test_names_of_districts_are_certain(locator: NearestCentres, text: str, district: str) -> None:
    """A district resolves, colloquially, misspelt and beside a street."""
    found = locator.find(text)
    assert (found.status, found.district) == (Status.RESOLVED, district)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("Altenessen", ("Altenessen-Süd", "Altenessen-Nord")),
        ("Altendorf oder Frohnhausen", ("Altendorf", "Frohnhausen")),
        ("45327", ("Katernberg", "Stoppenberg")),
    ],
)
def test_names_that_mean_several_districts_are_asked(
    locator: NearestCentres, text: str, candidates: tuple[str, ...]
) -> None:
    """Altenessen is two districts; a postcode is never certain."""
    found = locator.find(text)
    assert (found.status, found.candidates) == (Status.AMBIGUOUS, candidates)


@pytest.mark.parametrize(
    "text",
    ["Bottrop", "Rotthausen", "Horst Gelsenkirchen", "Gelsenkirchen-Horst", "Horst, 45899", "0,0", "nan,nan"],
)
def test_other_cities_are_outside(locator: NearestCentres, text: str) -> None:
    """A neighbouring city, its quarters and its postcodes are outside; Horst is, beside Gelsenkirchen."""
    assert locator.find(text).status is Status.OUTSIDE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "🙂",
        "Katernberger Str. 3",
        "Rotthauser Str. 5",
        "muss abgeholt werden",
        "Essen",
        "Forst",
        "x" * 5000,
    ],
)
def test_what_names_no_district_is_unknown(locator: NearestCentres, text: str) -> None:
    """A street alone, everyday words and nonsense are not guessed."""
    assert locator.find(text).status is Status.UNKNOWN


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    """Whatever is written gets an answer that fits its status."""
    found = essen().find(text)
    assert (found.district is not None) == (found.status is Status.RESOLVED)
    assert (found.status is Status.AMBIGUOUS) == (bool(found.candidates) and found.district is None)


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("51.49,7.05", (51.49, 7.05)),
        ("51,49 7,05", (51.49, 7.05)),
        (" 51.49 ; 7.05 ", (51.49, 7.05)),
        ("Altendorfer Str. 12, 14", None),
        ("45327 Essen", None),
    ],
)
def test_coordinates_are_read_with_points_and_commas(text: str, pair: tuple[float, float] | None) -> None:
    """Pairs of degrees are told from house numbers."""
    assert coordinates(text) == pair


@pytest.fixture
def streets() -> NearestCentres:
    """A city without centres, where one area consists of streets."""
    city = small_city()
    parts = (
        StreetPart(name="Birkenstraße", district="Wald"),
        StreetPart(name="Lange Straße", district="Wald", first=1, last=40),
        StreetPart(name="Lange Straße", district="Mitte", first=41),
    )
    area = Area(id="wood", name="Waldstraßen", streets=parts, unassigned=True)
    districts = tuple(District(name=name) for name in (*city.district_names, "Feld"))
    near = Neighbour(name="Nachbarstadt")
    return NearestCentres(
        replace(city, reach=None, districts=districts, areas=(*city.areas, area), neighbours=(near,))
    )


def test_without_centres_a_pin_offers_those_with_caretakers_first(streets: NearestCentres) -> None:
    """No pin on earth is near or far then; numbers that are none are still outside."""
    for pin in ((51.5, 7.0), (0.0, 0.0)):
        found = streets.at(*pin)
        assert (found.status, found.point) == (Status.AMBIGUOUS, pin)
        assert found.candidates == ("Nord", "Mitte", "Wald", "Feld")
    assert streets.at(91, 7).status is Status.OUTSIDE


def test_one_centre_missing_is_as_good_as_none(city: City) -> None:
    """A district without a centre could not be offered by distance, so none is; a city this big offers six."""
    first, *others = city.districts
    blind = NearestCentres(replace(city, districts=(replace(first, latitude=None, longitude=None), *others)))
    found = blind.at(51.5, 7.0)
    assert found.candidates == city.cared_for[:6]
    assert blind.at(0, 0).status is Status.AMBIGUOUS


@pytest.mark.parametrize(
    ("text", "district", "label", "street"),
    [
        ("Birkenstr. 7", "Wald", "Birkenstraße 7", "Birkenstraße"),
        ("in der birkenstrasse", "Wald", "Birkenstraße", "Birkenstraße"),
        ("Lange Str. 40", "Wald", "Lange Straße 40", "Lange Straße"),
        ("Lange Str. 41 a", "Mitte", "Lange Straße 41a", "Lange Straße"),
        ("Birkenstr. 7 in Wald", "Wald", "Birkenstraße 7", "Birkenstraße"),
        ("Nord", "Nord", "Nord", None),
    ],
)
def test_streets_of_the_city_file_are_known(
    streets: NearestCentres, text: str, district: str, label: str, street: str | None
) -> None:
    """A street that an area names is found by every spelling, a divided one by its house number."""
    found = streets.find(text)
    assert (found.status, found.district) == (Status.RESOLVED, district)
    assert (found.label, found.street) == (label, street)


@pytest.mark.parametrize(
    ("text", "status", "candidates"),
    [
        ("Lange Straße", Status.AMBIGUOUS, ("Wald", "Mitte")),
        ("Birkenstr. 7 in Nord", Status.AMBIGUOUS, ("Nord", "Wald")),
        ("Birkenweg 7", Status.UNKNOWN, ()),
        ("Birkenstr. 7, Nachbarstadt", Status.OUTSIDE, ()),
    ],
)
def test_streets_that_are_not_certain_are_asked(
    streets: NearestCentres, text: str, status: Status, candidates: tuple[str, ...]
) -> None:
    """A divided street without a number, a contradiction, another street and another city."""
    found = streets.find(text)
    assert (found.status, found.candidates) == (status, candidates)


def test_the_other_city_is_named(locator: NearestCentres) -> None:
    """Who writes of a neighbouring city hears which one was understood."""
    assert locator.find("Rotthausen").neighbour == "Gelsenkirchen"
    assert locator.find("99999").neighbour is None


def test_postcodes_say_nothing_while_the_list_has_gaps(city: City) -> None:
    """An unknown postcode is another city's only when every district's are known."""
    gaps = NearestCentres(replace(city, postcodes={"45327": ("Katernberg",)}))
    assert gaps.find("45879").status is Status.UNKNOWN
    assert gaps.find("45327").candidates == ("Katernberg",)


def district_named(city: City, text: str) -> tuple[str, ...]:
    """The districts a text names."""
    return tuple(one for mention in DistrictNames(city).districts(words(text)) for one in mention.meanings)


def test_every_district_is_found_by_its_own_name(city: City) -> None:
    """Each of the names, as written, lower-case and in ASCII, means exactly its district."""
    for name in city.district_names:
        plain = name.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
        assert district_named(city, name) == district_named(city, plain) == (name,)
