from datetime import timedelta

import pytest

from bot.cards import card_text
from desk.caretaking import INVITATION_LASTS, CaretakerDesk
from desk.errors import KuemmerkastenError, NotAllowed, NotFound
from desk.notices import Notice, NoticeKind
from desk.reporting import ReportDesk
from desk.tickets import Actor, Photo, Status, Ticket
from storage.redaction import redact
from storage.texts import Texts
from storage.wording import Wording
from tests.builders import NOW, RESIDENT, finished_draft, small_categories, small_city
from tests.fakes import FakeClock, MemoryStorage

CITY = small_city()
NORTH, COLLEAGUE, SOUTH, DESK = "-100", "8", "9", "99"


@pytest.fixture
def storage() -> MemoryStorage:
    """Two chats in the north, one in the middle, one at the coordination desk."""
    storage = MemoryStorage(zone=CITY.zone, clock=FakeClock(NOW))
    storage.kept.chats += [("north", NORTH), ("north", COLLEAGUE), ("middle", SOUTH), ("desk", DESK)]
    return storage


@pytest.fixture
def desk(storage: MemoryStorage) -> CaretakerDesk:
    return CaretakerDesk(storage=storage, city=CITY)


@pytest.fixture
def ticket(storage: MemoryStorage) -> Ticket:
    """A new ticket in the north; its cards are on their way."""
    return ReportDesk(storage=storage, city=CITY, redact=redact).send(
        finished_draft(), reporter=RESIDENT, now=NOW
    )


def sent_after(storage: MemoryStorage, before: int) -> list[Notice]:
    return storage.notices[before:]


@pytest.mark.parametrize("chat", [NORTH, COLLEAGUE, DESK])
@pytest.mark.parametrize("deed", ["accept", "finish"])
def test_the_area_and_the_coordination_desk_may_act(desk, ticket, chat: str, deed: str) -> None:
    """A chat of the ticket's area, or of the coordination desk, changes the state; history says who."""
    after = desk.act(ticket.number, deed, chat=chat, now=NOW)
    assert after.status is {"accept": Status.ACCEPTED, "finish": Status.DONE}[deed]
    assert (after.history[-1].what, after.history[-1].actor) == (after.status.value, Actor.CARETAKER)


@pytest.mark.parametrize("chat", [SOUTH, RESIDENT, "12345", ""])
@pytest.mark.parametrize("deed", ["accept", "finish", "unicorn"])
def test_nobody_else_may_act(desk, storage: MemoryStorage, ticket, chat: str, deed: str) -> None:
    """Another area's caretaker, the resident and strangers are refused, and nothing happens."""
    before = len(storage.notices)
    with pytest.raises(NotAllowed) as refused:
        desk.act(ticket.number, deed, chat=chat, now=NOW)
    assert refused.value.key == "caretaker.not_yours"
    assert storage.kept.tickets[ticket.number] == ticket
    assert not sent_after(storage, before)


@pytest.mark.parametrize("chat", [SOUTH, RESIDENT, "12345"])
def test_nobody_else_may_add(desk, storage: MemoryStorage, ticket, chat: str) -> None:
    """A note from a chat that does not work there is refused, and nothing happens."""
    with pytest.raises(NotAllowed):
        desk.add(ticket.number, chat=chat, note="x", photos=(), once="1", now=NOW)
    assert storage.kept.tickets[ticket.number] == ticket


def test_the_second_of_two_is_too_late(desk, storage: MemoryStorage, ticket) -> None:
    """When a colleague was faster the deed is refused with the state's own sentence and tells nobody anything."""
    desk.act(ticket.number, "accept", chat=NORTH, now=NOW)
    before = len(storage.notices)
    with pytest.raises(NotAllowed) as refused:
        desk.act(ticket.number, "accept", chat=COLLEAGUE, now=NOW)
    assert refused.value.key == "caretaker.too_late_accepted"
    assert not sent_after(storage, before)


def test_a_deed_reaches_the_resident_and_every_card(desk, storage: MemoryStorage, ticket) -> None:
    """The resident hears of it once; each chat with a card gets that card updated."""
    before = len(storage.notices)
    desk.act(ticket.number, "finish", chat=NORTH, now=NOW)
    news, *updates = sent_after(storage, before)
    assert (news.chat, news.content["text_key"]) == (RESIDENT, "resident.ticket_done")
    assert [(one.kind, one.chat) for one in updates] == [
        (NoticeKind.CARD_UPDATE, NORTH),
        (NoticeKind.CARD_UPDATE, COLLEAGUE),
    ]


def test_a_note_and_photos_reach_the_resident_once(desk, storage: MemoryStorage, ticket) -> None:
    """Words and photos are passed on and written down; the same message again has no effect."""
    photos = (Photo(file_id="after"),)
    before = len(storage.notices)
    given = {"chat": NORTH, "note": "Ist weg.", "photos": photos, "once": "55", "now": NOW}
    first = desk.add(ticket.number, **given)
    passed_on = [one for one in sent_after(storage, before) if one.chat == RESIDENT]
    assert [one.kind for one in passed_on] == [NoticeKind.MESSAGE, NoticeKind.PHOTOS]
    assert passed_on[0].content["params"] == {"number": ticket.number, "note": "Ist weg."}
    assert (first.history[-1].note, first.history[-1].photos) == ("Ist weg.", photos)
    everything = list(storage.notices)
    assert desk.add(ticket.number, **given) == first
    assert storage.notices == everything


def test_two_notes_are_two(desk, storage: MemoryStorage, ticket) -> None:
    """The same words in another message are passed on again."""
    for once in ("1", "2"):
        desk.add(ticket.number, chat=NORTH, note="Ist weg.", photos=(), once=once, now=NOW)
    assert sum(one.chat == RESIDENT for one in storage.notices) == 2
    assert len(storage.kept.tickets[ticket.number].history) == 3


def test_an_unknown_ticket_is_not_found(desk) -> None:
    """A number that does not exist is an error with a sentence."""
    for call in (
        lambda: desk.act("QH-2026-99999", "accept", chat=NORTH, now=NOW),
        lambda: desk.add("QH-2026-99999", chat=NORTH, note="x", photos=(), once="1", now=NOW),
    ):
        with pytest.raises(NotFound) as missing:
            call()
        assert missing.value.key in Texts.load().entries


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


def test_who_comes_in_gets_the_open_tickets(desk, storage: MemoryStorage, ticket) -> None:
    """A new chat gets the cards of what is open in its area; what is done, or elsewhere, it does not get."""
    reports = ReportDesk(storage=storage, city=CITY, redact=redact)
    done = reports.send(finished_draft(id="d2"), reporter=RESIDENT, now=NOW)
    desk.act(done.number, "finish", chat=NORTH, now=NOW)
    desk.invite("north", token="secret", now=NOW)
    before = len(storage.notices)
    desk.redeem("secret", chat="55", now=NOW)
    fresh = sent_after(storage, before)
    assert {(one.chat, one.ticket) for one in fresh} == {("55", ticket.number)}
    desk.invite("north", token="again", now=NOW)
    assert desk.redeem("again", chat="55", now=NOW) == "north"
    assert sent_after(storage, before) == fresh


def test_no_card_names_the_resident(desk, storage: MemoryStorage, ticket) -> None:
    """From the first card to the last update nothing a caretaker reads has the resident's chat in it."""
    desk.act(ticket.number, "accept", chat=NORTH, now=NOW)
    after = desk.add(ticket.number, chat=NORTH, note="Ist weg.", photos=(), once="1", now=NOW)
    for notice in storage.notices:
        if notice.chat != RESIDENT:
            assert RESIDENT not in f"{notice.key} {dict(notice.content)}"
    wording = Wording(texts=Texts.load(), city=CITY, categories=small_categories())
    assert RESIDENT not in card_text(after, wording)
