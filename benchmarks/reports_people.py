"""The people of `reports.py`: residents who answer whatever they are asked, caretakers who look at cards."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from desk.tickets import Ticket
from simulator.chats import Message
from simulator.people import Person
from simulator.received import received, until
from simulator.samples import SAMPLES, draw

PATIENCE = 120.0  # seconds until something missing counts as lost
MOST_TURNS = 12  # messages a report takes at most; more means that the dialogue goes round in circles
PARTS_OF_A_CARD = 3  # text, photo, map point
NUMBER = re.compile(r"QH-\d{4}-\d{5,}")
WORDS = (
    "Vor dem Haus liegt seit gestern ein Haufen Sperrmüll, ein Sofa und zwei Matratzen",
    "Hier liegt schon wieder Sperrmüll auf dem Gehweg",
    "Jemand hat einen alten Schrank und eine Matratze neben die Container gestellt",
    "Hinter der Haltestelle liegen Matratzen und anderer Sperrmüll",
)


@dataclass(kw_only=True)
class Resident:
    """Somebody who reports bulky waste in one district of an area, again and again.

    `waits` are the seconds from each message to the answer that asks for the next one, `pressed` is when
    "Absenden" was pressed for a ticket number (seconds of `time.perf_counter`).
    """

    person: Person
    area: str
    district: str
    pin: tuple[float, float]
    reports: int
    waits: list[float] = field(default_factory=list)
    pressed: dict[str, float] = field(default_factory=dict)

    async def report_all(self) -> None:
        """Send all reports, one after the other."""
        for turn in range(self.reports):
            await self._report(WORDS[(self.person.chat_id + turn) % len(WORDS)])

    async def _report(self, words: str) -> None:
        act: Callable[[], object] = lambda: self.person.text(words)  # noqa: E731
        for _ in range(MOST_TURNS):
            mark, begin = self.person.chat.revision, time.perf_counter()
            act()
            asked = await self._asked(mark)
            self.waits.append(time.perf_counter() - begin)
            if NUMBER.fullmatch(asked):
                self.pressed[asked] = begin
                return
            act = self._deeds()[asked]
        raise AssertionError(f"no ticket number after {MOST_TURNS} messages")

    def _deeds(self) -> dict[str, Callable[[], object]]:
        """Return what to do by the button that is offered, or the words of the question."""
        person, photo = self.person, draw(sorted(SAMPLES)[self.person.chat_id % len(SAMPLES)])
        return {
            "Absenden": lambda: person.press("Absenden"),
            "Fertig": lambda: person.press("Fertig"),
            "neu melden": lambda: person.press("neu melden"),
            "Ohne Foto": lambda: person.photo(photo),
            self.district: lambda: person.press(self.district),
            "Wo ist das": lambda: person.location(*self.pin),
        }

    async def _asked(self, mark: int) -> str:
        deeds = self._deeds()

        def find() -> str | None:
            for message in reversed(self.person.chat.messages.values()):
                if message.revision <= mark:
                    return None
                if message.bot_id is None:
                    continue
                seen = received(message)
                offered = [*seen.buttons, seen.text]
                if number := NUMBER.search(seen.text):
                    return number[0]
                if label := next((one for one in deeds if any(one in text for text in offered)), None):
                    return label
            return None

        return str(await until(self.person.chat, find, timeout=PATIENCE, wanted="the next question"))


@dataclass(kw_only=True)
class Caretaker:
    """A chat registered for an area; `arrived` is when the card of a ticket number came."""

    person: Person
    area: str
    arrived: dict[str, float] = field(default_factory=dict)
    _seen: int = 0

    async def cards(self, count: int) -> None:
        """Wait until everything that belongs to so many cards is there."""
        wanted = 1 + PARTS_OF_A_CARD * count  # the welcome came first
        while (there := self._look()) < wanted:
            news = lambda there=there: True if self._look() > there else None  # noqa: E731
            missing = f"{wanted - there} messages of {count} cards for {self.area}"
            await until(self.person.chat, news, timeout=PATIENCE, wanted=missing)

    def _look(self) -> int:
        """Stamp the cards that are new; return the number of the bot's messages."""
        for message in reversed(self.person.chat.messages.values()):
            if message.id <= self._seen:
                break
            if number := _number_of_card(message):
                self.arrived.setdefault(number, time.perf_counter())
        self._seen = self.person.chat.last_id
        return self._seen - 1  # all but the opened link are the bot's


def mismatches(
    tickets: Sequence[Ticket], residents: Sequence[Resident], caretakers: Sequence[Caretaker]
) -> Iterator[str]:
    """Name everything that is not there exactly once: tickets, confirmations, cards, photos, map points."""
    wanted = sum(resident.reports for resident in residents)
    if len(tickets) != wanted:
        yield f"{len(tickets)} tickets instead of {wanted}"
    for resident in residents:
        stored = Counter(t.number for t in tickets if t.report.reporter == str(resident.person.chat_id))
        bots = resident.person.messages(from_bot=True)
        confirmed = Counter(number for seen in bots for number in NUMBER.findall(seen.text))
        if confirmed != stored or len(stored) != resident.reports:
            yield f"a resident sent {resident.reports}, stored {stored}, confirmed {confirmed}"
    for caretaker in caretakers:
        due = Counter(ticket.number for ticket in tickets if ticket.report.area == caretaker.area)
        messages = list(caretaker.person.chat.messages.values())
        cards = Counter(number for message in messages if (number := _number_of_card(message)))
        photos = Counter(str(message.body.get("caption")) for message in messages if "photo" in message.body)
        points = sum("location" in message.body for message in messages)
        for what, found in (("cards", cards), ("photos", photos)):
            if found != due:
                yield f"{caretaker.area}: {what} missing {due - found}, too many {found - due}"
        if points != due.total():
            yield f"{caretaker.area}: {points} map points instead of {due.total()}"


def _number_of_card(message: Message) -> str | None:
    seen = received(message)
    found = NUMBER.search(seen.text) if any("Annehmen" in label for label in seen.buttons) else None
    return found[0] if found else None
