"""Who takes part in the simulated week: everybody reacts to what arrives, later, in their own manner."""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from week_town import Sent, Town

from desk.caretaking import Act
from desk.errors import KuemmerkastenError
from desk.notices import RESIDENT_BUTTON, NoticeKind

Deed = Callable[[], object]
NIGHTLY = (0.3, 0.2, 0.1, 0.1, 0.1, 0.3, 1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 3, 2, 1, 0.5)
"""How many reports come in each hour of the day, relative to one another."""


@dataclass(frozen=True)
class Manner:
    """How a caretaker works: hours until a card is taken up and until it is done."""

    name: str
    takes: tuple[float, float] | None
    needs: tuple[float, float] = (1, 20)
    odd: float = 0.0
    """Share of cards that something else is done with than accepting and finishing."""


MANNERS = (
    Manner("prompt", (0.25, 4)),
    Manner("slow", (6, 20), (20, 60)),
    Manner("lost", None),
    Manner("contrary", (0.5, 10), (2, 30), odd=0.7),
)
DESK = Manner("coordination", (0.5, 3), (2, 20))
TEAMS = ("prompt", "slow", "lost", "contrary", "prompt slow", "prompt lost", "lost lost", "contrary slow")
"""Manners of the chats of an area, in turn."""


@dataclass
class People:
    """Residents and caretakers; `chance` is seeded, so that a week can be looked at again."""

    town: Town
    chance: random.Random
    manners: dict[str, Manner] = field(default_factory=dict)
    agenda: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    order: "count[int]" = field(default_factory=count)
    did: dict[str, int] = field(default_factory=dict)

    def move_in(self) -> None:
        """Register the chats of all areas and of the coordination; a third of the lost block the bot."""
        by_name = {manner.name: manner for manner in MANNERS}
        chats = count(1000)
        for index, area in enumerate(self.town.house.city.areas):
            for name in TEAMS[index % len(TEAMS)].split():
                # Every fourth team has a group's chat: no conflict may ever get there.
                chat = str(next(chats) * (-1 if index % 4 == 1 else 1))
                self._register(area.id, chat, by_name[name])
                if name == "lost" and int(chat) % 3 == 0:
                    self.town.blocked[chat] = self.town.clock.now + timedelta(days=3, hours=9)
        for chat in ("900", "901"):
            self._register(self.town.house.city.coordination.id, chat, DESK)

    def _register(self, area: str, chat: str, manner: Manner) -> None:
        desk, now = self.town.house.caretakers, self.town.clock.now
        desk.invite(area, token=chat, now=now)
        desk.redeem(chat, chat=chat, now=now)
        self.manners[chat] = manner

    def plan(self, at: datetime, deed: Deed) -> None:
        """Put something on the agenda."""
        heapq.heappush(self.agenda, (at, next(self.order), deed))

    def act(self) -> None:
        """Do everything whose time has come; what the desk refuses is counted by its sentence."""
        while self.agenda and self.agenda[0][0] <= self.town.clock.now:
            _, _, deed = heapq.heappop(self.agenda)
            try:
                deed()
            except KuemmerkastenError as error:
                self.town.refused[error.key] += 1

    def react(self, new: list[Sent]) -> None:
        """Plan what people do about what has just arrived."""
        for one in new:
            chat, number = one.notice.chat, one.notice.ticket
            if number is None:
                continue
            if chat in self.manners:
                if one.notice.kind is NoticeKind.CARD:
                    self._take_up(chat, number)
            else:
                self._answer(one, chat, number)

    # Caretakers

    def _take_up(self, chat: str, number: str) -> None:
        manner = self.manners[chat]
        if manner.takes is None:
            return
        start = self._at_work(*manner.takes)
        if self.chance.random() < manner.odd:
            self.plan(start, self._oddity(chat, number))
            return
        self.plan(start, self._doing(chat, number, "accept"))
        done = self.town.hours.after(start, self.chance.uniform(*manner.needs))
        if self.chance.random() < 0.3:
            asked = self.town.hours.after(start, 0.5)
            self.plan(asked, self._doing(chat, number, "ask", note="Wo genau ist es?"))
            done = self.town.hours.after(asked, 30)
        self.plan(done, self._doing(chat, number, "finish", note="Ist weg."))

    def _oddity(self, chat: str, number: str) -> Deed:
        """Return what a contrary caretaker does with a card."""
        areas = [area.id for area in self.town.house.city.areas]
        other = self.chance.choice(areas)
        odd: tuple[Deed, ...] = (
            self._doing(chat, number, "hand_over", area=other),
            self._doing(chat, number, "decline", note="Nicht unsere Aufgabe"),
            self._doing(chat, number, "refer", matter="regulatory_office"),
            self._doing(chat, number, "accept"),  # and never again
            self._twice(chat, number),
            lambda: self._merge(chat, number),
            self._doing(chat, "QH-2026-99999", "finish"),
            self._doing(chat, f"QH-2026-{self.chance.randrange(1, 2000):05d}", "finish"),  # anybody's
        )
        return self.chance.choice(odd)

    def _twice(self, chat: str, number: str) -> Deed:
        def press() -> None:
            self._doing(chat, number, "accept")()
            self._doing(chat, number, "accept")()

        return press

    def _merge(self, chat: str, number: str) -> None:
        desk = self.town.house.caretakers
        kind = desk.ticket(number, chat=chat).report.kind
        page = self.town.house.open_lists.page(chat, topic=kind, limit=2)
        into = next((one.number for one in page.tickets if one.number != number), number)
        self._doing(chat, number, "merge", into=into)()

    def _doing(self, chat: str, number: str, deed: str, **more: str) -> Deed:
        def act() -> None:
            now = self.town.clock.now
            self.town.house.caretakers.act(number, Act(deed=deed, **more), chat=chat, now=now)  # type: ignore[arg-type]
            self.did[deed] = self.did.get(deed, 0) + 1

        return act

    def _at_work(self, least: float, most: float) -> datetime:
        return self.town.hours.after(self.town.clock.now, self.chance.uniform(least, most))

    # Residents

    def _answer(self, one: Sent, chat: str, number: str) -> None:
        offered = [
            data.rpartition(":")[2]
            for _, data in one.notice.content.get("button_keys", ())
            if data.startswith(RESIDENT_BUTTON)
        ]
        later = one.at + timedelta(hours=self.chance.uniform(0.2, 30))
        roll = self.chance.random()
        own = self.town.house.own_tickets

        def now() -> datetime:
            return self.town.clock.now

        if "answer" in offered and roll < 0.6:
            once = one.notice.key
            self.plan(
                later, lambda: own.say(number, chat=chat, text="Im Hof.", photos=(), once=once, now=now())
            )
        elif "confirm" in offered and roll < 0.5:
            self.plan(later, lambda: own.act(number, "confirm", chat=chat, now=now()))
        elif "reopen" in offered and roll > 0.92:
            self.plan(later, lambda: own.act(number, "reopen", chat=chat, now=now()))

    def changes_mind(self, number: str, chat: str) -> None:
        """Let one in thirty withdraw, some hours after reporting."""
        if self.chance.random() < 1 / 30:
            later = self.town.clock.now + timedelta(hours=self.chance.uniform(1, 40))
            own, clock = self.town.house.own_tickets, self.town.clock
            self.plan(later, lambda: own.act(number, "withdraw", chat=chat, now=clock.now))
