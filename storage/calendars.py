"""Public holidays and school holidays of a Land, and the words questions about hours are read with."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import holidays
import yaml

from desk.dates import DateReader
from desk.hours_calendar import Calendar, SchoolHolidays, no_holiday
from desk.offices_asked import OfficeWords

ROOT = Path(__file__).parent.parent
SCHOOL_HOLIDAYS = ROOT / "cities" / "school_holidays.yml"
DATE_WORDS = ROOT / "desk" / "dates.yml"
OFFICE_WORDS = ROOT / "desk" / "offices.yml"
COUNTRY, LANGUAGE = "DE", "de"


def calendar_of(land: str, *, file: Path = SCHOOL_HOLIDAYS) -> Calendar:
    """Return the calendar of a Land ("NW"); without public holidays for one the library does not know.

    Public holidays and their German names are those of the library `holidays`.
    """
    return Calendar(holiday=_public_holidays(land), school_holidays=_school_holidays(land, file))


@cache
def date_reader() -> DateReader:
    """Return the reader of dates, built when it is first needed."""
    return DateReader.of(yaml.safe_load(DATE_WORDS.read_text(encoding="utf-8")))


@cache
def office_words() -> OfficeWords:
    """Return the words offices are recognised by."""
    return OfficeWords.of(yaml.safe_load(OFFICE_WORDS.read_text(encoding="utf-8")))


@cache
def _public_holidays(land: str) -> Callable[[date], str | None]:
    try:
        known = holidays.country_holidays(COUNTRY, subdiv=land, language=LANGUAGE)
    except NotImplementedError:
        return no_holiday

    def holiday(day: date) -> str | None:
        name = known.get(day)
        return str(name) if name else None

    return holiday


@cache
def _school_holidays(land: str, file: Path) -> tuple[SchoolHolidays, ...]:
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    entries = content.get(land, {}).get("holidays", ())
    return tuple(SchoolHolidays(name=one["name"], first=one["from"], last=one["to"]) for one in entries)
