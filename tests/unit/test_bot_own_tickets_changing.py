"""Changing a sent ticket in the chat: buttons for the topic, words or a pin for the place; and thumbs after the end."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.awaited_answers import ANSWER_AWAITED
from bot.residents import Answer
from desk.own_tickets import OwnTickets
from desk.places import Located, ambiguous, resolved
from desk.places import Status as PlaceStatus
from desk.tickets import Status
from storage.photos import PhotoFolder
from storage.wiring import House
from tests.builders import NOW, RESIDENT
from tests.fakes import MemoryConversations, MemoryStorage, TableLocator
from tests.resident_chat import Chat, command, opened, photo, text

FOLLOWER, TEAM, OTHERS = "4711005", "31", "41"
PIN, ABROAD = (51.5, 7.05), (50.0, 8.0)
PLACES = TableLocator(
    {
        "Karnaper Str. 1": resolved(
            "Karnap", label="Karnaper Str. 1", point=(51.46, 7.08), street="Karnaper Straße"
        ),
        "Lange Straße": ambiguous(("Karnap", "Altendorf"), label="Lange Straße", street="Lange Straße"),
        "Karnaper Strase": Located(status=PlaceStatus.UNKNOWN, suggestions=("Karnaper Str. 1",)),
        "Bottrop": Located(status=PlaceStatus.OUTSIDE, neighbour="Bottrop"),
        "Kettwig": resolved("Kettwig"),
        "Karnap": resolved("Karnap"),
    },
    pins={PIN: ambiguous(("Katernberg", "Bochold"), point=PIN)},
)


@pytest.fixture
def storage(house: House) -> MemoryStorage:
    storage = MemoryStorage(zone=house.city.zone, clock=house.clock)
    storage.kept.chats += [("katernberg", TEAM), ("karnap", OTHERS)]
    return storage


@pytest.fixture
def chat(house: House, storage: MemoryStorage, tmp_path) -> Chat:
    in_memory = replace(
        house,
        storage=storage,  # type: ignore[arg-type]
        conversations=MemoryConversations(),
        reader=replace(house.reader, locator=PLACES),
        own_tickets=OwnTickets(storage=storage, city=house.city),
        changing=replace(house.changing, storage=storage, locator=PLACES),
        feedback=replace(house.feedback, storage=storage),
    )
    return Chat(in_memory, PhotoFolder(folder=tmp_path / "photos"), storage)


@pytest.fixture
def number(chat: Chat, storage: MemoryStorage) -> str:
    """The number of an accepted ticket in Katernberg."""
    found = opened(storage, Status.ACCEPTED)
    known = chat.ticket(found)
    place = replace(known.report.place, district="Katernberg")
    changed = replace(known.report, place=place, area="katernberg", category="bulky_waste")
    storage.kept.tickets[found] = replace(known, report=changed)
    return found


def done(storage: MemoryStorage, number: str, status: Status = Status.DONE) -> None:
    storage.kept.tickets[number] = replace(storage.kept.tickets[number], status=status)


def said(answer: Answer | None) -> str:
    assert answer is not None
    (notice,) = answer.notices
    return str(notice.content["text"])


def ways(answer: Answer | None) -> dict[str, str]:
    """The buttons of the only message: its label (or its key) -> data."""
    assert answer is not None
    content = answer.notices[0].content
    return dict((*content.get("buttons", ()), *content.get("button_keys", ())))


def pin(latitude: float, longitude: float) -> dict[str, Any]:
    return {"location": {"latitude": latitude, "longitude": longitude}}


async def test_the_topic_is_changed_by_buttons(chat: Chat, number: str) -> None:
    """What, which kind, which category: each press leads on, each data fits Telegram's limit."""
    what = await chat.press(f"r:{number}:change")
    assert list(ways(what)) == ["resident_topic", "resident_place", "resident_leave"]
    kinds = await chat.press(ways(what)["resident_topic"])
    category = await chat.press(next(data for data in ways(kinds).values() if "kind:noise" in data))
    assert all(len(data.encode()) <= 64 for data in (*ways(kinds).values(), *ways(category).values()))
    chosen = next(data for data in ways(category).values() if ":category:" in data)
    assert await chat.press(chosen) == Answer(notices=[])
    assert chat.ticket(number).report.kind == "noise"
    assert f"category:{chat.ticket(number).report.category}" in chosen
    assert chat.told(RESIDENT) == ["resident.changed_topic"]


async def test_a_conflict_only_gets_another_topic_of_its_kind(chat: Chat, storage, number: str) -> None:
    """Which kind it is is not asked."""
    known = chat.ticket(number)
    storage.kept.tickets[number] = replace(known, report=replace(known.report, kind="conflict"))
    offered = await chat.press(f"r:{number}:topic")
    assert all(":category:" in data for label, data in ways(offered).items() if label != "resident_leave")


async def test_a_place_in_words_moves_the_ticket(chat: Chat, number: str) -> None:
    """After the button the next words are the place; both teams and the resident hear of it."""
    prompt = await chat.press(f"r:{number}:place")
    assert "Hauptstr. 1" in said(prompt)
    assert await chat.send(text("Karnaper Str. 1")) == Answer(notices=[])
    ticket = chat.ticket(number)
    assert (ticket.status, ticket.report.area, ticket.report.place.district) == (
        Status.HANDED_OVER,
        "karnap",
        "Karnap",
    )
    assert chat.told(RESIDENT) == ["resident.ticket_rerouted"]
    assert await chat.send(text("Hier liegt Müll")) is None


async def test_the_same_update_moves_it_once(chat: Chat, number: str) -> None:
    """Repeated after a crash it says and does nothing more, and never becomes a report."""
    await chat.press(f"r:{number}:place")
    await chat.send(text("Karnaper Str. 1"))
    after, notices = chat.ticket(number), len(chat.storage.notices)
    assert await chat.send(text("Karnaper Str. 1"), again=True) == Answer(notices=[])
    assert (chat.ticket(number), len(chat.storage.notices)) == (after, notices)


@pytest.mark.parametrize(
    ("content", "asks", "press", "district"),
    [
        (text("Lange Straße"), "Stadtteil", "Altendorf", "Altendorf"),
        (pin(*PIN), "Stadtteil", "Bochold", "Bochold"),
        (text("Karnaper Strase"), "Karnaper Strase", "Karnaper Str. 1", "Karnap"),
    ],
)
async def test_an_unclear_place_is_settled_by_a_button(
    chat: Chat, number: str, content, asks: str, press: str, district: str
) -> None:
    """Several districts, a pin without place data, a misspelt street: buttons stand under the question."""
    await chat.press(f"r:{number}:place")
    asked = await chat.send(content)
    assert asks in said(asked)
    assert all(len(data.encode()) <= 64 for data in ways(asked).values())
    assert await chat.press(ways(asked)[press]) == Answer(notices=[])
    assert chat.ticket(number).report.place.district == district
    again = await chat.press(ways(asked)[press])
    assert chat.ticket(number).report.place.district == district
    assert again == Answer(notices=[]) or again.toast


async def test_a_typed_district_settles_it_too(chat: Chat, number: str) -> None:
    """Words instead of the button."""
    await chat.press(f"r:{number}:place")
    await chat.send(text("Lange Straße"))
    await chat.send(text("Karnap"))
    assert chat.ticket(number).report.place.district == "Karnap"


@pytest.mark.parametrize(
    ("content", "has"),
    [
        (text("Gibtsnichtweg"), "nicht gefunden"),
        (text("Bottrop"), "Bottrop"),
        (pin(*ABROAD), "außerhalb"),
        (text("Kettwig"), "Kettwig"),
    ],
)
async def test_where_nobody_would_get_it_it_stays(chat: Chat, number: str, content, has: str) -> None:
    """Unknown, next door, outside, without caretakers: it says so, the ticket stays, another place may follow."""
    known = chat.ticket(number)
    await chat.press(f"r:{number}:place")
    asked = await chat.send(content)
    assert has in said(asked)
    assert "resident_leave" in ways(asked)
    assert not any("stop" in data for data in ways(asked).values())
    assert chat.ticket(number) == known
    await chat.send(text("Karnaper Str. 1"))
    assert chat.ticket(number).report.area == "karnap"


async def test_the_same_place_changes_nothing(chat: Chat, number: str) -> None:
    """It says so kindly, and waits no longer."""
    await chat.press(f"r:{number}:place")
    await chat.send(text("Karnaper Str. 1"))
    known = chat.ticket(number)
    await chat.press(f"r:{number}:place")
    assert "nichts geändert" in said(await chat.send(text("Karnaper Str. 1")))
    assert chat.ticket(number) == known
    assert await chat.send(text("Hier liegt Müll")) is None


@pytest.mark.parametrize("end", [text("doch nicht"), text("Abbrechen"), command("/start")])
async def test_second_thoughts_leave_the_place(chat: Chat, number: str, end) -> None:
    """Nothing is changed, and what is written next is the dialogue's."""
    known = chat.ticket(number)
    await chat.press(f"r:{number}:place")
    await chat.send(end)
    assert await chat.send(text("Karnaper Str. 1")) is None
    assert chat.ticket(number) == known


@pytest.mark.parametrize("deed", ["change", "topic"])
async def test_changing_something_else_leaves_the_place(chat: Chat, number: str, deed: str) -> None:
    """Whoever goes on to the topic writes no place any more."""
    await chat.press(f"r:{number}:place")
    await chat.press(f"r:{number}:{deed}")
    assert await chat.send(text("Karnaper Str. 1")) is None


async def test_an_emergency_is_never_a_place(chat: Chat, number: str) -> None:
    """It goes to the dialogue; the place is still waited for."""
    await chat.press(f"r:{number}:place")
    assert await chat.send(text("Karnaper Str. 1 es brennt")) is None
    assert await chat.send(text("Karnaper Str. 1"))
    assert chat.ticket(number).report.area == "karnap"


async def test_a_photo_is_no_place(chat: Chat, number: str) -> None:
    """One sentence says so, nothing is fetched or stored, the place is still waited for."""
    await chat.press(f"r:{number}:place")
    assert number in said(await chat.send(photo(), photo("p2", caption="hier")))
    assert chat.bot.fetched == 0
    await chat.send(text("Karnaper Str. 1"))
    assert chat.ticket(number).report.area == "karnap"


async def test_half_an_hour_later_words_are_no_place(chat: Chat, storage, number: str) -> None:
    """They are the dialogue's, and the buttons of the question no longer count."""
    await chat.press(f"r:{number}:place")
    asked = await chat.send(text("Lange Straße"))
    storage.clock.now += ANSWER_AWAITED + timedelta(seconds=1)
    assert (await chat.press(ways(asked)["Karnap"])).toast
    assert await chat.send(text("Karnaper Str. 1")) is None


@pytest.mark.parametrize(
    "data",
    ["where:Karnap", "where:", "kind:unicorn", "kind:", "category:unicorn", "category", "change:x", "good:1"],
)
async def test_a_forged_button_does_nothing(chat: Chat, number: str, data: str) -> None:
    """A toast, no effect; also while a place is waited for."""
    known = chat.ticket(number)
    for waiting in (False, True):
        if waiting:
            await chat.press(f"r:{number}:place")
        answer = await chat.press(f"r:{number}:{data}")
        assert answer.toast
        assert not answer.notices
    assert chat.ticket(number) == known


async def test_only_who_reported_it_changes_it(chat: Chat, storage, number: str) -> None:
    """A follower's forged or old button gets one sentence."""
    with storage.work() as work:
        work.tickets.follow(number, [FOLLOWER], at=NOW)
    for data in ("change", "topic", "place", "kind:noise", "category:loud_music"):
        answer = await chat.press(f"r:{number}:{data}", chat=FOLLOWER)
        assert "wer es gemeldet hat" in (answer.toast or "")
    assert chat.ticket(number).report.category == "bulky_waste"


async def test_one_of_several_leaves_and_the_last_withdraws(chat: Chat, storage, number: str) -> None:
    """The question says what happens; an old "no longer with it" never withdraws a ticket unasked."""
    with storage.work() as work:
        work.tickets.follow(number, [FOLLOWER], at=NOW)
    asked = await chat.press(f"r:{number}:quit")
    assert list(ways(asked)) == ["resident_really_quit", "resident_stay"]
    await chat.press(ways(asked)["resident_really_quit"], chat=FOLLOWER)
    assert chat.told(FOLLOWER) == ["resident.left_to_others"]
    late = await chat.press(ways(asked)["resident_really_quit"])
    assert list(ways(late)) == ["resident_really_withdraw", "resident_keep"]
    assert chat.ticket(number).status is Status.ACCEPTED
    await chat.press(ways(late)["resident_really_withdraw"])
    assert chat.ticket(number).status is Status.WITHDRAWN


async def test_a_thumb_and_a_word(chat: Chat, storage, number: str) -> None:
    """The thumb is stored at once, the next words with it; what follows is the dialogue's again."""
    done(storage, number)
    assert await chat.press(f"r:{number}:bad") == Answer(notices=[])
    assert chat.told(RESIDENT) == ["resident.feedback_thanks"]
    assert "neue Meldung" in said(await chat.send(text("Es hat lange gedauert.")))
    (row,) = storage.kept.feedback
    assert (row.good, row.words) == (False, "Es hat lange gedauert.")
    assert await chat.send(text("Hier liegt Müll")) is None


async def test_a_word_that_comes_again_is_the_same_word(chat: Chat, storage, number: str) -> None:
    """An update repeated after a crash says the same under the same key."""
    done(storage, number)
    await chat.press(f"r:{number}:good")
    first = await chat.send(text("Danke"))
    assert await chat.send(text("Danke"), again=True) == first
    assert [row.words for row in storage.kept.feedback] == ["Danke"]


async def test_the_other_thumb_comes_too_late(chat: Chat, storage, number: str) -> None:
    """A toast says that it was counted."""
    done(storage, number, Status.CONFIRMED)
    await chat.press(f"r:{number}:good")
    for deed in ("bad", "good"):
        assert (await chat.press(f"r:{number}:{deed}")).toast
    assert [row.good for row in storage.kept.feedback] == [True]


@pytest.mark.parametrize(
    "content", [photo(), pin(*PIN), text("es brennt"), {"dice": {"emoji": "🎲", "value": 4}}]
)
async def test_what_is_no_word_is_the_dialogues(chat: Chat, storage, number: str, content) -> None:
    """A photo or a pin begins something new, an emergency names the numbers: no word is stored."""
    done(storage, number)
    await chat.press(f"r:{number}:good")
    assert await chat.send(content) is None
    assert storage.kept.feedback[0].words is None


async def test_no_word_is_fine(chat: Chat, storage, number: str) -> None:
    """After "Nein, danke" what is written is the dialogue's."""
    done(storage, number)
    await chat.press(f"r:{number}:good")
    assert (await chat.press(f"r:{number}:enough")).toast
    assert await chat.send(text("Hier liegt Müll")) is None
