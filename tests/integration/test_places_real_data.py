import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import shape

from desk.city import City
from desk.nearest_centres import NearestCentres
from desk.places import Locator, Status
from storage.city_files import load_city
from storage.places import locator_for
from storage.settings import Settings

DATA = Path(__file__).parents[2] / ".." / "shared" / "geo" / "essen"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="no official place data here")


@pytest.fixture(scope="module")
def city() -> City:
    """Essen."""
    return load_city("essen")


@pytest.fixture(scope="module")
def locator(city: City, tmp_path_factory: pytest.TempPathFactory) -> Locator:
    """Essen's locator over the official data."""
    return locator_for(city, Settings(state_dir=tmp_path_factory.mktemp("state"), geo_data=DATA))


@pytest.fixture(scope="module")
def houses() -> list[tuple[dict[str, Any], str]]:
    """A sample of official houses, each with the district whose polygon holds it."""
    with zipfile.ZipFile(next(DATA.glob("*.zip"))) as archive:
        name = next(one for one in archive.namelist() if one.endswith(".geojson"))
        features = json.loads(archive.read(name))["features"]
    polygons = json.loads((DATA / "stadtteile.geojson").read_text(encoding="utf-8"))["features"]
    tree = shapely.STRtree([shape(one["geometry"]) for one in polygons])
    sample = random.Random(7).sample(features, 3000)  # noqa: S311
    points = shapely.points([one["geometry"]["coordinates"][:2] for one in sample])
    rows, inside = tree.query(points, predicate="intersects")
    return [
        (sample[row], polygons[at]["properties"]["stadtteil"]) for row, at in zip(rows, inside, strict=True)
    ]


def test_every_house_is_in_its_district(locator: Locator, houses: list[tuple[dict[str, Any], str]]) -> None:
    """A pin on a house is in the right district, or near a border with that district first."""
    for feature, district in houses:
        longitude, latitude = feature["geometry"]["coordinates"][:2]
        assert locator.at(latitude, longitude).candidates[0] == district


def test_addresses_as_people_type_them(locator: Locator, houses: list[tuple[dict[str, Any], str]]) -> None:
    """Plain spellings of an address are in the right district without asking."""
    numbered = [(one["properties"], district) for one, district in houses if one["properties"].get("hsnr")]
    known = [(one, district) for one, district in numbered if one["strname"][0].isalpha()]
    for properties, district in known[:800]:
        address = f"{properties['strname']} {properties['hsnr']}{properties.get('hsnrzu') or ''}"
        typed = (
            address.lower()
            .replace("str.", "strasse")
            .replace("ü", "ue")
            .replace("ö", "oe")
            .replace("ä", "ae")
        )
        assert locator.find(address).district == locator.find(typed).district == district


def test_without_data_the_right_district_is_offered(
    city: City, houses: list[tuple[dict[str, Any], str]]
) -> None:
    """Without place data no pin is certain, and at least 99 % have their district among the choices."""
    offered = 0
    centres = NearestCentres(city)
    for feature, district in houses:
        longitude, latitude = feature["geometry"]["coordinates"][:2]
        found = centres.at(latitude, longitude)
        assert found.status is Status.AMBIGUOUS
        offered += district in found.candidates
    assert offered >= 0.99 * len(houses)
