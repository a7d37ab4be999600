"""Cards that could not be delivered: the coordination desk hears of it, and gets what nobody else has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.assigning import assign, may_read
from desk.city import City
from desk.deadlines import WorkClock
from desk.lying_around import LOST, LostCard, WatchfulStorage
from desk.notices import card_notices
from desk.overdue_steps import alert
from desk.ports import Work
from desk.tickets import Ticket
from desk.workflow import OPEN


@dataclass(frozen=True, kw_only=True)
class UndeliveredDesk:
    """One round: `lost` names the cards nobody has been told of yet, `see_to` finds each its next way."""

    storage: WatchfulStorage
    city: City
    clock: WorkClock

    def lost(self, now: datetime) -> Iterator[LostCard]:
        """Yield the lost cards the coordination desk is to hear of: urgent ones at once, others at work."""
        with self.storage.look() as work:
            chats = work.caretakers.chats_of(self.city.coordination.id)
            cards = work.lookout.lost_cards() if chats else ()
        working = self.clock.working(now)
        yield from (card for card in cards if _others(chats, card) and (working or card.urgent))

    def see_to(self, card: LostCard, now: datetime) -> bool:
        """Alert the coordination desk; False when that is done, or needed no more."""
        with self.storage.work() as work:
            ticket = work.tickets.get(card.ticket, lock=True)
            chats = _others(work.caretakers.chats_of(self.city.coordination.id), card)
            readers = [chat for chat in chats if may_read(ticket.report, chat)]
            known = any(work.outbox.has(alert(card.ticket, one, _once(card), {}).key) for one in chats)
            if known or ticket.status not in OPEN or not chats:
                return False
            left = bool(readers) and not self._has_a_card(ticket, work)
            if left:
                work.outbox.put(card_notices(assign(ticket, work, now=now), readers, once=_once(card)))
            params = {"number": ticket.number, "area": self.city.name_of(ticket.report.area)}
            text = "deadlines.undelivered_taken" if left else "deadlines.undelivered"
            content: dict[str, object] = {"text_key": text, "params": params, "beside_card": True}
            work.outbox.put(alert(ticket.number, chat, _once(card), content) for chat in chats)
        return True

    def _has_a_card(self, ticket: Ticket, work: Work) -> bool:
        """Tell whether a chat that answers for the ticket has its card, or it is on its way there."""
        with_card = set(work.outbox.card_chats(ticket.number))
        areas = (ticket.report.area, ticket.stand_in, self.city.coordination.id)
        return any(chat in with_card for area in areas if area for chat in work.caretakers.chats_of(area))


def _once(card: LostCard) -> str:
    return f"{LOST}/{card.id}"


def _others(chats: Sequence[str], card: LostCard) -> list[str]:
    return [chat for chat in chats if chat != card.chat]
