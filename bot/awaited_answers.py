import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from storage.wiring import House

ANSWER_AWAITED = timedelta(minutes=30)  # how long what is written counts as the answer that was announced


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """What a resident may be writing just now, and to which ticket.

    `what` is "answer" (words and photos for its caretakers), "place" (where it is) or "word" (about how
    content they are); `more` is what taking it needs to know, as plain JSON.
    """

    ticket: str
    what: str = "answer"
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AwaitedAnswers:
    """What each resident's chat is about to write, kept over restarts. Methods do I/O."""

    house: House

    def now(self, chat: str, *, update: int) -> Awaited | None:
        """Return what an update may be the answer to.

        An update that comes again after it ended the waiting is still its answer, never a report of its own.
        """
        data = self._load(chat)
        if data is None:
            return None
        again = data["ended_by"] == update
        waits = data["ended_by"] is None and datetime.fromisoformat(data["until"]) > self.house.clock()
        if not (again or waits):
            return None
        return Awaited(ticket=data["ticket"], what=data.get("what", "answer"), more=data.get("more", {}))

    def wait(self, chat: str, awaited: Awaited, *, ended_by: int | None = None) -> None:
        """Wait for something in place of anything before; `ended_by` is the update it has come with."""
        data = {
            "ticket": awaited.ticket,
            "what": awaited.what,
            "more": dict(awaited.more),
            "until": (self.house.clock() + ANSWER_AWAITED).isoformat(),
            "ended_by": ended_by,
        }
        self.house.conversations.save(_key(chat), json.dumps(data).encode())

    def stop(self, chat: str, *, ticket: str | None = None) -> None:
        """Wait no longer, where a `ticket` is given only if something about it is waited for."""
        data = self._load(chat)
        if data and ticket in (None, data["ticket"]):
            self.house.conversations.delete(_key(chat))

    def _load(self, chat: str) -> dict[str, Any] | None:
        blob = self.house.conversations.load(_key(chat))
        return dict(json.loads(blob)) if blob else None


def _key(chat: str) -> str:
    return f"answer:{chat}"
