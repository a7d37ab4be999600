"""Asks an online geocoder (Nominatim or Photon, by geopy) at the address the operator has set."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from geopy.exc import GeopyError
from geopy.geocoders import Nominatim, Photon

from desk.places import on_earth

USER_AGENT = "kuemmerkasten (citizen front door; asks for places only)"
TIMEOUT = 2.0
"""Seconds one step of a request may take; a resident is waiting."""
LABEL_PARTS = 2
TOO_COARSE = frozenset(
    {"city", "town", "municipality", "postcode", "county", "region", "state", "country", "administrative"}
)
"""Kinds of answers that only repeat the city, as geocoders do when they know nothing better."""
# class of geopy, what its question takes beside the words
_KINDS: Mapping[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "nominatim": (Nominatim, {"language": "de", "country_codes": "de"}),
    "photon": (Photon, {"language": "de"}),
}


@dataclass(frozen=True, kw_only=True)
class Geocoded:
    """A place the geocoder knows, in degrees WGS84, and the beginning of what it calls it."""

    latitude: float
    longitude: float
    label: str


class NoAnswer(Exception):  # noqa: N818 -- reads as the fact it states
    """The geocoder is down, slow, refuses, or answers something that is no place."""


class Geocoder:
    """Sends the words of a place and the city's name, nothing else; never faster than allowed."""

    def __init__(
        self,
        kind: str,
        url: str,
        *,
        city: str,
        min_seconds: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(url)
        make, self._options = _KINDS[kind]
        self._client = make(
            domain=f"{parts.netloc}{parts.path}".rstrip("/"),
            scheme=parts.scheme,
            user_agent=USER_AGENT,
            timeout=TIMEOUT,
        )
        self._city = city
        self._min_seconds = min_seconds
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()
        self._next = -math.inf

    def ask(self, place: str) -> Geocoded | None:
        """Look a place up; None when the geocoder does not know it. Blocks until it is our turn and answered.

        Raises NoAnswer.
        """
        with self._lock:
            self._sleep(max(0.0, self._next - self._clock()))
            try:
                found = self._client.geocode(f"{place}, {self._city}", exactly_one=True, **self._options)
                return _geocoded(found, place)
            except (GeopyError, ValueError, TypeError, KeyError, AttributeError, OSError) as error:
                raise NoAnswer(type(error).__name__) from error
            finally:
                self._next = self._clock() + self._min_seconds


def _geocoded(found: Any, place: str) -> Geocoded | None:
    if found is None or _kind_of(found.raw) in TOO_COARSE:
        return None
    latitude, longitude = float(found.latitude), float(found.longitude)
    if not on_earth(latitude, longitude):
        return None
    parts = [part.strip() for part in str(found.address or "").split(",") if part.strip()]
    return Geocoded(latitude=latitude, longitude=longitude, label=", ".join(parts[:LABEL_PARTS]) or place)


def _kind_of(raw: dict[str, Any]) -> str:
    """Return what kind of place an answer is, in the words of OpenStreetMap."""
    told = raw.get("properties") or raw
    return str(told.get("addresstype") or told.get("type") or "")
