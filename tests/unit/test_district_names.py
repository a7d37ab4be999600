"""Names of districts and cities in words, where no street is known."""

import pytest

from desk.address_text import read_address
from desk.nearest_centres import NearestCentres
from desk.places import Status
from desk.spelling import words
from tests.invented_town import TOWN

LOCATOR = NearestCentres(TOWN)


@pytest.mark.parametrize(
    "text", ["Im Nordende 12", "12 Am Nordende", "Nordendes Str. 4", "Am Nordend", "Auf der Nordend 3a"]
)
def test_a_street_is_no_district(text: str) -> None:
    """What has a house number or "Str." beside it is an address, however like a district it is spelled."""
    assert LOCATOR.names.districts(words(text)) == []


@pytest.mark.parametrize(
    "text", ["im Nordend", "Nordende", "in Norddend liegen 3 Matratzen", "12345 Nordend"]
)
def test_a_district_is_named(text: str) -> None:
    """A district counts, also misspelt, when it is not part of an address."""
    assert LOCATOR.find(text).candidates == ("Nordend",)


@pytest.mark.parametrize(
    ("text", "neighbour"),
    [
        ("in Hinterdorf", "Nachbarstadt"),
        ("Nachbrstadt", "Nachbarstadt"),
        ("Nordend, Nähe Nachbrstadt", None),
        ("Nachbrstadt Str. 5", None),
        ("Nordend", None),
    ],
)
def test_a_neighbouring_city_is_named(text: str, neighbour: str | None) -> None:
    """Another city counts, also misspelt, unless a district of ours or an address says otherwise."""
    found = LOCATOR.find(text)
    assert found.neighbour == neighbour
    assert (found.status is Status.OUTSIDE) is (neighbour is not None)


def test_coordinates_are_read_in_either_order() -> None:
    """Longitude first is recognised where only that is in the city; elsewhere it stays outside."""
    assert LOCATOR.find("8.03,50.03").candidates == LOCATOR.find("50.03,8.03").candidates
    assert LOCATOR.find("8.03,50.03").point == (50.03, 8.03)
    assert LOCATOR.find("9.9,53.5").status is Status.OUTSIDE


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("A-Str., Ecke B-Str.", True),
        ("Kreuzung A-Str. und B-Str.", True),
        ("A-Str./B-Str.", True),
        ("A-Str. 3/5", False),
        ("A-Str. 3", False),
    ],
)
def test_a_corner_is_recognised(text: str, *, meant: bool) -> None:
    """Words for a corner and a stroke between names tell of one, a stroke between numbers does not."""
    assert read_address(text).corner is meant
