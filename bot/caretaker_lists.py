"""What is open, page by page, narrowed by district and topic."""

import re
from dataclasses import dataclass

from bot.cards import card_data
from bot.caretaker_visit import Button, Visit
from bot.refusals import refuse
from bot.residents import Answer
from desk.answers import plain
from desk.listing import COUNTED
from desk.open_tickets import OpenTicket
from storage.wiring import House
from storage.wording import shortened

MORE_BUTTON = "o:"
ALL_OPEN = f"{MORE_BUTTON}::"
"""The data of a button that shows the first page of everything."""
PAGE = 8  # tickets
PLACE_SHOWN = 80  # characters
_MORE = re.compile(r"o:(\d{4}-\d{5,9})?:([^:]*):([a-z_]*)")


@dataclass(frozen=True, kw_only=True)
class Sieve:
    """What a list is narrowed to: a district by its name, and the id of a category or a whole kind."""

    district: str = ""
    topic: str = ""

    def names(self, house: House) -> str:
        """Return what it lets through, for the list's head; empty for everything."""
        category = house.wording.category(self.topic)
        topic = category if category != self.topic else house.wording.kind(self.topic)
        return ", ".join(filter(None, (self.district, topic)))


def open_list(visit: Visit, argument: str) -> Answer:
    """Show the oldest open tickets, narrowed to what stands behind the command."""
    sieve = sieve_of(argument, visit.house)
    if sieve is None:
        example = visit.house.city.district_names[0]
        return visit.say("caretaker.open_unknown", words=shortened(argument, PLACE_SHOWN), example=example)
    return _page(visit, sieve)


def more(visit: Visit, data: str) -> Answer:
    """Show the next page of open tickets: those behind the last one shown, whatever was settled since."""
    match = _MORE.fullmatch(data)
    if match is None:
        return refuse(visit, "caretaker.bad_button")
    if not visit.house.caretakers.areas_of(visit.chat):
        return visit.toast("caretaker.bad_button")
    after = f"QH-{match[1]}" if match[1] else None
    return _page(visit, Sieve(district=match[2], topic=match[3]), after=after)


def sieve_of(words: str, house: House) -> Sieve | None:
    """Return what the words behind /offen narrow the list to; None when nobody knows them."""
    rest = f" {plain(words)} "
    named = [name for name in house.city.district_names if f" {plain(name)} " in rest]
    district = max(named, key=len, default="")
    rest = rest.replace(f" {plain(district)} ", " ", 1).strip() if district else rest.strip()
    if not rest:
        return Sieve(district=district)
    kinds = house.wording.categories.kinds
    categories = (one for kind in kinds for one in kind.categories)
    known = {kind.id: plain(kind.label) for kind in kinds} | {one.id: plain(one.label) for one in categories}
    fits = [topic for topic, label in known.items() if rest in label]
    # The whole label comes first, then a whole word of one: what is typed may be a part of longer words.
    fits.sort(key=lambda topic: (known[topic] != rest, f" {rest} " not in f" {known[topic]} "))
    return Sieve(district=district, topic=fits[0]) if fits else None


def more_data(last: str, sieve: Sieve) -> str:
    """Return the callback data that leads on behind the ticket shown last."""
    return f"{MORE_BUTTON}{last.removeprefix('QH-')}:{sieve.district}:{sieve.topic}"


def open_line(ticket: OpenTicket, house: House) -> str:
    """Return a ticket in a line: state, number, category, place, age."""
    return house.texts.get(
        "caretaker.open_line",
        icon=house.texts.get(f"caretaker.icon_{ticket.status.value}"),
        number=ticket.number,
        category=house.wording.category(ticket.category),
        place=where(ticket, house),
        age=_age(ticket, house),
    )


def where(ticket: OpenTicket, house: House) -> str:
    """Return a ticket's place and district in a few words."""
    return shortened(f"{house.wording.spot(ticket.place)}, {ticket.place.district}", PLACE_SHOWN)


def _page(visit: Visit, sieve: Sieve, *, after: str | None = None) -> Answer:
    house = visit.house
    page = house.open_lists.page(
        visit.chat, district=sieve.district, topic=sieve.topic, after=after, limit=PAGE
    )
    names = sieve.names(house)
    if not page.tickets:
        return visit.say("caretaker.open_none_of", what=names) if names else visit.say("caretaker.open_none")
    key = "caretaker.open_head_of" if names else "caretaker.open_head"
    over = page.count > COUNTED
    count = house.texts.get("caretaker.open_over", count=COUNTED) if over else page.count
    head = house.texts.get(key, count=count, what=names)
    buttons: list[Button] = [[one.number, card_data(one.number, "show")] for one in page.tickets]
    if page.more:
        buttons.append([house.texts.get("caretaker.open_more"), more_data(page.tickets[-1].number, sieve)])
    return visit.tell("\n".join([head, *(open_line(one, house) for one in page.tickets)]), buttons=buttons)


def _age(ticket: OpenTicket, house: House) -> str:
    """Return for how many days, as the city's calendar counts them, a ticket has been there."""
    zone = house.city.zone
    days = (house.clock().astimezone(zone).date() - ticket.created_at.astimezone(zone).date()).days
    key = {0: "age_today", 1: "age_day"}.get(days, "age_days")
    return house.texts.get(f"caretaker.{key}", days=days)
