"""What a resident presses and writes after sending: to the right ticket, or to the dialogue."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from telegram import Update

from bot.awaited_answers import ANSWER_AWAITED
from bot.own_tickets_buttons import PRESSED
from bot.residents import Answer
from bot.sending import Sender
from desk.notices import card_notices, news_notice
from desk.own_tickets import OwnTickets
from desk.tickets import Actor, Entry, Status
from storage.photos import PhotoFolder
from storage.wiring import House
from tests.builders import NOW, RESIDENT, message_update, small_city
from tests.fakes import MemoryConversations, MemoryStorage
from tests.resident_chat import Chat, command, image_file, opened, photo, text

STRANGER, CARETAKER = "4711002", "8"


@pytest.fixture
def storage(house: House) -> MemoryStorage:
    storage = MemoryStorage(zone=house.city.zone, clock=house.clock)
    storage.kept.chats.append(("north", CARETAKER))
    return storage


@pytest.fixture
def chat(house: House, storage: MemoryStorage, tmp_path) -> Chat:
    in_memory = replace(
        house,
        storage=storage,  # type: ignore[arg-type]
        conversations=MemoryConversations(),
        own_tickets=OwnTickets(storage=storage, city=small_city()),
    )
    return Chat(in_memory, PhotoFolder(folder=tmp_path / "photos"), storage)


@pytest.fixture
def asked(storage: MemoryStorage) -> str:
    """The number of a ticket whose caretaker has asked something."""
    return opened(storage, Status.WAITING)


async def test_an_announced_answer_reaches_its_ticket(chat: Chat, asked: str) -> None:
    """After the button the next words are the answer; the words after them are the dialogue's again."""
    prompt = await chat.press(f"r:{asked}:answer")
    assert asked in prompt.notices[0].content["text"]
    assert prompt.notices[0].content["button_keys"] == [["resident_leave", f"r:{asked}:leave"]]
    assert await chat.send(text("Links daneben."))
    assert (chat.ticket(asked).status, chat.ticket(asked).history[-1].note) == (
        Status.IN_PROGRESS,
        "Links daneben.",
    )
    assert chat.told(RESIDENT) == ["resident.said"]
    assert await chat.send(text("Hier liegt Müll")) is None
    assert not chat.engine.turns


@pytest.mark.parametrize(
    ("contents", "photos", "words"),
    [
        ([photo()], 1, None),
        ([photo(), photo("p2", caption="Von hinten"), photo("p3")], 3, "Von hinten"),
        ([image_file()], 1, None),
        ([{"location": {"latitude": 51.5, "longitude": 7.25}}], 0, "📍 51.5, 7.25"),
    ],
)
async def test_an_answer_may_be_more_than_words(chat: Chat, asked: str, contents, photos, words) -> None:
    """A photo, an album with its caption, an image file, a pin: each is one entry of the ticket."""
    await chat.press(f"r:{asked}:answer")
    await chat.send(*contents)
    entry = chat.ticket(asked).history[-1]
    assert (entry.what, len(entry.photos), entry.note) == ("answer", photos, words)


async def test_after_photos_alone_words_may_follow(chat: Chat, asked: str) -> None:
    """The words after a photo belong to the same ticket, unless its button says that it was all."""
    await chat.press(f"r:{asked}:answer")
    await chat.send(photo())
    await chat.send(text("Das ist es."))
    assert [entry.note for entry in chat.ticket(asked).history[-2:]] == [None, "Das ist es."]
    await chat.press(f"r:{asked}:answer")
    await chat.send(photo())
    ended = await chat.press(f"r:{asked}:enough")
    assert ended.toast
    assert await chat.send(text("Hier liegt Müll")) is None


async def test_the_update_of_an_answer_comes_twice(chat: Chat, asked: str) -> None:
    """An update repeated after a crash has no second effect and never becomes a report."""
    await chat.press(f"r:{asked}:answer")
    await chat.send(text("Links daneben."))
    after = chat.ticket(asked)
    assert await chat.send(text("Links daneben."), again=True) == Answer(notices=[])
    assert chat.ticket(asked) == after


@pytest.mark.parametrize("end", ["doch nicht", "Abbrechen!", "/start", "/abbrechen", "/meldungen", "hilfe"])
async def test_commands_and_second_thoughts_end_the_waiting(chat: Chat, asked: str, end: str) -> None:
    """They are no answer; commands are the dialogue's, and what is written next is, too."""
    await chat.press(f"r:{asked}:answer")
    answer = await chat.send(command(end) if end.startswith("/") else text(end))
    assert (answer is None) is (end.startswith("/") or end == "hilfe")
    assert await chat.send(text("Hier liegt Müll")) is None
    assert chat.ticket(asked).status is Status.WAITING


@pytest.mark.parametrize("data", ['/begin_report{"kind":"dirt"}', "/resume_report", "nonsense"])
async def test_another_button_ends_the_waiting(chat: Chat, asked: str, data: str) -> None:
    """Whoever begins something else writes about that."""
    await chat.press(f"r:{asked}:answer")
    assert await chat.press(data) is None
    assert await chat.send(text("Hier liegt Müll")) is None


async def test_waiting_runs_out(chat: Chat, asked: str) -> None:
    """Up to half an hour words are the answer, from then on they are not."""
    await chat.press(f"r:{asked}:answer")
    chat.storage.clock.now += ANSWER_AWAITED
    assert await chat.send(text("zu spät")) is None
    await chat.press(f"r:{asked}:answer")
    chat.storage.clock.now += ANSWER_AWAITED - timedelta(seconds=1)
    assert await chat.send(text("gerade noch"))


@pytest.mark.parametrize("content", [text("Hilfe, es brennt!"), photo(caption="es brennt")])
async def test_an_emergency_is_never_an_answer(chat: Chat, asked: str, content: dict[str, Any]) -> None:
    """It goes to the dialogue, which names the numbers; the answer is still waited for."""
    await chat.press(f"r:{asked}:answer")
    assert await chat.send(content) is None
    assert chat.ticket(asked).status is Status.WAITING
    assert await chat.send(text("Links daneben."))


async def test_what_can_not_be_read_is_the_dialogues(chat: Chat, asked: str) -> None:
    """A sticker is no answer: the dialogue says what works instead, and the answer is still waited for."""
    await chat.press(f"r:{asked}:answer")
    assert await chat.send({"dice": {"emoji": "🎲", "value": 4}}) is None
    assert await chat.send(text("Links daneben."))


async def test_what_is_refused_beside_a_photo_is_said(chat: Chat, asked: str) -> None:
    """Of an album the photo goes to the ticket, and the dialogue says of the other file that it does not."""
    await chat.press(f"r:{asked}:answer")
    pdf = {"document": {"file_id": "f", "file_unique_id": "u", "mime_type": "application/pdf"}}
    answer = await chat.send(photo(), pdf)
    assert len(chat.ticket(asked).history[-1].photos) == 1
    assert [turn.intent for turn in chat.engine.turns] == ["give_unsupported"]
    assert answer.notices


async def test_a_reply_finds_its_ticket_among_several(chat: Chat, asked: str) -> None:
    """A reply to a message about a ticket goes there without any button, whichever else is waited for."""
    other = opened(chat.storage, Status.WAITING, "d2")
    with chat.storage.work() as work:
        work.outbox.put([news_notice(work.tickets.get(other), "x", "resident.ticket_asked")])
    chat.storage.kept.rows[-1].message_id = 77
    await chat.press(f"r:{asked}:answer")
    replied = message_update(1, chat=int(RESIDENT), text="x")["message"] | {"message_id": 77}
    assert await chat.send(text("Am Zaun.", reply_to_message=replied))
    assert chat.ticket(other).history[-1].note == "Am Zaun."
    assert chat.ticket(asked).status is Status.WAITING
    unknown = replied | {"message_id": 78}
    assert await chat.send(text("Hallo", reply_to_message=unknown)) is None


async def test_nothing_is_guessed(chat: Chat, asked: str) -> None:
    """With one ticket waiting and no button pressed, words are the dialogue's."""
    assert await chat.send(text("Hier liegt Müll")) is None
    assert chat.ticket(asked).status is Status.WAITING


async def test_an_edited_answer_changes_nothing(chat: Chat, asked: str) -> None:
    """What was passed on stays; the edit is the dialogue's."""
    await chat.press(f"r:{asked}:answer")
    await chat.send(text("Links daneben."))
    after = chat.ticket(asked)
    update = message_update(9, chat=int(RESIDENT), text="Rechts daneben.")
    edited = {"update_id": 9, "edited_message": update["message"] | {"edit_date": 1_767_000_009}}
    assert await chat.own.answer([Update.de_json(edited, None)], chat=RESIDENT) is None
    assert chat.ticket(asked) == after


@pytest.mark.parametrize("status", [Status.MERGED, Status.DONE])
async def test_an_album_for_an_ended_ticket_is_refused(chat: Chat, asked: str, status: Status) -> None:
    """One sentence, no photo fetched or stored; sending it again is the dialogue's."""
    await chat.press(f"r:{asked}:answer")
    with chat.storage.work() as work:
        entry = Entry(at=NOW, what=status.value, actor=Actor.CARETAKER)
        work.tickets.record(asked, entry, status=status)
    known = chat.ticket(asked)
    answer = await chat.send(photo(), image_file())
    assert len(answer.notices) == 1
    assert answer.notices[0].content["text"]
    assert ("button_keys" in answer.notices[0].content) is (status is Status.DONE)
    assert chat.ticket(asked) == known
    assert chat.bot.fetched == 0
    assert not chat.folder.folder.exists()
    assert await chat.send(photo()) is None


async def test_reopening_waits_for_words(chat: Chat, asked: str) -> None:
    """After "Noch nicht gut" what is written goes to that ticket."""
    done = opened(chat.storage, Status.DONE, "d2")
    assert await chat.press(f"r:{done}:reopen") == Answer(notices=[])
    assert chat.told(RESIDENT) == ["resident.reopened"]
    await chat.send(photo(caption="Liegt noch da."))
    assert (chat.ticket(done).status, chat.ticket(done).history[-1].note) == (
        Status.REOPENED,
        "Liegt noch da.",
    )


async def test_withdrawing_asks_back(chat: Chat, asked: str) -> None:
    """The first press changes nothing; "nein" leaves it so, "ja" withdraws, a second "ja" is too late."""
    question = await chat.press(f"r:{asked}:withdraw")
    yes, no = (data for _, data in question.notices[0].content["button_keys"])
    assert (await chat.press(no)).toast
    assert chat.ticket(asked).status is Status.WAITING
    assert (await chat.press(yes)).toast is None
    after = chat.ticket(asked)
    assert after.status is Status.WITHDRAWN
    assert (await chat.press(yes)).toast
    assert chat.ticket(asked) == after


@pytest.mark.parametrize("deed", ["answer", "confirm", "reopen", "withdraw", "really_withdraw"])
async def test_somebody_elses_button_is_like_an_unknown_number(chat: Chat, asked: str, deed: str) -> None:
    """A toast that does not tell whether the ticket exists; nothing happens."""
    before = chat.ticket(asked)
    foreign = await chat.press(f"r:{asked}:{deed}", chat=STRANGER)
    unknown = await chat.press(f"r:QH-2026-99999:{deed}")
    assert foreign == unknown
    assert foreign.toast
    assert chat.ticket(asked) == before
    assert not chat.storage.notices


@pytest.mark.parametrize(
    "data", ["r:", "r:x:answer", "r:QH-2026-00001:unicorn", "r:QH-2026-00001", "r:{}:{}"]
)
async def test_a_forged_button_has_no_effect(chat: Chat, asked: str, data: str) -> None:
    """Anything that is none of our buttons gets one sentence."""
    before = chat.ticket(asked)
    answer = await chat.press(data)
    assert (bool(answer.toast), answer.notices) == (True, [])
    assert chat.ticket(asked) == before


async def test_buttons_get_their_labels(chat: Chat, house: House, asked: str) -> None:
    """What is put out with keys of buttons arrives as buttons that can be pressed, within Telegram's limit."""
    sender = Sender(bot=chat.bot, house=house, photos=chat.folder)  # type: ignore[arg-type]
    answer = await chat.press(f"r:{asked}:withdraw")
    await sender.send(answer.notices[0])
    rows = chat.bot.sent[0]["reply_markup"].inline_keyboard
    shown = {button.text: button.callback_data for row in rows for button in row}
    assert shown == {
        "Ja, zurückziehen": f"r:{asked}:really_withdraw",
        "Nein, behalten": f"r:{asked}:keep",
    }
    assert all(len(f"r:{asked}:{deed}".encode()) <= 64 for deed in PRESSED)


@pytest.mark.parametrize("arrived", [True, False])
async def test_news_for_caretakers_lead_to_the_card(
    chat: Chat, house: House, storage: MemoryStorage, asked: str, *, arrived: bool
) -> None:
    """A message about an answer refers to the card's message in that chat; without one it stands alone."""
    with storage.work() as work:
        work.outbox.put(card_notices(work.tickets.get(asked), [CARETAKER]))
    storage.kept.rows[0].message_id = 42 if arrived else None
    await chat.press(f"r:{asked}:answer")
    await chat.send(text("Links daneben."))
    news = next(one for one in storage.notices if one.content.get("beside_card"))
    sender = Sender(bot=chat.bot, house=replace(house, storage=storage), photos=chat.folder)  # type: ignore[arg-type]
    await sender.send(news)
    (sent,) = chat.bot.sent
    assert (sent["chat"], "Links daneben." in sent["text"]) == (CARETAKER, True)
    refers = sent["reply_parameters"]
    assert (refers and refers.message_id) == (42 if arrived else None)
    assert refers is None or refers.allow_sending_without_reply
