"""A ticket goes from chat to chat: who gets the card, who is told, who stops seeing it."""

from dataclasses import replace

import pytest

from desk.caretaking import Act
from desk.errors import NotAllowed
from desk.listing import OpenLists
from desk.tickets import Status
from storage.texts import Texts
from tests.builders import NOW
from tests.desk_chats import (
    ACTS,
    AFTER,
    CITY,
    COLLEAGUE,
    DESK,
    NORTH,
    SOUTH,
    sent_ticket,
    texts_for,
    to_chat,
)

CARD, MESSAGE, PHOTOS, MAP, UPDATE = "card", "message", "photos", "map_point", "card_update"
BACK = Act(deed="hand_over", area="north")


def listed(storage, chat: str) -> list[str]:
    """The numbers of what is open for a chat."""
    page = OpenLists(storage=storage, city=CITY).page(chat, limit=9)
    assert (page.count, page.more) == (len(page.tickets), False)
    return [one.number for one in page.tickets]


@pytest.mark.parametrize(("deed", "chat"), [("hand_over", SOUTH), ("decline", DESK)])
def test_the_chats_it_goes_to_get_the_card(desk, storage, ticket, deed: str, chat: str) -> None:
    """They get card, all photos and map point; the chats it leaves see it leave."""
    desk.add(ticket.number, chat=NORTH, note=None, photos=(AFTER,), once="1", now=NOW)
    before = len(storage.notices)
    desk.act(ticket.number, ACTS[deed], chat=NORTH, now=NOW)
    after = storage.notices[before:]
    assert to_chat(after, chat) == [CARD, PHOTOS, MAP]
    assert to_chat(after, NORTH) == to_chat(after, COLLEAGUE) == [UPDATE]


def test_the_chats_it_left_are_not_kept_informed(desk, storage, ticket) -> None:
    """What happens to it elsewhere, notes above all, is for those who work on it."""
    desk.act(ticket.number, ACTS["hand_over"], chat=NORTH, now=NOW)
    before = len(storage.notices)
    desk.add(ticket.number, chat=SOUTH, note="Intern", photos=(), once="1", now=NOW, internal=True)
    desk.act(ticket.number, ACTS["accept"], chat=SOUTH, now=NOW)
    after = storage.notices[before:]
    assert {one.chat for one in after if one.kind.value == UPDATE} == {SOUTH}
    for act in (ACTS["finish"], BACK):
        with pytest.raises(NotAllowed, match="not_yours"):
            desk.act(ticket.number, act, chat=NORTH, now=NOW)


def test_what_comes_back_is_noticed(desk, storage, ticket) -> None:
    """A chat that has the card gets no second one: it is updated and a message beside it says so, each time."""
    for round_ in (1, 2):
        desk.act(ticket.number, ACTS["hand_over"], chat=NORTH, now=NOW)
        before = len(storage.notices)
        desk.act(ticket.number, BACK, chat=SOUTH, now=NOW)
        after = storage.notices[before:]
        assert to_chat(after, NORTH) == to_chat(after, COLLEAGUE) == [UPDATE, MESSAGE], round_
        assert texts_for(after, NORTH) == ["caretaker.again_handed_over"]
        assert to_chat(after, SOUTH) == [UPDATE]
    assert to_chat(storage.notices, NORTH).count(CARD) == to_chat(storage.notices, SOUTH).count(CARD) == 1
    keys = [one.key for one in storage.notices]
    assert len(keys) == len(set(keys))


def test_what_is_declined_again_is_noticed_at_the_coordination_desk(desk, storage, ticket) -> None:
    """The second time the coordination desk has the card already and is told."""
    desk.act(ticket.number, ACTS["decline"], chat=NORTH, now=NOW)
    desk.act(ticket.number, BACK, chat=DESK, now=NOW)
    after = desk.act(ticket.number, ACTS["decline"], chat=NORTH, now=NOW)
    assert (after.status, after.report.area) == (Status.DECLINED, "desk")
    assert texts_for(storage.notices, DESK) == ["caretaker.again_declined"]
    (told,) = [one for one in storage.notices if one.chat == DESK and one.kind.value == MESSAGE]
    assert ticket.number in Texts.load().get(told.content["text_key"], **told.content["params"])
    assert told.content["beside_card"]


def test_a_chat_whose_card_was_lost_gets_another(desk, storage, ticket) -> None:
    """A card that could not be delivered is no card: when the ticket comes back it is sent anew."""
    for row in storage.kept.rows:
        if row.notice.chat == NORTH:
            row.settled, row.failure = True, "Forbidden"
    desk.act(ticket.number, ACTS["hand_over"], chat=COLLEAGUE, now=NOW)
    before = len(storage.notices)
    desk.act(ticket.number, BACK, chat=SOUTH, now=NOW)
    assert to_chat(storage.notices[before:], NORTH) == [CARD, MAP]
    assert to_chat(storage.notices[before:], COLLEAGUE) == [UPDATE, MESSAGE]


@pytest.mark.parametrize("deed", ["hand_over", "decline"])
def test_nothing_goes_where_nobody_would_get_it(desk, storage, ticket, deed: str) -> None:
    """Without a chat there and at the coordination desk it is refused and stays where it is."""
    storage.kept.chats[:] = [("north", NORTH)]
    with pytest.raises(NotAllowed) as refused:
        desk.act(ticket.number, ACTS[deed], chat=NORTH, now=NOW)
    assert refused.value.key == "caretaker.nobody_there"
    assert refused.value.key in Texts.load().entries
    assert storage.kept.tickets[ticket.number] == ticket


def test_the_coordination_desk_stands_in(desk, storage, ticket) -> None:
    """An area without a chat has its tickets seen to by the coordination desk, which finds them in its list."""
    storage.kept.chats.remove(("middle", SOUTH))
    after = desk.act(ticket.number, ACTS["hand_over"], chat=NORTH, now=NOW)
    assert after.report.area == "middle"
    assert CARD in to_chat(storage.notices, DESK)
    assert listed(storage, DESK) == [after.number]
    assert listed(storage, NORTH) == []


def test_the_coordination_desk_cannot_decline_its_own(desk, storage, ticket) -> None:
    """There is nobody after it; whether it was declined to it or handed over."""
    desk.act(ticket.number, Act(deed="hand_over", area="desk"), chat=NORTH, now=NOW)
    with pytest.raises(NotAllowed, match="lies_there_already"):
        desk.act(ticket.number, ACTS["decline"], chat=DESK, now=NOW)


def test_open_tickets_are_the_chats_own_oldest_first(desk, storage) -> None:
    """What is done or elsewhere is not listed; strangers have none."""
    numbers = []
    for index in range(3):
        storage.clock.forward(minutes=1)
        numbers.append(sent_ticket(storage, id=f"d{index}").number)
    desk.act(numbers[1], ACTS["finish"], chat=NORTH, now=NOW)
    assert listed(storage, NORTH) == [numbers[0], numbers[2]]
    assert listed(storage, SOUTH) == listed(storage, "12345") == []


def test_a_note_says_why_it_was_handed_over(desk, ticket) -> None:
    """What is said with it stays beside whom it went to."""
    act = replace(ACTS["hand_over"], note="Liegt drüben.")
    assert desk.act(ticket.number, act, chat=NORTH, now=NOW).history[-1].note == "Mitte: Liegt drüben."
