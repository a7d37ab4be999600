"""What happens without anybody writing: deadlines, lost cards, reports, digests; looked at every minute."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bot.morning_digest import MorningDigest
from desk.daily_report import report_key, total
from desk.deadlines import WorkClock
from desk.giving_feedback import FeedbackRound
from desk.lying_around import AreaCount
from desk.notices import Notice, NoticeKind
from desk.overdue import OverdueDesk
from desk.stepping_in import AbsenceDesk
from desk.undelivered import UndeliveredDesk
from storage.calendars import calendar_of
from storage.wiring import House

log = logging.getLogger(__name__)

T = TypeVar("T")
EVERY = timedelta(minutes=1)
AREAS_SHOWN = 40  # lines of a report; a message stays below Telegram's 4,096 characters


@dataclass(frozen=True, kw_only=True)
class Clockwork:
    """Runs the rounds of the desk in a worker; what fails is logged by its type and tried a minute later.

    Two workers may run it at once: outbox keys and histories keep anything from happening twice.
    """

    house: House
    wake_delivery: Callable[[], None]

    async def run(self) -> None:
        """Look every minute until cancelled."""
        while True:
            if await asyncio.to_thread(self.round):
                self.wake_delivery()
            await asyncio.sleep(EVERY.total_seconds())

    def round(self) -> bool:
        """Look once at everything; tells whether there is something to deliver."""
        now, clock = self.house.clock(), self._clock()
        storage, city = self.house.storage, self.house.city
        overdue = OverdueDesk(storage=storage, city=city, clock=clock)
        morning = MorningDigest(house=self.house, clock=clock)
        feedback = FeedbackRound(storage=storage, clock=clock)
        undelivered = UndeliveredDesk(storage=storage, city=city, clock=clock)
        absences = AbsenceDesk(storage=storage, city=city)
        done = [
            self._each("a deadline", lambda: overdue.waiting(now), lambda one: overdue.see_to(one, now)),
            self._each(
                "a lost card", lambda: undelivered.lost(now), lambda one: undelivered.see_to(one, now)
            ),
            self._each("an absence", lambda: absences.due(now), lambda one: absences.see_to(one, now)),
            self._each("a digest", lambda: morning.due(now), lambda one: morning.see_to(*one)),
            self._each("feedback", lambda: feedback.waiting(now), lambda one: feedback.ask(one, now)),
            self._each("the daily report", lambda: [now], lambda at: self._report(at, clock)),
        ]
        return any(done)

    def _each(self, what: str, find: Callable[[], Iterable[T]], see_to: Callable[[T], object]) -> bool:
        """See to whatever is found; one that fails does not keep the others waiting."""
        done = False
        try:
            for one in find():
                try:
                    done = bool(see_to(one)) or done
                except Exception as error:  # noqa: BLE001 -- the next round tries it again
                    log.warning("%s failed with %s, trying again", what, type(error).__name__)
        except Exception as error:  # noqa: BLE001 -- the database may be away
            log.warning("looking for %s failed with %s, trying again", what, type(error).__name__)
        return done

    def _report(self, now: datetime, clock: WorkClock) -> bool:
        """Put the daily report out when it is due and not out yet."""
        key = report_key(self.house.city.deadlines, clock, now)
        if key is None:
            return False
        with self.house.storage.look() as work:
            # A chat that comes later in the day has its first report on the next one.
            at = datetime.combine(now.astimezone(clock.zone), self.house.city.deadlines.report_at, clock.zone)
            every = work.lookout.chats_before(self.house.city.coordination.id, at)
            chats = [chat for chat in every if not work.outbox.has(f"{key}/{chat}")]
            counts = work.lookout.by_area() if chats else ()
        if chats:
            content = {"text": self._report_text(counts, now)}
            with self.house.storage.work() as work:
                work.outbox.put(
                    Notice(key=f"{key}/{chat}", chat=chat, kind=NoticeKind.MESSAGE, content=content)
                    for chat in chats
                )
        return bool(chats)

    def _report_text(self, counts: Sequence[AreaCount], now: datetime) -> str:
        texts, every = self.house.texts, total(counts)
        head = texts.get(
            "deadlines.report",
            date=self.house.wording.date_and_time(now),
            open=every.open,
            overdue=every.overdue,
            undelivered=every.undelivered,
        )
        worst = sorted(counts, key=lambda one: (-one.overdue, -one.undelivered, -one.open))
        lines = [head, *map(self._area_line, worst[:AREAS_SHOWN])]
        if len(worst) > AREAS_SHOWN:
            lines.append(texts.get("deadlines.report_more", count=len(worst) - AREAS_SHOWN))
        return "\n".join(lines)

    def _area_line(self, one: AreaCount) -> str:
        texts = self.house.texts
        parts = [texts.get("deadlines.report_area", area=self.house.city.name_of(one.area), open=one.open)]
        for name, count in (("overdue", one.overdue), ("undelivered", one.undelivered)):
            if count:
                parts.append(texts.get(f"deadlines.report_{name}", count=count))
        return ", ".join(parts)

    def _clock(self) -> WorkClock:
        city = self.house.city
        times = city.deadlines.working_time
        return WorkClock(times=times, zone=city.zone, calendar=calendar_of(city.land))
