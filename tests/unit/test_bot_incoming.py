"""What updates and buttons mean, and that every button of the product fits into Telegram's 64 bytes."""

import json
from typing import Any

import pytest
import yaml
from telegram import Message, Update

from actions.desk_action import buttons_of
from actions.doubt import OFFERS
from bot.cards import card_buttons
from bot.incoming import (
    BUTTON_INTENTS,
    COMMANDS,
    Part,
    button_part,
    command_in,
    edited_part,
    photos_parts,
    simple_part,
)
from bot.profile import COMMANDS as SHOWN
from desk.choosing import CHOICES
from desk.drafts import Draft
from desk.questions import FIXED_CHOICES, Choice
from desk.tickets import Actor, Entry, Status, Ticket, ticket_number
from storage.categories import load_categories
from storage.city_files import known_cities, load_city
from storage.settings import Settings
from storage.texts import FOLDER, Texts
from storage.wiring import build
from storage.wording import Wording
from tests.builders import NOW, message_update, report, small_categories, small_city

MOST_BYTES = 64  # Bot API, InlineKeyboardButton.callback_data
STALE = Part(intent="choose", entities={"id": "", "value": ""})


def message(**content: Any) -> Message:
    """A message as it comes in."""
    update = Update.de_json(message_update(1, **content), None)
    assert update.message is not None
    return update.message


def values_of_the_product() -> list[str]:
    """Every value a button of a question can have: kinds, categories, districts of all cities, fixed choices."""
    categories = load_categories()
    values = [kind.id for kind in categories.kinds]
    values += [category.id for kind in categories.kinds for category in kind.categories]
    values += [name for city in known_cities() for name in load_city(city).district_names]
    values += [value for fixed in FIXED_CHOICES.values() for value in fixed]
    return [*values, *(value for _, value in CHOICES if value != "*")]


def menu_payloads() -> list[str]:
    """The buttons written in domain.yml."""
    domain = yaml.safe_load((FOLDER.parent / "domain.yml").read_text(encoding="utf-8"))
    variants = [one for response in domain["responses"].values() for one in response]
    return sorted({button["payload"] for one in variants for button in one.get("buttons", ())})


@pytest.fixture(scope="module")
def draft_id(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An id as the product makes it."""
    folder = tmp_path_factory.mktemp("house")
    house = build(Settings(database_url=f"sqlite:///{folder}/x.sqlite3", state_dir=folder))
    house.storage.engine.dispose()
    return house.new_draft_id()


@pytest.mark.parametrize("value", sorted(set(values_of_the_product())))
def test_every_choice_fits_and_comes_back(value: str, draft_id: str) -> None:
    """A question's button is at most 64 bytes long and says on its return exactly what it meant."""
    (button,) = buttons_of([Choice(value=value, label="x")], Draft(id=draft_id))
    assert len(button["payload"].encode()) <= MOST_BYTES
    assert button_part(button["payload"]) == Part(intent="choose", entities={"id": draft_id, "value": value})


@pytest.mark.parametrize(
    "payload", [*menu_payloads(), *(said for _, said in OFFERS.values()), "/something_else"]
)
def test_every_menu_button_fits_and_is_known(payload: str) -> None:
    """The buttons of domain.yml and of a doubt fit, and none of them is taken for a forged one."""
    assert len(payload.encode()) <= MOST_BYTES
    part = button_part(payload)
    assert part != STALE
    kind = part.entities.get("kind")
    assert kind is None or load_categories().kind(kind)


def test_the_buttons_of_a_card_fit() -> None:
    """Even the millionth ticket of a year has buttons Telegram takes."""
    number = ticket_number(2026, 1_000_000)
    ticket = Ticket(
        number=number,
        created_at=NOW,
        status=Status.NEW,
        report=report(),
        history=(Entry(at=NOW, what="new", actor=Actor.RESIDENT),),
    )
    wording = Wording(texts=Texts.load(), city=small_city(), categories=small_categories())
    markup = card_buttons(ticket, wording)
    assert markup is not None
    data = [button.callback_data for row in markup.inline_keyboard for button in row]
    assert data
    assert max(len(str(one).encode()) for one in data) <= MOST_BYTES


@pytest.mark.parametrize(
    "data",
    [
        "",
        "choose",
        "/choose",
        "/choose{}",
        '/choose{"id":"d"}',
        '/choose{"id":"d","value":"send","kind":"dirt"}',
        '/choose{"id":"d","value":"send"',
        '/choose["id","value"]',
        '/begin_report{"text":"x"}',
        '/give_location{"point":{"latitude":0,"longitude":0}}',
        '/give_photos{"photos":[]}',
        '/edit_words{"text":"x","message":1}',
        "/command_cancel",
        "/restart",
        "/session_start",
        "/report_dirt",
        "t:QH-2026-00001:accept",
        '/ask_office_hours{"x":1}',
        "{" * 60,
        "\x00",
        "🗑",
    ],
)
def test_forged_buttons_are_old_buttons(data: str) -> None:
    """Whatever did not come from a button of ours becomes a choice no question has."""
    assert button_part(data) == STALE


@pytest.mark.parametrize("value", [None, True, 7, ["x"], {"a": 1}])
def test_values_of_a_forged_button_are_plain_text(value: object) -> None:
    """Nothing but text gets from a button into the dialogue."""
    part = button_part(f"/choose{json.dumps({'id': 'd', 'value': value})}")
    assert part.entities == {"id": "d", "value": str(value)}


def test_buttons_may_say_only_what_the_domain_knows() -> None:
    """Every intent a button may have is one of the domain."""
    domain = yaml.safe_load((FOLDER.parent / "domain.yml").read_text(encoding="utf-8"))
    assert {*BUTTON_INTENTS, *COMMANDS.values()} <= set(domain["intents"])


def test_every_command_shown_has_an_effect_and_a_text() -> None:
    """What Telegram offers behind "/" is understood and explained."""
    assert set(SHOWN) <= set(COMMANDS)
    assert all(Texts.load().get(f"bot.command_{name}") for name in SHOWN)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/start", ("start", "")),
        ("/start abc-DEF_1", ("start", "abc-DEF_1")),
        ("/hilfe@kasten_bot", ("hilfe", "")),
        ("/abbrechen bitte\nsofort", ("abbrechen", "bitte\nsofort")),
        ("/restart", ("restart", "")),
        ('/report_dirt{"a":1}', None),
        ("/", None),
        ("Hallo /start", None),
        ("", None),
    ],
)
def test_commands_and_their_arguments(text: str, command: tuple[str, str] | None) -> None:
    """Commands are recognised with bot name and argument; words that only contain a slash are none."""
    assert command_in(message(text=text)) == command


@pytest.mark.parametrize("text", ["/restart", '/report_dirt{"a":1}', "/back", "/command_cancel", "/choose"])
def test_an_unknown_command_is_words(text: str) -> None:
    """Nobody reaches an intent by typing its name."""
    assert simple_part(message(text=text)) == Part(text=text, entities={"message": 1001})


@pytest.mark.parametrize("name", COMMANDS)
def test_known_commands_become_their_intent(name: str) -> None:
    """Each command is one structured turn without any text."""
    assert simple_part(message(text=f"/{name}")) == Part(intent=COMMANDS[name])


POINT = {"latitude": 51.5, "longitude": 7.0}
FILE = {"file_id": "f", "file_unique_id": "u"}


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ({"location": POINT}, Part(intent="give_location", entities={"point": POINT})),
        (
            {"venue": {"location": POINT, "title": "Markt", "address": "Weg 1"}, "location": POINT},
            Part(intent="give_location", entities={"point": {**POINT, "label": "Markt, Weg 1"}}),
        ),
        ({"voice": {**FILE, "duration": 1}}, Part(intent="give_unsupported", entities={"what": "voice"})),
        (
            {"contact": {"phone_number": "1", "first_name": "x"}},
            Part(intent="give_unsupported", entities={"what": "contact"}),
        ),
        ({"dice": {"emoji": "🎲", "value": 3}}, Part(intent="give_unsupported", entities={"what": "dice"})),
        (
            {
                "animation": {**FILE, "width": 1, "height": 1, "duration": 1},
                "document": FILE,
            },
            Part(intent="give_unsupported", entities={"what": "animation"}),
        ),
        ({"new_chat_title": "x"}, Part(intent="give_unsupported", entities={"what": "unknown"})),
    ],
)
def test_contents_of_messages(content: dict[str, Any], part: Part) -> None:
    """Pins, venues and everything that can't be read; a venue is no bare pin, an animation no document."""
    assert simple_part(message(**content)) == part


def test_everything_unreadable_has_a_sentence() -> None:
    """For each kind of content that can't be read there is a text of its own."""
    from bot.incoming import SIMPLE_CONTENTS

    known = Texts.load().section("unsupported")
    readable = {"text", "venue", "location"}
    assert {name for name, _ in SIMPLE_CONTENTS} - readable <= set(known)
    assert {"document", "too_big", "broken_image", "unknown"} <= set(known)


def test_an_edit_brings_its_new_words() -> None:
    """Edited text and edited captions count; a live location moving on does not."""
    for field in ("text", "caption"):
        part = edited_part(message(**{field: "neu"}))
        assert part == Part(intent="edit_words", entities={"text": "neu", "message": 1001})
    assert edited_part(message(location=POINT)) is None


def test_only_the_last_part_of_an_album_is_answered() -> None:
    """All but the last part say that more follows; captions keep their message."""
    parts = photos_parts([{"file_id": "a"}, {"file_id": "b"}], [("eins", 1), ("zwei", 2)])
    assert [part.entities.get("more") for part in parts] == [True, True, None]
    assert [(part.text, part.entities.get("message")) for part in parts[1:]] == [("eins", 1), ("zwei", 2)]
    assert photos_parts([{"file_id": "a"}], [])[0].entities == {"photos": [{"file_id": "a"}]}
