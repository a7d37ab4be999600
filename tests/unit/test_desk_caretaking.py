from dataclasses import replace

import pytest

from desk.caretaking import Act, CaretakerDesk
from desk.errors import NotAllowed, NotFound
from desk.tickets import FORGOTTEN, Actor, Ticket
from desk.workflow import DEEDS, ON_THE_CARD
from storage.card_wording import card_text
from storage.texts import Texts
from storage.wording import Wording
from tests.builders import NOW, RESIDENT, small_categories
from tests.desk_chats import (
    ACTS,
    AFTER,
    CITY,
    COLLEAGUE,
    DESK,
    NORTH,
    SOUTH,
    texts_for,
    to_chat,
)
from tests.fakes import MemoryStorage

CARD, MESSAGE, PHOTOS, UPDATE = "card", "message", "photos", "card_update"


def refused(desk: CaretakerDesk, storage: MemoryStorage, ticket: Ticket, act: Act, chat: str) -> str:
    """Try something that is not allowed; the key of the sentence, after checking that nothing happened."""
    before, notices = storage.kept.tickets[ticket.number], list(storage.notices)
    with pytest.raises((NotAllowed, NotFound)) as error:
        desk.act(ticket.number, act, chat=chat, now=NOW)
    assert storage.kept.tickets[ticket.number] == before
    assert storage.notices == notices
    Texts.load().get(error.value.key, **error.value.params)
    return error.value.key


def test_every_deed_of_the_card_is_tried() -> None:
    """The deeds these tests know are those a caretaker's card offers."""
    assert {*ACTS, "merge"} == {*ON_THE_CARD, "refer"}  # merging needs a second ticket


@pytest.mark.parametrize("deed", ACTS)
@pytest.mark.parametrize(("chat", "actor"), [(COLLEAGUE, "caretaker"), (DESK, "coordination")])
def test_the_area_and_the_coordination_desk_may_act(desk, ticket, deed: str, chat: str, actor: str) -> None:
    """Either changes the state as the table says; the history says who it was and what was said."""
    after = desk.act(ticket.number, ACTS[deed], chat=chat, now=NOW)
    assert after.status is DEEDS[deed].change.to
    assert (after.history[-1].what, after.history[-1].actor) == (after.status.value, Actor(actor))
    noted = {
        "ask": "Welcher Hof?",
        "decline": "Leitstelle: Privatgrund",
        "hand_over": "Mitte",
        "refer": "Bürgertelefon",
    }
    assert after.history[-1].note == noted.get(deed)
    assert after.report.area == {"decline": "desk", "hand_over": "middle"}.get(deed, "north")


@pytest.mark.parametrize("chat", [SOUTH, RESIDENT, "12345", ""])
@pytest.mark.parametrize("deed", [*ACTS, "unicorn"])
def test_nobody_else_may_act(desk, storage, ticket, chat: str, deed: str) -> None:
    """Another area's caretaker, the resident and strangers are refused, and nothing happens."""
    act = ACTS.get(deed, Act(deed=deed))
    assert refused(desk, storage, ticket, act, chat) == "caretaker.not_yours"


@pytest.mark.parametrize(
    ("act", "key"),
    [
        (Act(deed="unicorn"), "caretaker.bad_button"),
        (Act(deed="assign"), "caretaker.bad_button"),
        (Act(deed="withdraw"), "caretaker.bad_button"),
        (Act(deed="merge"), "caretaker.bad_button"),
        (Act(deed="ask"), "caretaker.bad_button"),
        (Act(deed="decline", note=""), "caretaker.bad_button"),
        (Act(deed="hand_over"), "caretaker.bad_button"),
        (Act(deed="refer"), "caretaker.bad_button"),
        (Act(deed="hand_over", area="unicorn"), "operator.no_area"),
        (Act(deed="refer", matter="unicorn"), "caretaker.no_such_body"),
    ],
)
def test_what_is_not_whole_is_refused(desk, storage, ticket, act: Act, key: str) -> None:
    """A forged deed, one without what it needs, and a destination that is none have no effect."""
    assert refused(desk, storage, ticket, act, NORTH) == key


@pytest.mark.parametrize("deed", ["accept", "start", "finish", "refer"])
def test_only_handing_over_moves_a_ticket(desk, ticket, deed: str) -> None:
    """An area that comes with another deed is not listened to."""
    after = desk.act(ticket.number, replace(ACTS[deed], area="middle"), chat=NORTH, now=NOW)
    assert after.report.area == "north"


@pytest.mark.parametrize("deed", sorted(set(ACTS) - {"ask"}))
def test_the_second_of_two_is_too_late(desk, storage, ticket, deed: str) -> None:
    """When somebody was faster, or pressed twice, it is refused with a sentence and tells nobody anything."""
    desk.act(ticket.number, ACTS[deed], chat=NORTH, now=NOW)
    key = refused(desk, storage, ticket, ACTS[deed], DESK)
    late = f"caretaker.too_late_{DEEDS[deed].change.to.value}"
    assert key == ("caretaker.lies_there_already" if deed == "hand_over" else late)


def test_a_question_is_asked_once_for_its_message(desk, storage, ticket) -> None:
    """The same message again asks nothing, and is no mistake."""
    for once in ("55", "55"):
        desk.act(ticket.number, replace(ACTS["ask"], once=once), chat=NORTH, now=NOW)
    assert texts_for(storage.notices, RESIDENT) == ["resident.ticket_asked"]
    assert [entry.what for entry in storage.kept.tickets[ticket.number].history].count("waiting") == 1


@pytest.mark.parametrize(
    ("deed", "params", "buttons"),
    [
        ("accept", {"to": ""}, []),
        ("start", {"to": ""}, []),
        ("finish", {"to": ""}, ["confirm", "reopen"]),
        ("ask", {"note": "Welcher Hof?"}, ["answer"]),
        ("decline", {"to": "Leitstelle"}, []),
        ("hand_over", {"to": "Mitte"}, []),
        ("refer", {"to": "Bürgertelefon"}, ["reopen"]),
    ],
)
def test_the_resident_hears_of_each_deed_once(
    desk, storage, ticket, deed: str, params: dict[str, str], buttons: list[str]
) -> None:
    """One message says what became of it, with what they can do; a reason for declining is not in it."""
    desk.act(ticket.number, ACTS[deed], chat=NORTH, now=NOW)
    (news,) = [one for one in storage.notices if one.chat == RESIDENT]
    assert news.content["text_key"] == DEEDS[deed].change.resident_text
    assert news.content["params"] == {"number": ticket.number, **params}
    Texts.load().get(news.content["text_key"], **news.content["params"])
    labels = Texts.load().section("buttons")
    shown = news.content.get("button_keys", [])
    assert [data for _, data in shown] == [f"r:{ticket.number}:{button}" for button in buttons]
    assert all(label in labels for label, _ in shown)


@pytest.mark.parametrize("deed", ["accept", "start", "finish", "ask", "refer"])
def test_every_card_shows_a_deed(desk, storage, ticket, deed: str) -> None:
    """Each chat with a card has it updated once; chats without one hear nothing."""
    before = len(storage.notices)
    desk.act(ticket.number, ACTS[deed], chat=DESK, now=NOW)
    after = storage.notices[before:]
    assert to_chat(after, NORTH) == to_chat(after, COLLEAGUE) == [UPDATE]
    assert not to_chat(after, SOUTH)
    assert not to_chat(after, DESK)


@pytest.mark.parametrize(
    ("deed", "said"),
    [("finish", True), ("accept", True), ("start", True), ("decline", False), ("refer", False)],
)
def test_words_and_photos_of_a_deed_go_to_whom_they_concern(
    desk, storage, ticket, deed: str, *, said: bool
) -> None:
    """With "erledigt" they are for the resident; a reason and what goes with a hand-over are not."""
    act = replace(ACTS[deed], note="Ist weg.", photos=(AFTER,))
    after = desk.act(ticket.number, act, chat=NORTH, now=NOW)
    heard = [one for one in storage.notices if one.chat == RESIDENT]
    assert [one.kind.value for one in heard] == ([MESSAGE, PHOTOS, MESSAGE] if said else [MESSAGE])
    assert ("Ist weg." in str(heard)) is said
    assert after.history[-1].photos == (AFTER,)
    assert "Ist weg." in (after.history[-1].note or "")


def test_the_photos_of_a_question_reach_the_resident(desk, storage, ticket) -> None:
    """A question may have pictures; its words come once."""
    desk.act(ticket.number, replace(ACTS["ask"], photos=(AFTER,)), chat=NORTH, now=NOW)
    assert to_chat(storage.notices, RESIDENT) == [PHOTOS, MESSAGE]
    assert str([dict(one.content) for one in storage.notices]).count("Welcher Hof?") == 1


@pytest.mark.parametrize("chat", [SOUTH, RESIDENT, "12345"])
@pytest.mark.parametrize("internal", [False, True])
def test_nobody_else_may_add_or_look(desk, storage, ticket, chat: str, *, internal: bool) -> None:
    """A chat that does not work there adds no note and sees no ticket."""
    with pytest.raises(NotAllowed):
        desk.add(ticket.number, chat=chat, note="x", photos=(), once="1", now=NOW, internal=internal)
    with pytest.raises(NotAllowed):
        desk.ticket(ticket.number, chat=chat)
    assert storage.kept.tickets[ticket.number] == ticket
    assert desk.ticket(ticket.number, chat=NORTH) == desk.ticket(ticket.number, chat=DESK) == ticket


@pytest.mark.parametrize("chat", [NORTH, DESK])
@pytest.mark.parametrize("internal", [False, True])
def test_a_note_is_passed_on_once_unless_internal(
    desk, storage, ticket, chat: str, *, internal: bool
) -> None:
    """Words and photos are written down once, by whichever chat; an internal note never reaches the resident."""
    given = {"chat": chat, "note": "Ist weg.", "photos": (AFTER,), "once": "55", "now": NOW}
    first = desk.add(ticket.number, **given, internal=internal)
    everything = list(storage.notices)
    assert desk.add(ticket.number, **given, internal=internal) == first
    assert storage.notices == everything
    assert to_chat(everything, RESIDENT) == ([] if internal else [MESSAGE, PHOTOS])
    assert ("Ist weg." in str(everything)) is not internal
    assert (first.history[-1].note, first.history[-1].photos) == ("Ist weg.", (AFTER,))
    assert len(first.history) == len(ticket.history) + 1
    assert first.status is ticket.status
    assert UPDATE in to_chat(everything, NORTH)
    assert UPDATE in to_chat(everything, COLLEAGUE)


def test_two_notes_are_two(desk, storage, ticket) -> None:
    """The same words in another message are passed on again."""
    for once in ("1", "2"):
        after = desk.add(ticket.number, chat=NORTH, note="Ist weg.", photos=(), once=once, now=NOW)
    assert to_chat(storage.notices, RESIDENT) == [MESSAGE] * 2
    assert [entry.what for entry in after.history[-2:]] == ["note", "note"]


def test_nothing_is_added_to_what_was_forgotten(desk, storage, ticket) -> None:
    """Once a ticket has lost what the resident told there is nobody to tell, and nothing new is kept."""
    done = desk.act(ticket.number, ACTS["finish"], chat=NORTH, now=NOW)
    bare = replace(done, report=replace(done.report, reporter=FORGOTTEN))
    storage.kept.tickets[ticket.number] = bare
    with pytest.raises(NotAllowed) as late:
        desk.add(ticket.number, chat=NORTH, note="x", photos=(), once="1", now=NOW)
    assert late.value.key == "caretaker.too_late_done"
    assert storage.kept.tickets[ticket.number] == bare


def test_an_unknown_ticket_is_not_found(desk) -> None:
    """A number that does not exist is an error with a sentence."""
    for call in (
        lambda: desk.act("QH-2026-99999", ACTS["accept"], chat=NORTH, now=NOW),
        lambda: desk.add("QH-2026-99999", chat=NORTH, note="x", photos=(), once="1", now=NOW),
        lambda: desk.ticket("QH-2026-99999", chat=NORTH),
    ):
        with pytest.raises(NotFound) as missing:
            call()
        assert missing.value.key in Texts.load().entries


@pytest.mark.parametrize("deed", ACTS)
def test_no_card_names_the_resident(desk, storage, ticket, deed: str) -> None:
    """From the first card to the last update nothing a caretaker reads has the resident's chat in it."""
    desk.add(ticket.number, chat=NORTH, note="Ich komme.", photos=(AFTER,), once="1", now=NOW)
    after = desk.act(ticket.number, ACTS[deed], chat=NORTH, now=NOW)
    for notice in storage.notices:
        if notice.chat != RESIDENT:
            assert RESIDENT not in f"{notice.key} {dict(notice.content)}"
    wording = Wording(texts=Texts.load(), city=CITY, categories=small_categories())
    assert RESIDENT not in card_text(after, wording)


def test_the_resident_never_hears_who_it_was(desk, storage, ticket) -> None:
    """Neither the key nor the content of news has a caretaker's chat in it."""
    for deed in ("ask", "hand_over", "accept", "start", "decline", "refer"):
        desk.act(ticket.number, replace(ACTS[deed], photos=(AFTER,)), chat=DESK, now=NOW)
    news = [notice for notice in storage.notices if notice.chat == RESIDENT]
    assert len(texts_for(news, RESIDENT)) == 6
    for notice in news:
        for chat in (NORTH, COLLEAGUE, SOUTH, DESK):
            assert f"'{chat}'" not in f"{dict(notice.content)}"
            assert f"/{chat}/" not in notice.key


def test_the_same_question_is_not_put_twice(desk, storage, ticket) -> None:
    """A colleague who asks the very same is told that it is on its way; another question is a new one."""
    desk.act(ticket.number, ACTS["ask"], chat=NORTH, now=NOW)
    assert refused(desk, storage, ticket, ACTS["ask"], COLLEAGUE) == "caretaker.too_late_waiting"
    desk.act(ticket.number, Act(deed="ask", note="Seit wann?"), chat=COLLEAGUE, now=NOW)
    assert texts_for(storage.notices, RESIDENT) == ["resident.ticket_asked"] * 2
