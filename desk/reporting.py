import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.area_rules import Where
from desk.areas import route
from desk.assigning import assign
from desk.city import City
from desk.drafts import Draft
from desk.errors import NotFound
from desk.notices import card_notices
from desk.ports import Storage
from desk.tickets import Place, Report, Ticket
from desk.training_candidates import candidate_from

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
                chats = work.caretakers.chats_of(report.area)
                if not chats:
                    log.warning("no chat is registered for area %s: its ticket waits for one", report.area)
                    chats = work.caretakers.chats_of(self.city.coordination.id)
                if chats:
                    ticket = assign(ticket, work, now=now)
                work.outbox.put(card_notices(ticket, chats))
                if candidate is not None:
                    work.training_candidates.add(candidate)
        return ticket

    def tickets_of(self, reporter: str) -> Sequence[Ticket]:
        """Return the tickets this chat has reported, newest first."""
        with self.storage.work() as work:
            return work.tickets.of_reporter(reporter)

    def _report(self, draft: Draft, *, reporter: str, now: datetime) -> Report:
        spot = draft.spot
        if spot is None or spot.district is None or draft.kind is None or draft.category is None:
            raise ValueError(draft.id)
        where = Where(district=spot.district, street=spot.street, number=spot.number)
        found = route(self.city, where, draft.category, now)
        if found.area is None or found.recipient is None:
            raise NotFound("resident.nobody_cares", district=spot.district)
        carrier = self.city.carrier_of(found.area)
        place = Place(
            label=spot.label or spot.district,
            district=spot.district,
            latitude=spot.latitude,
            longitude=spot.longitude,
        )
        return Report(
            draft=draft.id,
            reporter=reporter,
            kind=draft.kind,
            category=draft.category,
            words=draft.text,
            place=place,
            area=found.recipient.id,
            carrier=carrier.short if carrier else None,
            urgent=found.urgent,
            informs=tuple(referral.matter for referral in found.informs),
            photos=draft.photos,
            since=draft.since,
        )
