"""A caretaker's commands: what is open, one ticket again, help."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.cards import card_data
from bot.caretaker_absence import away
from bot.caretaker_leaving import ask_back
from bot.caretaker_visit import Button, Visit
from bot.refusals import refuse
from bot.residents import Answer
from desk.answers import plain
from desk.errors import KuemmerkastenError
from desk.notices import card_notices
from desk.tickets import Ticket, ticket_number
from storage.wiring import House
from storage.wording import shortened

MORE_BUTTON = "o:"
PAGE = 8  # tickets
PLACE_SHOWN = 80  # characters
_MORE = re.compile(r"o:(\d{4})-(\d{5,9}):([^:]*):([a-z_]*)")
_NUMBER = re.compile(r"(?:(?:qh[\s-]*)?(\d{4})[\s-]+)?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Sieve:
    """What a list is narrowed to: a district by its name, and the id of a category or a whole kind."""

    district: str = ""
    topic: str = ""

    def lets_through(self, ticket: Ticket) -> bool:
        """Tell whether the ticket belongs on the list."""
        report = ticket.report
        here = self.district in ("", report.place.district)
        return here and self.topic in ("", report.kind, report.category)

    def names(self, house: House) -> str:
        """Return what it lets through, for the list's head; empty for everything."""
        category = house.wording.category(self.topic)
        topic = category if category != self.topic else house.wording.kind(self.topic)
        return ", ".join(filter(None, (self.district, topic)))


def command(visit: Visit, name: str, argument: str) -> Answer | None:
    """Answer a command; None for one that is not for caretakers, and in a chat that is no caretaker's."""
    known = _COMMANDS.get(name)
    if known is None or not visit.house.caretakers.areas_of(visit.chat):
        return None
    return known(visit, argument)


def more(visit: Visit, data: str) -> Answer:
    """Show the next page of open tickets: those behind the last one shown, whatever was settled since."""
    match = _MORE.fullmatch(data)
    if match is None:
        return refuse(visit, "caretaker.bad_button")
    if not visit.house.caretakers.areas_of(visit.chat):
        return visit.toast("caretaker.bad_button")
    return _page(visit, Sieve(district=match[3], topic=match[4]), after=(int(match[1]), int(match[2])))


def show_again(visit: Visit, number: str, _: str = "") -> Answer:
    """Send a ticket's card anew into this chat; photos and map point too where they have not been."""
    ticket = visit.house.caretakers.ticket(number, chat=visit.chat)
    with visit.house.storage.look() as work:
        known = visit.chat in work.outbox.card_chats(number)
    card, *rest = card_notices(ticket, [visit.chat], once=f"show/{visit.update.update_id}")
    return Answer(notices=[card] if known else [card, *rest])


def _open(visit: Visit, argument: str) -> Answer:
    sieve = sieve_of(argument, visit.house)
    if sieve is None:
        example = visit.house.city.district_names[0]
        return visit.say("caretaker.open_unknown", words=shortened(argument, PLACE_SHOWN), example=example)
    return _page(visit, sieve)


def _ticket(visit: Visit, argument: str) -> Answer:
    match = _NUMBER.fullmatch(argument)
    if match is None:
        return visit.say("caretaker.no_number")
    year = int(match[1] or visit.house.clock().astimezone(visit.house.city.zone).year)
    try:
        return show_again(visit, ticket_number(year, int(match[2])))
    except KuemmerkastenError as error:
        return visit.say(error.key)


def _help(visit: Visit, _: str) -> Answer:
    texts = [visit.house.texts.get("caretaker.help")]
    if not visit.chat.startswith("-"):
        texts.append(visit.house.texts.get("caretaker.help_reporting"))
    return visit.tell("\n\n".join(texts))


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


def _page(visit: Visit, sieve: Sieve, *, after: tuple[int, int] = (0, 0)) -> Answer:
    house = visit.house
    found = sorted(filter(sieve.lets_through, house.caretakers.open_tickets(visit.chat)), key=_order)
    behind = [ticket for ticket in found if _order(ticket) > after]
    shown = behind[:PAGE]
    names = sieve.names(house)
    if not shown:
        return visit.say("caretaker.open_none_of", what=names) if names else visit.say("caretaker.open_none")
    key = "caretaker.open_head_of" if names else "caretaker.open_head"
    head = house.texts.get(key, count=len(found), what=names)
    buttons: list[Button] = [[ticket.number, card_data(ticket.number, "show")] for ticket in shown]
    if len(behind) > PAGE:
        buttons.append([house.texts.get("caretaker.open_more"), more_data(shown[-1].number, sieve)])
    return visit.tell("\n".join([head, *(_line(ticket, house) for ticket in shown)]), buttons=buttons)


def more_data(last: str, sieve: Sieve) -> str:
    """Return the callback data that leads on behind the ticket shown last."""
    return f"{MORE_BUTTON}{last.removeprefix('QH-')}:{sieve.district}:{sieve.topic}"


def _order(ticket: Ticket) -> tuple[int, int]:
    """Return year and number: the order tickets were opened in."""
    _, year, sequence = ticket.number.split("-")
    return int(year), int(sequence)


def _line(ticket: Ticket, house: House) -> str:
    return house.texts.get(
        "caretaker.open_line",
        icon=house.texts.get(f"caretaker.icon_{ticket.status.value}"),
        number=ticket.number,
        category=house.wording.category(ticket.report.category),
        place=shortened(
            f"{house.wording.spot(ticket.report.place)}, {ticket.report.place.district}", PLACE_SHOWN
        ),
        age=_age(ticket, house),
    )


def _age(ticket: Ticket, house: House) -> str:
    """Return for how many days, as the city's calendar counts them, a ticket has been there."""
    zone = house.city.zone
    days = (house.clock().astimezone(zone).date() - ticket.created_at.astimezone(zone).date()).days
    key = {0: "age_today", 1: "age_day"}.get(days, "age_days")
    return house.texts.get(f"caretaker.{key}", days=days)


_COMMANDS: dict[str, Callable[[Visit, str], Answer]] = {
    "offen": _open,
    "ticket": _ticket,
    "abwesend": away,
    "hilfe": _help,
    "help": _help,
    "abmelden": ask_back,
}
