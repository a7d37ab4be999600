"""The invented city of `open_data.py`, grown to a town with areas, neighbours, postcodes and landmarks."""

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from desk.city import Area, Neighbour
from tests.open_data import DISTRICTS, city_with, collection, feature, house

TOWN = replace(
    city_with(),
    areas=(
        Area(id="west", name="West", districts=("Westend",)),
        Area(id="ost", name="Ost", districts=("Ostend",)),
    ),
    neighbours=(Neighbour(name="Nachbarstadt", places=("Hinterdorf",)),),
    postcodes={"12345": ("Westend", "Ostend", "Nordend"), "12346": ("Nordend",)},
)
"""Two of its three districts belong to areas."""
ONE_AREA = replace(TOWN, areas=(Area(id="alle", name="Alle", districts=("Westend", "Ostend", "Nordend")),))


def landmark(name: str, longitude: float, latitude: float) -> dict[str, Any]:
    """One landmark as GeoJSON."""
    return feature("Point", [longitude, latitude], name=name)


HOUSES = (
    *(house("Lange Str.", str(number), 8.001 + number * 0.001, 50.01) for number in range(1, 37)),
    house("Müllerstr.", "3", 8.005, 50.005),
    house("Müllerstr.", "12a", 8.006, 50.005),
    house("Am Schwanenteich", "7", 8.035, 50.015),
    house("Querweg", "1", 8.0105, 50.0102),
    house("Querweg", "20", 8.0105, 50.0182),
    house("Klosterhofstr.", "5", 8.015, 50.03),
    house("Grenzweg", "1", 8.0197, 50.004),
    house("Gegenweg", "2", 8.0203, 50.004),
    house("Neumarkt", "21", 8.004, 50.016),
    house("Neumarktstr.", "21", 8.034, 50.004),
    house("Neumarktstr.", "22", 8.034, 50.0041),
    house("Turmgasse", "9", 8.002, 50.002),
    house("Wurmgasse", "9", 8.038, 50.002),
)
LANDMARKS = (
    landmark("Rosenpark", 8.03, 50.03),
    landmark("Schule am Schwanenteich", 8.012, 50.012),
    landmark("Kiosk Blume", 8.003, 50.003),
    landmark("Kiosk Blume", 8.033, 50.003),
)


def write_place_data(folder: Path) -> Path:
    """Write the town's official data as files, the houses zipped."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / "houses.zip", "w") as archive:
        archive.writestr("houses.geojson", collection(*HOUSES))
    (folder / "districts.geojson").write_text(collection(*DISTRICTS), encoding="utf-8")
    (folder / "landmarks.geojson").write_text(collection(*LANDMARKS), encoding="utf-8")
    return folder
