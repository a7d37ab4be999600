"""What caretakers do: come in by invitation, and everything the table of `desk.workflow` lets them do."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.assigning import assign, bring, chats_for, may_read, send_to_whom, with_card, works_on
from desk.city import City
from desk.deadlines import open_question
from desk.errors import NotAllowed
from desk.merging import merge
from desk.notices import (
    Notice,
    NoticeKind,
    card_update_notices,
    news_key,
    news_notice,
    news_notices,
    photo_notices,
)
from desk.ports import Changes, Storage, Work
from desk.tickets import FORGOTTEN, Actor, Entry, Photo, Status, Ticket
from desk.workflow import ON_THE_CARD, Change, change_for

INVITATION_LASTS = timedelta(days=7)
RESIDENT_BUTTONS = {
    "ask": ("answer",),
    "finish": ("confirm", "reopen"),
    "refer": ("reopen",),
}
"""What the resident can do about the news of a deed, in the order of the buttons (`buttons.resident_*`)."""
NEEDS = {"hand_over": "area", "ask": "note", "decline": "note", "refer": "matter", "merge": "into"}
"""What a deed can't do without: a field of `Act`."""
AMONG_CARETAKERS = frozenset({"hand_over", "decline", "refer"})
"""Deeds whose note and photos the resident does not get: they are for whoever it goes to."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """What a caretaker does to a ticket, and what they say or choose with it.

    `area` is whom a ticket is handed over to (its own: the colleagues there), `matter` the referral it is
    referred to, `into` the number of the ticket it is merged into. `note` is the question of `ask`, the
    reason of `decline`. `once` names the message it came in: the same one has one effect.
    """

    deed: str
    note: str | None = None
    photos: tuple[Photo, ...] = ()
    area: str | None = None
    matter: str | None = None
    into: str | None = None
    once: str | None = None


@dataclass(frozen=True, kw_only=True)
class CaretakerDesk:
    """The use cases of caretakers' chats; each is one transaction."""

    storage: Storage
    city: City

    def invite(self, area: str, *, token: str, now: datetime) -> None:
        """Store a one-time invitation for an area; raises NotFound for an area the city does not have."""
        self.city.area(area)
        with self.storage.work() as work:
            work.caretakers.invite(_hash(token), area=area, expires_at=now + INVITATION_LASTS)

    def redeem(self, token: str, *, chat: str, now: datetime) -> str | None:
        """Register the chat for the invitation's area, send it the open tickets; None: not valid."""
        with self.storage.work() as work:
            before = work.caretakers.areas_of(chat)
            area = work.caretakers.redeem(_hash(token), chat=chat, at=now)
            if area is not None:
                self._bring_open(area, chat, work, fresh=area not in before, once=_hash(token)[:12], now=now)
        return area

    def was_invited(self, token: str) -> bool:
        """Tell whether a token is, or was once, an invitation's."""
        with self.storage.work() as work:
            return work.caretakers.was_invited(_hash(token))

    def enlist(self, area: str, *, chat: str, greeting: str, now: datetime) -> bool:
        """Register a chat without an invitation: greet it with a text of that key, send it the open tickets.

        Returns False, and sends nothing, when it was registered already; raises NotFound for an area the city
        does not have.
        """
        name, once = self.city.area(area).name, f"enlisted/{now:%y%m%d%H%M%S}"
        with self.storage.work() as work:
            if area in work.caretakers.areas_of(chat):
                return False
            work.caretakers.register(area, chat=chat, at=now)
            content = {"text_key": greeting, "params": {"area": name}}
            hello = Notice(key=f"{area}/{chat}/{once}", chat=chat, kind=NoticeKind.MESSAGE, content=content)
            work.outbox.put([hello])
            self._bring_open(area, chat, work, fresh=True, once=once, now=now)
        return True

    def areas_of(self, chat: str) -> tuple[str, ...]:
        """Return the areas a chat works for."""
        with self.storage.work() as work:
            return tuple(work.caretakers.areas_of(chat))

    def ticket(self, number: str, *, chat: str) -> Ticket:
        """Return a ticket the chat may work on; raises NotFound, or NotAllowed when it is another area's."""
        with self.storage.work() as work:
            ticket = work.tickets.get(number)
            self._actor(ticket, chat, work)
        return ticket

    def act(self, number: str, act: Act, *, chat: str, now: datetime) -> Ticket:
        """Do something to a ticket from a caretaker's chat; the residents and every card's chat learn of it.

        Raises NotFound for an unknown ticket, area or matter; NotAllowed when the chat does not work for the
        ticket's area (or for that of the ticket it is merged into), when the ticket's state does not allow it
        (somebody was faster), when what the deed needs is missing, or when it would go to where it lies or
        where nobody would get it.
        """
        with self.storage.work() as work:
            # Both in one order, so that two merging them into each other don't wait for one another.
            locked = {one: work.tickets.get(one, lock=True) for one in sorted({number, act.into or number})}
            ticket = locked[number]
            actor = self._actor(ticket, chat, work)
            if act.once and work.outbox.has(news_key(ticket, act.once)):
                return ticket
            _check_whole(act)
            change = change_for(ticket.status, act.deed, actor)
            if act.deed == "ask" and act.note == open_question(ticket):
                raise NotAllowed("caretaker.too_late_waiting")  # a colleague has just asked the same
            area = self._goes_to(ticket, act, chat, work, now=now)
            if act.into:
                merge(ticket, locked[act.into], self.city, work, chat=chat, actor=actor, now=now)
            to = self._named(act, area)
            watching = with_card(ticket, self.city, work)
            entry = Entry(
                at=now, what=change.to.value, actor=actor, note=_noted(act.note, to), photos=act.photos
            )
            changes = Changes(status=change.to)
            if area is not None:
                changes["area"] = area
            if act.into:
                changes["merged_into"] = act.into
            ticket = work.tickets.record(number, entry, **changes)
            self._tell_residents(ticket, act, change, to, work)
            if area is not None:
                ticket, chats = send_to_whom(ticket, self.city, work, now=now)
                if area == locked[number].report.area:  # to the colleagues
                    chats = [one for one in chats if one != chat]
                text = f"caretaker.again_{change.to.value}"
                bring(ticket, chats, work, once=str(len(ticket.history)), text=text)
            work.outbox.put(card_update_notices(ticket, watching))
        return ticket

    def add(
        self,
        number: str,
        *,
        chat: str,
        note: str | None,
        photos: tuple[Photo, ...],
        once: str,
        now: datetime,
        internal: bool = False,
    ) -> Ticket:
        """Add a caretaker's note or photos to a ticket; unless it is `internal` the resident gets them too.

        `once` names the message they came in, so that the same one has one effect.
        """
        with self.storage.work() as work:
            ticket = work.tickets.get(number, lock=True)
            actor = self._actor(ticket, chat, work)
            if ticket.report.reporter == FORGOTTEN:
                raise NotAllowed(f"caretaker.too_late_{ticket.status.value}")
            passed_on = _said(ticket, note, photos, once=f"note/{once}")
            # The chat it comes from has an update too, card or not: its key tells that this was done.
            watching = dict.fromkeys((*with_card(ticket, self.city, work), chat))
            updates = card_update_notices(ticket, watching, once=once)
            if any(work.outbox.has(notice.key) for notice in updates):
                return ticket
            entry = Entry(at=now, what="note", actor=actor, note=note, photos=photos)
            ticket = work.tickets.record(number, entry)
            work.outbox.put([*updates] if internal else [*passed_on, *updates])
        return ticket

    def _bring_open(self, area: str, chat: str, work: Work, *, fresh: bool, once: str, now: datetime) -> None:
        """Send a chat that has just come in the area's open tickets; `fresh` tells that it is new there."""
        text = "caretaker.again_handed_over" if fresh else None
        for ticket in self._open_in([area], work):
            if may_read(ticket.report, chat):
                bring(assign(ticket, work, now=now), [chat], work, once=once, text=text)
                continue
            noted, others = send_to_whom(ticket, self.city, work, now=now)
            if noted != ticket:  # as long as no chat was here it lay at the coordination desk
                bring(noted, others, work, once=once, text=None)

    def _tell_residents(self, ticket: Ticket, act: Act, change: Change, to: str, work: Work) -> None:
        if change.resident_text is None:
            return
        once = act.once or f"{change.to.value}/{len(ticket.history)}"
        buttons = RESIDENT_BUTTONS.get(act.deed, ())
        if act.deed == "ask":  # only who reported it can know; the others hear how it goes on
            stem = news_key(ticket, f"{once}/note")
            chat, number = ticket.report.reporter, ticket.number
            work.outbox.put(photo_notices(stem, chat, act.photos, caption=number, ticket=number))
            question = news_notice(ticket, once, change.resident_text, buttons=buttons, note=act.note)
            work.outbox.put([question])
            return
        if act.deed not in AMONG_CARETAKERS:
            work.outbox.put(_said(ticket, act.note, act.photos, once=f"{once}/note"))
        work.outbox.put(news_notices(ticket, once, change.resident_text, buttons=buttons, to=to))

    def has_colleagues(self, ticket: Ticket, *, chat: str, now: datetime) -> bool:
        """Tell whether the chat can give a ticket to the others of its own team."""
        with self.storage.work() as work:
            return self._has_colleagues(ticket, chat, work, now=now)

    def _goes_to(self, ticket: Ticket, act: Act, chat: str, work: Work, *, now: datetime) -> str | None:
        """Return the area a deed brings the ticket to, None when it stays."""
        area = {"hand_over": act.area, "decline": self.city.coordination.id}.get(act.deed)
        if area is None:
            return None
        self.city.area(area)
        if area == ticket.report.area and not self._has_colleagues(ticket, chat, work, now=now):
            raise NotAllowed("caretaker.lies_there_already")
        if not chats_for(ticket.report, self.city, work, now=now, area=area):
            raise NotAllowed("caretaker.nobody_there")
        return area

    def _has_colleagues(self, ticket: Ticket, chat: str, work: Work, *, now: datetime) -> bool:
        """Tell whether others of the chat's own team are there and have not just got the ticket too."""
        team = work.caretakers.chats_of(ticket.report.area)
        if ticket.status is Status.HANDED_OVER or chat not in team:
            return False
        there = chats_for(ticket.report, self.city, work, now=now)
        return any(one in team for one in there if one != chat)

    def _named(self, act: Act, area: str | None) -> str:
        """Return the name of whom a ticket goes to; empty when it stays."""
        if area is not None:
            return self.city.area(area).name
        return self.city.known_referral(act.matter or "").name if act.deed == "refer" else act.into or ""

    def _open_in(self, areas: Sequence[str], work: Work) -> list[Ticket]:
        """Return the open tickets of areas, oldest first; the coordination desk stands in."""
        every = set(areas)
        if self.city.coordination.id in every:
            every |= {one.id for one in self.city.areas if not work.caretakers.chats_of(one.id)}
        found = {one.number: one for area in sorted(every) for one in work.tickets.open_in(area)}
        return sorted(found.values(), key=lambda ticket: (ticket.created_at, ticket.number))

    def _actor(self, ticket: Ticket, chat: str, work: Work) -> Actor:
        """Return in which role the chat acts; raises NotAllowed for another area's."""
        if not works_on(ticket, chat, self.city, work):
            raise NotAllowed("caretaker.not_yours")
        areas, desk = work.caretakers.areas_of(chat), self.city.coordination.id
        own = {ticket.report.area, ticket.stand_in} - {desk}
        return Actor.COORDINATION if own.isdisjoint(areas) else Actor.CARETAKER


def _check_whole(act: Act) -> None:
    """Refuse what no button of a card can mean, and a deed that lacks what it needs."""
    need = NEEDS.get(act.deed)
    if act.deed not in (*ON_THE_CARD, "refer") or (need and not getattr(act, need)):
        raise NotAllowed("caretaker.bad_button")


def _said(ticket: Ticket, note: str | None, photos: tuple[Photo, ...], *, once: str) -> list[Notice]:
    """Return a caretaker's words and photos for the residents."""
    said = news_notices(ticket, once, "resident.ticket_note", note=note) if note else []
    for chat in ticket.residents:
        stem = news_key(ticket, once, chat=chat)
        said += photo_notices(stem, chat, photos, caption=ticket.number, ticket=ticket.number)
    return said


def _noted(note: str | None, to: str) -> str | None:
    """Write down whom it went to, and what was said with it."""
    return ": ".join(filter(None, (to, note))) or None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
