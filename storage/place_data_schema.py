"""The shape of `place_data` in a city file."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from desk.place_data import PlaceDataLayout, PlaceDownload
from storage.city_fields import Entry, Name, fields_of


def _shaped(pattern: str, mistake: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise PydanticCustomError(mistake, "not of the form wanted")  # type: ignore[arg-type]
        return value

    return check


FileName = Annotated[
    str, AfterValidator(_shaped(r"(?i)[a-z0-9][a-z0-9._-]{0,70}\.(geojson|json|zip)", "bad_download_name"))
]
Url = Annotated[str, AfterValidator(_shaped(r"https?://[^\s/]+/\S{0,400}", "bad_download_url"))]
Sha256 = Annotated[str, AfterValidator(_shaped(r"[0-9a-f]{64}", "bad_sha256"))]


class PlaceDownloadEntry(Entry):
    """One file of the city's portal."""

    name: FileName
    url: Url
    sha256: Sha256 | None = None


class PlaceDataEntry(Entry):
    """Columns of the official place data, its source, and where to download it."""

    street: Name
    house_number: Name
    addition: Name | None = None
    district: Name
    landmark: Name = "name"
    attribution: Annotated[str, Field(min_length=1, max_length=600)]
    other_columns: dict[Name, list[Name]] = {}
    downloads: list[PlaceDownloadEntry] = []


def layout_of(entry: PlaceDataEntry | None) -> PlaceDataLayout | None:
    """Return the desk's layout of a city file's entry."""
    if entry is None:
        return None
    plain = fields_of(entry)
    plain["downloads"] = tuple(PlaceDownload(**fields_of(one)) for one in entry.downloads)
    plain["other_columns"] = {name: tuple(others) for name, others in entry.other_columns.items()}
    return PlaceDataLayout(**plain)
