"""Which open tickets may be about the same: before a report is sent, and for a ticket that is merged."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from textwrap import shorten

from desk.assigning import PRIVATE_KINDS, works_on
from desk.categories import Categories
from desk.city import City
from desk.drafts import Draft, SimilarTicket
from desk.ports import Storage, Work
from desk.questions import area_at
from desk.tickets import Place, Ticket
from desk.vicinity import Vicinity
from desk.workflow import OPEN

MOST_OFFERED = 3  # to a resident ...
MOST_TO_MERGE = 6  # ... and to a caretaker
WORDS_SHOWN = 80  # characters of another resident's words
ROUNDED = 10  # metres: nearer nobody needs to know
MERGE_REACH = 500  # metres a caretaker is shown at least, whatever the category says
MERGE_WINDOW = timedelta(days=30)  # how much older than a ticket another one it is merged into may be


@dataclass(frozen=True, kw_only=True)
class SimilarDesk:
    """Searches for similar tickets; every method is one transaction that only reads.

    `redact` takes personal data out of words.
    """

    storage: Storage
    city: City
    categories: Categories
    redact: Callable[[str], str]

    def look_for(self, draft: Draft, *, chat: str, now: datetime) -> Draft:
        """Return the draft with the open tickets that may be its matter, none where that was answered before.

        Only a draft whose words, category and place are settled is searched for, once per category and place.
        """
        matter = draft.matter
        if matter is None or draft.outcome or draft.changing or matter == draft.similar_to:
            return draft
        vicinity = None if matter in draft.told_apart else self._vicinity(draft, now=now)
        shown = self._found(vicinity, chat=chat, now=now) if vicinity else ()
        return replace(draft, similar=shown, similar_to=matter)

    def fitting(self, found: Iterable[Ticket], around: Vicinity, *, now: datetime) -> list[Ticket]:
        """Return those of the tickets found that may be the same, in the vicinity's order.

        One of another category is only as far and as old as both categories allow.
        """
        own = self.categories.get(around.category)
        return [
            ticket
            for ticket in sorted(found, key=around.order)
            if (other := self.categories.get(ticket.report.category)) and own
            if ticket.status in OPEN and ticket.report.kind not in PRIVATE_KINDS and around.takes_in(ticket)
            if own.reach and own.days and other.reach and other.days
            if (around.metres_to(ticket.report.place) or 0) <= min(own.reach, other.reach)
            if now - ticket.created_at <= timedelta(days=min(own.days, other.days))
        ]

    def to_merge(self, ticket: Ticket, *, chat: str) -> list[Ticket]:
        """Return the open tickets a caretaker's chat may merge a ticket into, the likeliest first."""
        with self.storage.look() as work:
            found = self._of_team(ticket, work) if _is_private(ticket) else self._around(ticket, work)
            others = [one for one in found if one.number != ticket.number]
            return [one for one in others if works_on(one, chat, self.city, work)][:MOST_TO_MERGE]

    def _of_team(self, ticket: Ticket, work: Work) -> list[Ticket]:
        """Return what else troubles neighbours in its area, the newest first: near is no reason there."""
        found = work.tickets.open_in(ticket.report.area)
        return [one for one in reversed(found) if one.report.kind == ticket.report.kind]

    def _around(self, ticket: Ticket, work: Work) -> Sequence[Ticket]:
        report = ticket.report
        category = self.categories.get(report.category)
        vicinity = Vicinity(
            kind=report.kind,
            category=report.category,
            place=report.place,
            reach=max(MERGE_REACH, (category and category.reach) or 0),
            since=ticket.created_at - MERGE_WINDOW,
        )
        return work.tickets.near(vicinity)

    def _vicinity(self, draft: Draft, *, now: datetime) -> Vicinity | None:
        """Return where the draft's matter may have been reported; None where nothing is ever offered."""
        spot, category = draft.spot, self.categories.get(draft.category or "")
        if spot is None or spot.district is None or category is None or category.kind in PRIVATE_KINDS:
            return None
        if not category.reach or not category.days or area_at(self.city, spot) is None:
            return None
        label, district = spot.label or spot.district, spot.district
        return Vicinity(
            kind=category.kind,
            category=category.id,
            place=Place(label=label, district=district, latitude=spot.latitude, longitude=spot.longitude),
            reach=category.reach,
            since=now - timedelta(days=category.days),
        )

    def _found(self, vicinity: Vicinity, *, chat: str, now: datetime) -> tuple[SimilarTicket, ...]:
        with self.storage.look() as work:
            found = work.tickets.near(vicinity)
        fits = self.fitting(found, vicinity, now=now)[:MOST_OFFERED]
        return tuple(self._shown(ticket, vicinity, chat=chat) for ticket in fits)

    def _shown(self, ticket: Ticket, around: Vicinity, *, chat: str) -> SimilarTicket:
        report, metres = ticket.report, around.metres_to(ticket.report.place)
        kind = self.categories.kind(report.kind)
        quoted = kind is not None and kind.quoted
        words = shorten(self.redact(report.words), WORDS_SHOWN, placeholder="…") if quoted else None
        return SimilarTicket(
            number=ticket.number,
            category=report.category,
            created_at=ticket.created_at.isoformat(),
            metres=None if metres is None else max(ROUNDED, round(metres / ROUNDED) * ROUNDED),
            words=words or None,
            own=chat in ticket.residents,
        )


def _is_private(ticket: Ticket) -> bool:
    return ticket.report.kind in PRIVATE_KINDS
