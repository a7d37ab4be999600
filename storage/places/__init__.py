"""Places from a city's official open data: one index file a city, built once, opened in milliseconds."""

from pathlib import Path

from desk.city import City
from desk.nearest_centres import NearestCentres
from desk.places import Locator
from storage.settings import Settings


def index_path(city: City, settings: Settings) -> Path:
    """Return where the city's place index lies."""
    return settings.state_dir / "places" / f"{city.id}.npz"


def locator_for(city: City, settings: Settings) -> Locator:
    """Return what finds places in this city: by its index when there is one, by district centres otherwise.

    With GEO_DATA set, an index that is missing, unreadable or older than the data is built first (seconds).
    Raises PlaceDataError when there is an index or data that can't be used.
    """
    path = index_path(city, settings)
    if settings.geo_data:
        from storage.places.build import build_if_older

        build_if_older(settings.geo_data, path, city)
    if not path.exists():
        return NearestCentres(city)
    from storage.places.index import open_index
    from storage.places.indexed import IndexedPlaces
    from storage.texts import Texts

    return IndexedPlaces(city, open_index(path, city), Texts.load())
