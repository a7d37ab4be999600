from datetime import timedelta

import pytest

from desk.caretaking import INVITATION_LASTS, CaretakerDesk
from desk.errors import KuemmerkastenError
from desk.tickets import Actor, Status
from tests.builders import NOW
from tests.desk_chats import (
    ACTS,
    COLLEAGUE,
    NORTH,
    SOUTH,
    sent_ticket,
    texts_for,
    to_chat,
)
from tests.fakes import MemoryStorage


def come_in(desk: CaretakerDesk, area: str, chat: str) -> None:
    token = f"{area} {chat} {len(desk.areas_of(chat))}"
    desk.invite(area, token=token, now=NOW)
    assert desk.redeem(token, chat=chat, now=NOW) == area


def test_an_invitation_works_once(desk, storage: MemoryStorage) -> None:
    """The first chat that opens it comes in; the next one does not."""
    desk.invite("north", token="secret", now=NOW)
    assert desk.redeem("secret", chat="55", now=NOW) == "north"
    assert desk.redeem("secret", chat="56", now=NOW) is None
    assert (desk.areas_of("55"), desk.areas_of("56")) == (("north",), ())


@pytest.mark.parametrize(
    ("after", "area"), [(INVITATION_LASTS - timedelta(seconds=1), "north"), (INVITATION_LASTS, None)]
)
def test_an_invitation_runs_out(desk, after: timedelta, area: str | None) -> None:
    """It is good until its time is up and not a moment longer."""
    desk.invite("north", token="secret", now=NOW)
    assert desk.redeem("secret", chat="55", now=NOW + after) == area


def test_tokens_are_not_stored(desk, storage: MemoryStorage) -> None:
    """Only a hash of the token is kept; made-up tokens and the hash itself open nothing."""
    desk.invite("north", token="secret", now=NOW)
    assert "secret" not in str(storage.kept)
    for guess in ("", "Secret", *storage.kept.invitations):
        assert desk.redeem(guess, chat="55", now=NOW) is None


def test_an_unknown_area_has_no_invitations(desk, storage: MemoryStorage) -> None:
    """Inviting into an area the city does not have is refused; the coordination desk is one it has."""
    with pytest.raises(KuemmerkastenError):
        desk.invite("unicorn", token="x", now=NOW)
    assert not storage.kept.invitations
    desk.invite("desk", token="x", now=NOW)
    assert desk.redeem("x", chat="55", now=NOW) == "desk"


def test_who_comes_in_gets_the_open_tickets(desk, storage, ticket) -> None:
    """A new chat gets the cards of what is open in its area; what is done, or elsewhere, it does not get."""
    done = sent_ticket(storage, id="d2")
    desk.act(done.number, ACTS["finish"], chat=NORTH, now=NOW)
    before = len(storage.notices)
    come_in(desk, "north", "55")
    fresh = storage.notices[before:]
    assert {(one.chat, one.ticket) for one in fresh} == {("55", ticket.number)}
    assert to_chat(fresh, "55") == ["card", "map_point"]


def test_who_comes_in_again_hears_nothing_twice(desk, storage, ticket) -> None:
    """A second invitation for the same area sends no second card and no message."""
    come_in(desk, "north", "55")
    before = len(storage.notices)
    come_in(desk, "north", "55")
    assert {one.kind.value for one in storage.notices[before:]} <= {"card_update"}


def test_a_new_invitation_brings_lost_cards(desk, storage, ticket) -> None:
    """A chat that had left gets the cards that could not be delivered when it comes in again."""
    for row in storage.kept.rows:
        if row.notice.chat == COLLEAGUE:
            row.settled, row.failure = True, "Forbidden"
    before = len(storage.notices)
    come_in(desk, "north", COLLEAGUE)
    assert to_chat(storage.notices[before:], COLLEAGUE) == ["card", "map_point"]


def test_a_chat_that_follows_its_ticket_is_told(desk, storage, ticket) -> None:
    """Who has the card from another area and comes into the one it lies in now has it brought up to date."""
    desk.act(ticket.number, ACTS["hand_over"], chat=NORTH, now=NOW)
    before = len(storage.notices)
    come_in(desk, "middle", NORTH)
    assert to_chat(storage.notices[before:], NORTH) == ["card_update", "message"]
    assert texts_for(storage.notices[before:], NORTH) == ["caretaker.again_handed_over"]


def test_a_waiting_ticket_is_assigned_by_the_first_chat(desk, storage) -> None:
    """A ticket without a chat is new until one comes in; then it is assigned, once."""
    storage.kept.chats.clear()
    number = sent_ticket(storage).number
    assert storage.kept.tickets[number].status is Status.NEW
    come_in(desk, "north", "55")
    come_in(desk, "north", "56")
    after = storage.kept.tickets[number]
    assert after.status is Status.ASSIGNED
    assert [(one.what, one.actor) for one in after.history[1:]] == [("assigned", Actor.SYSTEM)]


def test_the_coordination_desk_gets_what_nobody_sees_to(desk, storage) -> None:
    """Its first chat gets the tickets of areas without one, and of no other."""
    storage.kept.chats.clear()
    waiting = sent_ticket(storage)
    come_in(desk, "middle", SOUTH)
    before = len(storage.notices)
    come_in(desk, "desk", "55")
    assert {(one.chat, one.ticket) for one in storage.notices[before:]} == {("55", waiting.number)}
