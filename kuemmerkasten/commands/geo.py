import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from desk.city import City
from desk.errors import PlaceDataError
from storage.city_files import load_city
from storage.places import downloads_path, index_path
from storage.settings import Settings
from storage.texts import Texts

if TYPE_CHECKING:
    from storage.places.index import PlaceIndex


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `geo import --from FOLDER | --download` and `geo info`."""
    texts = Texts.load()
    actions = parser.add_subparsers(dest="action", required=True, metavar="AKTION")
    importing = actions.add_parser("import", help=texts.get("operator.geo_import"))
    importing.add_argument(
        "--from", dest="folder", type=Path, metavar="ORDNER", help=texts.get("operator.geo_from")
    )
    importing.add_argument("--download", action="store_true", help=texts.get("operator.geo_download"))
    importing.set_defaults(refuse=importing.error)
    actions.add_parser("info", help=texts.get("operator.geo_info"))


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Build the city's place index, the one before stays when that fails; or show the one in use."""
    texts = Texts.load()
    city = load_city(settings.city)
    path = index_path(city, settings)
    if arguments.action == "info":
        from storage.places.index import open_index

        if not path.exists():
            raise PlaceDataError("operator.geo_none", city=city.name)
        _show(open_index(path, city), path, city, texts)
        return 0
    if not (arguments.folder or arguments.download):
        arguments.refuse(texts.get("operator.geo_needs"))
    downloaded = _download(city, settings, texts) if arguments.download else []
    _show(_build(arguments.folder, path, city, texts, downloaded), path, city, texts)
    return 0


def _build(
    folder: Path | None, path: Path, city: City, texts: Texts, downloaded: list[tuple[Path, str, str]]
) -> "PlaceIndex":
    from storage.places.build import build_index

    with tqdm(
        desc=texts.get("operator.geo_reading"), unit="", bar_format="{l_bar}{bar}| {n_fmt}/{total_fmt}"
    ) as bar:

        def show(name: str, done: int, total: int) -> None:
            bar.total, bar.n = total, done
            bar.set_postfix_str(name, refresh=False)
            bar.refresh()

        return build_index(folder, path, city, progress=show, downloaded=downloaded)


def _download(city: City, settings: Settings, texts: Texts) -> list[tuple[Path, str, str]]:
    """Download what the city file lists; only one process at a time may."""
    import httpx

    from storage.places.build import only_one
    from storage.places.download import download_all
    from storage.places.official_data import layout_of

    wanted = layout_of(city).downloads
    if not wanted:
        raise PlaceDataError("operator.place_no_downloads", city=city.name)
    folder = downloads_path(city, settings)
    with only_one(folder, wait=False), httpx.Client() as client, tqdm(unit="B", unit_scale=True) as bar:

        def show(name: str, there: int, total: int | None) -> None:
            bar.set_description_str(texts.get("operator.geo_downloading", name=name), refresh=False)
            bar.total, bar.n = total, there
            bar.refresh()

        return download_all(wanted, folder, client=client, bar=show)


def _show(index: "PlaceIndex", path: Path, city: City, texts: Texts) -> None:
    """Print what the index holds, where it comes from and whom to name."""
    meta = index.meta
    houses = f"{len(index.latitude):,}".replace(",", ".")
    districts = len(index.districts)
    print(texts.get("operator.geo_done", city=city.name, houses=houses, districts=districts))
    if index.landmarks.names:
        print(texts.get("operator.geo_landmarks", count=len(index.landmarks.names)))
    if meta["repeated"]:
        print(texts.get("operator.geo_repeated", count=meta["repeated"]))
    for source in meta["sources"]:
        print(texts.get("operator.geo_file", **source))
        if "url" in source:
            print(texts.get("operator.geo_file_url", url=source["url"]))
    print(texts.get("operator.geo_imported", imported=meta["imported"], path=path))
    print(texts.get("operator.geo_source", attribution=meta["attribution"]))
