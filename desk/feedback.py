"""How content residents were, once a ticket is done: kept and shown by area, never by person."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from desk.tickets import Ticket

RATINGS = ("good", "bad")
"""The two thumbs: deeds, and labels (`buttons.resident_*`)."""
ASKED = "feedback_asked"
"""The kind of the entry a history gets when nobody said whether it is really done, and we asked."""
FEWEST = 3
"""Answers an area needs to be shown by itself, so that nobody can be told apart."""
MOST_WORDS = 5


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """One answer. It names no ticket and no chat, and of the time only the day; `words` are redacted."""

    at: datetime
    area: str
    category: str
    good: bool
    words: str | None = None


@dataclass(frozen=True, kw_only=True)
class AreaFeedback:
    """What was said of an area's work; `area` None: of all those with too few answers, without words."""

    area: str | None
    good: int
    bad: int
    words: tuple[str, ...] = ()


def summed_up(rows: Iterable[Feedback]) -> list[AreaFeedback]:
    """Return rows (oldest first) by area, the newest words first; areas with few answers come together."""
    by_area: dict[str, list[Feedback]] = defaultdict(list)
    for row in rows:
        by_area[row.area].append(row)
    found, rest = [], []
    for area, own in sorted(by_area.items()):
        if len(own) < FEWEST:
            rest += own
        else:
            words = tuple(row.words for row in reversed(own) if row.words)
            found.append(_counted(area, own, words=words[:MOST_WORDS]))
    return [*found, *([_counted(None, rest)] if rest else [])]


def _counted(area: str | None, rows: list[Feedback], *, words: tuple[str, ...] = ()) -> AreaFeedback:
    good = sum(row.good for row in rows)
    return AreaFeedback(area=area, good=good, bad=len(rows) - good, words=words)


def given_key(ticket: Ticket, chat: str) -> str:
    """Return the key of the thanks: once it is in the outbox this resident has said how content they are."""
    return f"{ticket.number}/feedback/{chat}"


def was_asked(ticket: Ticket) -> bool:
    """Tell whether its residents were asked by us, some days after it was done."""
    return any(entry.what == ASKED for entry in ticket.history)
