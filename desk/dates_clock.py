"""Reads times of day as people say them: "um halb fünf", "nach 17 Uhr", "abends"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from desk.dates_words import filled

HOURS = 24
NOON = 12
HOUR = 60
_WRITTEN = re.compile(r"(\d{1,2})[:.](\d{2})")
_HOUR = re.compile(r"(\d{1,2})\s*(?:uhr|h)?\s*(\d{2})?")
_SPOKEN = re.compile(r"(halb|viertel vor|viertel nach|dreiviertel|viertel)\s+(\w+)")
_SHIFTS = {"halb": -30, "viertel vor": -15, "viertel nach": 15, "dreiviertel": -15, "viertel": -45}


@dataclass(frozen=True, kw_only=True)
class TimeOfDay:
    """A part of a day: from `start` to `end` (None: the day's end), or only the moment `start`.

    `name` is how a part of the day is called; empty for what was said by the clock.
    """

    start: time
    end: time | None = None
    moment: bool = False
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class ClockReader:
    """Finds a time of day in a folded text."""

    numbers: Mapping[str, int]
    parts: tuple[tuple[re.Pattern[str], TimeOfDay], ...]
    between: tuple[re.Pattern[str], ...]
    after: re.Pattern[str]
    at: tuple[re.Pattern[str], ...]
    afternoon_before: int

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "ClockReader":
        """Build from the word lists; KeyError when one is missing."""
        words = content["parts"]
        return cls(
            numbers=content["numbers"],
            parts=tuple(
                (filled(one["pattern"], words), _part(one["name"], one["from"], one["to"]))
                for one in content["day_parts"]
            ),
            between=tuple(filled(one, words) for one in content["clock_between"]),
            after=filled(content["clock_after"], words),
            at=tuple(filled(one, words) for one in content["clock_at"]),
            afternoon_before=content["afternoon_before"],
        )

    def read(self, text: str) -> TimeOfDay | None:
        """Return the time of day that is meant; what the clock says comes before a part of the day."""
        part = next((named for pattern, named in self.parts if pattern.search(text)), None)
        early = part is not None and part.start.hour < NOON and part.end is not None
        late = part is not None and not early
        for pattern in self.between:
            if found := pattern.search(text):
                start, end = (self._clock(one, early=early, late=late) for one in found.groups())
                if start and end and start < end:
                    return TimeOfDay(start=start, end=end)
        for pattern in (self.after, *self.at):
            found = pattern.search(text)
            clock = self._clock(found[1], early=early, late=late) if found else None
            if clock:
                return TimeOfDay(start=clock, moment=pattern is not self.after)
        return part

    def _clock(self, text: str, *, early: bool, late: bool) -> time | None:
        minutes = self._minutes(text.strip())
        if minutes is None:
            return None
        exact = _WRITTEN.match(text) is not None and text.lstrip().startswith("0")
        hour = minutes // HOUR
        if (late and hour < NOON) or (not early and not exact and hour < self.afternoon_before):
            minutes += NOON * HOUR
        minutes = min(minutes, HOURS * HOUR - 1)
        return time(minutes // HOUR, minutes % HOUR)

    def _minutes(self, text: str) -> int | None:
        """Return minutes after midnight, as said; None for what is no time."""
        if spoken := _SPOKEN.match(text):
            hour = self.numbers.get(spoken[2]) or (int(spoken[2]) if spoken[2].isdigit() else None)
            return hour * HOUR + _SHIFTS[spoken[1]] if hour and hour <= HOURS else None
        if match := _WRITTEN.match(text) or _HOUR.match(text):
            hour, minute = int(match[1]), int(match[2] or 0)
            return hour * HOUR + minute if hour <= HOURS and minute < HOUR else None
        hour = self.numbers.get(text.split(maxsplit=1)[0]) if text else None
        return hour * HOUR if hour else None


def _part(name: str, start: int, end: int) -> TimeOfDay:
    return TimeOfDay(name=name, start=time(start), end=time(end) if end < HOURS else None)
