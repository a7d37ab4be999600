"""Reads from which day until which somebody is away, as people write it behind a command."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from desk.dates import DateReader
from desk.dates_days import DaysFound
from desk.hours_calendar import Calendar

CENTURY = 2000
ONE_DAY = timedelta(days=1)
LONGEST_TEXT = 80
"""Characters; two dates are never longer."""
LEAP_YEARS = 9
"""29 February comes round within so many years."""
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_WRITTEN = r"(\d{1,2})\.\s?(\d{1,2})(?:\.(\d{4}|\d{2})?)?"
_ONE = re.compile(_WRITTEN)
_TWO = re.compile(rf"({_WRITTEN})\s+({_WRITTEN})")
_DAY = re.compile(r"(\d{1,2})\.?")
_BEGINNING = re.compile(r"^(?:vom|von|ab)\b\s*")
_BETWEEN = re.compile(r"\s*(?:\bbis\b(?:\s+(?:zum|einschliesslich|inklusive))?|-)\s*")
_READ = re.compile(r"[~\s.]*(?:(?:am|den|der|die|zum)\b[~\s.]*)*")


@dataclass(frozen=True, kw_only=True)
class AbsenceDays:
    """Reads days by the word lists of `dates.yml`; today and the Land's calendar are passed in."""

    reader: DateReader
    calendar: Calendar

    def read(self, text: str, *, today: date) -> tuple[date, date] | None:
        """Return first and last day, which may be over or in the wrong order; None for anything but days.

        Without a year the next such day is meant, of the last day the next one behind the first.
        """
        if len(text) > LONGEST_TEXT:
            return None
        folded = self.reader.spelling.mended(text.replace(",", " ")).strip()
        whole = _BEGINNING.sub("", _ISO.sub(r"\3.\2.\1", folded))
        if two := _TWO.fullmatch(whole):
            return self._span(two[1], two[5], today)
        parts = _BETWEEN.split(whole)
        if len(parts) == 1:
            return self._days(parts[0], today)
        return self._span(parts[0], parts[1], today) if len(parts) == 2 else None  # noqa: PLR2004

    def _span(self, begins: str, ends: str, today: date) -> tuple[date, date] | None:
        """Return the days from one to another; without the first it is from today on."""
        first = self._days(begins, today) if begins else (today, today)
        last = self._days(ends, today)
        if first is None:
            return self._backwards(begins, last[-1]) if last else None
        if last and last[-1] < first[0] and not _has_year(ends):
            last = self._days(ends, first[0])  # "Freitag bis Montag": the one behind it
        if last is None:
            return None
        if _has_year(ends) and not _has_year(begins):  # "2.1. bis 5.1.2028": of the same year
            return self._backwards(begins, last[-1]) or (first[0], last[-1])
        return first[0], last[-1]

    def _days(self, text: str, since: date) -> tuple[date, date] | None:
        """Return first and last of the days a text names, the next ones from a day on; None for no days."""
        if written := _ONE.fullmatch(text):
            day = _next(int(written[1]), int(written[2]), written[3], since)
            return (day, day) if day else None
        found = DaysFound(today=since, calendar=self.calendar)
        rest = self.reader.days.read(text, found)
        days = sorted(found.days)
        if not days or found.impossible or not _READ.fullmatch(rest):
            return None
        together = (days[-1] - days[0]).days == len(days) - 1
        return (days[0], days[-1]) if together else None

    def _backwards(self, begins: str, last: date) -> tuple[date, date] | None:
        """Return the days up to a known last one, for a first without month or year: "24. bis 31.12."."""
        if written := _ONE.fullmatch(begins):
            days = [_date(last.year - back, int(written[2]), int(written[1])) for back in range(LEAP_YEARS)]
        elif day := _DAY.fullmatch(begins):
            before = last.replace(day=1) - ONE_DAY
            days = [_date(one.year, one.month, int(day[1])) for one in (last, before)]
        else:
            return None
        first = next((one for one in days if one and one <= last), None)
        return (first, last) if first else None


def _has_year(text: str) -> bool:
    written = _ONE.fullmatch(text)
    return bool(written and written[3])


def _next(day: int, month: int, year: str | None, since: date) -> date | None:
    """Return the day of that date; without a year the next one, None when there is no such date."""
    if year:
        given = int(year)
        return _date(given if given >= 100 else CENTURY + given, month, day)  # noqa: PLR2004
    days = (_date(since.year + ahead, month, day) for ahead in range(LEAP_YEARS))
    return next((one for one in days if one and one >= since), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
