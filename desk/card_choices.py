"""What a caretaker may do to a ticket and chooses from: deeds, whom it goes to, why it is declined."""

from collections.abc import Iterator, Sequence

from desk.city import Area, City, Referral
from desk.tickets import Ticket
from desk.workflow import OPEN, deeds_open

NEVER_REFERRED = ("danger", "fire_medical")
"""Matters that can't wait for a caretaker: nobody is referred there by button."""
DANGER_NUMBERS = ("110", "112")
REASONS = ("not_ours", "not_found", "private", "too_little")
"""Why a ticket may be declined (`caretaker.reason_*`); `OTHER_REASON` needs words."""
OTHER_REASON = "other"


def deeds_for(ticket: Ticket, city: City) -> tuple[str, ...]:
    """Return everything a card offers for a ticket as it is now; `note` is for whatever is open."""
    deeds = (*deeds_open(ticket.status), *(("note",) if ticket.status in OPEN else ()))
    if ticket.report.area == city.coordination.id:
        # What is declined goes to the coordination: it is there already.
        return tuple(deed for deed in deeds if deed != "decline")
    return deeds


def areas_for(ticket: Ticket, city: City) -> Sequence[Area]:
    """Return which areas a ticket can go to, by carrier: its own first, the coordination last."""
    here = next((area for area in city.areas if area.id == ticket.report.area), None)
    own = here.carrier if here else None
    order = [own, *(carrier.id for carrier in city.carriers if carrier.id != own)]
    others = [area for area in city.areas if area.id != ticket.report.area]
    others.sort(key=lambda area: order.index(area.carrier) if area.carrier else len(order))
    if ticket.report.area != city.coordination.id:
        others.append(city.coordination)
    return others


def bodies_for(ticket: Ticket, city: City) -> Sequence[Referral]:
    """Return the bodies outside a ticket can be referred to; those for its category first."""
    return sorted(referable(city), key=lambda body: ticket.report.category not in body.categories)


def referable(city: City) -> Iterator[Referral]:
    """Return the bodies a caretaker may refer a ticket to, in the city file's order."""
    for body in city.referrals:
        if body.matter not in NEVER_REFERRED and body.phone not in DANGER_NUMBERS:
            yield body
