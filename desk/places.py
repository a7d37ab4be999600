"""What a locator answers, with or without a city's official place data."""

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

METRES_PER_DEGREE = 111_195.0
MOST_CANDIDATES = 6
_PLAIN_PAIR = re.compile(
    r"^\s*([-+]?\d{1,3}(?:\.\d+)?|nan|[-+]?inf)\s*[,;]\s*([-+]?\d{1,3}(?:\.\d+)?|nan|[-+]?inf)\s*$",
    re.IGNORECASE,
)
_COORDINATES = re.compile(
    r"^(-?\d{1,3}[.,]\d+)°?\s*[NnSs]?\s*(?:,|;|/|\s)\s*(-?\d{1,3}[.,]\d+)°?\s*[EeOoWw]?\s*$"
)


class Status(StrEnum):
    """How sure the answer is. Only RESOLVED may be used without asking."""

    RESOLVED = "resolved"
    AMBIGUOUS = "ambiguous"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Located:
    """A place found, or what stands in the way.

    `candidates` are names of districts, likeliest first, at most six; with RESOLVED it is the district alone.
    `label` is what to show ("Gutenbergstr. 52", "bei Karnaper Str. 100", a district); may be empty.
    `point` is (latitude, longitude) in degrees WGS84, None when the place is no point.
    """

    status: Status
    district: str | None = None
    candidates: tuple[str, ...] = ()
    label: str = ""
    point: tuple[float, float] | None = None
    street: str | None = None
    """Official name of the street it is in, where one is known: some areas are streets, not districts."""
    confirm: bool = False
    """So near to a border that whoever sent it should say on which side it lies (AMBIGUOUS)."""
    suggestions: tuple[str, ...] = ()
    """Names spelled like what was written, when that does not exist (UNKNOWN); the nearest first."""
    sides: tuple[str, ...] = ()
    """With `confirm`, the nearest street on each candidate's side ("Querweg (Westend)"), else empty texts."""
    neighbour: str | None = None
    """The other city it lies in, where that is known (OUTSIDE)."""


class Locator(Protocol):
    """Finds the district of a pin or of words. Answers anything, raises nothing."""

    def at(self, latitude: float, longitude: float) -> Located:
        """Locate a pin (degrees, WGS84)."""
        ...

    def find(self, text: str) -> Located:
        """Locate what somebody wrote: an address, a street, a district, a pair of coordinates."""
        ...


def resolved(
    district: str,
    *,
    label: str = "",
    point: tuple[float, float] | None = None,
    street: str | None = None,
) -> Located:
    """Return the answer for a place whose district is certain."""
    return Located(
        status=Status.RESOLVED,
        district=district,
        candidates=(district,),
        label=label or district,
        point=point,
        street=street,
    )


def ambiguous(
    candidates: tuple[str, ...],
    *,
    label: str = "",
    point: tuple[float, float] | None = None,
    street: str | None = None,
) -> Located:
    """Return the answer for a place that may lie in several districts (the first six are kept)."""
    kept = tuple(dict.fromkeys(candidates))[:MOST_CANDIDATES]
    return Located(status=Status.AMBIGUOUS, candidates=kept, label=label, point=point, street=street)


def at_pair(locator: Locator, pair: tuple[float, float]) -> Located:
    """Locate two numbers somebody wrote; where only the other order is in the city, that one was meant."""
    located = locator.at(*pair)
    if located.status is not Status.OUTSIDE:
        return located
    swapped = locator.at(pair[1], pair[0])
    return located if swapped.status is Status.OUTSIDE else swapped


def coordinates(text: str) -> tuple[float, float] | None:
    """Read "51.49,7.05" (decimal commas too) as latitude and longitude; None when it is something else."""
    match = _PLAIN_PAIR.match(text) or _COORDINATES.match(text.strip())
    if not match:
        return None
    return float(match[1].replace(",", ".")), float(match[2].replace(",", "."))


def on_earth(latitude: float, longitude: float) -> bool:
    """Tell whether both numbers are finite and within the range of degrees."""
    return abs(latitude) <= 90 and abs(longitude) <= 180  # noqa: PLR2004 -- NaN fails both comparisons


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance of two points (latitude, longitude) in metres, flat, good to 1 % within a city."""
    north = (a[0] - b[0]) * METRES_PER_DEGREE
    east = (a[1] - b[1]) * METRES_PER_DEGREE * math.cos(math.radians((a[0] + b[0]) / 2))
    return math.hypot(north, east)
