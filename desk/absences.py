"""Caretakers who are away: from which day until which, and the area that steps in for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from desk.errors import NotAllowed

LONGEST = 60
"""Days an absence may last."""
AHEAD = 366
"""Days from today until it begins, at most."""


@dataclass(frozen=True, kw_only=True)
class Absence:
    """A chat that is away; both days belong to it, as the city's calendar counts them.

    `substitute` is the area that steps in when nobody of the chat's own is left. `begun_at` is when its open
    tickets were handed on, None before. `id` is 0 until it is stored.
    """

    chat: str
    first: date
    last: date
    substitute: str
    begun_at: datetime | None = None
    id: int = 0

    def overlaps(self, first: date, last: date) -> bool:
        """Tell whether a day of it lies between these two, both included."""
        return self.first <= last and first <= self.last


def check_days(first: date, last: date, *, today: date) -> None:
    """Raise NotAllowed for days nobody can be away: over, in the wrong order, too many, too far ahead."""
    shown, count = shown_days(first, last), (last - first).days + 1
    if first < today:
        raise NotAllowed("absence.past", days=shown)
    if count < 1:
        raise NotAllowed("absence.backwards", days=shown)
    if count > LONGEST:
        raise NotAllowed("absence.too_long", days=shown, count=count, most=LONGEST)
    if first > today + timedelta(days=AHEAD):
        raise NotAllowed("absence.too_far", days=shown)


def check_free(first: date, last: date, others: Iterable[Absence]) -> None:
    """Raise NotAllowed when one of a chat's other absences falls on some of these days."""
    for one in others:
        if one.overlaps(first, last):
            raise NotAllowed("absence.overlaps", days=shown_days(one.first, one.last))


def always_somebody(chats: Sequence[str], away: Iterable[Absence], first: date, last: date) -> bool:
    """Tell whether one of these chats is there on all days between the two."""
    gone = {one.chat for one in away if one.overlaps(first, last)}
    return any(chat not in gone for chat in chats)


def shown_day(day: date) -> str:
    """Return a day as people write it, e.g. 24.12.2026."""
    return day.strftime("%d.%m.%Y")


def shown_days(first: date, last: date) -> str:
    """Return the days of an absence as people write them; a single day is named once."""
    return shown_day(first) if first == last else f"{shown_day(first)} – {shown_day(last)}"  # noqa: RUF001
