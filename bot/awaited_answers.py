import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage.wiring import House

ANSWER_AWAITED = timedelta(minutes=30)  # how long what is written counts as the answer that was announced


@dataclass(frozen=True, kw_only=True)
class AwaitedAnswers:
    """Which ticket a resident's chat is about to write to, kept over restarts. Methods do I/O."""

    house: House

    def ticket(self, chat: str, *, update: int) -> str | None:
        """Return the ticket for which an update may be an answer.

        An update that comes again after it ended the waiting is still its answer, never a report of its own.
        """
        data = self._load(chat)
        if data is None:
            return None
        again = data["ended_by"] == update
        waits = data["ended_by"] is None and datetime.fromisoformat(data["until"]) > self.house.clock()
        return str(data["ticket"]) if again or waits else None

    def wait(self, chat: str, ticket: str, *, ended_by: int | None = None) -> None:
        """Wait for words about a ticket from now on; `ended_by` is the update they have come with."""
        until = (self.house.clock() + ANSWER_AWAITED).isoformat()
        data = json.dumps({"ticket": ticket, "until": until, "ended_by": ended_by})
        self.house.conversations.save(_key(chat), data.encode())

    def stop(self, chat: str, *, ticket: str | None = None) -> None:
        """Wait no longer, where a `ticket` is given only if it is waited for."""
        data = self._load(chat)
        if data and ticket in (None, data["ticket"]):
            self.house.conversations.delete(_key(chat))

    def _load(self, chat: str) -> dict[str, Any] | None:
        blob = self.house.conversations.load(_key(chat))
        return dict(json.loads(blob)) if blob else None


def _key(chat: str) -> str:
    return f"answer:{chat}"
