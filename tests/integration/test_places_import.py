import os
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import shapely

from desk.city import City
from desk.errors import PlaceDataError
from desk.places import Status
from storage.places import index_path, locator_for
from storage.places.build import build_index
from storage.places.index import open_index
from storage.settings import Settings
from storage.texts import Texts
from tests.open_data import (
    DISTRICTS,
    HOUSES,
    NORDEND,
    OSTEND,
    WESTEND,
    city_with,
    collection,
    district,
    feature,
    house,
    quiet,
    ring,
    write_folder,
)


@pytest.fixture
def city() -> City:
    """The invented city."""
    return city_with()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the city's data."""
    return write_folder(tmp_path / "open data")


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> Settings:
    """Settings whose GEO_DATA is the folder."""
    return Settings(state_dir=tmp_path / "state", geo_data=folder)


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
    """Attribution, file names, checksums and dates stay with the index; the locator names the attribution."""
    os.utime(folder / "houses.zip", (1_700_000_000, 1_700_000_000))
    build_index(folder, tmp_path / "i.npz", city, progress=quiet)
    meta = open_index(tmp_path / "i.npz", city).meta
    assert meta["attribution"] == "Stadt Musterstadt"
    assert [one["file"] for one in meta["sources"]] == ["districts.geojson", "houses.zip"]
    assert meta["sources"][1]["retrieved"] == "2023-11-14"
    assert all(len(one["sha256"]) == 64 for one in meta["sources"])
    assert locator_for(city, Settings(state_dir=tmp_path, geo_data=folder)).attribution == "Stadt Musterstadt"


def test_columns_are_found_under_their_other_names(city: City, folder: Path, tmp_path: Path) -> None:
    """Upper case and the names the city file adds are the same column."""
    corners = {"Westend": WESTEND, "Ostend": OSTEND, "Nordend": NORDEND}
    shapes = (district(name, ring, column="STADTTEILE") for name, ring in corners.items())
    (folder / "districts.geojson").write_text(collection(*shapes), encoding="utf-8")
    points = (feature("Point", [8.005, 50.005], NAME="Müllerstr.", NR=3.0, ZUSATZ="b"),)
    (folder / "houses.zip").unlink()
    (folder / "houses.json").write_text(collection(*points), encoding="utf-8")
    index = build_index(folder, tmp_path / "i.npz", city, progress=quiet)
    assert (index.number.tolist(), chr(index.addition[0]), index.district.tolist()) == ([3], "b", [0])


def test_the_same_house_twice_counts_once(city: City, folder: Path, tmp_path: Path) -> None:
    """A file that is there zipped and unzipped adds nothing, and the index says how many were left out."""
    (folder / "again.geojson").write_text(collection(*HOUSES), encoding="utf-8")
    index = build_index(folder, tmp_path / "i.npz", city, progress=quiet)
    assert (len(index.latitude), index.meta["repeated"]) == (len(HOUSES), len(HOUSES))


def test_landmarks_come_from_a_file_of_their_own(city: City, folder: Path, tmp_path: Path) -> None:
    """Points and areas with a name inside the city are kept, in the index file too; others are not."""
    marks = (
        feature("Polygon", [ring(8.01, 50.01, 0.002, 0.002)], name="Stadtpark  Süd"),
        feature("Point", [8.03, 50.01], name="Ostbahnhof"),
        feature("Point", [8.1, 50.1], name="Flughafen"),
        feature("Point", [8.03, 50.01], name=None),
    )
    (folder / "landmarks-2026.geojson").write_text(collection(*marks), encoding="utf-8")
    build_index(folder, tmp_path / "i.npz", city, progress=quiet)
    found = open_index(tmp_path / "i.npz", city).landmarks
    assert (found.names, found.keys) == (("Ostbahnhof", "Stadtpark Süd"), ("ostbahnhof", "stadtparksued"))
    assert found.latitude.tolist() == pytest.approx([50.01, 50.011])
    assert found.longitude.tolist() == pytest.approx([8.03, 8.011])


def test_a_small_loop_in_a_border_is_untangled(city: City, folder: Path, tmp_path: Path) -> None:
    """A border that crosses itself within a few metres still makes the district, without the crossing."""
    east = [[8.02, 50.01], [8.0201, 50.0101], [8.0201, 50.01], [8.02, 50.0101], [8.02, 50.02]]
    tangled = [[8.0, 50.0], [8.02, 50.0], *east, [8.0, 50.02], [8.0, 50.0]]
    (folder / "districts.geojson").write_text(collection(district("Westend", tangled), *DISTRICTS[1:]))
    index = build_index(folder, tmp_path / "i.npz", city, progress=quiet)
    assert set(index.district.tolist()) == {0, 1, 2}
    assert shapely.is_valid(shapely.from_wkb(index.polygons[0]))


def test_two_imports_at_once_leave_a_whole_index(city: City, folder: Path, tmp_path: Path) -> None:
    """Whoever comes second waits; the index is usable and nothing half-written stays."""
    path = tmp_path / "places" / "i.npz"
    with ThreadPoolExecutor(4) as threads:
        builds = [threads.submit(build_index, folder, path, city, progress=quiet) for _ in range(4)]
        assert [len(one.result().latitude) for one in builds] == [len(HOUSES)] * 4
    assert [one.name for one in path.parent.iterdir()] == ["i.npz"]
    assert len(open_index(path, city).latitude) == len(HOUSES)


def _write(name: str, text: str) -> Callable[[Path], Any]:
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


def _cut_zip(folder: Path) -> None:
    whole = (folder / "houses.zip").read_bytes()
    (folder / "houses.zip").write_bytes(whole[: len(whole) // 2])


def _zip_of(name: str, text: str) -> Callable[[Path], Any]:
    def write(folder: Path) -> None:
        with zipfile.ZipFile(folder / "extra.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, text)

    return write


BOWTIE = [[8.0, 50.0], [8.02, 50.02], [8.02, 50.0], [8.0, 50.02], [8.0, 50.0]]
METRES = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
EXTRA = "extra.geojson"


def _extra(*features: Any, **members: Any) -> Callable[[Path], Any]:
    return _write(EXTRA, collection(*features, **members))


# what is wrong, how the sentence's key ends, what the sentence must name
BREAKS: dict[str, tuple[Callable[[Path], Any], str, str]] = {
    "cut off": (
        _write("districts.geojson", collection(*DISTRICTS)[:-40]),
        "file_broken",
        "districts.geojson",
    ),
    "not text": (lambda folder: (folder / EXTRA).write_bytes(b"\xff\xfe\x00"), "file_broken", EXTRA),
    "deep": (_write(EXTRA, "[" * 200_000), "file_broken", EXTRA),
    "cut zip": (_cut_zip, "zip_broken", "houses.zip"),
    "no zip": (lambda folder: (folder / "houses.zip").write_bytes(b"PK\x03\x04no"), "zip_broken", "houses"),
    "zip of another": (_zip_of("readme.txt", "x"), "zip_without_geojson", "extra.zip"),
    "a page": (_write(EXTRA, "\n<!DOCTYPE html><html></html>"), "file_is_a_page", EXTRA),
    "not an object": (_write(EXTRA, "[1, 2]"), "file_no_features", EXTRA),
    "no list": (_write(EXTRA, '{"features": 3}'), "file_no_features", EXTRA),
    "no feature": (_write(EXTRA, '{"features": [3]}'), "file_no_features", EXTRA),
    "empty": (_extra(), "file_empty", EXTRA),
    "no geometry": (_extra(feature("Point", [], name="X", nr="1")), "file_bad_point", EXTRA),
    "not numbers": (_extra(house("X", "1", "x", 8.0)), "file_bad_point", EXTRA),
    "metres": (_extra(house("X", "1", 362105.0, 5710920.0)), "wrong_projection", "EPSG:25832"),
    "metres with zone": (_extra(house("X", "1", 32362105.0, 5710920.0)), "wrong_projection", "EPSG:4647"),
    "metres by name": (_extra(HOUSES[0], crs=METRES), "wrong_projection", "EPSG::25832"),
    "swapped": (_extra(house("X", "1", 50.0, 8.0)), "swapped", EXTRA),
    "swapped border": (_extra(district("Westend", ring(50.0, 8.0))), "swapped", EXTRA),
    "nan": (_extra(house("X", "1", float("nan"), 8.0)), "not_degrees", EXTRA),
    "infinite": (_extra(house("X", "1", float("inf"), 50.0)), "not_degrees", EXTRA),
    "nan in a border": (
        _extra(district("Westend", [*WESTEND[:2], [8.01, float("nan")], *WESTEND[2:]])),
        "not_degrees",
        EXTRA,
    ),
    "elsewhere": (_extra(house("X", "1", 13.4, 52.5)), "elsewhere", "Musterstadt"),
    "no number column": (_extra(feature("Point", [8.0, 50.0], name="X", no="1")), "no_column", "nr"),
    "two corners": (_extra(district("Westend", WESTEND[:2])), "polygon_unreadable", "Westend"),
    "self-crossing": (
        _write("districts.geojson", collection(district("Westend", BOWTIE), *DISTRICTS[1:])),
        "bad_polygon",
        "Westend",
    ),
    "overlapping": (_extra(district("Ostend", ring(8.01, 50.0))), "overlap", "Westend"),
    "unknown district": (_extra(district("Südend", WESTEND)), "unknown_district", "Südend"),
    "missing": (_write("districts.geojson", collection(*DISTRICTS[:2])), "missing_districts", "Nordend"),
    "no houses": (lambda folder: (folder / "houses.zip").unlink(), "no_houses", "name, nr"),
    "no borders": (
        _write("districts.geojson", collection(feature("Polygon", [WESTEND], teil="Westend"))),
        "no_districts",
        "districts.geojson: teil",
    ),
    "landmark without column": (
        _write("landmarks.geojson", collection(feature("Point", [8.0, 50.0], titel="X"))),
        "no_column",
        "titel",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_bad_data_is_refused_and_the_old_index_stays(
    name: str, city: City, settings: Settings, folder: Path
) -> None:
    """Data that can't be used gives one sentence that names it, changes nothing, leaves nothing behind."""
    spoil, key, named = BREAKS[name]
    path = index_path(city, settings)
    locator_for(city, settings)
    before = path.read_bytes()
    spoil(folder)
    with pytest.raises(PlaceDataError) as caught:
        build_index(folder, path, city, progress=quiet)
    assert caught.value.key == f"operator.place_{key}"
    assert named in Texts.load().get(caught.value.key, **caught.value.params)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("spoil", [_write(EXTRA, "x" * 2_000_000), _zip_of("bomb.geojson", "0" * 2_000_000)])
def test_a_too_large_file_is_refused(
    spoil: Callable[[Path], Any], city: City, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files beyond the limit, also once unpacked, are not read into memory."""
    spoil(folder)
    monkeypatch.setattr("storage.places.place_files.LARGEST_MEGABYTES", 1)
    with pytest.raises(PlaceDataError) as caught:
        build_index(folder, tmp_path / "i.npz", city, progress=quiet)
    assert caught.value.key == "operator.place_file_too_large"


def test_bad_new_data_does_not_stop_the_worker(city: City, settings: Settings, folder: Path) -> None:
    """With GEO_DATA spoilt later, the index before goes on answering."""
    locator_for(city, settings)
    (folder / "districts.geojson").write_text("{", encoding="utf-8")
    later = index_path(city, settings).stat().st_mtime + 10
    os.utime(folder / "districts.geojson", (later, later))
    assert locator_for(city, settings).find("Müllerstr. 3").district == "Westend"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"nonsense" * 100])
def test_a_broken_index_is_named(city: City, tmp_path: Path, content: bytes) -> None:
    """A file that is no index is refused at the start with a clear error."""
    path = tmp_path / "places" / "musterstadt.npz"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(PlaceDataError):
        locator_for(city, Settings(state_dir=tmp_path))


def test_without_data_there_is_an_answer_too(city: City, tmp_path: Path) -> None:
    """Neither an index nor GEO_DATA: the district centres answer, and no source is named."""
    places = locator_for(city, Settings(state_dir=tmp_path))
    assert places.at(50.01, 8.01).status is Status.AMBIGUOUS
    assert places.find("Ostend").district == "Ostend"
    assert places.attribution == ""
