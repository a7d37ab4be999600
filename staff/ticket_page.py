"""What a ticket's page shows: the card's contents, put into a template. Nothing tells who reported it."""

from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import quote, urlencode

import jinja2

from desk.card_choices import OTHER_REASON, REASONS, areas_for, bodies_for, deeds_for
from desk.city import Area, Referral
from desk.tickets import Photo, Place, Status, Ticket
from desk.workflow import OPEN
from staff.uploads import LONGEST_WORDS, MOST_PHOTOS
from storage.card_wording import history_lines, inform_lines, people_line, ready_letter
from storage.wiring import House
from storage.wording import Wording

TEMPLATES = Path(__file__).parent / "templates"
NOTE_SHOWN = 4000  # characters of an entry: the page has room for all of it
MAP_ZOOM = 18


def environment() -> jinja2.Environment:
    """Return the templates; whatever is put into them is escaped, a name they don't get is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def photos_of(ticket: Ticket) -> tuple[Photo, ...]:
    """Return every photo of a ticket, in the order the page counts them (from 0)."""
    return (*ticket.report.photos, *(photo for entry in ticket.history for photo in entry.photos))


def ticket_view(ticket: Ticket, house: House, *, chat: str) -> dict[str, Any]:
    """Return what fills `ticket.html` for a chat that works on the ticket."""
    wording, report, texts = house.wording, ticket.report, house.texts
    deeds = deeds_for(ticket, house.city)
    return {
        "ticket": ticket,
        "icon": texts.get(f"caretaker.icon_{ticket.status.value}"),
        "kind": wording.kind(report.kind),
        "category": wording.category(report.category),
        "place": wording.spot(report.place),
        "map_links": map_links(report.place, city=house.city.name),
        "date": wording.date_and_time(ticket.created_at),
        "people": people_line(ticket, texts).strip(),
        "informs": inform_lines(report, wording),
        "history": _history(ticket, wording),
        "deeds": deeds,
        "labels": texts.section("buttons"),
        "colleagues": house.caretakers.has_colleagues(ticket, chat=chat, now=house.clock()),
        "areas": _areas(ticket, house),
        "coordination": house.city.coordination,
        "bodies": _bodies(ticket, wording) if ticket.status in OPEN else (),
        "referred_to": _referred_to(ticket, wording),
        "letter": ready_letter(ticket, wording),
        "reasons": {reason: texts.get(f"caretaker.reason_{reason}") for reason in (*REASONS, OTHER_REASON)},
        "longest": LONGEST_WORDS,
        "most_photos": MOST_PHOTOS,
        "once": token_hex(8),
    }


def map_links(place: Place, *, city: str) -> Mapping[str, str]:
    """Return the addresses that open a place: `map` in OpenStreetMap, `geo` in the phone's own map."""
    if place.latitude is None or place.longitude is None:
        words = ", ".join(dict.fromkeys((place.label, place.district, city)))
        query = urlencode({"query": words})
        return {"map": f"https://www.openstreetmap.org/search?{query}", "geo": f"geo:0,0?q={quote(words)}"}
    point = f"{place.latitude:.6f}", f"{place.longitude:.6f}"
    marker = urlencode({"mlat": point[0], "mlon": point[1]})
    return {
        "map": f"https://www.openstreetmap.org/?{marker}#map={MAP_ZOOM}/{'/'.join(point)}",
        "geo": f"geo:{','.join(point)}?q={','.join(point)}",
    }


def _history(ticket: Ticket, wording: Wording) -> list[dict[str, Any]]:
    """Return lines and numbers of photos for each entry, the newest first."""
    entries, first = [], len(ticket.report.photos)
    for entry in ticket.history:
        numbers = range(first, first + len(entry.photos))
        entries.append({"lines": history_lines(entry, wording, most=NOTE_SHOWN), "photos": numbers})
        first += len(entry.photos)
    return entries[::-1]


def _areas(ticket: Ticket, house: House) -> dict[str, list[Area]]:
    """Return where a ticket can go, by the name of the carrier (empty: not known whose)."""
    groups: dict[str, list[Area]] = {}
    for area in areas_for(ticket, house.city):
        if area.id == house.city.coordination.id:
            continue
        carrier = house.city.carrier_of(area)
        groups.setdefault(carrier.short if carrier else "", []).append(area)
    return groups


def _bodies(ticket: Ticket, wording: Wording) -> list[tuple[Referral, str]]:
    """Return the bodies outside a ticket can be referred to, with how to reach each."""
    return [(body, wording.referral(body)) for body in bodies_for(ticket, wording.city)]


def _referred_to(ticket: Ticket, wording: Wording) -> str:
    """Return how to reach the body a ticket was referred to; empty for any other ticket."""
    if ticket.status is not Status.REFERRED:
        return ""
    name = next((entry.note for entry in reversed(ticket.history) if entry.what == Status.REFERRED), None)
    return next((wording.referral(body) for body in wording.city.referrals if body.name == name), "")
