"""Tells points in degrees near a city from metres, swapped degrees and points of another city."""

from collections.abc import Callable
from typing import Any

from desk.city import City
from desk.errors import PlaceDataError
from desk.places import metres_between, on_earth

FAR = 40_000
"""Metres from a district's centre beyond which a point can't be meant for this city."""
GERMANY = (5.5, 47.0, 15.5, 55.5)
"""West, south, east, north in degrees: where a city lies whose districts have no centres yet."""
# lowest and highest easting of the projections German cities publish in, and their names
_METRES: tuple[tuple[float, float, str], ...] = (
    (32_000_000, 33_000_000, "EPSG:4647"),
    (100_000, 900_000, "EPSG:25832"),
    (2_000_000, 5_900_000, "EPSG:31466-31469"),
)


class PlausiblePoints:
    """Checks the points of one file; the first that is wrong raises PlaceDataError with the reason."""

    def __init__(self, city: City, file: str, crs: str | None) -> None:
        self.city = city
        self.file = file
        if crs is not None:
            raise PlaceDataError("operator.place_wrong_projection", file=file, crs=crs)
        self.near = _near(city)

    def read(self, coordinates: Any) -> tuple[float, float]:
        """Return longitude and latitude of a point's coordinates."""
        try:
            longitude, latitude = (float(one) for one in coordinates[:2])
        except (TypeError, ValueError, KeyError) as error:
            raise PlaceDataError("operator.place_file_bad_point", file=self.file) from error
        self.check(longitude, latitude)
        return longitude, latitude

    def check(self, longitude: float, latitude: float) -> None:
        """Raise PlaceDataError unless the point may belong to the city; strays next door are normal."""
        if self.near(latitude, longitude):
            return
        at = f"{longitude:g} / {latitude:g}"
        if not on_earth(latitude, longitude) and abs(longitude) != float("inf"):
            crs = _metres_of(longitude, latitude)
            if crs:
                raise PlaceDataError("operator.place_wrong_projection", file=self.file, crs=crs)
        if self.near(longitude, latitude):
            raise PlaceDataError("operator.place_swapped", file=self.file, point=at)
        if not on_earth(latitude, longitude):
            raise PlaceDataError("operator.place_not_degrees", file=self.file)
        raise PlaceDataError("operator.place_elsewhere", file=self.file, point=at, city=self.city.name)


def _near(city: City) -> Callable[[float, float], bool]:
    centres = [
        (one.latitude, one.longitude)
        for one in city.districts
        if one.latitude is not None and one.longitude is not None
    ]

    def near(latitude: float, longitude: float) -> bool:
        if not on_earth(latitude, longitude):
            return False
        if centres:
            return metres_between((latitude, longitude), centres[0]) <= FAR
        west, south, east, north = GERMANY
        return west <= longitude <= east and south <= latitude <= north

    return near


def _metres_of(*numbers: float) -> str | None:
    """Name the projection two numbers look like, whichever of them is the easting; None for no metres."""
    for lowest, highest, name in _METRES:
        if any(lowest <= number <= highest for number in numbers):
            return name
    return None
