"""Somebody is away: entering and cancelling it, and what is done when it begins and when it is over."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from desk.absences import Absence, always_somebody, check_days, check_free, shown_day, shown_days
from desk.assigning import (
    bring,
    city_day,
    is_group,
    may_read,
    recipients,
    send_to_whom,
    who_is_there,
    with_card,
)
from desk.city import Area, City
from desk.errors import NotAllowed, NotFound
from desk.notices import Notice, NoticeKind, card_update_notices
from desk.ports import Storage, Work
from desk.tickets import Ticket

WELCOMED_FOR = timedelta(days=7)
"""How long after an absence its chat is still welcomed back, when no worker ran before."""
ABSENCE_BUTTON = "a:"
"""What the data of a button begins with that is about absences."""


@dataclass(frozen=True, kw_only=True)
class AbsenceDesk:
    """The use cases around absences; each is one transaction. Days are those of the city's calendar."""

    storage: Storage
    city: City

    def coming(self, chat: str, *, now: datetime) -> Sequence[Absence]:
        """Return the chat's absences that are not over, the next one first."""
        with self.storage.work() as work:
            return work.absences.of([chat], city_day(self.city, now))

    def substitutes(self, chat: str, first: date, last: date, *, now: datetime) -> tuple[Area, ...]:
        """Return the areas that can step in for a chat between two days, the coordination desk last.

        Raises NotAllowed for days nobody can be away or on which it is away already, and for the coordination
        desk's last chat.
        """
        with self.storage.work() as work:
            return self._substitutes(chat, first, last, work, today=city_day(self.city, now))

    def enter(self, chat: str, first: date, last: date, substitute: str, *, now: datetime) -> bool:
        """Store an absence and say so; False when it is stored already. One from today on begins at once.

        Raises NotAllowed as `substitutes` does, and when nobody of the substitute's area is there.
        """
        today = city_day(self.city, now)
        with self.storage.work() as work:
            if any((one.first, one.last) == (first, last) for one in work.absences.of([chat], today)):
                return False
            offered = self._substitutes(chat, first, last, work, today=today)
            if substitute not in {area.id for area in offered}:
                raise NotAllowed("absence.nobody_there")
            absence = work.absences.add(Absence(chat=chat, first=first, last=last, substitute=substitute))
            if absence is None:  # somebody of the same group was faster
                return False
            text = "absence.entered_group" if is_group(chat) else "absence.entered"
            who = self.city.name_of(substitute)
            button = ["absence_cancel", f"{ABSENCE_BUTTON}cancel:{absence.id}"]
            key = f"absence/{absence.id}/{now.isoformat()}/entered"
            params = {"days": shown_days(first, last), "who": who}
            work.outbox.put([_notice(key, chat, text, params, button=button)])
            if first == today and (begun := work.absences.begin(absence.id, at=now)):
                self._hand_on(begun, work, now=now)
        return True

    def cancel(self, absence_id: int, *, chat: str, now: datetime) -> Absence:
        """Forget an absence of the chat; who has stepped in hears of it. Raises NotFound when it is gone."""
        with self.storage.work() as work:
            areas, today = work.caretakers.areas_of(chat), city_day(self.city, now)
            gone = [area for area in areas if who_is_there(area, self.city, work, now=now).stand_in]
            told = self._told(areas, work, today=today)
            absence = work.absences.cancel(absence_id, chat=chat)
            if absence is None:
                raise NotFound("absence.gone")
            if gone and absence.overlaps(today, today):
                params = {"areas": self._names(gone)}
                key = f"absence/{absence.id}/{now.isoformat()}/back"
                work.outbox.put(_notice(f"{key}/{one}", one, "absence.back_early", params) for one in told)
        return absence

    def due(self, now: datetime) -> Sequence[Absence]:
        """Return the absences that begin today or are over, and nobody was told; none before working time."""
        local = now.astimezone(self.city.zone)
        if local.time() < self.city.deadlines.working_time.start:
            return ()
        today = local.date()
        with self.storage.work() as work:
            over = {one.chat: one for one in work.absences.over(today - WELCOMED_FOR, today)}
            untold = [one for one in over.values() if not work.outbox.has(f"{_stem(one)}/welcome")]
            return (*work.absences.not_begun(today), *untold)

    def see_to(self, absence: Absence, now: datetime) -> bool:
        """Let an absence begin, or welcome its chat back; False when that was done or nobody is to hear."""
        with self.storage.work() as work:
            if absence.begun_at is not None:
                return self._welcome(absence, work, now=now)
            begun = work.absences.begin(absence.id, at=now) if self._registered(absence, work) else None
            if begun is None:
                return False
            who = self._hand_on(begun, work, now=now)
            text = "absence.begun" if who else "absence.begun_team"
            params = {"last": shown_day(begun.last), "who": self._names(who)}
            work.outbox.put([_notice(f"{_stem(begun)}/begun", begun.chat, text, params)])
        return True

    def _hand_on(self, absence: Absence, work: Work, *, now: datetime) -> list[str]:
        """Bring open tickets nobody of the team is left for to who steps in; return the areas they are of."""
        areas = work.caretakers.areas_of(absence.chat)
        told: dict[str, dict[str, None]] = defaultdict(dict)  # chat -> names of areas
        counts: dict[str, int] = defaultdict(int)
        helping: dict[str, None] = {}
        for area in areas:
            found = who_is_there(area, self.city, work, now=now)
            if found.stand_in:
                helping[found.stand_in] = None
                for chat in found.chats:
                    told[chat][self.city.name_of(area)] = None
        for number in dict.fromkeys(one.number for area in areas for one in work.tickets.open_in(area)):
            ticket = work.tickets.get(number, lock=True)
            for chat in self._pass_on(ticket, absence, work, now=now):
                told[chat][self.city.name_of(ticket.report.area)] = None
                counts[chat] += 1
        today = city_day(self.city, now)
        # Several of a team may begin on the same day: who steps in hears of it once.
        known = self._told(areas, work, today=today, since=today)
        last = shown_day(min(one.last for one in self._team(areas, work, today=today)))
        for chat, names in told.items():
            params = {"areas": ", ".join(names), "last": last, "count": counts[chat]}
            key = f"{_stem(absence)}/steps_in/{chat}"
            work.outbox.put([_notice(key, chat, "absence.steps_in", params)] if chat not in known else [])
        return list(helping)

    def _pass_on(self, ticket: Ticket, absence: Absence, work: Work, *, now: datetime) -> Sequence[str]:
        """Bring a ticket to who steps in, and return these chats; none when somebody of its team is left."""
        found = recipients(ticket.report, self.city, work, now=now, stand_in=ticket.stand_in)
        if found.stand_in is None or not may_read(ticket.report, absence.chat):
            return ()
        noted, chats = send_to_whom(ticket, self.city, work, now=now)
        bring(noted, chats, work, once=_stem(absence), text=None)
        if noted != ticket:
            work.outbox.put(card_update_notices(noted, with_card(noted, self.city, work)))
        return chats

    def _welcome(self, absence: Absence, work: Work, *, now: datetime) -> bool:
        key, today = f"{_stem(absence)}/welcome", city_day(self.city, now)
        away_again = work.absences.away_on([absence.chat], today)
        if work.outbox.has(key) or away_again or not self._registered(absence, work):
            return False
        areas = work.caretakers.areas_of(absence.chat)
        tickets = (one for area in areas for one in work.tickets.open_in(area))
        count = len({one.number for one in tickets if may_read(one.report, absence.chat)})
        work.outbox.put([_notice(key, absence.chat, "absence.welcome_back", {"count": count})])
        return True

    def _substitutes(
        self, chat: str, first: date, last: date, work: Work, *, today: date
    ) -> tuple[Area, ...]:
        check_days(first, last, today=today)
        check_free(first, last, work.absences.of([chat], today))
        own, desk = work.caretakers.areas_of(chat), self.city.coordination
        if desk.id in own:
            others = [one for one in work.caretakers.chats_of(desk.id) if one != chat]
            if not always_somebody(others, work.absences.of(others, today), first, last):
                raise NotAllowed("absence.last_at_desk")
        mine = [area for area in self.city.areas if area.id in own]
        carriers = {area.carrier for area in mine} - {None}
        named = [area for one in mine for area in self.city.areas if area.id == one.substitute]
        same = [area for area in self.city.areas if area.carrier in carriers]
        there = dict.fromkeys(area for area in (*named, *same) if area.id not in own)
        return (*(area for area in there if work.caretakers.chats_of(area.id)), desk)

    def _team(self, areas: Iterable[str], work: Work, *, today: date) -> list[Absence]:
        """Return the absences of today of everybody who works for some of these areas."""
        chats = dict.fromkeys(chat for area in areas for chat in work.caretakers.chats_of(area))
        return [one for one in work.absences.of(list(chats), today) if one.overlaps(today, today)]

    def _told(
        self, areas: Sequence[str], work: Work, *, today: date, since: date = date.min
    ) -> dict[str, None]:
        """Return the chats that heard that they step in for these areas, by absences begun since a day."""
        team = self._team(areas, work, today=today)
        recent = [one for one in team if one.begun_at and city_day(self.city, one.begun_at) >= since]
        helpers = (*(one.substitute for one in recent), self.city.coordination.id)
        chats = dict.fromkeys(chat for area in helpers for chat in work.caretakers.chats_of(area))
        stems = [_stem(one) for one in recent]
        return {
            chat: None for chat in chats if any(work.outbox.has(f"{stem}/steps_in/{chat}") for stem in stems)
        }

    def _registered(self, absence: Absence, work: Work) -> bool:
        """Tell whether the chat still works for an area; one that was removed hears nothing any more."""
        return bool(work.caretakers.areas_of(absence.chat))

    def _names(self, areas: Iterable[str]) -> str:
        return ", ".join(map(self.city.name_of, areas))


def _stem(absence: Absence) -> str:
    """Return what the keys of an absence's notices begin with; its beginning tells it from an older one's."""
    return f"absence/{absence.id}/{absence.begun_at.isoformat() if absence.begun_at else ''}"


def _notice(
    key: str, chat: str, text: str, params: Mapping[str, object], *, button: Sequence[str] = ()
) -> Notice:
    content: dict[str, object] = {"text_key": text, "params": dict(params)}
    if button:
        content["button_keys"] = [list(button)]
    return Notice(key=key, chat=chat, kind=NoticeKind.MESSAGE, content=content)
