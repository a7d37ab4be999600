"""What is forged, foreign or left from before: one sentence, no effect, an entry where it smells of abuse."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import Update

from bot.awaited_answers import AwaitedAnswers
from bot.caretakers import CaretakerChat
from bot.own_tickets import OwnTicketChat
from bot.own_tickets_buttons import PRESSED
from bot.residents import Answer, ResidentChat
from desk.audit import LIMIT, Attempt
from desk.caretaking import INVITATION_LASTS
from storage.photos import PhotoFolder
from storage.tables import metadata
from storage.texts import Texts
from storage.wiring import House
from tests.builders import NOW, RESIDENT
from tests.caretakers import COLLEAGUE, DESK, GROUP, NORTH, SOUTH, Team
from tests.fakes import FakeClock
from tests.resident_chat import FakeBot, FakeEngine

TEXTS = Texts.load()
STRANGER, FOREIGN_GROUP, REMOVED = "4711002", "-99", "61"
DEEDS = ("accept", "start", "finish", "hand_over", "to:kray", "outside", "refer:regulatory_office", "ask")
MORE_DEEDS = ("decline", "decline:private", "decline:other", "note", "show")


@pytest.fixture
def team(house: House) -> Team:
    return Team(house)


@pytest.fixture
def number(team: Team) -> str:
    """A ticket of Katernberg; a chat that had its card was removed from there."""
    house = team.house
    house.caretakers.invite("katernberg", token=REMOVED, now=house.clock())
    house.caretakers.redeem(REMOVED, chat=REMOVED, now=house.clock())
    number = team.reported().number
    house.leaving.leave(REMOVED, now=house.clock())
    return number


def entries(house: House) -> list[tuple[str, str, str | None]]:
    """The audit log: what, who, which ticket."""
    with house.storage.look() as work:
        return [(entry.what, entry.who, entry.ticket) for entry in work.audit.since(NOW - timedelta(days=1))]


def everything_else(house: House) -> dict[str, Any]:
    """Every row of the database except the audit log's."""
    tables = [table for name, table in metadata.tables.items() if name != "audit_log"]
    with house.storage.engine.connect() as connection:
        return {table.name: connection.execute(sa.select(table)).all() for table in tables}


def pressed(house: House, data: str, *, chat: str) -> Answer | None:
    """Press a button and let it be answered in the front door's order; None: it is the dialogue's."""
    person = {"id": abs(int(chat)), "is_bot": False, "first_name": "X"}
    kind = "group" if chat.startswith("-") else "private"
    message = {"message_id": 1, "date": 1_767_000_000, "chat": {"id": int(chat), "type": kind}, "text": "x"}
    query = {"id": "1", "from": person, "chat_instance": "1", "data": data, "message": message}
    update = Update.de_json({"update_id": 1, "callback_query": query}, None)
    caretakers = CaretakerChat(house=house)
    told = caretakers.answer([update], chat=chat)
    if told is not None:
        return told
    if chat.startswith("-"):
        return caretakers.no_button(update=update, chat=chat)
    folder = PhotoFolder(folder=house.settings.state_dir / "photos")
    residents = ResidentChat(bot=FakeBot(), engine=FakeEngine(), photos=folder)  # type: ignore[arg-type]
    own = OwnTicketChat(house=house, residents=residents, awaited=AwaitedAnswers(house=house))
    return asyncio.run(own.answer([update], chat=chat))


FORGED, FOREIGN, GONE, NOBODY, NOT_OWN = (
    Attempt.FORGED_CALLBACK,
    Attempt.FOREIGN_TICKET,
    Attempt.REMOVED_CARETAKER,
    Attempt.NO_CARETAKER,
    Attempt.FOREIGN_OWN_TICKET,
)
BAD_BUTTONS = [
    *(
        (NORTH, data, "bad_button", FORGED)
        for data in ("t:", "t:{n}:unicorn", "t:{n}:accept:x", "t:{n}:to:mond")
    ),
    *(
        (NORTH, data, "bad_button", FORGED)
        for data in ("t:{n}:refer:danger", "t:{n}:decline:laune", "o:", "l:")
    ),
    (NORTH, "t:{n}:refer:retired", "no_such_body", FORGED),
    (NORTH, "t:QH-2026-99999:accept", "no_such_ticket", FORGED),
    (FOREIGN_GROUP, "t:{n}:accept", "not_yours", NOBODY),
    (FOREIGN_GROUP, "r:{n}:withdraw", "bad_button", FORGED),
    (FOREIGN_GROUP, "nonsense", "bad_button", FORGED),
    (STRANGER, "t:{n}:unicorn", "bad_button", FORGED),
    *(
        (STRANGER, data, "bad_button", FORGED)
        for data in ("r:", "r:{n}", "r:{n}:unicorn", "r:{n}0000000:answer")
    ),
    *((STRANGER, f"r:{{n}}:{deed}", "no_such_ticket", NOT_OWN) for deed in ("answer", "confirm", "reopen")),
    (STRANGER, "r:{n}:really_withdraw", "no_such_ticket", NOT_OWN),
    (RESIDENT, "r:QH-2026-99999:answer", "no_such_ticket", FORGED),
    (NORTH, "r:{n}:withdraw", "no_such_ticket", NOT_OWN),
    # Out of date, by mistake, or harmless: no entry.
    (NORTH, "t:{n}:leave", "note_closed", None),
    (REMOVED, "o:2026-00001::", "bad_button", None),
    (NORTH, "l:leave:1", "bad_button", None),
    (REMOVED, "l:leave:{now}", "left_already", None),
]


@pytest.mark.parametrize(("chat", "data", "sentence", "attempt"), BAD_BUTTONS)
def test_a_bad_button_gets_one_sentence_and_no_effect(
    team: Team, number: str, chat: str, data: str, sentence: str, attempt: Attempt | None
) -> None:
    """Ticket, history, outbox and all else stay as they are; the log has one entry where it smells of abuse."""
    data = data.replace("{n}", number).replace("{now}", str(int(NOW.timestamp())))
    before = everything_else(team.house)
    answer = pressed(team.house, data, chat=chat)
    assert answer is not None
    assert (answer.notices, answer.toast) == ([], TEXTS.get(f"caretaker.{sentence}"))
    assert everything_else(team.house) == before
    found = entries(team.house)
    assert [(what, who) for what, who, _ in found] == (
        [(attempt, team.house.pseudonyms.of(chat))] if attempt else []
    )
    named = {ticket for _, _, ticket in found}
    assert named <= {None, number, "QH-2026-99999"}
    assert attempt in (None, FORGED) or named == {number}


@pytest.mark.parametrize(("chat", "attempt"), [(SOUTH, FOREIGN), (REMOVED, GONE), (STRANGER, NOBODY)])
def test_no_deed_of_others_is_done(team: Team, number: str, chat: str, attempt: Attempt) -> None:
    """Every real button of the card is refused in one sentence where the ticket is not the chat's."""
    before = everything_else(team.house)
    for deed in (*DEEDS, *MORE_DEEDS):
        answer = pressed(team.house, f"t:{number}:{deed}", chat=chat)
        assert answer is not None
        assert (answer.notices, answer.toast) == ([], TEXTS.get("caretaker.not_yours"))
    assert everything_else(team.house) == before
    who = team.house.pseudonyms.of(chat)
    assert entries(team.house) == [(attempt, who, number)] * len((*DEEDS, *MORE_DEEDS))


def test_a_ticket_that_was_handed_on_is_said_to_be(team: Team, number: str) -> None:
    """A button of the card left behind is answered with one sentence, has no effect, and is no attempt."""
    team.press(f"t:{number}:to:kray")
    before = everything_else(team.house)
    for deed in (*DEEDS, *MORE_DEEDS):
        late = pressed(team.house, f"t:{number}:{deed}", chat=COLLEAGUE)
        assert late is not None
        assert (late.notices, late.toast) == ([], TEXTS.get("caretaker.not_yours"))
    assert everything_else(team.house) == before
    assert entries(team.house) == []


def test_a_resident_who_left_a_shared_ticket_is_no_suspect(team: Team, number: str) -> None:
    """The buttons of news from before get the sentence, and no entry."""
    house = team.house
    with house.storage.work() as work:
        work.tickets.follow(number, [STRANGER], at=NOW)
    house.own_tickets.act(number, "withdraw", chat=STRANGER, now=NOW)
    answer = pressed(house, f"r:{number}:answer", chat=STRANGER)
    assert answer is not None
    assert answer.toast == TEXTS.get("caretaker.no_such_ticket")
    assert entries(house) == []


@pytest.mark.parametrize(
    ("data", "attempts"),
    [("nonsense", 1), ("/unicorn", 1), ("/choose{", 1), ("/deny", 0), ('/choose{"id":"a","value":"old"}', 0)],
)
def test_forged_choices_of_the_dialogue_are_written_down(team: Team, data: str, attempts: int) -> None:
    """The dialogue says that the button is old; what no question can offer is an attempt, an old choice is none."""
    assert pressed(team.house, data, chat=RESIDENT) is None
    assert len(entries(team.house)) == attempts


def test_words_after_the_removal_are_refused(team: Team) -> None:
    """Whoever was removed between question and words reads one sentence; nothing reaches the resident."""
    number = team.reported().number
    team.press(f"t:{number}:ask")
    team.house.leaving.leave(NORTH, now=NOW)
    before = everything_else(team.house) | {"conversations": []}
    answer = team.write("Wo genau?")
    assert answer is not None
    assert answer.notices[0].content["text"] == TEXTS.get("caretaker.not_yours")
    assert everything_else(team.house) | {"conversations": []} == before
    assert entries(team.house) == [(GONE, team.house.pseudonyms.of(NORTH), number)]


TOKEN = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6"


@pytest.mark.parametrize(
    ("token", "attempts"),
    [(TOKEN[::-1], 1), (TOKEN.lower(), 1), ("Hallo", 0), ("wie geht das", 0), (TOKEN, 0)],
)
def test_only_a_guessed_invitation_is_an_attempt(team: Team, token: str, attempts: int) -> None:
    """A token that never was one is written down; a used one, and words behind /start, are not. Nobody comes in."""
    house = team.house
    house.caretakers.invite("katernberg", token=TOKEN, now=NOW)
    house.caretakers.redeem(TOKEN, chat=NORTH, now=NOW)
    before = everything_else(house)
    for chat in (STRANGER, SOUTH):
        answer = team.write(f"/start {token}", chat=chat)
        assert answer is not None
        assert len(answer.notices) == 1
    assert everything_else(house) == before
    assert [what for what, _, _ in entries(house)] == [Attempt.BAD_INVITATION] * 2 * attempts


def test_an_invitation_that_ran_out_is_no_attempt(team: Team, clock: FakeClock) -> None:
    """Whoever comes too late is told so, and not suspected."""
    team.house.caretakers.invite("katernberg", token=TOKEN, now=NOW)
    clock.forward(seconds=INVITATION_LASTS.total_seconds())
    answer = team.write(f"/start {TOKEN}", chat=STRANGER)
    assert answer is not None
    assert answer.notices[0].content["text"] == TEXTS.get("caretaker.bad_invitation")
    assert entries(team.house) == []


def test_a_flood_is_answered_and_not_written_down_for_ever(team: Team, number: str) -> None:
    """Every press gets its sentence; the log stops at its limit for this chat and goes on for others."""
    for _ in range(LIMIT + 3):
        answer = pressed(team.house, f"t:{number}:accept", chat=STRANGER)
        assert answer is not None
        assert answer.toast == TEXTS.get("caretaker.not_yours")
    pressed(team.house, f"t:{number}:accept", chat=SOUTH)
    assert len(entries(team.house)) == LIMIT + 1


def test_the_log_names_nobody(team: Team, number: str) -> None:
    """No chat's number and no callback data is in it, whatever was pressed."""
    secret = "t:geheim"
    for chat in (STRANGER, FOREIGN_GROUP, SOUTH):
        pressed(team.house, secret, chat=chat)
        pressed(team.house, f"t:{number}:accept", chat=chat)
    kept = str(entries(team.house))
    assert len(entries(team.house)) == 6
    assert not [word for word in (STRANGER, FOREIGN_GROUP, "geheim", "accept") if word in kept]


TICKET = "QH-2026-00001"
RESIDENTS_DEEDS = [f"{deed}:dirt" if has_argument else deed for deed, has_argument in PRESSED]
FURTHER_DEEDS = ["merge", "into:QH-2026-00002", "use:x", "close", "leave", "to:", "refer:danger"]
OTHERS_DEEDS = [*DEEDS, *MORE_DEEDS, *RESIDENTS_DEEDS, *FURTHER_DEEDS]
SHAPES = st.one_of(
    st.binary(max_size=64).map(lambda raw: raw.decode("utf-8", "ignore")),
    st.builds(
        "{}:{}:{}".format,
        st.sampled_from(["t", "r", "o", "l", "a", "T", ""]),
        st.sampled_from([TICKET, "QH-2026-99999", "QH-٢٠٢٦-٠٠٠٠١", "2026-00001", "", "x"]),
        st.one_of(st.sampled_from(OTHERS_DEEDS), st.text(max_size=9)),
    ),
)
"""Callback data of any kind: junk, near misses, and every real deed about a real ticket."""
OFTEN = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)


@OFTEN
@given(chat=st.sampled_from([STRANGER, SOUTH, REMOVED, FOREIGN_GROUP]), data=SHAPES)
def test_no_callback_data_of_others_has_an_effect(team: Team, number: str, chat: str, data: str) -> None:
    """Whatever strangers, foreign caretakers, removed ones and groups press: no exception, no change, no card."""
    assert number == TICKET
    before = everything_else(team.house)
    answer = pressed(team.house, data, chat=chat)
    assert everything_else(team.house) == before
    if answer is None:  # the dialogue says that the button is old
        assert not data.startswith(("t:", "r:"))
        return
    own_list = data.startswith("o:") and not answer.toast  # a caretaker's list of what is open: here nothing
    assert (chat == SOUTH and len(answer.notices) == 1) if own_list else answer.notices == []
    assert number not in str(answer.notices)


@OFTEN
@given(raw=st.binary(max_size=58), head=st.sampled_from(["", "t:", "r:", "o:", "l:"]))
def test_no_junk_from_a_teams_own_chat_has_an_effect(team: Team, number: str, raw: bytes, head: str) -> None:
    """The right chat with data no button carries changes nothing either."""
    before = everything_else(team.house)
    for chat in (NORTH, GROUP, DESK, RESIDENT):
        answer = pressed(team.house, head + raw.decode("utf-8", "ignore"), chat=chat)
        assert answer is None or (answer.toast and answer.notices == [])
    assert everything_else(team.house) == before
