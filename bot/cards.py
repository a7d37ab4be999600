from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from desk.tickets import Entry, Report, Ticket
from desk.workflow import deeds_open
from storage.wording import Wording, shortened

WORDS_SHOWN = 2000  # characters; with everything else a card stays below Telegram's 4,096
NOTE_SHOWN = 200
ENTRIES_SHOWN = 4
INFORM_SHOWN = 200
INFORMS_SHOWN = 2


def card_text(ticket: Ticket, wording: Wording) -> str:
    """Return the caretaker's card: the resident's words and the place, nothing about the resident."""
    report, texts = ticket.report, wording.texts
    lines = [line for entry in ticket.history[-ENTRIES_SHOWN:] for line in _history(entry, wording)]
    return texts.get(
        "caretaker.card",
        icon=texts.get(f"caretaker.icon_{ticket.status.value}"),
        number=ticket.number,
        kind=wording.kind(report.kind),
        category=wording.category(report.category),
        urgent=f"\n{texts.get('caretaker.urgent')}" if report.urgent else "",
        words=shortened(report.words, WORDS_SHOWN),
        place=wording.spot(report.place),
        district=report.place.district,
        since=f"\n{texts.get('caretaker.since', since=report.since)}" if report.since else "",
        date=wording.date_and_time(ticket.created_at),
        photos=len(report.photos) or texts.get("resident.pictures_none"),
        informs="".join(f"\n{line}" for line in _informs(report, wording)),
        history="\n".join(lines),
    )


def card_buttons(ticket: Ticket, wording: Wording) -> InlineKeyboardMarkup | None:
    """Return a button for everything that can be done to the ticket now; None when nothing can."""
    row = [
        InlineKeyboardButton(wording.texts.get(f"buttons.{deed}"), callback_data=f"t:{ticket.number}:{deed}")
        for deed in deeds_open(ticket.status)
    ]
    return InlineKeyboardMarkup([row]) if row else None


def _informs(report: Report, wording: Wording) -> list[str]:
    """Return a line for each contact that should hear of it; one the city file no longer has is left out."""
    entries = filter(None, map(wording.city.referral, report.informs))
    lines = [wording.texts.get("caretaker.inform", who=wording.referral(entry)) for entry in entries]
    return [shortened(line, INFORM_SHOWN) for line in lines][:INFORMS_SHOWN]


def _history(entry: Entry, wording: Wording) -> list[str]:
    at = wording.date_and_time(entry.at)
    if entry.what != "note":
        return [wording.texts.get(f"caretaker.history_{entry.what}", date=at)]
    lines = []
    if entry.note:
        lines.append(
            wording.texts.get("caretaker.history_note", date=at, note=shortened(entry.note, NOTE_SHOWN))
        )
    if entry.photos:
        lines.append(wording.texts.get("caretaker.history_photos", date=at, count=len(entry.photos)))
    return lines
