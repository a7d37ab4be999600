"""Which refusals smell of abuse, and which are only too late."""

from desk.audit import LIMIT, LIMITED_FOR, Attempt, AuditEntry
from desk.errors import NotFound
from desk.notices import NoticeKind
from desk.ports import Work
from desk.tickets import FORGOTTEN

FORGED_SIGNS = frozenset({"caretaker.bad_button", "caretaker.no_such_ticket", "caretaker.no_such_body"})
"""Errors that no button of ours leads to: its shape, its ticket or its argument is made up."""


def attempt_of_caretaker(key: str, work: Work, *, chat: str, ticket: str | None) -> Attempt | None:
    """Return what the refusal `key` of a card's button tells of the chat; None: an honest mistake."""
    if key in FORGED_SIGNS:
        return Attempt.FORGED_CALLBACK
    if key != "caretaker.not_yours" or ticket is None:
        return None
    if work.tickets.get(ticket).report.reporter == FORGOTTEN:
        return None  # nobody knows any more who had its card
    had_card = work.outbox.was_sent(NoticeKind.CARD, ticket=ticket, chat=chat)
    if work.caretakers.areas_of(chat):
        return None if had_card else Attempt.FOREIGN_TICKET  # with a card it was handed on meanwhile
    return Attempt.REMOVED_CARETAKER if had_card else Attempt.NO_CARETAKER


def attempt_of_resident(work: Work, *, chat: str, ticket: str) -> Attempt | None:
    """Return what it tells that a chat pressed a button of a ticket that is not its own."""
    try:
        known = work.tickets.get(ticket)
    except NotFound:
        return Attempt.FORGED_CALLBACK
    # Whoever has left a shared ticket, or sent one that is forgotten by now, still has its buttons.
    once_own = work.outbox.was_sent(NoticeKind.MESSAGE, ticket=ticket, chat=chat)
    return None if once_own or known.report.reporter == FORGOTTEN else Attempt.FOREIGN_OWN_TICKET


def write_down(entry: AuditEntry, work: Work) -> bool:
    """Add an entry to the audit log; False for what is no `Attempt`, and for a chat that made too many."""
    known = entry.what in set(Attempt)
    if not known or work.audit.count(entry.who, since=entry.at - LIMITED_FOR) >= LIMIT:
        return False
    work.audit.add(entry)
    return True
