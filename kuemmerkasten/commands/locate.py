import argparse
import io
import json
import sys
from typing import Any

from desk.address_text import read_address
from desk.city import City
from desk.places import Located, Locator, Status
from storage.city_files import load_city
from storage.places import locator_for
from storage.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no options: places come on standard input, one a line."""
    del parser


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Answer every line with one JSON line, in the same order."""
    del arguments
    city = load_city(settings.city)
    locator = locator_for(city, settings)
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    for line in sys.stdin:
        print(json.dumps(answer(line.rstrip("\r\n"), city, locator), ensure_ascii=False), flush=True)
    return 0


def answer(line: str, city: City, locator: Locator) -> dict[str, Any]:
    """Return what `locate` says about one line; carrier and caretaker are null where nobody is known."""
    located: Located = locator.find(line)
    district = located.district
    number = next((one.number for one in read_address(located.label).numbers), None)
    area = city.recipient_of(district, located.street, number) if district else None
    carrier = city.carrier_of(area) if area else None
    return {
        "input": line,
        "status": str(located.status),
        "district": district,
        "carrier": carrier.name if carrier else None,
        "caretaker": area.id if area else None,
        "candidates": list(located.candidates) if located.status is Status.AMBIGUOUS else [],
    }
