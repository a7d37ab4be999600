"""What a resident changes about a ticket after sending it: kind and category, or place; routed anew by it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from desk.addressing import addressed, place_of, where_of
from desk.area_rules import Where
from desk.assigning import PRIVATE_KINDS, bring, send_to_whom, with_card, works_on
from desk.categories import Categories
from desk.city import City
from desk.drafts import Spot
from desk.errors import NotAllowed, NotFound
from desk.notices import (
    Notice,
    NoticeKind,
    card_update_notices,
    news_notice,
    news_notices,
    told_notices,
)
from desk.places import Locator
from desk.placing import spot_of
from desk.ports import Changes, Storage, Work
from desk.tickets import Actor, Entry, Place, Report, Ticket
from desk.workflow import change_for

CHANGED = "changed"
"""The kind of the entry a ticket's history gets when it stays where it lies."""


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A report as it is to be; `what` was changed ("place" or "topic"), from what and to what, in words."""

    what: str
    old: str
    new: str
    report: Report

    @property
    def note(self) -> str:
        """Both, for the history and for caretakers."""
        return f"{self.old} → {self.new}"


@dataclass(frozen=True, kw_only=True)
class ChangeDesk:
    """The use case of who reported a ticket: one change is one transaction."""

    storage: Storage
    city: City
    categories: Categories
    locator: Locator

    def check(self, number: str, *, chat: str) -> Ticket:
        """Return a ticket this chat may change now.

        Raises NotFound when it is not this chat's, NotAllowed when somebody else reported it or it has ended.
        """
        with self.storage.work() as work:
            return self._changeable(number, chat, work)

    def change(
        self,
        number: str,
        *,
        chat: str,
        once: str,
        now: datetime,
        category: str | None = None,
        spot: Spot | None = None,
    ) -> Ticket:
        """Change an open ticket's category (with its kind), or its place to a spot whose district is settled.

        Where the change sends it to another area the ticket moves there; otherwise it stays where it lies,
        also with an area it was handed over to. `once` names the update it came in: the same one has one
        effect. Raises NotFound for what is not this chat's, an unknown category or a district nobody cares
        for; NotAllowed when the state does not allow it, nothing would change, or what is private would no
        longer be.
        """
        with self.storage.work() as work:
            ticket = self._changeable(number, chat, work, done=once)
            if work.outbox.has(_done_key(ticket, chat, once)):
                return ticket
            revision = self._placed(ticket, spot, now) if spot else self._sorted(ticket, category or "", now)
            return self._record(ticket, revision, work, chat=chat, once=once, now=now)

    def _changeable(self, number: str, chat: str, work: Work, *, done: str | None = None) -> Ticket:
        ticket = work.tickets.get(number, lock=True)
        while chat in ticket.residents and ticket.merged_into:
            ticket = work.tickets.get(ticket.merged_into, lock=True)
        if chat not in ticket.residents:
            raise NotFound("caretaker.no_such_ticket", number=number)
        if done and work.outbox.has(_done_key(ticket, chat, done)):
            return ticket
        if chat != ticket.report.reporter:
            raise NotAllowed("resident.not_reporter")
        change_for(ticket.status, "reroute", Actor.RESIDENT)
        return ticket

    def _placed(self, ticket: Ticket, spot: Spot, now: datetime) -> Revision:
        where = where_of(spot)
        if where is None:
            raise NotFound("resident.place_missing")
        before, place = ticket.report.place, place_of(spot, where.district)
        if place == before:
            raise NotAllowed("resident.unchanged")
        report = self._routed(ticket.report, replace(ticket.report, place=place), where, now)
        return Revision(what="place", old=_shown(before), new=_shown(place), report=report)

    def _sorted(self, ticket: Ticket, category: str, now: datetime) -> Revision:
        old, new = ticket.report, self.categories.get(category)
        if new is None:
            raise NotFound("caretaker.bad_button")
        if new.id == old.category:
            raise NotAllowed("resident.unchanged")
        if old.kind in PRIVATE_KINDS and new.kind not in PRIVATE_KINDS:
            # What was told in confidence would be read by whoever may read the other kind.
            raise NotAllowed("resident.stays_private")
        changed = replace(old, kind=new.kind, category=new.id)
        report = self._routed(old, changed, self._where(old.place), now)
        before = self.categories.get(old.category)
        label = before.label if before else old.category
        return Revision(what="topic", old=label, new=new.label, report=report)

    def _routed(self, old: Report, new: Report, where: Where, now: datetime) -> Report:
        """Return the new report with whom it goes to: elsewhere only if the change is what sends it there."""
        address = addressed(self.city, where, new.category, now)
        before = self._address_of(old, now)
        return replace(
            new,
            area=old.area if address.area == before else address.area,
            carrier=address.carrier,
            urgent=address.urgent,
            informs=address.informs,
        )

    def _address_of(self, report: Report, now: datetime) -> str | None:
        try:
            return addressed(self.city, self._where(report.place), report.category, now).area
        except NotFound:  # the city's files no longer name anybody for it
            return None

    def _where(self, place: Place) -> Where:
        """Return a place as rules see it; its street is found again by its name, else by its point."""
        located = [self.locator.find(place.label)]
        if place.latitude is not None and place.longitude is not None:
            located.append(self.locator.at(place.latitude, place.longitude))
        for spot in map(spot_of, located):
            if spot.street and place.district in (spot.district, *spot.candidates):
                return where_of(spot.on(place.district)) or Where(district=place.district)
        return Where(district=place.district)

    def _record(
        self, ticket: Ticket, revision: Revision, work: Work, *, chat: str, once: str, now: datetime
    ) -> Ticket:
        before, moves = ticket, revision.report.area != ticket.report.area
        watching = with_card(before, self.city, work)
        changes = Changes(report=revision.report)
        what, note = CHANGED, revision.note
        if moves:
            change = change_for(ticket.status, "reroute", Actor.RESIDENT)
            what, area = change.to.value, revision.report.area
            changes["status"], changes["area"] = change.to, area
            note = f"{self.city.area(area).name} ({note})"
        entry = Entry(at=now, what=what, actor=Actor.RESIDENT, note=note)
        ticket = work.tickets.record(ticket.number, entry, **changes)
        self._tell_residents(ticket, revision, work, moves=moves, chat=chat, once=once)
        return self._tell_caretakers(ticket, revision, work, moves=moves, watching=watching)

    def _tell_residents(
        self, ticket: Ticket, revision: Revision, work: Work, *, moves: bool, chat: str, once: str
    ) -> None:
        key, to = f"changed/{len(ticket.history)}", self.city.area(ticket.report.area).name
        text = "resident.ticket_rerouted" if moves else f"resident.changed_{revision.what}"
        others = "resident.moved_by_others" if moves else "resident.changed_by_others"
        thanks = news_notice(ticket, key, text, chat=chat, to=to, what=revision.new)
        work.outbox.put([replace(thanks, key=_done_key(ticket, chat, once))])
        work.outbox.put(news_notices(ticket, key, others, but=chat, to=to))

    def _tell_caretakers(
        self, ticket: Ticket, revision: Revision, work: Work, *, moves: bool, watching: Sequence[str]
    ) -> Ticket:
        once = str(len(ticket.history))
        reading = [chat for chat in watching if works_on(ticket, chat, self.city, work)]
        gone = [chat for chat in watching if chat not in reading]
        # Where it stays, only those who could not read it before are new to it.
        ticket, chats = send_to_whom(ticket, self.city, work, now=ticket.history[-1].at)
        new = [one for one in chats if moves or one not in reading]
        still = [chat for chat in reading if chat not in new]
        work.outbox.put(card_update_notices(ticket, watching, once=once))
        work.outbox.put(told_notices(ticket, gone, "caretaker.resident_moved", once=once))
        text = f"caretaker.resident_changed_{revision.what}"
        work.outbox.put(told_notices(ticket, still, text, once=once, what=revision.note))
        if revision.what == "place":
            work.outbox.put(_points(ticket, reading, once=once))
        bring(ticket, new, work, once=once, text="caretaker.again_handed_over")
        return ticket


def _points(ticket: Ticket, chats: Sequence[str], *, once: str) -> list[Notice]:
    """Return the new map point for chats that have the old one."""
    place = ticket.report.place
    if place.latitude is None:
        return []
    content = {"latitude": place.latitude, "longitude": place.longitude}
    return [
        Notice(
            key=f"{ticket.number}/{chat}/{once}/map",
            chat=chat,
            kind=NoticeKind.MAP_POINT,
            content=content,
            ticket=ticket.number,
        )
        for chat in chats
    ]


def _shown(place: Place) -> str:
    return place.label if place.label == place.district else f"{place.label}, {place.district}"


def _done_key(ticket: Ticket, chat: str, once: str) -> str:
    return f"{ticket.number}/changed/{once}/{chat}"
