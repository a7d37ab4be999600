import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk.city import Area, City, District, Neighbour, PlaceDataLayout
from desk.errors import PlaceDataError
from desk.nearest_centres import NearestCentres
from desk.places import Locator, Status
from storage.places import index_path, locator_for
from storage.places.build import build_index
from storage.places.index import open_index
from storage.settings import Settings

SIDE = 0.02
"""Degrees. The invented city has two districts side by side, west and east of 8.02, and a third to the north."""


@pytest.fixture
def city() -> City:
    """A small invented city of three districts; two of them belong to areas."""
    return City(
        id="musterstadt",
        name="Musterstadt",
        land="NW",
        timezone="Europe/Berlin",
        reach=3000,
        coordination=Area(id="koordination", name="Koordination"),
        districts=(
            District(name="Westend", latitude=50.01, longitude=8.01),
            District(name="Ostend", latitude=50.01, longitude=8.03),
            District(name="Nordend", latitude=50.03, longitude=8.02),
        ),
        areas=(
            Area(id="west", name="West", districts=("Westend",)),
            Area(id="ost", name="Ost", districts=("Ostend",)),
        ),
        neighbours=(Neighbour(name="Nachbarstadt"),),
        postcodes={"12345": ("Westend", "Ostend", "Nordend")},
        place_data=PlaceDataLayout(
            street="name", house_number="nr", district="district", attribution="Stadt Musterstadt"
        ),
    )


def house(street: str, number: str, longitude: float, latitude: float) -> dict[str, Any]:
    """One house as GeoJSON."""
    return {
        "type": "Feature",
        "properties": {"name": street, "nr": number},
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
    }


def district(name: str, west: float, south: float, width: float = SIDE) -> dict[str, Any]:
    """One rectangular district as GeoJSON."""
    east, north = west + width, south + SIDE
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"district": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def collection(*features: dict[str, Any]) -> str:
    """The features as a file's text."""
    return json.dumps({"type": "FeatureCollection", "features": features})


HOUSES = (
    *(house("Lange Str.", str(number), 8.001 + number * 0.001, 50.01) for number in range(1, 37)),
    house("Müllerstr.", "3", 8.005, 50.005),
    house("Müllerstr.", "12a", 8.006, 50.005),
    house("Am Schwanenteich", "7", 8.035, 50.015),
    house("Querweg", "1", 8.0105, 50.0102),
    house("Querweg", "20", 8.0105, 50.0182),
    house("Klosterhofstr.", "5", 8.015, 50.03),
)
DISTRICTS = (
    district("Westend", 8.0, 50.0),
    district("Ostend", 8.02, 50.0),
    district("Nordend", 8.0, 50.02, 2 * SIDE),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the city's official data, houses zipped."""
    data = tmp_path / "open data"
    data.mkdir()
    with zipfile.ZipFile(data / "houses.zip", "w") as archive:
        archive.writestr("houses.geojson", collection(*HOUSES))
    (data / "districts.geojson").write_text(collection(*DISTRICTS), encoding="utf-8")
    return data


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> Settings:
    """Settings whose GEO_DATA is the folder."""
    return Settings(state_dir=tmp_path / "state", geo_data=folder)


@pytest.fixture
def locator(city: City, settings: Settings) -> Locator:
    """The locator built from the folder."""
    return locator_for(city, settings)


def test_a_pin_is_located_by_polygon(locator: Locator) -> None:
    """Well inside a district the pin is certain, and the nearest address is named."""
    found = locator.at(50.0101, 8.0051)
    assert (found.status, found.district, found.label) == (Status.RESOLVED, "Westend", "bei Lange Str. 4")


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


def test_outside_the_polygons_is_outside(locator: Locator) -> None:
    """Far out is outside; a few metres over the city's edge is asked."""
    assert locator.at(49.9, 8.0).status is Status.OUTSIDE
    assert locator.at(0, 0).status is Status.OUTSIDE
    assert locator.at(float("nan"), 8.0).status is Status.OUTSIDE
    assert locator.at(8.0051, 50.0101).status is Status.OUTSIDE
    assert locator.at(49.99985, 8.01).candidates == ("Westend",)


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
        ("lange straße 4", "Westend", "Lange Str. 4"),
        ("Lange Str. 30", "Ostend", "Lange Str. 30"),
        ("Lange Str. in Ostend", "Ostend", "Lange Str."),
        ("Lange Str., Ecke Querweg", "Westend", "Lange Str. / Querweg"),
        ("50.03,8.015", "Nordend", "bei Klosterhofstr. 5"),
        ("Nordend", "Nordend", "Nordend"),
    ],
)
def test_words_are_located(locator: Locator, text: str, district: str, label: str) -> None:
    """Addresses in usual spellings, corners, coordinates and districts are certain, shown as officially written."""
    found = locator.find(text)
    assert (found.status, found.district, found.label) == (Status.RESOLVED, district, label)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("Lange Str.", ("Westend", "Ostend")),
        ("Lange Str. 999", ("Westend", "Ostend")),
        ("Müllerstr. 3 in Nordend", ("Westend", "Nordend")),
        ("Müllerstr. oder Klosterhofstr.", ("Westend", "Nordend")),
    ],
)
def test_what_may_be_in_several_districts_is_asked(
    locator: Locator, text: str, candidates: tuple[str, ...]
) -> None:
    """A street through two districts, and a district that contradicts the street, are asked."""
    found = locator.find(text)
    assert (found.status, found.candidates) == (Status.AMBIGUOUS, candidates)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Erfundene Allee 3", Status.UNKNOWN),
        ("", Status.UNKNOWN),
        ("Müllerstr. 3, Nachbarstadt", Status.OUTSIDE),
        ("Müllerstr. 3, 99999", Status.OUTSIDE),
    ],
)
def test_what_is_not_here(locator: Locator, text: str, status: Status) -> None:
    """Streets that do not exist are unknown; another city or its postcode is outside."""
    assert locator.find(text).status is status


def test_without_data_there_is_an_answer_too(city: City, tmp_path: Path) -> None:
    """Neither an index nor GEO_DATA: the district centres answer."""
    assert isinstance(locator_for(city, Settings(state_dir=tmp_path)), NearestCentres)


def test_the_index_is_built_once_and_again_when_the_data_is_newer(
    city: City, settings: Settings, folder: Path
) -> None:
    """GEO_DATA is read when the index is missing or older, and only then."""
    path = index_path(city, settings)
    locator_for(city, settings)
    first = path.stat().st_ino
    locator_for(city, settings)
    assert path.stat().st_ino == first
    later = path.stat().st_mtime + 10
    os.utime(folder / "houses.zip", (later, later))
    locator_for(city, settings)
    assert path.stat().st_ino != first


def test_the_index_keeps_its_sources(city: City, folder: Path, tmp_path: Path) -> None:
    """Attribution, file names and checksums stay with the index."""
    build_index(folder, tmp_path / "i.npz", city, progress=lambda *_: None)
    meta = open_index(tmp_path / "i.npz", city).meta
    assert meta["attribution"] == "Stadt Musterstadt"
    assert [one["file"] for one in meta["sources"]] == ["districts.geojson", "houses.zip"]
    assert all(len(one["sha256"]) == 64 for one in meta["sources"])


BOWTIE = {
    "type": "Feature",
    "properties": {"district": "Westend"},
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[8.0, 50.0], [8.02, 50.02], [8.02, 50.0], [8.0, 50.02], [8.0, 50.0]]],
    },
}


def _write(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(text, encoding="utf-8") and None


BREAKS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "cut off": (_write("districts.geojson", collection(*DISTRICTS)[:-40]), "place_file_broken"),
    "no zip": (
        lambda folder: (folder / "houses.zip").write_bytes(b"PK\x03\x04nonsense"),
        "place_file_broken",
    ),
    "not an object": (_write("districts.geojson", "[1, 2]"), "place_file_broken"),
    "no features": (_write("districts.geojson", '{"features": 3}'), "place_file_broken"),
    "self-crossing": (_write("districts.geojson", collection(BOWTIE, *DISTRICTS[1:])), "place_bad_polygon"),
    "metres": (
        _write("extra.geojson", collection(house("Müllerstr.", "3", 362105.0, 5710920.0))),
        "place_wrong_projection",
    ),
    "swapped": (
        _write("extra.geojson", collection(house("Müllerstr.", "3", 50.0, 8.0))),
        "place_wrong_projection",
    ),
    "not numbers": (
        _write("extra.geojson", collection(house("Müllerstr.", "3", "x", 8.0))),  # type: ignore[arg-type]
        "place_file_broken",
    ),
    "nan": (
        _write("extra.geojson", collection(house("Müllerstr.", "3", float("nan"), 8.0))),
        "place_wrong_projection",
    ),
    "unknown district": (
        _write("extra.geojson", collection(district("Südend", 8.0, 50.0))),
        "place_unknown_district",
    ),
    "district missing": (_write("districts.geojson", collection(*DISTRICTS[:2])), "place_missing_districts"),
    "no houses": (lambda folder: (folder / "houses.zip").unlink(), "place_no_houses"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_bad_data_is_refused_and_the_old_index_stays(
    name: str, city: City, settings: Settings, folder: Path
) -> None:
    """Data that can't be used raises a clear error, changes nothing, and leaves no half-written file."""
    spoil, key = BREAKS[name]
    path = index_path(city, settings)
    locator_for(city, settings)
    before = path.read_bytes()
    spoil(folder)
    with pytest.raises(PlaceDataError) as caught:
        build_index(folder, path, city, progress=lambda *_: None)
    assert caught.value.key == f"operator.{key}"
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_bad_new_data_does_not_stop_the_worker(city: City, settings: Settings, folder: Path) -> None:
    """With GEO_DATA spoilt later, the index before goes on answering."""
    locator_for(city, settings)
    (folder / "districts.geojson").write_text("{", encoding="utf-8")
    later = index_path(city, settings).stat().st_mtime + 10
    os.utime(folder / "districts.geojson", (later, later))
    assert locator_for(city, settings).find("Müllerstr. 3").district == "Westend"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"nonsense" * 100])
def test_a_broken_index_is_named(city: City, tmp_path: Path, content: bytes) -> None:
    """A file that is no index is refused with a clear error."""
    path = tmp_path / "places" / "musterstadt.npz"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(PlaceDataError):
        locator_for(city, Settings(state_dir=tmp_path))


def test_a_too_large_file_is_refused(
    city: City, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files beyond the limit are not read into memory."""
    monkeypatch.setattr("storage.places.official_data.LARGEST_FILE", 1000)
    with pytest.raises(PlaceDataError) as caught:
        build_index(folder, tmp_path / "i.npz", city, progress=lambda *_: None)
    assert caught.value.key == "operator.place_file_too_large"
