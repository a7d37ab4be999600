import argparse
from dataclasses import replace
from datetime import UTC, datetime

from desk.city import City
from desk.city_check import Remark, check_city
from storage.categories import load_categories
from storage.city_files import load_city
from storage.places import index_path
from storage.settings import Settings
from storage.texts import Texts

NAMES_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `city check [ID]`."""
    texts = Texts.load()
    actions = parser.add_subparsers(dest="action", required=True, metavar="AKTION")
    checking = actions.add_parser("check", help=texts.get("operator.city_check"))
    checking.add_argument("city", nargs="?", metavar="ID", help=texts.get("operator.city_id"))


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print what was found out about a city; status 1 when somebody would reach nobody."""
    city = load_city(arguments.city or settings.city)
    texts = Texts.load()
    remarks = check_city(city, load_categories(), datetime.now(UTC))
    remarks += _addresses(city, replace(settings, city=city.id))
    serious = [one for one in remarks if one.serious]
    counts = {"districts": city.districts, "areas": city.areas, "offices": city.offices}
    print(texts.get("city_check.city", city=city.name, **{name: len(each) for name, each in counts.items()}))
    for title, found in (("serious", serious), ("hints", [one for one in remarks if not one.serious])):
        if found:
            print(f"\n{texts.get(f'city_check.{title}')}")
        for one in found:
            print(f"- {texts.get(f'city_check.{one.key}', **one.params)}")
    print()
    print(texts.get("city_check.failed" if serious else "city_check.passed", count=len(serious)))
    return 1 if serious else 0


def _addresses(city: City, settings: Settings) -> list[Remark]:
    path = index_path(city, settings)
    if not path.exists():
        return [Remark(key="no_place_data", serious=False)]
    from storage.places.addresses import reached
    from storage.places.index import open_index

    found = reached(city, open_index(path, city))
    params: dict[str, object] = {"addresses": found.addresses, "cared_for": found.cared_for}
    remarks = [Remark(key="addresses", serious=False, params=params)]
    lists = (("addresses_unreachable", True, found.nobody), ("streets_nowhere", False, found.nowhere))
    for key, serious, names in lists:
        if names:
            shown = "; ".join(names[:NAMES_SHOWN]) + (" …" if len(names) > NAMES_SHOWN else "")
            params = {"count": len(names), "shown": shown}
            remarks.append(Remark(key=key, serious=serious, params=params))
    return remarks
