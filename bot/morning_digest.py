"""What each area's chats read in the morning: how much is open, and what has been for the longest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.caretaker_lists import ALL_OPEN, open_line
from desk.assigning import city_day
from desk.deadlines import WorkClock
from desk.digest import Digest, areas_due, digest_for, digest_key
from desk.notices import Notice, NoticeKind
from storage.wiring import House

COUNTS = ("new", "at_work", "waiting", "overdue")


@dataclass(frozen=True, kw_only=True)
class MorningDigest:
    """Finds the chats whose digest is due, and puts it out; the outbox's keys make it once a day."""

    house: House
    clock: WorkClock

    def due(self, now: datetime) -> Sequence[tuple[str, datetime]]:
        """Return the chats that are there and have had none today, and since when theirs is due."""
        found: dict[str, datetime] = {}
        areas = list(areas_due(self.house.city, self.clock, now))
        if not areas:
            return []
        with self.house.storage.look() as work:
            for area, moment in areas:
                for chat in work.lookout.chats_before(area, moment):
                    found.setdefault(chat, moment)
            away = work.absences.away_on(list(found), city_day(self.house.city, now))
            still = [(chat, moment) for chat, moment in found.items() if chat not in away]
            return [one for one in still if not work.outbox.has(digest_key(*one))]

    def see_to(self, chat: str, moment: datetime) -> bool:
        """Put a chat's digest out; False when it has nothing open."""
        with self.house.storage.look() as work:
            digest = digest_for(chat, self.house.city, work, moment=moment)
        if digest is None:
            return False
        content = {
            "text": self._text(digest),
            "buttons": [[self.house.texts.get("caretaker.digest_all"), ALL_OPEN]],
        }
        notice = Notice(key=digest_key(chat, moment), chat=chat, kind=NoticeKind.MESSAGE, content=content)
        with self.house.storage.work() as work:
            work.outbox.put([notice])
        return True

    def _text(self, digest: Digest) -> str:
        texts = self.house.texts
        counts = [(name, getattr(digest.tally, name)) for name in COUNTS]
        parts = [texts.get(f"caretaker.digest_{name}", count=count) for name, count in counts if count]
        lines = [open_line(one, self.house) for one in digest.oldest]
        head, oldest = texts.get("caretaker.digest"), texts.get("caretaker.digest_oldest")
        return "\n".join([head, *parts, "", oldest, *lines])
