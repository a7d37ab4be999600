"""The town of the simulated week: Essen's files with a substitute for every area, a clock, a post office."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from other_city import in_city

from bot.clockwork import Clockwork
from desk.city import City
from desk.deadlines import WorkClock
from desk.notices import Notice, NoticeKind
from desk.tickets import Ticket
from storage.calendars import calendar_of
from storage.settings import Settings
from storage.wiring import House, build

BEGINS = datetime(2026, 6, 8, 0, 0, tzinfo=UTC)
"""A Monday; the week has no public holiday, the three after it neither."""
STEP = timedelta(minutes=15)


@dataclass
class Sent:
    """One message that arrived."""

    at: datetime
    notice: Notice


@dataclass
class Town:
    """Everything that happens goes through the desk's own use cases and the outbox of a real database."""

    house: House
    clock: "SteppedClock"
    blocked: dict[str, datetime] = field(default_factory=dict)
    """From when on a chat has blocked the bot."""
    sent: list[Sent] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def hours(self) -> WorkClock:
        """The city's working time."""
        city = self.house.city
        return WorkClock(times=city.deadlines.working_time, zone=city.zone, calendar=calendar_of(city.land))

    def rounds(self) -> None:
        """Let two workers look at everything, as if both were there."""
        for _ in range(2):
            Clockwork(house=self.house, wake_delivery=lambda: None).round()

    def deliver(self) -> list[Sent]:
        """Let everything arrive, except where the bot is blocked; returns what is new."""
        new = []
        with self.house.storage.work() as work:
            while letters := work.outbox.open():
                for letter in letters:
                    chat = letter.notice.chat
                    if self.blocked.get(chat, self.clock.now + STEP) <= self.clock.now:
                        work.outbox.settle(letter.id, failure="Forbidden")
                    else:
                        work.outbox.settle(letter.id, message_id=letter.id)
                        new.append(Sent(at=self.clock.now, notice=letter.notice))
        self.sent += new
        return new

    def tickets(self) -> list[Ticket]:
        """Return every ticket as it is now."""
        with self.house.storage.look() as work:
            return list(work.tickets.all())

    def news(self) -> Iterator[Sent]:
        """Yield what tells residents about their tickets."""
        return (one for one in self.sent if "/news/" in one.notice.key)

    def by_itself(self) -> Iterator[Sent]:
        """Yield what came without anybody doing anything: reminders, alerts, reports."""
        for one in self.sent:
            key = one.notice.content.get("text_key", "")
            told = one.notice.kind is NoticeKind.MESSAGE
            if told and (str(key).startswith("deadlines.") or one.notice.key.startswith("report/")):
                yield one


class SteppedClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the present."""
        return self.now


@contextmanager
def town() -> Iterator[Town]:
    """Build the town on a database of its own."""
    clock = SteppedClock(BEGINS - timedelta(days=1))
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'week.sqlite3'}"
        house = build(Settings(database_url=url, state_dir=Path(folder)), clock=clock)
        yield Town(house=in_city(house, _with_substitutes(house.city)), clock=clock)
        house.storage.engine.dispose()


def _with_substitutes(city: City) -> City:
    """Return the city with every area having caretakers, and the next one stepping in for it."""
    ids = [area.id for area in city.areas]
    areas = (
        replace(area, unassigned=False, substitute=ids[(index + 1) % len(ids)])
        for index, area in enumerate(city.areas)
    )
    return replace(city, areas=tuple(areas))
