from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import MessageLimit

from desk.tickets import Entry, Report, Ticket
from desk.workflow import OPEN, deeds_open
from storage.texts import Texts
from storage.wording import Wording, shortened

WORDS_SHOWN = 2000  # characters; fewer where the rest of the card needs the room
NOTE_SHOWN = 200
ENTRIES_SHOWN = 4
INFORM_SHOWN = 200
INFORMS_SHOWN = 2
ROWS = (("accept", "hand_over"), ("ask", "finish"), ("start", "decline"), ("note", "merge"))
"""Where each button has its place, so that it is found without reading."""


def card_data(ticket: str, *deed: str) -> str:
    """Return the callback data of a ticket's button: the deed, and an argument where it has one."""
    return ":".join(("t", ticket, *deed))


def card_text(ticket: Ticket, wording: Wording) -> str:
    """Return the caretaker's card: the resident's words and the place, nothing about the resident."""
    rest = len(_card(ticket, wording, words=""))
    room = min(WORDS_SHOWN, MessageLimit.MAX_TEXT_LENGTH - rest)
    card = _card(ticket, wording, words=shortened(ticket.report.words, max(room, 1)))
    return shortened(card, MessageLimit.MAX_TEXT_LENGTH)


def _card(ticket: Ticket, wording: Wording, *, words: str) -> str:
    report, texts = ticket.report, wording.texts
    lines = [line for entry in ticket.history[-ENTRIES_SHOWN:] for line in _history(entry, wording)]
    return texts.get(
        "caretaker.card",
        icon=texts.get(f"caretaker.icon_{ticket.status.value}"),
        number=ticket.number,
        kind=wording.kind(report.kind),
        category=wording.category(report.category),
        urgent=f"\n{texts.get('caretaker.urgent')}" if report.urgent else "",
        words=words,
        place=wording.spot(report.place),
        district=report.place.district,
        since=f"\n{texts.get('caretaker.since', since=report.since)}" if report.since else "",
        date=wording.date_and_time(ticket.created_at),
        photos=len(report.photos) or texts.get("resident.pictures_none"),
        people=_people(ticket, texts),
        informs="".join(f"\n{line}" for line in _informs(report, wording)),
        history="\n".join(lines),
    )


def card_buttons(ticket: Ticket, wording: Wording) -> InlineKeyboardMarkup | None:
    """Return a button for everything that can be done to the ticket now; None when nothing can."""
    deeds = {*deeds_open(ticket.status), *(("note",) if ticket.status in OPEN else ())}
    if ticket.report.area == wording.city.coordination.id:
        deeds -= {"decline"}  # what is declined goes to the coordination: it is there already
    rows = [
        [
            InlineKeyboardButton(
                wording.texts.get(f"buttons.{deed}"), callback_data=card_data(ticket.number, deed)
            )
            for deed in row
            if deed in deeds
        ]
        for row in ROWS
    ]
    return InlineKeyboardMarkup([row for row in rows if row]) if deeds else None


def _people(ticket: Ticket, texts: Texts) -> str:
    """Return how many residents it concerns, where it is more than one."""
    count = len(ticket.residents)
    return f"\n{texts.get('caretaker.people', count=count)}" if count > 1 else ""


def _informs(report: Report, wording: Wording) -> list[str]:
    """Return a line for each contact that should hear of it; one the city file no longer has is left out."""
    entries = filter(None, map(wording.city.referral, report.informs))
    lines = [wording.texts.get("caretaker.inform", who=wording.referral(entry)) for entry in entries]
    return [shortened(line, INFORM_SHOWN) for line in lines][:INFORMS_SHOWN]


def _history(entry: Entry, wording: Wording) -> list[str]:
    """Return what happened, with whom it went to or what was said, and how many photos came with it."""
    texts, at = wording.texts, wording.date_and_time(entry.at)
    note = f": {shortened(entry.note, NOTE_SHOWN)}" if entry.note else ""
    lines = [texts.get(f"caretaker.history_{entry.what}", date=at, note=note)]
    if entry.photos:
        photos = texts.get("caretaker.history_photos", date=at, count=len(entry.photos))
        lines = [*lines, photos] if note or entry.what not in ("note", "answer") else [photos]
    return lines
