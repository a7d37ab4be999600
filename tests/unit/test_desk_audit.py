"""What is written into the audit log, what is only too late, and how much of it."""

from datetime import timedelta

import pytest

from desk.audit import LIMIT, LIMITED_FOR, Attempt, AuditEntry
from desk.notices import card_notices, news_notice
from desk.suspicion import attempt_of_caretaker, attempt_of_resident, write_down
from desk.tickets import FORGOTTEN
from tests.builders import NOW, RESIDENT, report
from tests.desk_chats import NORTH, SOUTH, sent_ticket
from tests.fakes import MemoryStorage

REMOVED, STRANGER = "77", "78"
"""A chat that had a card and works for no area any more; one that never did."""


def entry(**changes: object) -> AuditEntry:
    return AuditEntry(**{"at": NOW, "what": Attempt.BAD_INVITATION, "who": "w", **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "chat", "attempt"),
    [
        ("caretaker.bad_button", NORTH, Attempt.FORGED_CALLBACK),
        ("caretaker.bad_button", STRANGER, Attempt.FORGED_CALLBACK),
        ("caretaker.no_such_ticket", SOUTH, Attempt.FORGED_CALLBACK),
        ("caretaker.no_such_body", NORTH, Attempt.FORGED_CALLBACK),
        ("caretaker.not_yours", SOUTH, Attempt.FOREIGN_TICKET),
        ("caretaker.not_yours", REMOVED, Attempt.REMOVED_CARETAKER),
        ("caretaker.not_yours", STRANGER, Attempt.NO_CARETAKER),
        ("caretaker.not_yours", NORTH, None),  # it had the card: handed on meanwhile
        ("caretaker.too_late_done", NORTH, None),
        ("caretaker.lies_there_already", NORTH, None),
        ("caretaker.nobody_there", NORTH, None),
    ],
)
def test_what_a_refusal_tells(storage: MemoryStorage, key: str, chat: str, attempt: Attempt | None) -> None:
    """Made-up data and tickets a chat never had are attempts; late buttons and handed-on tickets are not."""
    ticket = sent_ticket(storage)
    with storage.work() as work:
        work.outbox.put(card_notices(ticket, [REMOVED]))
        assert attempt_of_caretaker(key, work, chat=chat, ticket=ticket.number) == attempt


def test_a_card_that_never_arrived_counts_as_one(storage: MemoryStorage) -> None:
    """Whoever was meant to have the card, delivered or not, is no stranger to the ticket."""
    ticket = sent_ticket(storage)
    with storage.work() as work:
        work.outbox.put(card_notices(ticket, [REMOVED]))
        work.outbox.settle(work.outbox.open()[-1].id, failure="Forbidden")
        found = attempt_of_caretaker("caretaker.not_yours", work, chat=REMOVED, ticket=ticket.number)
    assert found is Attempt.REMOVED_CARETAKER


def test_of_a_forgotten_ticket_nobody_is_suspected(storage: MemoryStorage) -> None:
    """Once it is not known any more who had the card, its old buttons are only too late."""
    with storage.work() as work:
        ticket, _ = work.tickets.open(report(reporter=FORGOTTEN), at=NOW)
        for chat in (SOUTH, REMOVED, STRANGER):
            key = "caretaker.not_yours"
            assert attempt_of_caretaker(key, work, chat=chat, ticket=ticket.number) is None


def test_whose_own_ticket_it_is_not(storage: MemoryStorage) -> None:
    """A stranger's button is an attempt, a made-up number too; of one who has left, or is forgotten, it is not."""
    with storage.work() as work:
        ticket, _ = work.tickets.open(report(), at=NOW)
        forgotten, _ = work.tickets.open(report(draft="old", reporter=FORGOTTEN), at=NOW)
        work.outbox.put([news_notice(ticket, "x", "resident.joined", chat="left")])
        found = [
            attempt_of_resident(work, chat=chat, ticket=number)
            for chat, number in (
                (STRANGER, ticket.number),
                (STRANGER, "QH-2026-99999"),
                ("left", ticket.number),
                (RESIDENT, forgotten.number),
            )
        ]
    assert found == [Attempt.FOREIGN_OWN_TICKET, Attempt.FORGED_CALLBACK, None, None]


def test_a_flood_leaves_a_limited_number_of_entries(storage: MemoryStorage) -> None:
    """Of one chat within an hour only so many are kept; others, and the hour after, are not affected."""
    with storage.work() as work:
        kept = [write_down(entry(at=NOW + timedelta(seconds=index)), work) for index in range(LIMIT + 5)]
        assert kept == [True] * LIMIT + [False] * 5
        assert write_down(entry(who="other"), work)
        assert not write_down(entry(at=NOW + LIMITED_FOR), work)
        assert write_down(entry(at=NOW + LIMITED_FOR + timedelta(seconds=1)), work)
    assert len(storage.kept.audit) == LIMIT + 2


@pytest.mark.parametrize("what", ["expired_link", "", "unicorn"])
def test_what_is_no_attempt_leaves_no_entry(storage: MemoryStorage, what: str) -> None:
    """Only what the table names is written down."""
    with storage.work() as work:
        assert not write_down(entry(what=what), work)
    assert storage.kept.audit == []
