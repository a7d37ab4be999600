"""What a resident may do to own tickets, what it causes, and that it concerns nobody else's."""

from collections.abc import Callable
from typing import Any

import pytest

from desk.caretaking import Act, CaretakerDesk
from desk.errors import NotAllowed, NotFound
from desk.notices import Notice, NoticeKind
from desk.own_tickets import OwnTickets, buttons_of
from desk.reporting import ReportDesk
from desk.tickets import Actor, Entry, Photo, Status, Ticket
from desk.workflow import CHANGES, ENDED, OPEN
from storage.redaction import redact
from storage.texts import Texts
from tests.builders import NOW, RESIDENT, finished_draft, small_city
from tests.fakes import FakeClock, MemoryStorage

CITY = small_city()
NORTH, SOUTH, STRANGER = "-100", "9", "4711002"
PHOTO = Photo(file_id="answer-1")


@pytest.fixture
def storage() -> MemoryStorage:
    """One chat in the north, one in the middle."""
    storage = MemoryStorage(zone=CITY.zone, clock=FakeClock(NOW))
    storage.kept.chats += [("north", NORTH), ("middle", SOUTH)]
    return storage


@pytest.fixture
def own(storage: MemoryStorage) -> OwnTickets:
    return OwnTickets(storage=storage, city=CITY)


@pytest.fixture
def ticket(storage: MemoryStorage) -> Ticket:
    """A new ticket in the north; its card is on its way."""
    reports = ReportDesk(storage=storage, city=CITY, redact=redact)
    return reports.send(finished_draft(), reporter=RESIDENT, now=NOW)


@pytest.fixture
def put_in(storage: MemoryStorage, ticket: Ticket) -> Callable[[Status], list[Notice]]:
    """Put the ticket into a state; the list returned fills with what is put out from then on."""

    def change(status: Status) -> None:
        entry = Entry(at=NOW, what=status.value, actor=Actor.CARETAKER)
        with storage.work() as work:
            work.tickets.record(ticket.number, entry, status=status)

    return change


def said(own: OwnTickets, ticket: Ticket, **changes: Any) -> Ticket:
    given = {"chat": RESIDENT, "text": "Links daneben.", "photos": (PHOTO,), "once": "55", "now": NOW}
    return own.say(ticket.number, **{**given, **changes})


def texts_to(storage: MemoryStorage, chat: str, since: int) -> list[str]:
    """The text keys of the messages a chat gets."""
    fresh = storage.notices[since:]
    return [one.content["text_key"] for one in fresh if one.chat == chat and one.kind is NoticeKind.MESSAGE]


@pytest.mark.parametrize(
    ("start", "deed", "end", "thanks", "told"),
    [
        (Status.DONE, "confirm", Status.CONFIRMED, "resident.confirmed", []),
        (Status.DONE, "reopen", Status.REOPENED, "resident.reopened", ["caretaker.resident_reopened"]),
        (Status.REFERRED, "reopen", Status.REOPENED, "resident.reopened", ["caretaker.resident_reopened"]),
        (Status.WAITING, "withdraw", Status.WITHDRAWN, "resident.withdrawn", ["caretaker.resident_withdrew"]),
    ],
)
def test_a_deed_is_thanked_for_and_reaches_the_card(
    own, storage, ticket, put_in, start, deed, end, thanks, told
) -> None:
    """The state changes, the resident is thanked, the card is updated, and what needs a look makes a sound."""
    put_in(start)
    before = len(storage.notices)
    after = own.act(ticket.number, deed, chat=RESIDENT, now=NOW)
    assert (after.status, after.history[-1].actor) == (end, Actor.RESIDENT)
    assert texts_to(storage, RESIDENT, before) == [thanks]
    assert texts_to(storage, NORTH, before) == told
    assert [one.chat for one in storage.notices[before:] if one.kind is NoticeKind.CARD_UPDATE] == [NORTH]


@pytest.mark.parametrize(
    ("start", "deed"), [(Status.DONE, "confirm"), (Status.DONE, "reopen"), (Status.NEW, "withdraw")]
)
def test_the_second_press_has_no_effect(own, storage, ticket, put_in, start: Status, deed: str) -> None:
    """Done once it is too late for it: one sentence, nothing stored, nobody told."""
    put_in(start)
    after = own.act(ticket.number, deed, chat=RESIDENT, now=NOW)
    before = len(storage.notices)
    for attempt in (own.act, lambda number, deed, chat, now: own.check(number, deed, chat=chat)):
        with pytest.raises(NotAllowed) as refused:
            attempt(ticket.number, deed, chat=RESIDENT, now=NOW)
        assert refused.value.key == "resident.too_late"
    assert storage.kept.tickets[ticket.number] == after
    assert len(storage.notices) == before


def test_a_strangers_ticket_is_like_none(own, storage, ticket) -> None:
    """Whoever did not report it gets the same answer as for a number that does not exist."""
    refused = []
    for number, chat in ((ticket.number, STRANGER), (ticket.number, NORTH), ("QH-2026-99999", RESIDENT)):
        for call in (
            lambda n, c: own.act(n, "withdraw", chat=c, now=NOW),
            lambda n, c: own.say(n, chat=c, text="x", photos=(), once="1", now=NOW),
            lambda n, c: own.check(n, "answer", chat=c),
        ):
            with pytest.raises(NotFound) as error:
                call(number, chat)
            refused.append(error.value.key)
    assert set(refused) == {"caretaker.no_such_ticket"}
    assert storage.kept.tickets[ticket.number] == ticket


def test_an_answer_goes_to_the_caretakers(own, storage, ticket, put_in) -> None:
    """Words as a message beside the card, photos as photos, the card updated; the ticket is at work again."""
    put_in(Status.WAITING)
    before = len(storage.notices)
    after = said(own, ticket)
    assert after.status is Status.IN_PROGRESS
    assert (after.history[-1].what, after.history[-1].note) == ("answer", "Links daneben.")
    fresh = [one for one in storage.notices[before:] if one.chat == NORTH]
    assert sorted(one.kind for one in fresh) == sorted(
        [NoticeKind.CARD_UPDATE, NoticeKind.MESSAGE, NoticeKind.PHOTOS]
    )
    words = next(one for one in fresh if one.kind is NoticeKind.MESSAGE)
    assert words.content["params"] == {"number": ticket.number, "note": "Links daneben."}
    assert words.content["beside_card"]
    assert texts_to(storage, RESIDENT, before) == ["resident.said"]


def test_no_caretaker_reads_who_the_resident_is(own, storage, ticket, put_in) -> None:
    """Nothing put out for caretakers in answer, reopening or withdrawal has the resident's chat in it."""
    put_in(Status.WAITING)
    said(own, ticket)
    put_in(Status.DONE)
    own.act(ticket.number, "reopen", chat=RESIDENT, now=NOW)
    own.act(ticket.number, "withdraw", chat=RESIDENT, now=NOW)
    theirs = [one for one in storage.notices if one.chat == NORTH]
    assert len(theirs) > len(OPEN)
    assert not [one for one in theirs if RESIDENT in f"{one.key} {dict(one.content)}"]


def test_the_same_message_has_one_effect(own, storage, ticket, put_in) -> None:
    """Also where nobody has a card yet: it is written down and passed on once; another message again."""
    storage.kept.rows.clear()
    put_in(Status.WAITING)
    first = said(own, ticket)
    everything = list(storage.notices)
    assert said(own, ticket) == first
    assert storage.notices == everything
    assert len(said(own, ticket, once="56").history) == len(first.history) + 1


@pytest.mark.parametrize("status", [one for one in OPEN if one is not Status.WAITING])
def test_more_words_leave_the_state(own, ticket, put_in, status: Status) -> None:
    """Adding something nobody asked for changes nothing about who has to do what."""
    put_in(status)
    assert said(own, ticket, photos=()).status is status


@pytest.mark.parametrize("status", ENDED)
def test_words_to_an_ended_ticket_are_refused(own, storage, ticket, put_in, status: Status) -> None:
    """Nobody would read them: a sentence says so (with the way back where there is one), nothing is stored."""
    put_in(status)
    before, known = len(storage.notices), storage.kept.tickets[ticket.number]
    with pytest.raises(NotAllowed) as refused:
        said(own, ticket)
    back = (status, "reopen") in CHANGES
    assert refused.value.key == ("resident.too_late_reopen" if back else "resident.too_late")
    assert refused.value.key in Texts.load().entries
    assert storage.kept.tickets[ticket.number] == known
    assert len(storage.notices) == before


def test_photos_alone_ask_for_words(own, storage, ticket) -> None:
    """Whoever sends a photo may add a word, or say that it was all; the caretakers get the photo at once."""
    before = len(storage.notices)
    said(own, ticket, text=None)
    thanks = next(one for one in storage.notices[before:] if one.chat == RESIDENT)
    assert thanks.content["text_key"] == "resident.said_photos"
    assert thanks.content["button_keys"] == [["resident_enough", f"r:{ticket.number}:enough"]]
    assert NoticeKind.PHOTOS in [one.kind for one in storage.notices[before:] if one.chat == NORTH]


def test_only_who_works_on_it_now_is_written_to(own, storage, ticket) -> None:
    """After it was handed over the words go to the new area; where it was before only the card changes."""
    caretakers = CaretakerDesk(storage=storage, city=CITY)
    caretakers.act(ticket.number, Act(deed="hand_over", area="middle"), chat=NORTH, now=NOW)
    before = len(storage.notices)
    said(own, ticket)
    assert texts_to(storage, SOUTH, before) == ["caretaker.resident_said"]
    assert not [one for one in storage.notices[before:] if one.chat == NORTH]


def test_a_message_leads_to_its_ticket(own, storage, ticket) -> None:
    """The number of a message about an own ticket finds it; in other chats, and for other messages, none."""
    CaretakerDesk(storage=storage, city=CITY).act(
        ticket.number, Act(deed="ask", note="Wo genau?"), chat=NORTH, now=NOW
    )
    for index, row in enumerate(storage.kept.rows):
        row.message_id = index
    news = next(row.message_id for row in storage.kept.rows if row.notice.chat == RESIDENT)
    card = next(row.message_id for row in storage.kept.rows if row.notice.kind is NoticeKind.CARD)
    assert own.of_message(news, chat=RESIDENT) == ticket.number
    assert own.of_message(news, chat=STRANGER) is None
    assert own.of_message(card, chat=NORTH) is None
    assert own.of_message(9999, chat=RESIDENT) is None


@pytest.mark.parametrize("status", Status)
def test_every_button_offered_works(own, storage, ticket, put_in, status: Status) -> None:
    """What the list of own tickets offers is allowed in that state, and has a label."""
    put_in(status)
    for label, deed in buttons_of(storage.kept.tickets[ticket.number], RESIDENT):
        checked = {"change": "reroute"}.get(deed, deed)
        assert own.check(ticket.number, checked, chat=RESIDENT).status is status
        assert f"buttons.resident_{label}" in Texts.load().entries
