import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.addressing import addressed, place_of
from desk.area_rules import Where
from desk.assigning import send_to_whom
from desk.city import City
from desk.drafts import Draft
from desk.merging import add_people
from desk.notices import card_notices, news_key, news_notice
from desk.ports import Storage, Work
from desk.tickets import Actor, Report, Ticket
from desk.training_candidates import candidate_from
from desk.workflow import AT_WORK, OPEN

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ReportDesk:
    """What residents do: send a report, look at their own tickets."""

    storage: Storage
    city: City
    redact: Callable[[str], str]

    def send(self, draft: Draft, *, reporter: str, now: datetime) -> Ticket:
        """Make a finished draft a ticket, put its cards into the outbox, keep what it teaches, in one go.

        Sending the same draft again returns the same ticket. Raises NotFound when nobody cares for the
        district, ValueError when the draft is not finished.
        """
        report = self._report(draft, reporter=reporter, now=now)
        candidate = candidate_from(draft, redact=self.redact, city=self.city.id, now=now)
        with self.storage.work() as work:
            ticket, fresh = work.tickets.open(report, at=now)
            if fresh:
                ticket, chats = send_to_whom(ticket, self.city, work, now=now)
                if not chats:
                    log.warning("no chat is registered for area %s: its ticket waits for one", report.area)
                work.outbox.put(card_notices(ticket, chats))
                if candidate is not None:
                    work.training_candidates.add(candidate)
        return ticket

    def join(self, number: str, draft: Draft, *, reporter: str, now: datetime) -> Ticket:
        """Add a finished draft to a ticket that is about the same; its caretakers hear that there are more.

        Of a ticket that was merged meanwhile it joins the one that goes on. When that has ended the draft
        becomes a ticket of its own, as `send` does it: what was told is never lost. The same draft joins
        once.
        """
        with self.storage.work() as work:
            ticket = work.tickets.get(number, lock=True)
            while ticket.merged_into:
                ticket = work.tickets.get(ticket.merged_into, lock=True)
            if ticket.status in OPEN:
                self._add(ticket, draft, work, reporter=reporter, now=now)
                return work.tickets.get(ticket.number)
        return self.send(draft, reporter=reporter, now=now)

    def _add(self, ticket: Ticket, draft: Draft, work: Work, *, reporter: str, now: datetime) -> None:
        thanks = f"joined/{draft.id}"
        if work.outbox.has(news_key(ticket, thanks, chat=reporter)):
            return
        ticket = add_people(
            ticket,
            [reporter],
            self.city,
            work,
            actor=Actor.RESIDENT,
            note=draft.text or None,
            photos=draft.photos,
            once=draft.id,
            now=now,
        )
        buttons = ("add", "quit")
        text = "resident.joined_at_work" if ticket.status in AT_WORK else "resident.joined"
        work.outbox.put([news_notice(ticket, thanks, text, chat=reporter, buttons=buttons)])

    def tickets_of(self, chat: str) -> Sequence[Ticket]:
        """Return the tickets this chat has reported or joined, newest first."""
        with self.storage.work() as work:
            return work.tickets.of_resident(chat)

    def _report(self, draft: Draft, *, reporter: str, now: datetime) -> Report:
        spot = draft.spot
        if spot is None or spot.district is None or draft.kind is None or draft.category is None:
            raise ValueError(draft.id)
        where = Where(district=spot.district, street=spot.street, number=spot.number)
        address = addressed(self.city, where, draft.category, now)
        return Report(
            draft=draft.id,
            reporter=reporter,
            kind=draft.kind,
            category=draft.category,
            words=draft.text,
            place=place_of(spot, spot.district),
            area=address.area,
            carrier=address.carrier,
            urgent=address.urgent,
            informs=address.informs,
            photos=draft.photos,
            since=draft.since,
        )
