"""Mailboxes, and chats that are registered without an invitation, in every implementation."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from desk.caretaking import CaretakerDesk
from desk.errors import NotFound
from desk.mailboxes import is_mailbox
from desk.notices import NoticeKind, card_notices
from desk.tickets import Status
from tests.builders import NOW, report, small_city

BERLIN = ZoneInfo("Europe/Berlin")
CITY = small_city()
GREETING = "caretaker.welcome_mail"


@pytest.fixture
def storage(every_storage: Any) -> Any:
    """An empty storage of each kind in turn."""
    return every_storage


def test_an_address_is_one_chat(storage: Any) -> None:
    """Added again it is the same mailbox; another address is another one."""
    with storage.work() as work:
        first, second = work.mailboxes.add("a@b.de"), work.mailboxes.add("c@d.de")
    with storage.work() as work:
        assert work.mailboxes.add("a@b.de") == first
        assert (work.mailboxes.address(first), work.mailboxes.address(second)) == ("a@b.de", "c@d.de")
        assert list(work.mailboxes.all().items()) == [(first, "a@b.de"), (second, "c@d.de")]
    assert first != second
    assert is_mailbox(first)
    assert is_mailbox(second)


@pytest.mark.parametrize("chat", ["mail:99", "mail:", "mail:x", "mail:-1", "1", "-1", ""])
def test_other_chats_have_no_address(storage: Any, chat: str) -> None:
    """A chat that is no mailbox, or a mailbox nobody has, has no address."""
    with storage.work() as work:
        work.mailboxes.add("a@b.de")
        assert work.mailboxes.address(chat) is None


def test_a_chat_is_registered_once(storage: Any) -> None:
    """Registering again changes nothing; a chat may work for several areas."""
    with storage.work() as work:
        for area in ("north", "north", "middle"):
            work.caretakers.register(area, chat="mail:1", at=NOW)
    with storage.work() as work:
        assert list(work.caretakers.chats_of("north")) == ["mail:1"]
        assert list(work.caretakers.areas_of("mail:1")) == ["middle", "north"]


def test_who_is_enlisted_is_greeted_and_gets_what_is_open(storage: Any) -> None:
    """The greeting comes first, then the cards of the area's open tickets; a new ticket counts as assigned."""
    desk = CaretakerDesk(storage=storage, city=CITY)
    with storage.work() as work:
        ticket, _ = work.tickets.open(report(), at=NOW)
        work.tickets.open(report(draft="d2", area="middle"), at=NOW)
    assert desk.enlist("north", chat="mail:1", greeting=GREETING, now=NOW)
    with storage.work() as work:
        notices = [letter.notice for letter in work.outbox.open()]
        assert work.tickets.get(ticket.number).status is Status.ASSIGNED
    assert {notice.chat for notice in notices} == {"mail:1"}
    assert notices[0].content == {"text_key": GREETING, "params": {"area": "Nord"}}
    assert [notice.kind for notice in notices] == [
        *(NoticeKind.MESSAGE, NoticeKind.CARD, NoticeKind.PHOTOS, NoticeKind.MAP_POINT)
    ]
    assert {notice.ticket for notice in notices[1:]} == {ticket.number}


def test_enlisting_again_sends_nothing(storage: Any) -> None:
    """A chat that is registered already is left in peace, also later."""
    desk = CaretakerDesk(storage=storage, city=CITY)
    assert desk.enlist("north", chat="mail:1", greeting=GREETING, now=NOW)
    assert not desk.enlist("north", chat="mail:1", greeting=GREETING, now=NOW + timedelta(days=1))
    with storage.work() as work:
        assert len(work.outbox.open()) == 1


def test_who_comes_back_hears_of_tickets_it_had(storage: Any) -> None:
    """A chat that has a ticket's card from elsewhere is told that the ticket is its own now."""
    desk = CaretakerDesk(storage=storage, city=CITY)
    with storage.work() as work:
        ticket, _ = work.tickets.open(report(), at=NOW)
        work.outbox.put(card_notices(ticket, ["mail:1"]))
    desk.enlist("north", chat="mail:1", greeting=GREETING, now=NOW)
    with storage.work() as work:
        texts = [one.notice.content.get("text_key") for one in work.outbox.open()]
    assert texts.count("caretaker.again_handed_over") == 1


def test_an_area_must_exist(storage: Any) -> None:
    """For an area the city does not have nobody is registered."""
    desk = CaretakerDesk(storage=storage, city=CITY)
    with pytest.raises(NotFound):
        desk.enlist("atlantis", chat="mail:1", greeting=GREETING, now=NOW)
    assert desk.areas_of("mail:1") == ()
