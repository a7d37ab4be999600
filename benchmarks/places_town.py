"""The town `places.py` measures in: official houses, each with the district whose polygon holds it."""

import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

import shapely
from shapely.geometry import shape

from desk.city import City
from desk.place_data import PlaceDataLayout

SEED = 20261122
CELL = 0.001
"""Degrees: 111 m by some 70 m."""


@dataclass(frozen=True, kw_only=True)
class House:
    """One official coordinate (degrees, WGS84); the street is empty where the register has no name for it."""

    street: str
    number: str
    """With its letter ("120a"); empty where the coordinate is no house."""
    point: tuple[float, float]
    """Latitude, longitude."""
    district: str | None
    """None where no polygon holds the point."""


@dataclass(frozen=True, kw_only=True)
class Town:
    """All houses in the order of the file."""

    city: City
    houses: Sequence[House] = field(repr=False)

    @cached_property
    def streets(self) -> Mapping[str, list[House]]:
        """The houses of every named street."""
        streets: dict[str, list[House]] = {}
        for house in self.houses:
            if house.street:
                streets.setdefault(house.street, []).append(house)
        return streets

    @cached_property
    def _cells(self) -> Mapping[tuple[int, int], list[House]]:
        cells: dict[tuple[int, int], list[House]] = {}
        for house in self.houses:
            cells.setdefault(_cell(house.point), []).append(house)
        return cells

    def around(self, point: tuple[float, float]) -> list[House]:
        """Return the houses within about 70 m of a point, and some further away."""
        row, column = _cell(point)
        beside = ((row + south, column + east) for south in (-1, 0, 1) for east in (-1, 0, 1))
        return [house for cell in beside for house in self._cells.get(cell, ())]

    @cached_property
    def postcodes_of(self) -> Mapping[str, list[str]]:
        """The postcodes known for every district."""
        found: dict[str, list[str]] = {name: [] for name in self.city.district_names}
        for postcode, districts in sorted(self.city.postcodes.items()):
            for district in districts:
                found[district].append(postcode)
        return found

    def addresses(self, count: int) -> list[House]:
        """Return a sample of addresses, the same in every run."""
        numbered = [house for house in self.houses if house.street and house.number and house.district]
        return Random(SEED).sample(numbered, min(count, len(numbered)))  # noqa: S311 -- a sample, no secret


def _cell(point: tuple[float, float]) -> tuple[int, int]:
    return int(point[0] / CELL), int(point[1] / CELL)


def read_town(folder: Path, city: City) -> Town:
    """Read every house and polygon of the folder, apart from how the product reads them."""
    layout = city.place_data
    if layout is None:
        raise SystemExit(f"the file of {city.name} says nothing about its place data")
    rows = [feature for path in sorted(folder.iterdir()) for feature in _features(path)]
    polygons = [one for one in rows if _is_district(one, layout)]
    points = [one for one in rows if _is_house(one, layout)]
    names = [one["properties"][layout.district] for one in polygons]
    tree = shapely.STRtree([shape(one["geometry"]) for one in polygons])
    inside: dict[int, str] = {}
    shapes = shapely.points([one["geometry"]["coordinates"][:2] for one in points])
    for row, at in zip(*tree.query(shapes, predicate="intersects").tolist(), strict=True):
        inside.setdefault(row, names[at])
    houses = [_house(one, inside.get(row), layout) for row, one in enumerate(points)]
    return Town(city=city, houses=houses)


def _features(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            inside = next(name for name in archive.namelist() if name.endswith(".geojson"))
            content = archive.read(inside)
    elif path.suffix == ".geojson":
        content = path.read_bytes()
    else:
        return []
    features: list[dict[str, Any]] = json.loads(content)["features"]
    return features


def _is_district(feature: dict[str, Any], layout: PlaceDataLayout) -> bool:
    return feature["geometry"]["type"].endswith("Polygon") and layout.district in feature["properties"]


def _is_house(feature: dict[str, Any], layout: PlaceDataLayout) -> bool:
    return feature["geometry"]["type"] == "Point" and layout.street in feature["properties"]


def _house(feature: dict[str, Any], district: str | None, layout: PlaceDataLayout) -> House:
    properties = feature["properties"]
    street = properties[layout.street]
    number = f"{properties.get(layout.house_number) or ''}{properties.get(layout.addition) or ''}".lower()
    longitude, latitude = feature["geometry"]["coordinates"][:2]
    return House(
        street=street if street[:1].isalpha() else "",
        number=number if re.fullmatch(r"\d+[a-z]?", number) else "",
        point=(latitude, longitude),
        district=district,
    )
