"""The steps about a ticket nobody sees to: who hears of it, and what its history says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Unpack

from desk.assigning import assign, chats_there, city_day, may_read, recipients, step_in, with_card
from desk.city import City
from desk.deadlines import Step, current_period, open_question
from desk.notices import Notice, NoticeKind, card_notices, card_update_notices, news_notice, news_notices
from desk.ports import Changes, Work
from desk.tickets import Actor, Entry, Status, Ticket
from desk.workflow import change_for

AT_WORK = (Status.ACCEPTED, Status.IN_PROGRESS)


@dataclass(frozen=True, kw_only=True)
class Taking:
    """Takes steps within a transaction; each returns False when nobody can be told: nothing is done."""

    city: City
    work: Work
    now: datetime

    def remind(self, ticket: Ticket) -> bool:
        """Remind who has the ticket, that it has to be accepted or that there is no news."""
        found = recipients(ticket.report, self.city, self.work, now=self.now, stand_in=ticket.stand_in)
        if not found.chats:
            return False
        ticket = step_in(ticket, found, self.city, self.work, now=self.now)
        if found.stand_in:
            new = self._without_card(ticket, found.chats)
            self.work.outbox.put(card_notices(ticket, new, once=Step.REMIND.value))
        text, deed = ("progress", "finish") if ticket.status in AT_WORK else ("accept", "accept")
        return self._tell(ticket, Step.REMIND, found.chats, f"deadlines.remind_{text}", button=deed)

    def substitute(self, ticket: Ticket) -> bool:
        """Give the card to the chats of the area that steps in."""
        substitute = self.city.substitute_of(ticket.report.area)
        if substitute is None:
            return False
        new = self._without_card(ticket, self._there(ticket, substitute))
        self.work.outbox.put(card_notices(ticket, new, once=Step.SUBSTITUTE.value))
        text = "deadlines.substitute"
        return self._tell(ticket, Step.SUBSTITUTE, new, text, button="accept", stand_in=substitute)

    def escalate(self, ticket: Ticket) -> bool:
        """Give card and alert to the coordination desk."""
        desk = self.city.coordination.id
        everybody = [chat for chat in self.work.caretakers.chats_of(desk) if may_read(ticket.report, chat)]
        chats = self._there(ticket, desk) or everybody
        since = current_period(ticket)[0].at
        if chats:
            ticket = assign(ticket, self.work, now=self.now)
        new = self._without_card(ticket, chats)
        self.work.outbox.put(card_notices(ticket, new, once=Step.ESCALATE.value))
        return self._tell(ticket, Step.ESCALATE, chats, "deadlines.escalate", since=since)

    def ask_again(self, ticket: Ticket) -> bool:
        """Ask the resident the open question a second time."""
        question = open_question(ticket) or ""
        ticket = self._record(ticket, Step.ASK_AGAIN.value)
        text, once = "deadlines.resident_asked_again", f"{Step.ASK_AGAIN.value}/{len(ticket.history)}"
        buttons = ("answer", "withdraw")
        self.work.outbox.put([news_notice(ticket, once, text, buttons=buttons, note=question)])
        return True

    def close(self, ticket: Ticket) -> bool:
        """Close a ticket whose question nobody answers; the resident can open it again."""
        change = change_for(ticket.status, "close", Actor.SYSTEM)
        ticket = self._record(ticket, change.to.value, status=change.to)
        if change.resident_text:
            once = f"{change.to.value}/{len(ticket.history)}"
            self.work.outbox.put(news_notices(ticket, once, change.resident_text, buttons=("reopen",)))
        return True

    def _tell(
        self,
        ticket: Ticket,
        step: Step,
        chats: Sequence[str],
        text: str,
        *,
        since: datetime | None = None,
        button: str | None = None,
        **changes: Unpack[Changes],
    ) -> bool:
        """Write a step down and tell these chats; False when there are none."""
        if not chats:
            return False
        begun = since or current_period(ticket)[0].at
        ticket = self._record(ticket, step.value, **changes)
        content: dict[str, object] = {
            "text_key": text,
            "beside_card": True,
            "params": {
                "number": ticket.number,
                "district": ticket.report.place.district,
                "area": self.city.name_of(ticket.report.area),
                "contact": self._contact(ticket),
                "since": begun.astimezone(self.city.zone).strftime("%d.%m. %H:%M"),
            },
        }
        if button:
            content["button_keys"] = [[button, f"t:{ticket.number}:{button}"]]
        key = f"{step.value}/{len(ticket.history)}"
        self.work.outbox.put(alert(ticket.number, chat, key, content) for chat in chats)
        return True

    def _record(self, ticket: Ticket, what: str, **changes: Unpack[Changes]) -> Ticket:
        """Add the entry and bring every copy of the card up to date."""
        entry = Entry(at=self.now, what=what, actor=Actor.SYSTEM)
        ticket = self.work.tickets.record(ticket.number, entry, **changes)
        self.work.outbox.put(card_update_notices(ticket, with_card(ticket, self.city, self.work)))
        return ticket

    def _contact(self, ticket: Ticket) -> str:
        """Return a line with whom to turn to about the area; empty where nobody is named."""
        body = self.city.escalation_of(ticket.report.area)
        return f"\n☎️ {', '.join(filter(None, (body.name, body.phone)))}" if body else ""

    def _there(self, ticket: Ticket, area: str) -> list[str]:
        """Return the chats of an area that may read the ticket and are not away today."""
        may, day = partial(may_read, ticket.report), city_day(self.city, self.now)
        return chats_there(area, self.work, day=day, may=may)

    def _without_card(self, ticket: Ticket, chats: Sequence[str]) -> list[str]:
        has_one = set(self.work.outbox.card_chats(ticket.number))
        return [chat for chat in chats if chat not in has_one]


STEPS: dict[Step, Callable[[Taking, Ticket], bool]] = {
    Step.REMIND: Taking.remind,
    Step.SUBSTITUTE: Taking.substitute,
    Step.ESCALATE: Taking.escalate,
    Step.ASK_AGAIN: Taking.ask_again,
    Step.CLOSE: Taking.close,
}


def alert(number: str, chat: str, key: str, content: dict[str, object]) -> Notice:
    """Return a message to a chat of caretakers about a ticket."""
    return Notice(
        key=f"{number}/{chat}/{key}", chat=chat, kind=NoticeKind.MESSAGE, content=content, ticket=number
    )
