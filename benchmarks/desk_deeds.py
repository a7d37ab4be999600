"""What is timed at the desk: each deed is made ready once and then done again and again, for another chat."""

import random
from collections.abc import Callable
from itertools import count

import sqlalchemy as sa
from desk_town import AREAS, CHATS, HEIGHT, NOW, SOUTH, WEST, WIDTH, chat_of
from telegram import Update

from bot.cards import card_buttons
from bot.caretakers import CaretakerChat
from bot.morning_digest import MorningDigest
from desk.assigning import works_on
from desk.caretaking import Act
from desk.deadlines import WorkClock
from desk.drafts import Draft, Spot, Words
from storage.calendars import calendar_of
from storage.card_wording import card_text
from storage.tables import tickets
from storage.wiring import House

Deed = Callable[[], object]


def opening(house: House, chance: random.Random) -> Deed:
    """A caretaker writes /offen: the whole answer, with text and buttons."""
    front, updates = CaretakerChat(house=house), count(1)

    def write() -> object:
        area, which = chance.randrange(AREAS), chance.randrange(CHATS)
        message = {
            "message_id": 1,
            "date": int(NOW.timestamp()),
            "chat": {"id": int(chat_of(area, which)), "type": "private"},
            "from": {"id": 1, "is_bot": False, "first_name": "K"},
            "text": "/offen",
        }
        update = Update.de_json({"update_id": next(updates), "message": message}, None)
        return front.answer([update], chat=chat_of(area, which))

    return write


def changing(house: House, chance: random.Random) -> Deed:
    """A caretaker presses "In Arbeit" on an open ticket: all it causes is stored."""
    waiting = _open_tickets(house, chance, states=("new", "assigned", "accepted"))

    def press() -> object:
        number, chat = next(waiting)
        return house.caretakers.act(number, Act(deed="start"), chat=chat, now=NOW)

    return press


def card(house: House, chance: random.Random) -> Deed:
    """A card is made anew, as before each sending and update: who may see it, text, buttons."""
    waiting = _open_tickets(house, chance)

    def make() -> object:
        number, chat = next(waiting)
        with house.storage.look() as work:
            ticket = work.tickets.get(number)
            if not works_on(ticket, chat, house.city, work):
                raise LookupError(number)
        return card_text(ticket, house.wording), card_buttons(ticket, house.wording)

    return make


def similar(house: House, chance: random.Random) -> Deed:
    """A report that is nearly told looks for tickets that may be the same."""
    kinds = [kind for kind in house.catalogue.categories.kinds if kind.id != "conflict"]

    def look() -> object:
        kind = chance.choice(kinds)
        spot = Spot(
            label="Beispielstr. 7",
            district=house.city.cared_for[0],
            latitude=SOUTH + chance.random() * HEIGHT,
            longitude=WEST + chance.random() * WIDTH,
        )
        draft = Draft(
            id="look",
            words=(Words(text="Hier liegt etwas."),),
            kind=kind.id,
            category=chance.choice(kind.categories).id,
            spot=spot,
        )
        return house.similar.look_for(draft, chat="1", now=NOW)

    return look


def digest(house: House, chance: random.Random) -> Deed:
    """A chat's morning digest is put together and put out."""
    city = house.city
    clock = WorkClock(times=city.deadlines.working_time, zone=city.zone, calendar=calendar_of(city.land))
    desk = MorningDigest(house=house, clock=clock)
    return lambda: desk.see_to(chat_of(chance.randrange(AREAS), chance.randrange(CHATS)), NOW)


def _open_tickets(house: House, chance: random.Random, *, states: tuple[str, ...] = ()) -> "_Waiting":
    where = [tickets.c.is_open, *([tickets.c.status.in_(states)] if states else [])]
    with house.storage.engine.connect() as connection:
        rows = connection.execute(sa.select(tickets.c.number, tickets.c.area).where(*where)).all()
    found = [(row.number, chat_of(int(row.area.rpartition("-")[2]))) for row in rows]
    chance.shuffle(found)
    return _Waiting(found)


class _Waiting:
    """Hands out each ticket once, then begins again."""

    def __init__(self, found: list[tuple[str, str]]) -> None:
        self.found, self.at = found, -1

    def __next__(self) -> tuple[str, str]:
        """Return the next number and a chat that works on it."""
        self.at = (self.at + 1) % len(self.found)
        return self.found[self.at]


DEEDS: dict[str, Callable[[House, random.Random], Deed]] = {
    "open": opening,
    "card": card,
    "similar": similar,
    "digest": digest,
    "change": changing,  # last: it changes what the others look at
}
