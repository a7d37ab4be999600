"""An invented city and its open data: two districts side by side, a third to the north, a few streets."""

import json
import zipfile
from pathlib import Path
from typing import Any

from desk.city import Area, City, District, Neighbour
from desk.place_data import PlaceDataLayout, PlaceDownload

SIDE = 0.02
"""Degrees."""


def city_with(*downloads: PlaceDownload) -> City:
    """The city; `downloads` are its portal's files."""
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
        neighbours=(Neighbour(name="Nachbarstadt"),),
        place_data=PlaceDataLayout(
            street="name",
            house_number="nr",
            addition="zusatz",
            district="district",
            attribution="Stadt Musterstadt",
            other_columns={"district": ("STADTTEILE",)},
            downloads=downloads,
        ),
    )


def feature(geometry: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    """One thing as GeoJSON."""
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": geometry, "coordinates": coordinates},
    }


def house(street: str, number: Any, longitude: Any, latitude: Any) -> dict[str, Any]:
    """One house as GeoJSON."""
    return feature("Point", [longitude, latitude], name=street, nr=number)


def ring(west: float, south: float, width: float = SIDE, height: float = SIDE) -> list[list[float]]:
    """A rectangle's corners, the first once more at the end."""
    east, north = west + width, south + height
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def district(name: str, *corners: list[list[float]], column: str = "district") -> dict[str, Any]:
    """One district as GeoJSON."""
    return feature("Polygon", list(corners), **{column: name})


def collection(*features: Any, **members: Any) -> str:
    """The features as a file's text."""
    return json.dumps({"type": "FeatureCollection", "features": features} | members)


HOUSES = (
    house("Lange Str.", "4", 8.005, 50.01),
    house("Lange Str.", "30", 8.031, 50.01),
    house("Müllerstr.", "3", 8.005, 50.005),
    house("Klosterhofstr.", "5", 8.015, 50.03),
)
WESTEND = ring(8.0, 50.0)
OSTEND = ring(8.02, 50.0)
NORDEND = ring(8.0, 50.02, 2 * SIDE)
DISTRICTS = (district("Westend", WESTEND), district("Ostend", OSTEND), district("Nordend", NORDEND))


def write_folder(folder: Path) -> Path:
    """Write the city's data into a new folder, houses zipped."""
    folder.mkdir()
    with zipfile.ZipFile(folder / "houses.zip", "w") as archive:
        archive.writestr("houses.geojson", collection(*HOUSES))
    (folder / "districts.geojson").write_text(collection(*DISTRICTS), encoding="utf-8")
    return folder


def quiet(*_: object) -> None:
    """Show no progress."""
