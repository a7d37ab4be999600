"""Reads from a question when is meant and what it asks for. Pure: today and the calendar are passed in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from desk.dates_clock import ClockReader, TimeOfDay
from desk.dates_days import DayReader, DaysFound
from desk.dates_words import Spelling, filled
from desk.hours_calendar import Calendar

DAYS_LOOKED_AT = 7


class Asks(StrEnum):
    """What a question about hours is after besides whether it is open, and what it speaks of."""

    UNTIL = "until"
    FROM = "from"
    WHERE = "where"
    EVENT = "event"
    OFFICE = "office"
    """It speaks of an office."""
    MORE = "more"
    """It goes on from the question before ("und morgen?")."""


@dataclass(frozen=True, kw_only=True)
class When:
    """The time a question is about; without `days` and `clock` it is now.

    `days` are sorted, none of them is over. `name` is what they are called ("an Heiligabend"), empty for
    plain days. On `custom` days many places are closed although they are no holidays. `impossible` is a
    date that does not exist, `unknown` school holidays nobody knows the dates of, both as written.
    """

    days: tuple[date, ...] = ()
    clock: TimeOfDay | None = None
    name: str = ""
    custom: bool = False
    now: bool = False
    impossible: str = ""
    unknown: str = ""
    asks: frozenset[Asks] = frozenset()

    @property
    def says_when(self) -> bool:
        """Tell whether any time was named."""
        return bool(self.days or self.clock or self.now or self.impossible or self.unknown)


@dataclass(frozen=True, kw_only=True)
class DateReader:
    """Reads questions by the word lists of `dates.yml`."""

    spelling: Spelling
    days: DayReader
    clocks: ClockReader
    now: re.Pattern[str]
    asks: Mapping[Asks, re.Pattern[str]]

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "DateReader":
        """Build from the word lists; KeyError when one is missing."""
        parts = content["parts"]
        return cls(
            spelling=Spelling(
                spelled=tuple(content["spelled"]),
                fine=frozenset(content["fine"]),
                dialect=tuple((re.compile(said), meant) for said, meant in content["dialect"].items()),
            ),
            days=DayReader(content),
            clocks=ClockReader.of(content),
            now=filled(content["now"], parts),
            asks={Asks(name): filled(pattern, parts) for name, pattern in content["asks"].items()},
        )

    def read(self, text: str, *, today: date, calendar: Calendar) -> When:
        """Return what the text says about when; a text that says nothing of it is about now."""
        whole = self.spelling.mended(text)
        found = DaysFound(today=today, calendar=calendar)
        rest = self.days.read(whole, found)
        several = found.name and len(found.days) > 1
        return When(
            days=tuple(sorted(found.days)),
            clock=None if several else self.clocks.read(rest),
            name=found.name,
            custom=any(self.days.customary(day) for day in sorted(found.days or [today])[:DAYS_LOOKED_AT]),
            now=self.now.search(rest) is not None,
            impossible=found.impossible,
            unknown=found.unknown,
            asks=frozenset(one for one, pattern in self.asks.items() if pattern.search(whole)),
        )
