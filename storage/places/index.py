"""The place index: one uncompressed npz file a city, without pickled objects, replaced atomically."""

import itertools
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from desk.city import City
from desk.errors import PlaceDataError

VERSION = 2
"""Rises whenever the arrays or the way street names are folded change; older files are built anew."""
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Landmarks:
    """Places people know by name: schools, markets, stations. Row i is one of them; names may repeat."""

    names: tuple[str, ...]
    keys: tuple[str, ...]
    """Names as `desk.spelling.key` folds them."""
    latitude: Floats
    longitude: Floats


@dataclass(frozen=True, kw_only=True)
class PlaceIndex:
    """Houses sorted by street and number, streets by name, polygons of districts, landmarks.

    `street_start` has one entry more than there are streets: street i owns houses start[i] to start[i + 1].
    `district` counts into `districts`, -1 where a house lies outside all of them.
    """

    latitude: Floats
    longitude: Floats
    number: Ints
    addition: Ints
    """Letter behind the number as its ASCII code, 0 for none."""
    street: Ints
    district: Ints
    street_start: Ints
    by_cell: Ints
    """House rows in the order of their grid cells."""
    cells: npt.NDArray[np.int64]
    """Cell of each row of `by_cell`, ascending."""
    streets: tuple[str, ...]
    keys: tuple[str, ...]
    loose_keys: tuple[str, ...]
    districts: tuple[str, ...]
    polygons: tuple[bytes, ...]
    """WKB in degrees (longitude, latitude), one a district."""
    landmarks: Landmarks
    meta: dict[str, Any]

    def street_districts(self, street: int) -> tuple[int, ...]:
        """Return the districts a street runs through, those with most houses first."""
        rows = self.district[self.street_start[street] : self.street_start[street + 1]]
        counts = np.bincount(rows[rows >= 0], minlength=len(self.districts))
        return tuple(int(one) for one in np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)])


ARRAYS = (
    "latitude", "longitude", "number", "addition", "street", "district", "street_start", "by_cell", "cells",
)  # fmt: skip
NAMES = ("streets", "keys", "loose_keys", "districts")
LANDMARK_ARRAYS = ("latitude", "longitude")
LANDMARK_NAMES = ("names", "keys")


def write_index(path: Path, index: PlaceIndex) -> None:
    """Write the file beside its place and move it there in one step.

    Raises PlaceDataError when the folder can't be written; the old file is whole in any case.
    """
    marks = index.landmarks
    arrays: dict[str, npt.NDArray[Any]] = {name: getattr(index, name) for name in ARRAYS}
    arrays |= {name: _lines(getattr(index, name)) for name in NAMES}
    arrays |= {f"landmark_{name}": getattr(marks, name) for name in LANDMARK_ARRAYS}
    arrays |= {f"landmark_{name}": _lines(getattr(marks, name)) for name in LANDMARK_NAMES}
    arrays["polygons"] = _packed(b"".join(index.polygons))
    arrays["polygon_lengths"] = np.array([len(one) for one in index.polygons], dtype=np.int32)
    arrays["meta"] = _packed(json.dumps(index.meta | {"version": VERSION}, ensure_ascii=False).encode())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".new", delete=False) as file:
            try:
                np.savez(file, **arrays)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).chmod(0o644)  # open data: a worker of another user may read it
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise PlaceDataError("operator.place_index_unwritable", path=path) from error


def open_index(path: Path, city: City) -> PlaceIndex:
    """Read an index file.

    Raises PlaceDataError when it is broken, of another version, or made for other districts.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            meta = json.loads(stored["meta"].tobytes())
            if meta["version"] != VERSION:
                raise PlaceDataError("operator.place_index_broken", path=path)
            names = {name: _unpacked(stored[name]) for name in NAMES}
            if names["districts"] != city.district_names:
                raise PlaceDataError("operator.place_index_broken", path=path)
            polygons = _cut(stored["polygons"].tobytes(), stored["polygon_lengths"].tolist())
            fields: dict[str, Any] = {name: stored[name] for name in ARRAYS} | names
            marks: dict[str, Any] = {name: stored[f"landmark_{name}"] for name in LANDMARK_ARRAYS}
            marks |= {name: _unpacked(stored[f"landmark_{name}"]) for name in LANDMARK_NAMES}
            return PlaceIndex(**fields, polygons=polygons, landmarks=Landmarks(**marks), meta=meta)
    except (OSError, ValueError, KeyError, TypeError, BadZipFile, EOFError) as error:
        raise PlaceDataError("operator.place_index_broken", path=path) from error


def _lines(names: Sequence[str]) -> Bytes:
    return _packed("\n".join(names).encode())


def _unpacked(stored: Bytes) -> tuple[str, ...]:
    text = stored.tobytes().decode()
    return tuple(text.split("\n")) if text else ()


def _packed(content: bytes) -> Bytes:
    return np.frombuffer(content, dtype=np.uint8)


def _cut(content: bytes, lengths: Sequence[int]) -> tuple[bytes, ...]:
    ends = np.cumsum([0, *lengths]).tolist()
    return tuple(content[start:end] for start, end in itertools.pairwise(ends))
