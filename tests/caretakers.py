"""Caretakers' chats for tests: a wired house, chats that work for areas, and what is pressed and written there."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from telegram import Update

from bot.caretakers import CaretakerChat
from bot.residents import Answer
from desk.drafts import Spot
from desk.notices import Notice
from desk.tickets import Ticket
from storage.wiring import House
from tests.builders import RESIDENT, finished_draft

NORTH, COLLEAGUE, GROUP, SOUTH, DESK = "31", "32", "-33", "41", "51"
"""Three chats of Katernberg, one of Kray, the coordination's."""


@dataclass
class Team:
    """Everybody who works on tickets, in Essen."""

    house: House
    updates: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        for chat, area in (
            (NORTH, "katernberg"),
            (COLLEAGUE, "katernberg"),
            (GROUP, "katernberg"),
            (SOUTH, "kray"),
            (DESK, self.house.city.coordination.id),
        ):
            self.house.caretakers.invite(area, token=chat, now=self.house.clock())
            self.house.caretakers.redeem(chat, chat=chat, now=self.house.clock())

    def reported(self, draft: str = "d1", *, district: str = "Katernberg", **changes: Any) -> Ticket:
        """A ticket whose cards are on their way."""
        spot = Spot(label="Hauptstr. 1", district=district)
        given = {"id": draft, "spot": spot, "category": "bulky_waste", **changes}
        return self.house.reports.send(finished_draft(**given), reporter=RESIDENT, now=self.house.clock())

    def ticket(self, number: str) -> Ticket:
        """The ticket as it is now."""
        with self.house.storage.look() as work:
            return work.tickets.get(number)

    def news(self) -> list[Notice]:
        """What the resident has been told so far."""
        with self.house.storage.look() as work:
            return [letter.notice for letter in work.outbox.open() if letter.notice.chat == RESIDENT]

    def press(self, data: str, *, chat: str = NORTH, person: int = 0) -> Answer | None:
        """Somebody presses a button with this data."""
        query = {"id": "1", "chat_instance": "1", "data": data, "from": self._person(chat, person)}
        return self.answer({"callback_query": query}, chat=chat)

    def write(
        self, text: str | None = None, *, chat: str = NORTH, person: int = 0, **more: Any
    ) -> Answer | None:
        """Somebody writes; None: it is left to the residents' dialogue."""
        return self.answer({"message": self.message(text, chat=chat, person=person, **more)}, chat=chat)

    def photo(self, file_id: str, *, chat: str = NORTH, caption: str | None = None) -> Answer | None:
        """Somebody sends a photo."""
        size = {"file_id": file_id, "file_unique_id": file_id, "width": 9, "height": 9}
        more: dict[str, Any] = {"caption": caption} if caption else {}
        return self.write(chat=chat, photo=[size], **more)

    def message(self, text: str | None, *, chat: str, person: int = 0, **more: Any) -> dict[str, Any]:
        """A message as the Bot API sends it."""
        kind = "group" if chat.startswith("-") else "private"
        return {
            "message_id": 1,
            "date": 1_767_000_000,
            "chat": {"id": int(chat), "type": kind},
            "from": self._person(chat, person),
            **({"text": text} if text else {}),
            **more,
        }

    def answer(self, *contents: dict[str, Any], chat: str) -> Answer | None:
        """Let the caretakers' side answer an update, or an album's updates."""
        updates = [Update.de_json({"update_id": next(self.updates), **content}, None) for content in contents]
        self.last = updates
        return self.again(chat=chat)

    def again(self, *, chat: str = NORTH) -> Answer | None:
        """The updates that came last come again."""
        return CaretakerChat(house=self.house).answer(self.last, chat=chat)

    def _person(self, chat: str, person: int) -> dict[str, Any]:
        return {"id": person or abs(int(chat)), "is_bot": False, "first_name": "Karla"}


def said(answer: Answer | None) -> str:
    """The text of the only message."""
    assert answer is not None
    (notice,) = answer.notices
    return str(notice.content["text"])


def offered(answer: Answer | None) -> dict[str, str]:
    """The buttons of the only message: label -> data."""
    assert answer is not None
    (notice,) = answer.notices
    return dict(notice.content["buttons"])
