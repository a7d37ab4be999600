from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from desk.card_choices import deeds_for
from desk.tickets import Ticket
from storage.wording import Wording

ROWS = (("accept", "hand_over"), ("ask", "finish"), ("start", "decline"), ("note", "merge"))
"""Where each button has its place, so that it is found without reading."""


def card_data(ticket: str, *deed: str) -> str:
    """Return the callback data of a ticket's button: the deed, and an argument where it has one."""
    return ":".join(("t", ticket, *deed))


def card_buttons(ticket: Ticket, wording: Wording) -> InlineKeyboardMarkup | None:
    """Return a button for everything that can be done to the ticket now; None when nothing can."""
    deeds = deeds_for(ticket, wording.city)
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
