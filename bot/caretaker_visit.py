import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram import Update

from bot.residents import Answer
from desk.notices import Notice, NoticeKind
from desk.tickets import Photo
from storage.wiring import House

AWAITED_FOR = timedelta(minutes=30)  # how long words count as what was asked for
Button = list[str]
"""A label and its callback data."""


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """What somebody may be writing just now: to which ticket, for which deed, with which photos so far.

    `deed` is "finish" (something to add for the resident), "note", "ask", "decline" or "merge" (a number).
    `done` tells that the very update at hand has brought the words already: it has come again.
    """

    ticket: str
    deed: str
    photos: tuple[Photo, ...] = ()
    done: bool = False


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One update of a caretaker's chat: who it is, what is awaited of them, and ways to answer."""

    house: House
    update: Update
    chat: str

    def say(self, key: str, *, buttons: Sequence[Button] = (), **params: object) -> Answer:
        """Answer with a message of the text catalogue."""
        return self.tell(self.house.texts.get(key, **params), buttons=buttons)

    def tell(self, text: str, *, buttons: Sequence[Button] = ()) -> Answer:
        """Answer with a message that is put together already."""
        content: dict[str, object] = {"text": text}
        if buttons:
            content["buttons"] = list(buttons)
        once = f"caretaker/{self.update.update_id}"
        return Answer(notices=[Notice(key=once, chat=self.chat, kind=NoticeKind.MESSAGE, content=content)])

    def toast(self, key: str, **params: object) -> Answer:
        """Answer a pressed button with a toast alone."""
        return Answer(notices=[], toast=self.house.texts.get(key, **params))

    def awaited(self) -> Awaited | None:
        """Return what this person may be writing just now."""
        blob = self.house.conversations.load(self._key)
        if blob is None:
            return None
        data = json.loads(blob)
        ended_by = data.get("ended_by")
        over = datetime.fromisoformat(data["until"]) <= self.house.clock()
        if ended_by != self.update.update_id and (over or ended_by is not None):
            return None
        photos = tuple(map(Photo.from_json, data.get("photos", ())))
        deed = data.get("deed", "finish")
        return Awaited(ticket=data["ticket"], deed=deed, photos=photos, done=ended_by is not None)

    def expect(self, awaited: Awaited, *, ended: bool = False) -> None:
        """Take this person's next words for what is awaited, in place of anything awaited before.

        `ended` says that this update has brought them; only the same update, come again, still counts.
        """
        data = {
            "ticket": awaited.ticket,
            "deed": awaited.deed,
            "photos": [photo.as_json() for photo in awaited.photos],
            "until": (self.house.clock() + AWAITED_FOR).isoformat(),
            "ended_by": self.update.update_id if ended else None,
        }
        self.house.conversations.save(self._key, json.dumps(data).encode())

    def forget(self) -> None:
        """Await nothing any more."""
        if self.awaited():
            self.house.conversations.delete(self._key)

    @property
    def _key(self) -> str:
        person = self.update.effective_user
        return f"note:{self.chat}:{person.id if person else ''}"
