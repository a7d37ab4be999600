"""What a caretaker chooses from: whom a ticket goes to, and why it is declined. Lists of label and data."""

from collections.abc import Sequence

from bot.cards import card_data
from bot.caretaker_visit import Button
from desk.card_choices import OTHER_REASON, REASONS, areas_for, bodies_for
from desk.city import Area, City
from desk.tickets import Ticket
from storage.texts import Texts

BODIES_SHOWN = 10
BY_NUMBER = "number"


def areas(ticket: Ticket, city: City, texts: Texts, *, colleagues: bool = False) -> list[Button]:
    """Return where a ticket can go: colleagues, areas by carrier (its own first), coordination, outside."""
    here = next((area for area in city.areas if area.id == ticket.report.area), None)
    own = here.carrier if here else None
    team = card_data(ticket.number, "to", ticket.report.area)
    return [
        *([[texts.get("buttons.colleagues"), team]] if colleagues else ()),
        *(
            [_named(area, own, city, texts), card_data(ticket.number, "to", area.id)]
            for area in areas_for(ticket, city)
        ),
        [texts.get("buttons.outside"), card_data(ticket.number, "outside")],
        _leave(ticket, texts),
    ]


def _named(area: Area, own: str | None, city: City, texts: Texts) -> str:
    """Return an area's name, with its carrier in short where that is another one than the ticket's."""
    carrier = city.carrier_of(area)
    if carrier is None or area.carrier == own:
        return area.name
    return texts.get("caretaker.area_of_carrier", area=area.name, carrier=carrier.short)


def outside(ticket: Ticket, city: City, texts: Texts) -> list[Button]:
    """Return the bodies a ticket can be referred to; those for its category first."""
    return [
        *(
            [body.name, card_data(ticket.number, "refer", body.matter)]
            for body in bodies_for(ticket, city)[:BODIES_SHOWN]
        ),
        _leave(ticket, texts),
    ]


def reasons(ticket: Ticket, texts: Texts) -> list[Button]:
    """Return why a ticket may be declined."""
    return [
        *(
            [texts.get(f"caretaker.reason_{reason}"), card_data(ticket.number, "decline", reason)]
            for reason in (*REASONS, OTHER_REASON)
        ),
        _leave(ticket, texts),
    ]


def same(ticket: Ticket, others: Sequence[Ticket], texts: Texts) -> list[Button]:
    """Return the tickets it may be merged into, and the way to write a number."""
    return [
        *([other.number, card_data(ticket.number, "into", other.number)] for other in others),
        [texts.get("buttons.merge_number"), card_data(ticket.number, "merge", BY_NUMBER)],
        _leave(ticket, texts),
    ]


def _leave(ticket: Ticket, texts: Texts) -> Button:
    return [texts.get("buttons.leave"), card_data(ticket.number, "leave")]
