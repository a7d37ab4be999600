"""Reads a city's official open data: house coordinates and district polygons as GeoJSON, zipped or not."""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from desk.city import City, PlaceDataLayout
from desk.errors import PlaceDataError
from desk.places import metres_between, on_earth
from desk.spelling import key

LARGEST_FILE = 600 * 1024 * 1024
"""Bytes, unpacked. Essen's 103,000 houses take 31 MB; a file twenty times as large is not a city's."""
FAR = 40_000
"""Metres from the city's first district beyond which a point can't be meant for this city."""
_NUMBER = re.compile(r"^\s*(\d{1,4})\s*([a-zA-Z]?)\b")
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
    sources: list[dict[str, str]] = field(default_factory=list)
    """File name and SHA-256 of every file used."""


def read_official_data(folder: Path, city: City, progress: Progress) -> OfficialData:
    """Read every GeoJSON in the folder that holds houses or districts in the city's layout.

    Raises PlaceDataError with the file and the reason when something can't be used.
    """
    layout = city.place_data
    if layout is None:
        raise PlaceDataError("operator.no_place_layout", city=city.name)
    if not folder.is_dir():
        raise PlaceDataError("operator.no_place_folder", folder=folder)
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".geojson", ".json", ".zip"))
    data = OfficialData()
    for step, path in enumerate(files):
        progress(path.name, step, len(files))
        content = _content(path)
        features = _features(path.name, content)
        if _reads_houses(features, layout):
            _take_houses(features, layout, city, data, path.name)
        elif _reads_districts(features, layout):
            _take_districts(features, layout, city, data, path.name)
        else:
            continue
        data.sources.append({"file": path.name, "sha256": hashlib.sha256(content).hexdigest()})
    progress("", len(files), len(files))
    _check_complete(data, city, folder)
    return data


def _content(path: Path) -> bytes:
    try:
        if path.suffix.lower() != ".zip":
            if path.stat().st_size > LARGEST_FILE:
                raise PlaceDataError("operator.place_file_too_large", file=path.name)
            return path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            inside = [
                one for one in archive.infolist() if one.filename.lower().endswith((".geojson", ".json"))
            ]
            if not inside:
                raise PlaceDataError("operator.place_file_broken", file=path.name)
            if inside[0].file_size > LARGEST_FILE:
                raise PlaceDataError("operator.place_file_too_large", file=path.name)
            return archive.read(inside[0])
    except (
        OSError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise PlaceDataError("operator.place_file_broken", file=path.name) from error


def _features(file: str, content: bytes) -> list[dict[str, Any]]:
    try:
        features: list[dict[str, Any]] = json.loads(content)["features"]
        usable = isinstance(features, list) and all(isinstance(one, dict) for one in features)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PlaceDataError("operator.place_file_broken", file=file) from error
    if not usable:
        raise PlaceDataError("operator.place_file_broken", file=file)
    return features


def _property(feature: dict[str, Any], name: str | None) -> str:
    properties = feature.get("properties")
    value = properties.get(name) if isinstance(properties, dict) and name else None
    return "" if value is None else str(value).strip()


def _geometry_type(feature: dict[str, Any]) -> str:
    geometry = feature.get("geometry")
    return str(geometry.get("type")) if isinstance(geometry, dict) else ""


def _reads_houses(features: list[dict[str, Any]], layout: PlaceDataLayout) -> bool:
    return any(_geometry_type(one) == "Point" and _property(one, layout.street) for one in features[:100])


def _reads_districts(features: list[dict[str, Any]], layout: PlaceDataLayout) -> bool:
    return any(
        _geometry_type(one).endswith("Polygon") and _property(one, layout.district) for one in features[:100]
    )


def _take_houses(
    features: list[dict[str, Any]], layout: PlaceDataLayout, city: City, data: OfficialData, file: str
) -> None:
    for feature in features:
        street = _property(feature, layout.street)
        if not street or not street[0].isalpha() or _geometry_type(feature) != "Point":
            continue
        match = _NUMBER.match(_property(feature, layout.house_number))
        addition = _property(feature, layout.addition) or (match[2] if match else "")
        data.points.append(_point(feature, city, file))
        data.streets.append(street)
        data.numbers.append(int(match[1]) if match else 0)
        data.additions.append(addition[:1].lower() if addition[:1].isascii() else "")


def _point(feature: dict[str, Any], city: City, file: str) -> tuple[float, float]:
    try:
        longitude, latitude = (float(one) for one in feature["geometry"]["coordinates"][:2])
    except (KeyError, TypeError, ValueError) as error:
        raise PlaceDataError("operator.place_file_broken", file=file) from error
    _check_near(latitude, longitude, city, file)
    return longitude, latitude


def _check_near(latitude: float, longitude: float, city: City, file: str) -> None:
    """Refuse metres (another projection), swapped degrees and other cities; strays next door are normal."""
    middle = city.districts[0]
    centre = (middle.latitude, middle.longitude)
    if not on_earth(latitude, longitude) or metres_between((latitude, longitude), centre) > FAR:
        raise PlaceDataError("operator.place_wrong_projection", file=file, city=city.name)


def _take_districts(
    features: list[dict[str, Any]], layout: PlaceDataLayout, city: City, data: OfficialData, file: str
) -> None:
    names = {key(name): name for name in city.district_names}
    for feature in features:
        written = _property(feature, layout.district)
        name = names.get(key(written))
        if name is None:
            raise PlaceDataError("operator.place_unknown_district", file=file, district=written)
        polygon = _polygon(feature, file, name)
        for longitude, latitude in _corners(polygon):
            _check_near(latitude, longitude, city, file)
        data.polygons[name] = (
            shapely.union_all([data.polygons[name], polygon]) if name in data.polygons else polygon
        )


def _polygon(feature: dict[str, Any], file: str, name: str) -> Any:
    try:
        polygon = shapely.force_2d(shape(feature["geometry"]))
    except (ShapelyError, KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise PlaceDataError("operator.place_file_broken", file=file) from error
    if polygon.is_empty or not shapely.is_valid(polygon):
        raise PlaceDataError("operator.place_bad_polygon", file=file, district=name)
    return polygon


def _corners(polygon: Any) -> Iterator[tuple[float, float]]:
    west, south, east, north = (float(one) for one in shapely.bounds(polygon))
    if not np.isfinite([west, south, east, north]).all():
        return iter([(np.inf, np.inf)])
    return iter([(west, south), (east, north)])


def _check_complete(data: OfficialData, city: City, folder: Path) -> None:
    if not data.points:
        raise PlaceDataError("operator.place_no_houses", folder=folder)
    missing = [name for name in city.district_names if name not in data.polygons]
    if missing:
        raise PlaceDataError("operator.place_missing_districts", folder=folder, districts=", ".join(missing))
