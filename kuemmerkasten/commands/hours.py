import argparse
import json
from datetime import datetime

from desk.city import City
from desk.errors import SettingError
from desk.hours import opening
from storage.calendars import calendar_of
from storage.city_files import load_city
from storage.settings import Settings
from storage.texts import Texts

YEARS = range(1970, 2200)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `--at` and `--office`."""
    texts = Texts.load()
    parser.add_argument("--at", metavar="ZEIT", help=texts.get("operator.hours_at"))
    parser.add_argument("--office", metavar="ID", help=texts.get("operator.hours_office"))


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print one JSON object: office id to what holds at the time; times carry the city's UTC offset."""
    city = load_city(settings.city)
    at = read_time(arguments.at, city) if arguments.at is not None else datetime.now(city.zone)
    offices = (city.office(arguments.office),) if arguments.office else city.offices
    calendar = calendar_of(city.land)
    answer = {}
    for office in offices:
        state = opening(office, at, zone=city.zone, calendar=calendar)
        answer[office.id] = {
            "name": office.name,
            "open": state.open,
            "closes_at": _written(state.closes_at),
            "next_opening": _written(state.next_opening),
            "reason": str(state.reason),
            "purpose": state.purpose,
        }
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0


def read_time(text: str, city: City) -> datetime:
    """Read an ISO time; without an offset it is the city's. SettingError for anything else."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise SettingError("operator.bad_time", value=text) from None
    if at.year not in YEARS:
        raise SettingError("operator.bad_time", value=text)
    return at if at.tzinfo else at.replace(tzinfo=city.zone)


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment else None
