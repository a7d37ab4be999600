"""Places from a city's official open data: one index file a city, built once, opened in milliseconds."""

from pathlib import Path

from desk.city import City
from desk.nearest_centres import NearestCentres
from desk.places import Locator
from storage.places.geocoded import GeocodedPlaces
from storage.places.reloading import ReloadingPlaces
from storage.settings import Settings


def index_path(city: City, settings: Settings) -> Path:
    """Return where the city's place index lies."""
    return settings.state_dir / "places" / f"{city.id}.npz"


def downloads_path(city: City, settings: Settings) -> Path:
    """Return the folder where the city's downloaded place data lies."""
    return settings.state_dir / "places" / "downloads" / city.id


def locator_for(city: City, settings: Settings) -> ReloadingPlaces | GeocodedPlaces:
    """Return what finds places in this city: by its index when there is one, by district centres otherwise.

    With GEO_DATA set, an index that is missing, unreadable or older than the data is built first (seconds).
    A new index is taken up while it is in use; with GEOCODER set, places that stay unknown can be looked up.
    Raises PlaceDataError when there is an index or data that can't be used.
    """
    path = index_path(city, settings)
    if settings.geo_data:
        from storage.places.build import build_if_older

        build_if_older(settings.geo_data, path, city)
    places = ReloadingPlaces(
        path, otherwise=NearestCentres(city), open_places=lambda new: _indexed(city, new)
    )
    if settings.geocoder is None or settings.geocoder_url is None:
        return places
    from storage.places.geocoder import Geocoder

    geocoder = Geocoder(
        settings.geocoder, settings.geocoder_url, city=city.name, min_seconds=settings.geocoder_min_seconds
    )
    return GeocodedPlaces(places, geocoder.ask)


def _indexed(city: City, path: Path) -> Locator:
    from storage.places.index import open_index
    from storage.places.indexed import IndexedPlaces
    from storage.texts import Texts

    return IndexedPlaces(city, open_index(path, city), Texts.load())
