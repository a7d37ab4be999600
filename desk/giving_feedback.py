"""Residents say how content they were; whoever does not answer at all is asked once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from desk.deadlines import WorkClock
from desk.errors import NotAllowed, NotFound
from desk.feedback import ASKED, RATINGS, AreaFeedback, Feedback, given_key, summed_up, was_asked
from desk.lying_around import Cursor, Lookup, WatchfulStorage
from desk.notices import news_notice
from desk.ports import Storage
from desk.tickets import Actor, Entry, Status

RATEABLE = (Status.DONE, Status.CONFIRMED)
LONGEST_WORDS = 500  # characters
SHOWN_FROM = timedelta(days=90)
ASKED_AFTER = timedelta(days=3)
ASKED_UNTIL = timedelta(days=10)
"""Nobody is asked about what was done longer ago."""
PAGE = 200


@dataclass(frozen=True, kw_only=True)
class FeedbackDesk:
    """The use cases of feedback; each is one transaction. `redact` takes personal data out of a text."""

    storage: Storage
    redact: Callable[[str], str]

    def rate(self, number: str, *, good: bool, chat: str, now: datetime) -> int | None:
        """Store how content a resident was and return the row's id; None: this resident has said so before.

        Raises NotFound for a ticket that is not this chat's, NotAllowed for one that is open again.
        """
        with self.storage.work() as work:
            ticket = work.tickets.get(number, lock=True)
            if chat not in ticket.residents:
                raise NotFound("caretaker.no_such_ticket", number=number)
            if work.outbox.has(given_key(ticket, chat)):
                return None
            if ticket.status not in RATEABLE:
                raise NotAllowed("resident.feedback_later")
            # The day alone: the very second would tell whose thumb it was.
            day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
            area, category = ticket.report.area, ticket.report.category
            row = work.feedback.add(Feedback(at=day, area=area, category=category, good=good))
            thanks = news_notice(ticket, "", "resident.feedback_thanks", chat=chat, buttons=("enough",))
            work.outbox.put([replace(thanks, key=given_key(ticket, chat))])
        return row

    def add_words(self, row: int, words: str) -> None:
        """Attach a free word to a row, without personal data and no longer than `LONGEST_WORDS`."""
        with self.storage.work() as work:
            work.feedback.add_words(row, self.redact(words)[:LONGEST_WORDS])

    def by_area(self, now: datetime) -> Sequence[AreaFeedback]:
        """Return what staff may read of the last 90 days, by area."""
        with self.storage.work() as work:
            return summed_up(work.feedback.since(now - SHOWN_FROM))


@dataclass(frozen=True, kw_only=True)
class FeedbackRound:
    """Asks about tickets that were done some days ago and that nobody has confirmed."""

    storage: WatchfulStorage
    clock: WorkClock

    def waiting(self, now: datetime) -> Iterator[str]:
        """Yield the tickets to ask about; none outside working time."""
        if not self.clock.working(now):
            return
        lookup = Lookup(states=(Status.DONE,), until=now - ASKED_AFTER, without=ASKED)
        after: Cursor | None = (now - ASKED_UNTIL, "")
        while after is not None:
            with self.storage.look() as work:
                page = work.lookout.page(lookup, after=after, limit=PAGE)
            yield from (number for _, number in page)
            after = page[-1] if len(page) == PAGE else None

    def ask(self, number: str, now: datetime) -> bool:
        """Ask its residents once; the history tells a second worker that it was done."""
        with self.storage.work() as work:
            ticket = work.tickets.get(number, lock=True)
            if ticket.status is not Status.DONE or was_asked(ticket):
                return False
            ticket = work.tickets.record(number, Entry(at=now, what=ASKED, actor=Actor.SYSTEM))
            text, buttons = "resident.feedback_asked", (*RATINGS, "reopen")
            work.outbox.put(
                news_notice(ticket, ASKED, text, chat=chat, buttons=buttons)
                for chat in ticket.residents
                if not work.outbox.has(given_key(ticket, chat))
            )
        return True
