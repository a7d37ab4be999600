from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.city import City
from desk.places import Located, Locator, Status, metres_between
from storage.places.build import build_index
from storage.places.indexed import IndexedPlaces
from storage.places.pins import BORDER
from storage.texts import Texts
from tests.invented_town import ONE_AREA, TOWN, write_place_data

BORDER_LINE = 8.02
"""Longitude between Westend and Ostend."""
DEGREES = st.floats(allow_nan=True, allow_infinity=True)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town's official data."""
    return write_place_data(tmp_path_factory.mktemp("data"))


def opened(city: City, data: Path, path: Path) -> IndexedPlaces:
    """Build an index and open it."""
    return IndexedPlaces(city, build_index(data, path, city, progress=lambda *_: None), Texts.load())


@pytest.fixture(scope="module")
def locator(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Locator:
    """The town's locator."""
    return opened(TOWN, data, tmp_path_factory.mktemp("index") / "town.npz")


def test_a_pin_is_located_by_polygon(locator: Locator) -> None:
    """Well inside a district the pin is certain, and the nearest address is named."""
    found = locator.at(50.0101, 8.0051)
    assert (found.status, found.district) == (Status.RESOLVED, "Westend")
    assert (found.label, found.street) == ("bei Lange Str. 4", "Lange Str.")


@pytest.mark.parametrize(
    ("longitude", "status", "candidates"),
    [
        (8.0198, Status.AMBIGUOUS, ("Westend", "Ostend")),
        (8.0202, Status.AMBIGUOUS, ("Ostend", "Westend")),
        (8.0190, Status.RESOLVED, ("Westend",)),
    ],
)
def test_near_another_area_the_resident_is_asked(
    locator: Locator, longitude: float, status: Status, candidates: tuple[str, ...]
) -> None:
    """Within some 30 m (0.0004 degrees here) of a border between areas both sides are offered, own side first."""
    found = locator.at(50.005, longitude)
    assert (found.status, found.candidates) == (status, candidates)
    assert found.confirm is (status is Status.AMBIGUOUS)


def test_each_side_is_named_by_its_nearest_street(locator: Locator) -> None:
    """The resident recognises the sides by street; where no house is in sight a side has no name."""
    assert locator.at(50.004, 8.0199).sides == ("Grenzweg (Westend)", "Gegenweg (Ostend)")
    assert locator.at(50.0195, 8.02).sides == ("", "")


def test_where_three_areas_meet_all_are_offered(locator: Locator) -> None:
    """At the corner of three districts the nearest comes first."""
    found = locator.at(50.0199, 8.0199)
    assert found.candidates[0] == "Westend"
    assert set(found.candidates) == {"Westend", "Ostend", "Nordend"}


def test_borders_inside_one_area_are_not_asked_about(data: Path, tmp_path: Path) -> None:
    """Where the same team cares for both sides, the polygon decides."""
    found = opened(ONE_AREA, data, tmp_path / "one.npz").at(50.005, 8.0199)
    assert (found.status, found.district, found.confirm) == (Status.RESOLVED, "Westend", False)


def test_outside_the_polygons_is_outside(locator: Locator) -> None:
    """Far out, impossible and swapped numbers are outside; a few metres over the city's edge is asked."""
    for pin in ((49.9, 8.0), (0, 0), (float("nan"), 8.0), (50.01, float("inf")), (8.0051, 50.0101)):
        assert locator.at(*pin).status is Status.OUTSIDE
    edge = locator.at(49.99985, 8.01)
    assert (edge.candidates, edge.confirm) == (("Westend",), True)


@given(metres=st.floats(0.5, 100), north=st.floats(50.001, 50.018))
def test_a_border_is_the_same_from_both_sides(locator: Locator, metres: float, north: float) -> None:
    """As far on one side as on the other the answers are alike, with the sides exchanged."""
    across = metres / metres_between((north, BORDER_LINE), (north, BORDER_LINE + 1))
    west, east = (locator.at(north, BORDER_LINE + step) for step in (-across, across))
    assert (west.status, west.confirm) == (east.status, east.confirm)
    assert west.candidates == east.candidates[::-1] or (west.district, east.district) == ("Westend", "Ostend")
    if abs(metres - BORDER) > 1:  # the scale of a degree is taken in the middle of the city
        assert west.confirm is (metres < BORDER)


@given(latitude=DEGREES, longitude=DEGREES)
def test_any_numbers_get_an_answer(locator: Locator, latitude: float, longitude: float) -> None:
    """No pair of numbers raises, and only points of the city are resolved."""
    found = locator.at(latitude, longitude)
    assert isinstance(found, Located)
    assert found.status is not Status.RESOLVED or (50 <= latitude <= 50.04 and 8 <= longitude <= 8.04)
