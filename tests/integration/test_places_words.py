import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.places import Located, Locator, Status
from storage.places.build import build_index
from storage.places.indexed import IndexedPlaces
from storage.texts import Texts
from tests.invented_town import HOUSES, TOWN, write_place_data

PIECES = st.sampled_from(
    ("Lange", "Str.", "straße", "Ecke", "/", "12a", "Müller", "str", "Neumarkt", "in", "Ostend", "12345", ",")
)


@pytest.fixture(scope="module")
def locator(tmp_path_factory: pytest.TempPathFactory) -> Locator:
    """The town's locator."""
    folder = tmp_path_factory.mktemp("places")
    data = write_place_data(folder / "data")
    index = build_index(data, folder / "town.npz", TOWN, progress=lambda *_: None)
    return IndexedPlaces(TOWN, index, Texts.load())


@pytest.mark.parametrize(
    ("text", "district", "label"),
    [
        ("Müllerstr. 3", "Westend", "Müllerstr. 3"),
        ("muellerstrasse 12 A", "Westend", "Müllerstr. 12a"),
        ("3 Müllerstraße, 12345 Musterstadt", "Westend", "Müllerstr. 3"),
        ("Müller 3", "Westend", "Müllerstr. 3"),
        ("Am Schwanenteich", "Ostend", "Am Schwanenteich"),
        ("am schwanentaich 7", "Ostend", "Am Schwanenteich 7"),
        ("Klosterhofstr. nr 5", "Nordend", "Klosterhofstr. 5"),
        ("Klosterhfstr 5", "Nordend", "Klosterhofstr. 5"),
        ("Klosterhofsrt 5", "Nordend", "Klosterhofstr. 5"),
        ("lange straße 4", "Westend", "Lange Str. 4"),
        ("Lange Str. 30", "Ostend", "Lange Str. 30"),
        ("Lange Str. 38", "Ostend", "Lange Str. 38"),
        ("Lange Str. in Ostend", "Ostend", "Lange Str."),
        ("Müllerstr. 700", "Westend", "Müllerstr. 700"),
        ("50.03,8.015", "Nordend", "bei Klosterhofstr. 5"),
        ("8.015; 50.03", "Nordend", "bei Klosterhofstr. 5"),
        ("Nordend", "Nordend", "Nordend"),
        ("Neumarkt", "Westend", "Neumarkt"),
        ("Neumarktstr. 21", "Ostend", "Neumarktstr. 21"),
        ("Neumarkt 22", "Ostend", "Neumarktstr. 22"),
    ],
)
def test_words_are_located(locator: Locator, text: str, district: str, label: str) -> None:
    """Addresses in usual spellings, coordinates and districts are certain, shown as officially written."""
    found = locator.find(text)
    assert (found.status, found.district, found.label) == (Status.RESOLVED, district, label)


@pytest.mark.parametrize(
    "text",
    [
        "Lange Str., Ecke Querweg",
        "Ecke Lange/Querweg",
        "Kreuzung Querweg und Lange Straße",
        "lange str / qeurweg",
        "Querweg Ecke Lange",
    ],
)
def test_corners_are_located(locator: Locator, text: str) -> None:
    """Two streets that meet are one place, also when one is shortened or misspelt."""
    found = locator.find(text)
    assert (found.status, found.district) == (Status.RESOLVED, "Westend")
    assert set(found.label.split(" / ")) == {"Lange Str.", "Querweg"}
    assert found.point is not None


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("Lange Str.", ("Westend", "Ostend")),
        ("Lange Str. 999", ("Ostend", "Westend")),
        ("Müllerstr. 3 in Nordend", ("Westend", "Nordend")),
        ("Müllerstr. 3, 12346", ("Westend", "Nordend")),
        ("Müllerstr. in Nordend", ("Nordend", "Westend")),
        ("Müllerstr. oder Klosterhofstr.", ("Westend", "Nordend")),
        ("Grenzweg / Gegenweg", ("Westend", "Ostend")),
        ("Neumarkt 21", ("Westend", "Ostend")),
        ("Xurmgasse 9", ("Westend", "Ostend")),
    ],
)
def test_what_may_be_in_several_districts_is_asked(
    locator: Locator, text: str, candidates: tuple[str, ...]
) -> None:
    """Long streets, contradictions, corners on a border and names that exist twice are asked about."""
    found = locator.find(text)
    assert (found.status, found.candidates, found.confirm) == (Status.AMBIGUOUS, candidates, False)


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("muellerstr 3", "Müllerstr."),
        ("lange strasse", "Lange Str."),
        ("50.03,8.015", "Klosterhofstr."),
        ("Nordend", None),
        ("Xurmgasse 9", None),
    ],
)
def test_the_street_is_named_as_the_city_writes_it(locator: Locator, text: str, street: str | None) -> None:
    """The official name comes with the place, unless it is not certain which street it is."""
    assert locator.find(text).street == street


@pytest.mark.parametrize(
    ("text", "status", "candidates", "label"),
    [
        ("am Rosenpark", Status.RESOLVED, ("Nordend",), "Rosenpark"),
        ("rosen-park", Status.RESOLVED, ("Nordend",), "Rosenpark"),
        ("Schule am Schwanenteich", Status.RESOLVED, ("Westend",), "Schule am Schwanenteich"),
        ("Am Schwanenteich 7", Status.RESOLVED, ("Ostend",), "Am Schwanenteich 7"),
        ("Rosnpark", Status.AMBIGUOUS, ("Nordend",), "Rosenpark"),
        ("beim Kiosk Blume", Status.AMBIGUOUS, ("Westend", "Ostend"), "Kiosk Blume"),
        ("Kiosk Blume in Ostend", Status.RESOLVED, ("Ostend",), "Kiosk Blume"),
        ("Rosenpark, Westend", Status.AMBIGUOUS, ("Nordend", "Westend"), "Rosenpark"),
    ],
)
def test_landmarks_are_located(
    locator: Locator, text: str, status: Status, candidates: tuple[str, ...], label: str
) -> None:
    """A school or park in the data is a place; a misspelt one, and one that exists twice, is asked about."""
    found = locator.find(text)
    assert (found.status, found.candidates, found.label) == (status, candidates, label)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("Clusterhofgasse 5", "Klosterhofstr. 5"),
        ("Clusterhofgasse 77", "Klosterhofstr."),
        ("Schwanenweiher 7", "Am Schwanenteich 7"),
    ],
)
def test_streets_that_do_not_exist_are_unknown(locator: Locator, text: str, nearest: str) -> None:
    """The nearest spellings are suggested, at most three, and each can be found as it is written."""
    found = locator.find(text)
    assert found.status is Status.UNKNOWN
    assert found.suggestions[0] == nearest
    assert len(found.suggestions) <= 3
    for label in found.suggestions:
        assert locator.find(label).status in {Status.RESOLVED, Status.AMBIGUOUS}


@pytest.mark.parametrize("text", ["", "12", "keine Ahnung", "da hinten liegt ganz viel Müll auf dem Weg"])
def test_what_is_no_place_suggests_nothing(locator: Locator, text: str) -> None:
    """Words that are no address are unknown, without guesses."""
    assert locator.find(text) == Located(status=Status.UNKNOWN, label=text)


@pytest.mark.parametrize(
    ("text", "neighbour"),
    [
        ("Müllerstr. 3, Nachbarstadt", "Nachbarstadt"),
        ("Hinterdorf", "Nachbarstadt"),
        ("in Nachbarstatd", "Nachbarstadt"),
        ("Müllerstr. 3, 99999", None),
    ],
)
def test_other_cities_are_outside(locator: Locator, text: str, neighbour: str | None) -> None:
    """Another city is named where that is known, also when a quarter of it is written or it is misspelt."""
    found = locator.find(text)
    assert (found.status, found.neighbour) == (Status.OUTSIDE, neighbour)


def test_every_house_is_found_as_it_is_written(locator: Locator) -> None:
    """The official address of each house leads to its own point, or asks where the name exists twice."""
    for one in HOUSES:
        longitude, latitude = one["geometry"]["coordinates"]
        written = f"{one['properties']['name']} {one['properties']['nr']}"
        found = locator.find(written)
        assert found.point == (latitude, longitude) or written == "Neumarkt 21"


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=12).map(" ".join)))
def test_any_text_gets_the_same_answer_twice(locator: Locator, text: str) -> None:
    """Nothing raises, answers do not vary, and a place that is certain lies in the city."""
    found = locator.find(text)
    assert found == locator.find(text)
    assert (found.district in TOWN.district_names) is (found.status is Status.RESOLVED)
    assert set(found.candidates) <= set(TOWN.district_names)
