"""Opens files of place data: GeoJSON, zipped or not, with everything that can be wrong with a file."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from desk.errors import PlaceDataError

LARGEST_MEGABYTES = 600
"""Of one file, unpacked. Essen's 103,000 houses take 31 MB; what is twenty times as large is not a city's."""
SUFFIXES = (".geojson", ".json", ".zip")
_DEGREES = ("crs84", "4326", "4258")
"""How the names of degrees end (those of ETRS 89 are less than a metre off); only old GeoJSON names any."""
_UNREADABLE = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True, kw_only=True)
class PlaceFile:
    """The features of one GeoJSON file, with the checksum of the file they came in."""

    name: str
    sha256: str
    features: list[dict[str, Any]]
    crs: str | None = None
    """Name of the projection, where the file states one that is not degrees."""
    source: dict[str, str] = field(default_factory=dict)
    """What is known of where the file came from: date, address."""

    @cached_property
    def columns(self) -> dict[str, str]:
        """Columns of all features: lower-case name to the name as written."""
        written = set().union(*(one["properties"] for one in self.features))
        return {str(name).lower(): str(name) for name in sorted(written)}

    def column(self, names: tuple[str, ...]) -> str | None:
        """Return the first of these columns (lower case) that the file has, as the file writes it."""
        return next((self.columns[name] for name in names if name in self.columns), None)

    def has(self, geometry: str) -> bool:
        """Tell whether some feature's geometry type ends like this ("Point", "Polygon")."""
        return any(geometry_type(one).endswith(geometry) for one in self.features)


def geometry_type(feature: dict[str, Any]) -> str:
    """Return the type of a feature's geometry, empty when it has none."""
    geometry = feature.get("geometry")
    return str(geometry.get("type")) if isinstance(geometry, dict) else ""


def text_of(feature: dict[str, Any], column: str | None) -> str:
    """Return a column's value as text without spaces around it, empty when there is none."""
    value = feature["properties"].get(column) if column else None
    return "" if value is None else str(value).strip()


def read_place_file(path: Path) -> PlaceFile:
    """Read one file; in an archive, its first GeoJSON.

    Raises PlaceDataError naming the file and what is wrong with it.
    """
    content = _content(path)
    collection = _collection(path.name, content)
    return PlaceFile(
        name=path.name,
        sha256=sha256_of(path),
        features=_features(path.name, collection),
        crs=_other_crs(collection),
    )


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256 in hex, reading a piece at a time."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _content(path: Path) -> bytes:
    try:
        if path.suffix.lower() != ".zip":
            _check_size(path.name, path.stat().st_size)
            return path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            inside = [one for one in archive.infolist() if one.filename.lower().endswith(SUFFIXES[:2])]
            if not inside:
                raise PlaceDataError("operator.place_zip_without_geojson", file=path.name)
            # Reading stops at the size the archive states, so a bomb can't lie about it.
            _check_size(path.name, inside[0].file_size)
            return archive.read(inside[0])
    except _UNREADABLE as error:
        key = "operator.place_zip_broken" if path.suffix.lower() == ".zip" else "operator.place_file_broken"
        raise PlaceDataError(key, file=path.name) from error


def _check_size(file: str, size: int) -> None:
    if size > LARGEST_MEGABYTES * 1024 * 1024:
        raise PlaceDataError("operator.place_file_too_large", file=file, limit=LARGEST_MEGABYTES)


def looks_like_a_page(start: bytes) -> bool:
    """Tell whether a file begins like a web page, which portals send instead of an error status."""
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _collection(file: str, content: bytes) -> dict[str, Any]:
    if looks_like_a_page(content[:1000]):
        raise PlaceDataError("operator.place_file_is_a_page", file=file)
    try:
        collection = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise PlaceDataError("operator.place_file_broken", file=file) from error
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise PlaceDataError("operator.place_file_no_features", file=file)
    return collection


def _features(file: str, collection: dict[str, Any]) -> list[dict[str, Any]]:
    features = list(_normal(file, collection["features"]))
    if not features:
        raise PlaceDataError("operator.place_file_empty", file=file)
    return features


def _normal(file: str, features: list[Any]) -> Iterator[dict[str, Any]]:
    for one in features:
        if not isinstance(one, dict):
            raise PlaceDataError("operator.place_file_no_features", file=file)
        properties = one.get("properties")
        yield {
            "properties": properties if isinstance(properties, dict) else {},
            "geometry": one.get("geometry"),
        }


def _other_crs(collection: dict[str, Any]) -> str | None:
    crs = collection.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name") or "") if isinstance(properties, dict) else ""
    return name if name and not name.lower().endswith(_DEGREES) else None
