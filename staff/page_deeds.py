"""What the buttons of a ticket's page do: a form becomes a deed of the desk. A table."""

import re
from collections.abc import Callable
from dataclasses import replace

from desk.card_choices import OTHER_REASON, REASONS, referable
from desk.caretaking import Act
from desk.errors import NotAllowed
from desk.notices import card_update_notices, news_key
from desk.tickets import Actor, Photo, Ticket, ticket_number
from desk.workflow import OPEN, change_for
from staff.uploads import Filled
from storage.photos import BrokenImage, PhotoFolder
from storage.wiring import House

NOTE = "note"
"""The one deed that only adds something; it is for whatever is open, and stays among caretakers."""
_NUMBER = re.compile(r"(?:QH-(?P<year>\d{4})-)?(?P<count>\d{1,9})", re.IGNORECASE)


def do(house: House, photos: PhotoFolder, filled: Filled, *, number: str, chat: str, deed: str) -> None:
    """Do what a form says, once however often it is sent.

    Raises NotAllowed and NotFound as the desk does, and when the ticket has changed since the page was made.
    """
    once = f"{filled.once}/{deed}"
    ticket = house.caretakers.ticket(number, chat=chat)
    if _done_before(house, ticket, once=once, chat=chat, deed=deed):
        return
    act = replace(_ACTS[deed](filled, ticket, house), once=once)
    if deed == NOTE:
        if ticket.status not in OPEN:
            raise NotAllowed(f"caretaker.too_late_{ticket.status.value}")
    else:
        change_for(ticket.status, deed, Actor.CARETAKER)
        if filled.get("state") != ticket.status.value:
            raise NotAllowed("page.changed")
    act = replace(act, photos=_kept(photos, filled))
    now = house.clock()
    if deed != NOTE:
        house.caretakers.act(number, act, chat=chat, now=now)
        return
    house.caretakers.add(
        number, chat=chat, note=act.note, photos=act.photos, once=once, now=now, internal=True
    )


def _done_before(house: House, ticket: Ticket, *, once: str, chat: str, deed: str) -> bool:
    """Tell whether this very form has come before: the browser is shown what its first sending did."""
    (update,) = card_update_notices(ticket, [chat], once=once)
    with house.storage.look() as work:
        return work.outbox.has(update.key if deed == NOTE else news_key(ticket, once))


def _kept(photos: PhotoFolder, filled: Filled) -> tuple[Photo, ...]:
    try:
        return tuple(Photo(stored=photos.keep(file)) for file in filled.files)
    except BrokenImage as error:
        raise NotAllowed("page.no_picture") from error


def _accept(_filled: Filled, _ticket: Ticket, _house: House) -> Act:
    return Act(deed="accept")


def _start(_filled: Filled, _ticket: Ticket, _house: House) -> Act:
    return Act(deed="start")


def _finish(filled: Filled, _ticket: Ticket, _house: House) -> Act:
    return Act(deed="finish", note=filled.words or None)


def _ask(filled: Filled, _ticket: Ticket, _house: House) -> Act:
    return Act(deed="ask", note=_needed(filled.words, "page.no_question"))


def _hand_over(filled: Filled, _ticket: Ticket, house: House) -> Act:
    area = _needed(filled.get("area"), "page.no_area")
    if area not in {one.id for one in (*house.city.areas, house.city.coordination)}:
        raise NotAllowed("page.bad_form")
    return Act(deed="hand_over", area=area)


def _refer(filled: Filled, _ticket: Ticket, house: House) -> Act:
    matter = filled.get("matter")
    if matter not in {body.matter for body in referable(house.city)}:
        raise NotAllowed("page.bad_form")
    return Act(deed="refer", matter=matter)


def _decline(filled: Filled, _ticket: Ticket, house: House) -> Act:
    reason, words = _needed(filled.get("reason"), "page.no_reason"), filled.words
    if reason == OTHER_REASON:
        return Act(deed="decline", note=_needed(words, "page.no_other_reason"))
    if reason not in REASONS:
        raise NotAllowed("page.bad_form")
    return Act(deed="decline", note=": ".join(filter(None, (_reason(house, reason), words))))


def _reason(house: House, reason: str) -> str:
    return house.texts.get(f"caretaker.reason_{reason}")


def _merge(filled: Filled, ticket: Ticket, _house: House) -> Act:
    """Read the other ticket's number; the bare count is enough within the ticket's own year."""
    match = _NUMBER.fullmatch(_needed(filled.get("into"), "page.no_number").replace(" ", ""))
    if match is None:
        raise NotAllowed("page.no_number")
    year = int(match["year"] or ticket.number.split("-")[1])
    return Act(deed="merge", into=ticket_number(year, int(match["count"])))


def _note(filled: Filled, _ticket: Ticket, _house: House) -> Act:
    if not filled.words and not filled.files:
        raise NotAllowed("page.no_note")
    return Act(deed=NOTE, note=filled.words or None)


def _needed(value: str, key: str) -> str:
    if not value:
        raise NotAllowed(key)
    return value


_ACTS: dict[str, Callable[[Filled, Ticket, House], Act]] = {
    "accept": _accept,
    "start": _start,
    "finish": _finish,
    "ask": _ask,
    "hand_over": _hand_over,
    "refer": _refer,
    "decline": _decline,
    "merge": _merge,
    NOTE: _note,
}
DEEDS = tuple(_ACTS)
