from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from desk.tickets import FORGOTTEN
from desk.workflow import ENDED
from storage.conversations import IDLE
from storage.database import READING
from storage.tables import (
    absences,
    audit_log,
    conversations,
    feedback,
    inbox,
    invitations,
    outbox,
    ticket_followers,
    ticket_history,
    ticket_links,
    tickets,
    training_candidates,
)

# How long what a resident has told is kept after the ticket is done; `utter_privacy` says so.
TICKET_KEPT = timedelta(days=90)
# Corrections the assistant learns from, without personal data; `utter_privacy` says so.
CANDIDATES_KEPT = timedelta(days=365)
# What residents wrote about how content they were; `utter_privacy` says so.
FEEDBACK_WORDS_KEPT = timedelta(days=365)
# Ids of updates and messages, against doing things twice; no texts in them.
RECEIPTS_KEPT = timedelta(days=14)

# Attempts that smell of abuse, under a pseudonym; invitations too, so that an old link is no attempt.
AUDIT_KEPT = timedelta(days=180)


def forget(engine: sa.Engine, *, now: datetime) -> list[str]:
    """Delete what is no longer needed; returns the names of stored photos whose files can go.

    Idle conversations go after 7 days; a done ticket keeps its number, place, category and history of
    states for the statistics, and loses words, photos, notes and the resident's chat after 90 days.
    Training candidates go after a year; so do the words of feedback, whose thumbs stay. Entries of the audit
    log and invitations go after 180 days.
    """
    with engine.begin() as connection:
        connection.execute(sa.delete(conversations).where(conversations.c.changed_at < now - IDLE))
        connection.execute(sa.delete(inbox).where(inbox.c.done_at < now - RECEIPTS_KEPT))
        connection.execute(sa.delete(invitations).where(invitations.c.expires_at < now - AUDIT_KEPT))
        connection.execute(sa.delete(audit_log).where(audit_log.c.at < now - AUDIT_KEPT))
        connection.execute(sa.delete(absences).where(absences.c.last < (now - RECEIPTS_KEPT).date()))
        connection.execute(sa.delete(ticket_links).where(ticket_links.c.expires_at < now))
        too_old = training_candidates.c.at < now - CANDIDATES_KEPT
        connection.execute(sa.delete(training_candidates).where(too_old))
        wordy = (feedback.c.at < now - FEEDBACK_WORDS_KEPT, feedback.c.words.is_not(None))
        connection.execute(sa.update(feedback).where(*wordy).values(words=None))
        no_card = outbox.c.ticket.is_(None)
        connection.execute(sa.delete(outbox).where(outbox.c.settled_at < now - RECEIPTS_KEPT, no_card))
        return _strip_tickets(connection, done_before=now - TICKET_KEPT)


def unreferenced(engine: sa.Engine, names: Iterable[str]) -> list[str]:
    """Return which of these stored photos no ticket has: those of reports that were never sent."""
    with engine.connect().execution_options(**{READING: True}) as connection:
        return [name for name in names if not _is_referenced(connection, name)]


def _is_referenced(connection: sa.Connection, name: str) -> bool:
    columns = (tickets.c.photos, ticket_history.c.photos)
    found = (sa.exists().where(sa.cast(column, sa.String).contains(name)) for column in columns)
    return bool(connection.scalar(sa.select(sa.or_(*found))))


def _strip_tickets(connection: sa.Connection, *, done_before: datetime) -> list[str]:
    old = (
        tickets.c.status.in_([status.value for status in ENDED]),
        tickets.c.changed_at < done_before,
        tickets.c.reporter != FORGOTTEN,
    )
    rows = connection.execute(sa.select(tickets.c.number, tickets.c.photos).where(*old)).all()
    numbers = [row.number for row in rows]
    if not numbers:
        return []
    entries = connection.execute(sa.select(ticket_history).where(ticket_history.c.ticket.in_(numbers))).all()
    photos = [photo["stored"] for row in (*rows, *entries) for photo in row.photos if "stored" in photo]
    bare: dict[str, Any] = {"reporter": FORGOTTEN, "words": FORGOTTEN, "photos": [], "since": None}
    connection.execute(sa.update(tickets).where(tickets.c.number.in_(numbers)).values(**bare))
    gone: dict[str, Any] = {"note": None, "photos": []}
    connection.execute(sa.update(ticket_history).where(ticket_history.c.ticket.in_(numbers)).values(**gone))
    connection.execute(sa.delete(ticket_followers).where(ticket_followers.c.ticket.in_(numbers)))
    connection.execute(
        sa.delete(outbox).where(outbox.c.ticket.in_(numbers), outbox.c.settled_at.is_not(None))
    )
    return photos
