"""Reads which days are meant: "übermorgen", "nächste Woche Mittwoch", "an Heiligabend", "24.12."."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from desk.dates_words import filled, take
from desk.hours_calendar import Calendar
from desk.spelling import fold

DAY = timedelta(days=1)
WEEK = 7
SATURDAY = 5
YEARS_AHEAD = 9  # 29 February comes round within them
CENTURY = 100
_SINGLE = (
    "weekday_in_weeks", "weekday_next_week", "next_weekend", "weekend", "next_week", "this_week", "in_days",
    "in_weeks", "weekday_coming", "weekday_plain", "short_weekday", "date_iso", "date_words", "date_numbers",
    "date_day", "month", "school_holidays", "public_holiday", "day_after", "past", "ignored",
)  # fmt: skip


@dataclass(kw_only=True)
class DaysFound:
    """The days a text names, while it is being read; `name` is what the last named one is called."""

    today: date
    calendar: Calendar
    days: set[date] = field(default_factory=set)
    name: str = ""
    impossible: str = ""
    unknown: str = ""

    def add(self, days: Iterable[date], *, name: str = "") -> bool:
        """Note days; those that are over are left out."""
        self.days |= {day for day in days if day >= self.today}
        self.name = name or self.name
        return True


class DayReader:
    """Finds days in a folded text."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        parts = content["parts"]
        self.patterns = {name: filled(content[name], parts) for name in _SINGLE}
        self.offsets = [(filled(one["pattern"], parts), int(one["offset"])) for one in content["days"]]
        self.feasts = [(filled(rf"\b(?:{one['words']})\b", parts), one) for one in content["feasts"]]
        self.numbers: Mapping[str, int] = content["numbers"]
        self.months = {name: month for month, names in enumerate(content["months"], 1) for name in names}
        self.weekdays = {name: day for day, names in enumerate(content["weekdays"]) for name in names}

    def read(self, text: str, found: DaysFound) -> str:
        """Note the days in `found`; return the text with what was read marked."""
        for name in ("ignored", "past"):
            text = self.patterns[name].sub(" ", text)
        for pattern, feast in self.feasts:
            text = take(pattern, text, partial(self._feast, feast, found))
        for name, reader in _STEPS:
            text = take(self.patterns[name], text, partial(reader, self, found))
        for pattern, offset in self.offsets:
            text = take(pattern, text, partial(self._offset, offset, found))
        return text

    def customary(self, day: date) -> bool:
        """Tell whether many places are closed on a day although it is no public holiday."""
        feasts = (feast for _, feast in self.feasts if feast.get("custom"))
        return any(day in _feast_days(feast, day.year) for feast in feasts)

    def _feast(self, feast: Mapping[str, Any], found: DaysFound, match: re.Match[str]) -> bool:
        days = next(
            days
            for year in range(found.today.year, found.today.year + 3)
            if (days := _feast_days(feast, year))[-1] >= found.today
        )
        if self.patterns["day_after"].search(match.string[: match.start()]):
            return found.add([days[-1] + DAY])
        return found.add(days, name=feast["name"])

    def _offset(self, offset: int, found: DaysFound, _match: re.Match[str]) -> bool:
        return found.add([found.today + offset * DAY])

    def _school_holidays(self, found: DaysFound, match: re.Match[str]) -> bool:
        coming = (one for one in found.calendar.school_holidays if one.last >= found.today)
        pausing = next((one for one in coming if fold(one.name).startswith(match[1] or "")), None)
        if pausing is None:
            found.unknown = match[0].strip()
            return True
        return found.add(_range(pausing.first, pausing.last), name=pausing.name)

    def _public_holiday(self, found: DaysFound, _match: re.Match[str]) -> bool:
        days = _range(found.today, found.today + 400 * DAY)
        day = next((day for day in days if found.calendar.holiday(day)), None)
        return day is not None and found.add([day], name=found.calendar.holiday(day) or "")

    def _iso(self, found: DaysFound, match: re.Match[str]) -> bool:
        return self._date(found, match, int(match[3]), int(match[2]), match[1])

    def _numbers(self, found: DaysFound, match: re.Match[str]) -> bool:
        return self._date(found, match, int(match[1]), int(match[2]), match[3])

    def _words(self, found: DaysFound, match: re.Match[str]) -> bool:
        return self._date(found, match, int(match[1]), self.months[match[2]], match[3])

    def _date(self, found: DaysFound, match: re.Match[str], day: int, month: int, year: str | None) -> bool:
        years = range(found.today.year, found.today.year + YEARS_AHEAD)
        if year:
            given = int(year)
            years = range(given if given >= CENTURY else 20 * CENTURY + given, 9999)[:1]
        days = [one for one in (_day(one, month, day) for one in years) if one]
        coming = next((one for one in days if one >= found.today), None)
        if not days:
            found.impossible = match[0].strip()
        return found.add([coming] if coming else ())

    def _day_of_month(self, found: DaysFound, match: re.Match[str]) -> bool:
        first = found.today.replace(day=1)
        months = [(first + 31 * DAY * ahead).replace(day=1) for ahead in range(3)]
        days = [one for one in (_day(one.year, one.month, int(match[1])) for one in months) if one]
        return found.add([one for one in days if one >= found.today][:1])

    def _month(self, found: DaysFound, match: re.Match[str]) -> bool:
        month = self.months[match[1]]
        year = found.today.year + (month < found.today.month)
        first = date(year, month, 1)
        after = (first + 31 * DAY).replace(day=1)
        return found.add(_range(first, after - DAY))

    def _weekday(self, found: DaysFound, match: re.Match[str]) -> bool:
        return found.add([self._next(match[1], found.today)])

    def _weekday_coming(self, found: DaysFound, match: re.Match[str]) -> bool:
        return found.add([self._next(match[1], found.today + DAY)])

    def _weekday_next_week(self, found: DaysFound, match: re.Match[str]) -> bool:
        return found.add([self._next(match[1] or match[2], _monday(found.today) + WEEK * DAY)])

    def _weekday_in_weeks(self, found: DaysFound, match: re.Match[str]) -> bool:
        return found.add([self._next(match[1], found.today) + WEEK * self._number(match[2]) * DAY])

    def _in_days(self, found: DaysFound, match: re.Match[str]) -> bool:
        return found.add([found.today + self._number(match[1]) * DAY])

    def _in_weeks(self, found: DaysFound, match: re.Match[str]) -> bool:
        return found.add([found.today + WEEK * self._number(match[1]) * DAY])

    def _next_weekend(self, found: DaysFound, _match: re.Match[str]) -> bool:
        saturday = (
            _monday(found.today) + (SATURDAY + (WEEK if found.today.weekday() >= SATURDAY else 0)) * DAY
        )
        return found.add([saturday, saturday + DAY])

    def _weekend(self, found: DaysFound, _match: re.Match[str]) -> bool:
        saturday = _monday(found.today) + SATURDAY * DAY
        return found.add([saturday, saturday + DAY])

    def _next_week(self, found: DaysFound, _match: re.Match[str]) -> bool:
        monday = _monday(found.today) + WEEK * DAY
        return found.add(_range(monday, monday + 6 * DAY))

    def _this_week(self, found: DaysFound, _match: re.Match[str]) -> bool:
        return found.add(_range(found.today, _monday(found.today) + 6 * DAY))

    def _next(self, weekday: str, since: date) -> date:
        return since + (self.weekdays[weekday] - since.weekday()) % WEEK * DAY

    def _number(self, text: str) -> int:
        return self.numbers.get(text) or int(text)


def easter(year: int) -> date:
    """Return Easter Sunday (Gregorian; the anonymous algorithm of Nature, 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    rest = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * rest) // 433
    month = (h + rest - 7 * m + 90) // 25
    return date(year, month, (h + rest - 7 * m + 33 * month + 19) % 32)


def _feast_days(feast: Mapping[str, Any], year: int) -> list[date]:
    if "easter" in feast:
        ends = [easter(year) + offset * DAY for offset in feast["easter"]]
    else:
        ends = [date(year, int(month), int(day)) for day, month in (one.split(".") for one in feast["date"])]
    return _range(ends[0], ends[-1])


def _range(first: date, last: date) -> list[date]:
    return [first + ahead * DAY for ahead in range((last - first).days + 1)]


def _monday(day: date) -> date:
    return day - day.weekday() * DAY


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# ruff: noqa: SLF001 -- the table names the methods of the class above; the order is that of reading
_STEPS: tuple[tuple[str, Callable[[DayReader, DaysFound, re.Match[str]], bool]], ...] = (
    ("school_holidays", DayReader._school_holidays),
    ("date_iso", DayReader._iso),
    ("date_words", DayReader._words),
    ("date_numbers", DayReader._numbers),
    ("date_day", DayReader._day_of_month),
    ("weekday_in_weeks", DayReader._weekday_in_weeks),
    ("weekday_next_week", DayReader._weekday_next_week),
    ("next_weekend", DayReader._next_weekend),
    ("weekend", DayReader._weekend),
    ("next_week", DayReader._next_week),
    ("this_week", DayReader._this_week),
    ("in_days", DayReader._in_days),
    ("in_weeks", DayReader._in_weeks),
    ("public_holiday", DayReader._public_holiday),
    ("weekday_coming", DayReader._weekday_coming),
    ("weekday_plain", DayReader._weekday),
    ("short_weekday", DayReader._weekday),
    ("month", DayReader._month),
)
