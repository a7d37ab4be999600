"""The caretaker's card in words, for every way it goes: chat, mail, page."""

from desk.city import Referral
from desk.tickets import Entry, Report, Ticket
from storage.texts import Texts
from storage.wording import Wording, shortened

LONGEST = 4096  # characters of a message (Telegram Bot API)
WORDS_SHOWN = 2000  # characters; fewer where the rest of the card needs the room
NOTE_SHOWN = 200
ENTRIES_SHOWN = 4
INFORM_SHOWN = 200
INFORMS_SHOWN = 2


def card_text(ticket: Ticket, wording: Wording, *, most: int = LONGEST) -> str:
    """Return the card in at most that many characters; nothing in it tells who reported it."""
    rest = len(_card(ticket, wording, words=""))
    room = min(WORDS_SHOWN, most - rest)
    card = _card(ticket, wording, words=shortened(ticket.report.words, max(room, 1)))
    return shortened(card, most)


def _card(ticket: Ticket, wording: Wording, *, words: str) -> str:
    report, texts = ticket.report, wording.texts
    lines = [line for entry in ticket.history[-ENTRIES_SHOWN:] for line in history_lines(entry, wording)]
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
        people=people_line(ticket, texts),
        informs="".join(f"\n{line}" for line in inform_lines(report, wording)),
        history="\n".join(lines),
    )


def ready_text(ticket: Ticket, body: Referral, wording: Wording) -> str:
    """Return how to reach a body outside and what to tell it about a ticket, ready to be passed on."""
    contact, letter = wording.referral(body), ready_letter(ticket, wording)
    return wording.texts.get("caretaker.ready_text", to=body.name, contact=contact, letter=letter)


def ready_letter(ticket: Ticket, wording: Wording) -> str:
    """Return what to tell anybody outside about a ticket."""
    report = ticket.report
    return wording.texts.get(
        "caretaker.ready_letter",
        number=ticket.number,
        date=wording.date(ticket.created_at),
        kind=wording.kind(report.kind),
        category=wording.category(report.category),
        place=wording.spot(report.place),
        district=report.place.district,
        words=shortened(report.words, WORDS_SHOWN),
    )


def people_line(ticket: Ticket, texts: Texts) -> str:
    """Return how many residents it concerns, where it is more than one."""
    count = len(ticket.residents)
    return f"\n{texts.get('caretaker.people', count=count)}" if count > 1 else ""


def inform_lines(report: Report, wording: Wording) -> list[str]:
    """Return a line for each contact that should hear of it; one the city file no longer has is left out."""
    entries = filter(None, map(wording.city.referral, report.informs))
    lines = [wording.texts.get("caretaker.inform", who=wording.referral(entry)) for entry in entries]
    return [shortened(line, INFORM_SHOWN) for line in lines][:INFORMS_SHOWN]


def history_lines(entry: Entry, wording: Wording, *, most: int = NOTE_SHOWN) -> list[str]:
    """Return what happened, with whom it went to or what was said, and how many photos came with it.

    `most` is how many characters of a note are shown.
    """
    texts, at = wording.texts, wording.date_and_time(entry.at)
    note = f": {shortened(entry.note, most)}" if entry.note else ""
    lines = [texts.get(f"caretaker.history_{entry.what}", date=at, note=note)]
    if entry.photos:
        photos = texts.get("caretaker.history_photos", date=at, count=len(entry.photos))
        lines = [*lines, photos] if note or entry.what not in ("note", "answer") else [photos]
    return lines
