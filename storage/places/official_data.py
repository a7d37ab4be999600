"""Reads a city's official open data: house coordinates, district polygons, landmarks where there are any."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from desk.city import City
from desk.errors import PlaceDataError
from desk.place_data import PlaceDataLayout
from desk.spelling import key
from storage.places.district_shapes import check_overlaps, polygon_of
from storage.places.place_files import SUFFIXES, PlaceFile, geometry_type, read_place_file, text_of
from storage.places.projection import PlausiblePoints

_NUMBER = re.compile(r"^\s*(\d{1,4})(?:\.0)?\s*([a-zA-Z]?)\b")
LANDMARKS = "landmarks"
"""How the name of a file with landmarks begins: any point or polygon with a name could be one."""
Progress = Callable[[str, int, int], None]
"""Called with a step's name, how much is done and how much there is."""


@dataclass(kw_only=True)
class OfficialData:
    """What the files hold: one row a house (degrees WGS84), one polygon a district in the city's order."""

    streets: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    additions: list[str] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)
    """Longitude, latitude."""
    polygons: dict[str, Any] = field(default_factory=dict)
    landmarks: list[tuple[str, float, float]] = field(default_factory=list)
    """Name, longitude, latitude."""
    sources: list[dict[str, str]] = field(default_factory=list)
    """Every file used: `file`, `sha256`, `retrieved` (date), `url` when it was downloaded."""
    repeated: int = 0
    """House rows left out because the same house stood there already."""


def read_official_data(
    folder: Path | None, city: City, progress: Progress, *, downloaded: Sequence[tuple[Path, str, str]] = ()
) -> OfficialData:
    """Read every GeoJSON in the folder, and those downloaded (path, date, address), in the city's layout.

    Raises PlaceDataError with the file and the reason when something can't be used.
    """
    layout = layout_of(city)
    if folder is not None and not folder.is_dir():
        raise PlaceDataError("operator.no_place_folder", folder=folder)
    reading = _Reading(city=city, layout=layout)
    paths = [(path, {"retrieved": _date_of(path)}) for path in _files_in(folder)]
    paths += [(path, {"retrieved": date, "url": url}) for path, date, url in downloaded]
    for step, (path, source) in enumerate(paths):
        progress(path.name, step, len(paths))
        reading.take(replace(read_place_file(path), source=source))
    progress("", len(paths), len(paths))
    return reading.complete(folder)


def layout_of(city: City) -> PlaceDataLayout:
    """Return how the city's data is laid out; PlaceDataError when its file does not say."""
    if city.place_data is None:
        raise PlaceDataError("operator.no_place_layout", city=city.name)
    return city.place_data


def newest_change(folder: Path) -> float:
    """Return when a file of the folder was last changed, as seconds since 1970; 0 when there is none."""
    return max((path.stat().st_mtime for path in _files_in(folder)), default=0.0)


def _files_in(folder: Path | None) -> list[Path]:
    if folder is None or not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())


def _date_of(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()


@dataclass(kw_only=True)
class _Reading:
    """Data as it grows file by file, and what was seen of files that fit nowhere."""

    city: City
    layout: PlaceDataLayout
    data: OfficialData = field(default_factory=OfficialData)
    unused: list[PlaceFile] = field(default_factory=list)
    houses: set[tuple[str, int, str, float, float]] = field(default_factory=set)

    def take(self, file: PlaceFile) -> None:
        """Take what a file holds: landmarks by its name, houses and districts by its columns."""
        layout = self.layout
        street = file.column(layout.names_of(layout.street)) if file.has("Point") else None
        district = file.column(layout.names_of(layout.district)) if file.has("Polygon") else None
        if file.name.lower().startswith(LANDMARKS):
            self._take_landmarks(file)
        elif street:
            self._take_houses(file, street)
        elif district:
            self._take_districts(file, district)
        else:
            self.unused.append(file)
            return
        self.data.sources.append({"file": file.name, "sha256": file.sha256} | file.source)

    def _take_houses(self, file: PlaceFile, street_column: str) -> None:
        number_column = self._column(file, self.layout.house_number)
        addition_column = file.column(self.layout.names_of(self.layout.addition))
        points = PlausiblePoints(self.city, file.name, file.crs)
        for feature in file.features:
            street = text_of(feature, street_column)
            if not street or not street[0].isalpha() or geometry_type(feature) != "Point":
                continue
            longitude, latitude = points.read(feature["geometry"].get("coordinates"))
            match = _NUMBER.match(text_of(feature, number_column))
            number = int(match[1]) if match else 0
            letter = text_of(feature, addition_column) or (match[2] if match else "")
            letter = letter[:1].lower() if letter[:1].isascii() else ""
            self._add_house(street, number, letter, (longitude, latitude))

    def _add_house(self, street: str, number: int, letter: str, point: tuple[float, float]) -> None:
        row = (street, number, letter, *point)
        if row in self.houses:
            self.data.repeated += 1
            return
        self.houses.add(row)
        self.data.points.append(point)
        self.data.streets.append(street)
        self.data.numbers.append(number)
        self.data.additions.append(letter)

    def _column(self, file: PlaceFile, name: str) -> str:
        column = file.column(self.layout.names_of(name))
        if column is None:
            raise PlaceDataError(
                "operator.place_no_column", file=file.name, column=name, found=_listed(file.columns.values())
            )
        return column

    def _take_districts(self, file: PlaceFile, column: str) -> None:
        names = {key(name): name for name in self.city.district_names}
        points = PlausiblePoints(self.city, file.name, file.crs)
        for feature in file.features:
            if not geometry_type(feature).endswith("Polygon"):
                continue
            written = text_of(feature, column)
            name = names.get(key(written))
            if name is None:
                raise PlaceDataError("operator.place_unknown_district", file=file.name, district=written)
            polygon = polygon_of(feature["geometry"], file.name, name)
            for longitude, latitude in _corners(polygon):
                points.check(longitude, latitude)
            known = self.data.polygons.get(name)
            self.data.polygons[name] = polygon if known is None else shapely.union_all([known, polygon])

    def _take_landmarks(self, file: PlaceFile) -> None:
        column = self._column(file, self.layout.landmark)
        points = PlausiblePoints(self.city, file.name, file.crs)
        for feature in file.features:
            name = " ".join(text_of(feature, column).split())
            if name and feature["geometry"]:
                longitude, latitude = points.read(_middle(feature["geometry"], file.name))
                self.data.landmarks.append((name, longitude, latitude))

    def complete(self, folder: Path | None) -> OfficialData:
        """Return the data once all files are read; PlaceDataError when houses or districts are missing."""
        layout, where = self.layout, folder or ""
        found = "; ".join(f"{file.name}: {_listed(file.columns.values())}" for file in self.unused) or "-"
        if not self.data.points:
            columns = _listed((layout.street, layout.house_number))
            raise PlaceDataError("operator.place_no_houses", folder=where, columns=columns, found=found)
        if not self.data.polygons:
            raise PlaceDataError(
                "operator.place_no_districts", folder=where, columns=layout.district, found=found
            )
        missing = [name for name in self.city.district_names if name not in self.data.polygons]
        if missing:
            raise PlaceDataError("operator.place_missing_districts", folder=where, districts=_listed(missing))
        check_overlaps(self.data.polygons)
        return self.data


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _corners(polygon: Any) -> Iterator[tuple[float, float]]:
    west, south, east, north = (float(one) for one in shapely.bounds(polygon))
    return iter([(west, south), (east, north)])


def _middle(geometry: dict[str, Any], file: str) -> tuple[float, ...]:
    """Return a point inside a geometry; nowhere (no numbers) for one that has none."""
    try:
        point = shapely.point_on_surface(shapely.make_valid(shapely.force_2d(shape(geometry))))
        return tuple(float(one) for one in shapely.get_coordinates(point)[0])
    except (ShapelyError, KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise PlaceDataError("operator.place_file_bad_point", file=file) from error
