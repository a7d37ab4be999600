"""A chat leaves an area: its tickets find somebody else, its cards close, it hears of it once."""

import pytest

from desk.errors import NotAllowed
from desk.leaving import LeavingDesk
from desk.notices import Notice, NoticeKind
from desk.tickets import Status
from tests.builders import NOW
from tests.desk_chats import (
    ACTS,
    CITY,
    COLLEAGUE,
    DESK,
    NORTH,
    SOUTH,
    caretaker_desk,
    sent_ticket,
    texts_for,
    to_chat,
)
from tests.fakes import MemoryStorage


@pytest.fixture
def leaving(storage: MemoryStorage) -> LeavingDesk:
    return LeavingDesk(storage=storage, city=CITY)


def since(storage: MemoryStorage, before: int) -> list[Notice]:
    return storage.notices[before:]


def test_a_chat_with_colleagues_leaves_its_tickets_to_them(leaving, storage, ticket) -> None:
    """Nobody else hears of it; the chat's cards are brought up to date and it is told once."""
    before = len(storage.notices)
    assert leaving.leave(NORTH, now=NOW) == ("north",)
    fresh = since(storage, before)
    assert {notice.chat for notice in fresh} == {NORTH}
    assert to_chat(fresh, NORTH) == [NoticeKind.CARD_UPDATE, NoticeKind.MESSAGE]
    assert texts_for(fresh, NORTH) == ["caretaker.left"]
    with pytest.raises(NotAllowed):
        caretaker_desk(storage).act(ticket.number, ACTS["accept"], chat=NORTH, now=NOW)
    assert caretaker_desk(storage).act(ticket.number, ACTS["accept"], chat=COLLEAGUE, now=NOW)


def test_the_last_chat_leaves_its_open_tickets_to_the_coordination(leaving, storage, ticket) -> None:
    """The desk gets the cards of what is open and one message; what has ended it does not get."""
    done = sent_ticket(storage, id="d2")
    caretaker_desk(storage).act(done.number, ACTS["finish"], chat=NORTH, now=NOW)
    leaving.leave(COLLEAGUE, now=NOW)
    before = len(storage.notices)
    leaving.leave(NORTH, now=NOW)
    fresh = [notice for notice in since(storage, before) if notice.chat == DESK]
    assert {notice.ticket for notice in fresh if notice.ticket} == {ticket.number}
    assert to_chat(fresh, DESK) == [NoticeKind.CARD, NoticeKind.MAP_POINT, NoticeKind.MESSAGE]
    assert texts_for(fresh, DESK) == ["caretaker.team_gone"]
    assert fresh[-1].content["params"] == {"area": "Nord", "count": 1}
    assert caretaker_desk(storage).act(ticket.number, ACTS["accept"], chat=DESK, now=NOW)


def test_the_coordination_hears_of_an_empty_area_without_tickets(leaving, storage) -> None:
    """Nobody reads for the area any more: that is worth a message though nothing is open."""
    leaving.leave(SOUTH, now=NOW)
    assert texts_for(storage.notices, DESK) == ["caretaker.team_gone"]
    assert storage.notices[-1].chat == SOUTH


def test_only_a_group_is_left(leaving, storage) -> None:
    """Trouble between neighbours goes to the coordination then, the rest stays with the group until it leaves too."""
    dirt = sent_ticket(storage)
    conflict = sent_ticket(storage, id="d2", kind="conflict", category="quarrel")
    before = len(storage.notices)
    leaving.leave(COLLEAGUE, now=NOW)
    fresh = since(storage, before)
    assert {one.ticket for one in fresh if one.chat == DESK and one.ticket} == {conflict.number}
    assert texts_for(fresh, DESK) == ["caretaker.reader_gone"]
    assert [one for one in fresh if one.chat == NORTH] == []
    leaving.leave(NORTH, now=NOW)
    assert texts_for(storage.notices, DESK) == ["caretaker.reader_gone", "caretaker.team_gone"]
    assert {one.ticket for one in fresh if one.kind is NoticeKind.CARD_UPDATE} == {
        dirt.number,
        conflict.number,
    }


def test_a_chat_that_still_works_elsewhere_keeps_those_cards(leaving, storage, ticket) -> None:
    """Leaving one of two areas closes the cards of that area alone."""
    storage.kept.chats.append(("middle", NORTH))
    moved = sent_ticket(storage, id="d2")
    caretaker_desk(storage).act(moved.number, ACTS["hand_over"], chat=NORTH, now=NOW)
    before = len(storage.notices)
    assert leaving.leave(NORTH, now=NOW, area="north") == ("north",)
    closed = [one.ticket for one in since(storage, before) if one.kind is NoticeKind.CARD_UPDATE]
    assert closed == [ticket.number]
    assert storage.kept.chats.count(("middle", NORTH)) == 1


def test_leaving_again_closes_the_cards_again(leaving, storage, ticket) -> None:
    """Whoever came back and leaves once more has closed cards and a message each time."""
    leaving.leave(NORTH, now=NOW)
    storage.kept.chats.append(("north", NORTH))
    before = len(storage.notices)
    leaving.leave(NORTH, now=NOW.replace(hour=11))
    assert to_chat(since(storage, before), NORTH) == [NoticeKind.CARD_UPDATE, NoticeKind.MESSAGE]


@pytest.mark.parametrize(("chat", "area"), [("555", None), (NORTH, "middle"), (NORTH, "unicorn")])
def test_who_is_not_there_can_not_leave(leaving, storage, ticket, chat: str, area: str | None) -> None:
    """An unknown chat, or another area, has no effect and is told to nobody."""
    before, kept = len(storage.notices), list(storage.kept.chats)
    assert leaving.leave(chat, now=NOW, area=area) == ()
    assert (len(storage.notices), storage.kept.chats) == (before, kept)


def test_the_last_reader_can_not_sign_off_by_itself(leaving, storage, ticket) -> None:
    """With nobody behind it the coordination's chat, or an area's with open tickets, stays; operators may remove it."""
    with pytest.raises(NotAllowed):
        leaving.leave(DESK, now=NOW, by_itself=True)
    leaving.leave(DESK, now=NOW)
    leaving.leave(COLLEAGUE, now=NOW, by_itself=True)
    before = len(storage.notices)
    with pytest.raises(NotAllowed):
        leaving.leave(NORTH, now=NOW, by_itself=True)
    assert (len(storage.notices), ("north", NORTH) in storage.kept.chats) == (before, True)
    assert leaving.leave(SOUTH, now=NOW, by_itself=True) == ("middle",)
    leaving.leave(NORTH, now=NOW)
    assert storage.kept.tickets[ticket.number].status is Status.ASSIGNED


def test_a_new_ticket_without_a_reader_is_assigned_by_the_desk(leaving, storage) -> None:
    """A conflict that no chat of a group-only area could get is the desk's, as assigned, when the area empties."""
    storage.kept.chats[:] = [("north", NORTH)]
    conflict = sent_ticket(storage, kind="conflict", category="quarrel")
    assert conflict.status is Status.NEW
    storage.kept.chats.append(("desk", DESK))
    leaving.leave(NORTH, now=NOW)
    assert storage.kept.tickets[conflict.number].status is Status.ASSIGNED
    assert NoticeKind.CARD in to_chat(storage.notices, DESK)
