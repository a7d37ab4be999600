"""What a Land's calendar says of a day: a public holiday, school or school holidays."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class School(StrEnum):
    """Whether there is school around a day; weekends in term count as term."""

    TERM = "term"
    HOLIDAYS = "holidays"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class SchoolHolidays:
    """School holidays, both days included, under the name people use ("Herbstferien")."""

    name: str
    first: date
    last: date


def no_holiday(_day: date) -> str | None:
    """Know of no public holiday."""
    return None


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Public holidays by name, and the school holidays that are known, in the order of time without gaps."""

    holiday: Callable[[date], str | None] = no_holiday
    school_holidays: tuple[SchoolHolidays, ...] = ()

    def school_holidays_on(self, day: date) -> SchoolHolidays | None:
        """Return the school holidays a day belongs to."""
        return next((one for one in self.school_holidays if one.first <= day <= one.last), None)

    def school(self, day: date) -> School:
        """Tell whether there is school; before the first and after the last known holidays nobody knows."""
        known = self.school_holidays
        if not known or not known[0].first <= day <= known[-1].last:
            return School.UNKNOWN
        return School.HOLIDAYS if self.school_holidays_on(day) else School.TERM
