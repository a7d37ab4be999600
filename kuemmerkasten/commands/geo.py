import argparse
from pathlib import Path

from tqdm import tqdm

from storage.city_files import load_city
from storage.places import index_path
from storage.settings import Settings
from storage.texts import Texts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `geo import --from FOLDER`."""
    texts = Texts.load()
    actions = parser.add_subparsers(dest="action", required=True, metavar="AKTION")
    importing = actions.add_parser("import", help=texts.get("operator.geo_import"))
    importing.add_argument(
        "--from",
        dest="folder",
        type=Path,
        required=True,
        metavar="ORDNER",
        help=texts.get("operator.geo_from"),
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Build the city's place index from official open data; the one before stays when that fails."""
    from storage.places.build import build_index

    city = load_city(settings.city)
    texts = Texts.load()
    path = index_path(city, settings)
    with tqdm(
        desc=texts.get("operator.geo_reading"), unit="", bar_format="{l_bar}{bar}| {n_fmt}/{total_fmt}"
    ) as bar:

        def show(name: str, done: int, total: int) -> None:
            bar.total, bar.n = total, done
            bar.set_postfix_str(name, refresh=False)
            bar.refresh()

        index = build_index(arguments.folder, path, city, progress=show)
    houses = f"{len(index.latitude):,}".replace(",", ".")
    print(
        texts.get(
            "operator.geo_done", city=city.name, houses=houses, districts=len(index.districts), path=path
        )
    )
    print(texts.get("operator.geo_source", attribution=index.meta["attribution"]))
    return 0
