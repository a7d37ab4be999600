"""The contract of the audit log and of leaving caretakers, over every implementation."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from desk.audit import Attempt, AuditEntry
from desk.caretaker_ports import Member
from desk.notices import NoticeKind, card_notices
from desk.tickets import Actor, Entry, Status
from tests.builders import NOW, report

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def storage(every_storage: Any) -> Any:
    """An empty storage of each kind in turn."""
    return every_storage


def register(storage: Any, *members: tuple[str, str]) -> None:
    with storage.work() as work:
        for index, (area, chat) in enumerate(members):
            token = f"{area} {chat}"
            work.caretakers.invite(token, area=area, expires_at=NOW + timedelta(days=1))
            work.caretakers.redeem(token, chat=chat, at=NOW + timedelta(seconds=index))


def test_entries_come_back_from_a_moment_on(storage: Any) -> None:
    """Everything an entry says is there again, in the order they came, with and without a ticket."""
    entries = [
        AuditEntry(at=NOW + timedelta(hours=hour), what=what, who=who, ticket=ticket)
        for hour, what, who, ticket in (
            (0, Attempt.BAD_INVITATION, "a" * 16, None),
            (1, Attempt.FOREIGN_TICKET, "b" * 16, "QH-2026-123456789"),
            (1, Attempt.FORGED_CALLBACK, "a" * 16, None),
        )
    ]
    for entry in entries:
        with storage.work() as work:
            work.audit.add(entry)
    with storage.work() as work:
        assert list(work.audit.since(NOW)) == entries
        assert list(work.audit.since(NOW + timedelta(hours=1))) == entries[1:]
        assert list(work.audit.since(NOW + timedelta(hours=2))) == []


def test_entries_of_one_are_counted(storage: Any) -> None:
    """Only who is asked about counts, and only from the moment on."""
    with storage.work() as work:
        for hour, who in ((0, "a"), (1, "a"), (2, "a"), (2, "b")):
            at = NOW + timedelta(hours=hour)
            work.audit.add(AuditEntry(at=at, what=Attempt.NO_CARETAKER, who=who))
        since = NOW + timedelta(hours=1)
        assert [work.audit.count(who, since=since) for who in ("a", "b", "c")] == [2, 1, 0]


def test_a_token_is_known_before_and_after_its_use(storage: Any) -> None:
    """Used and run out ones are known as invitations; one that never was is not."""
    with storage.work() as work:
        work.caretakers.invite("used", area="north", expires_at=NOW + timedelta(days=1))
        work.caretakers.invite("late", area="north", expires_at=NOW - timedelta(days=1))
        work.caretakers.redeem("used", chat="8", at=NOW)
    with storage.work() as work:
        assert [work.caretakers.was_invited(one) for one in ("used", "late", "never")] == [True, True, False]


def test_members_are_listed_by_area(storage: Any) -> None:
    """Every chat of every area with the moment it came, the longest there first."""
    register(storage, ("south", "8"), ("north", "-1"), ("north", "8"))
    with storage.work() as work:
        assert list(work.caretakers.members()) == [
            Member("north", "-1", NOW + timedelta(seconds=1)),
            Member("north", "8", NOW + timedelta(seconds=2)),
            Member("south", "8", NOW),
        ]


def test_a_chat_is_taken_away_from_one_area_or_all(storage: Any) -> None:
    """What it worked for until now comes back; a second time, or elsewhere, there is nothing."""
    register(storage, ("south", "8"), ("north", "8"), ("middle", "8"), ("north", "9"))
    with storage.work() as work:
        assert list(work.caretakers.remove("8", area="south")) == ["south"]
        assert list(work.caretakers.remove("8", area="south")) == []
        assert list(work.caretakers.areas_of("8")) == ["middle", "north"]
    with storage.work() as work:
        assert list(work.caretakers.remove("8")) == ["middle", "north"]
        assert list(work.caretakers.remove("8")) == []
        assert [(one.area, one.chat) for one in work.caretakers.members()] == [("north", "9")]


def test_whoever_left_may_come_back(storage: Any) -> None:
    """A new invitation registers the chat again."""
    register(storage, ("north", "8"))
    with storage.work() as work:
        work.caretakers.remove("8")
        work.caretakers.invite("again", area="north", expires_at=NOW + timedelta(days=1))
        later = NOW + timedelta(hours=1)
        assert work.caretakers.redeem("again", chat="8", at=later) == "north"
        assert list(work.caretakers.members()) == [Member("north", "8", later)]


def test_open_cards_of_a_chat(storage: Any) -> None:
    """Each open ticket once, however often its card came; ended ones and lost cards are left out."""
    with storage.work() as work:
        first, second, done, other = (
            work.tickets.open(report(draft=draft), at=NOW)[0] for draft in ("a", "b", "c", "d")
        )
        for ticket in (second, first, done):
            work.outbox.put(card_notices(ticket, ["8"]))
        work.outbox.put(card_notices(first, ["8"], once="again"))
        work.outbox.put(card_notices(other, ["9"]))
        ended = Entry(at=NOW, what="done", actor=Actor.CARETAKER)
        work.tickets.record(done.number, ended, status=Status.DONE)
        assert list(work.outbox.open_cards_in("8")) == [first.number, second.number]
        for letter in work.outbox.open():
            if letter.notice.ticket == second.number:
                work.outbox.settle(letter.id, failure="Forbidden")
        assert list(work.outbox.open_cards_in("8")) == [first.number]
        assert list(work.outbox.open_cards_in("7")) == []


def test_what_was_meant_for_a_chat_is_known(storage: Any) -> None:
    """By kind, ticket and chat, also when it was not delivered."""
    with storage.work() as work:
        ticket, _ = work.tickets.open(report(), at=NOW)
        work.outbox.put(card_notices(ticket, ["8"]))
        work.outbox.settle(work.outbox.open()[0].id, failure="Forbidden")
        asked = [
            (NoticeKind.CARD, ticket.number, "8"),
            (NoticeKind.MESSAGE, ticket.number, "8"),
            (NoticeKind.CARD, ticket.number, "9"),
            (NoticeKind.CARD, "QH-2026-99999", "8"),
        ]
        found = [work.outbox.was_sent(kind, ticket=number, chat=chat) for kind, number, chat in asked]
    assert found == [True, False, False, False]
