"""What a Telegram update means for a resident's conversation: a table from the Bot API's fields to turns."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from telegram import Message

# Buttons may only say these; anything else in callback data is forged and counts as an old button.
BUTTON_INTENTS = {
    "begin_report": {"kind"},
    "choose": {"id", "value"},
    "resume_report": set(),
    "ask_office_hours": set(),
    "ask_question": set(),
    "deny": set(),
    "emergency": set(),
    "human": set(),
    "report_other_defect": set(),
    "something_else": set(),
    "command_reports": set(),
}
# What a button may leave out.
OPTIONAL_ENTITIES = {"ask_office_hours": {"office"}, "command_reports": {"value"}}
COMMANDS = {
    "start": "command_start",
    "hilfe": "command_help",
    "help": "command_help",
    "meldungen": "command_reports",
    "abbrechen": "command_cancel",
    "datenschutz": "command_privacy",
}
# Commands that work without their slash too. In an emergency the help's numbers are the right answer as well.
COMMAND_WORDS = {"start", "hilfe", "help", "meldungen", "datenschutz"}
# A choice no question has.
NO_CHOICE = {"id": "", "value": ""}
_COMMAND = re.compile(r"/([a-z]+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_BUTTON = re.compile(r"/([a-z_]+)(\{.*\})?", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One turn to take: structured input (`intent`), or words (`text`), with what comes along."""

    intent: str | None = None
    text: str | None = None
    entities: dict[str, Any] = field(default_factory=dict)


def command_in(message: Message) -> tuple[str, str] | None:
    """Return a known or unknown command and its argument; None when the message is no command."""
    match = _COMMAND.fullmatch(message.text or "")
    return (match[1], (match[2] or "").strip()) if match else None


def button_part(data: str) -> Part:
    """Return what a pressed button says; forged or foreign data becomes a choice no question has."""
    match = _BUTTON.fullmatch(data)
    allowed = BUTTON_INTENTS.get(match[1]) if match else None
    try:
        entities = json.loads(match[2] or "{}") if match else {}
    except ValueError:
        allowed = None
    if match is None or allowed is None or not _fits(match[1], set(entities)):
        return Part(intent="choose", entities=dict(NO_CHOICE))
    return Part(intent=match[1], entities={name: str(value) for name, value in entities.items()})


def is_forged(data: str) -> bool:
    """Tell whether no button of the dialogue can carry this."""
    return button_part(data).entities == NO_CHOICE


def _fits(intent: str, entities: set[str]) -> bool:
    needed = BUTTON_INTENTS[intent]
    return needed <= entities <= needed | OPTIONAL_ENTITIES.get(intent, set())


def text_part(message: Message) -> Part:
    """Return a command, or the words of a message; an unknown command is words like any other."""
    command = command_in(message)
    word = command[0] if command else (message.text or "").strip().casefold()
    if word in (COMMANDS if command else COMMAND_WORDS):
        return Part(intent=COMMANDS[word])
    return Part(text=message.text, entities={"message": message.message_id})


def edited_part(message: Message) -> Part | None:
    """Return the new words of an edited message; None when it has none (a live location moving on)."""
    text = message.text or message.caption
    return Part(intent="edit_words", entities={"text": text, "message": message.message_id}) if text else None


def location_part(message: Message) -> Part:
    """Return a pin; a venue's pin comes with the venue's name."""
    venue, location = message.venue, message.location
    spot = venue.location if venue else location
    if spot is None:
        return unsupported_part("unknown")
    point: dict[str, Any] = {"latitude": spot.latitude, "longitude": spot.longitude}
    if venue:
        point["label"] = ", ".join(filter(None, (venue.title, venue.address)))
    return Part(intent="give_location", entities={"point": point})


def unsupported_part(what: str) -> Part:
    """Return that something came which can't be read."""
    return Part(intent="give_unsupported", entities={"what": what})


def photos_parts(photos: list[dict[str, str]], captions: list[tuple[str, int]]) -> list[Part]:
    """Return photos and then the words under them; only the last part is answered."""
    given: dict[str, Any] = {"photos": photos}
    if captions:
        given["more"] = True
    words = [
        Part(
            text=text, entities={"message": message, **({"more": True} if index < len(captions) - 1 else {})}
        )
        for index, (text, message) in enumerate(captions)
    ]
    return [Part(intent="give_photos", entities=given), *words]


# The field that says what a message is, in the order they are looked at: a venue also has a location,
# an animation also a document.
SIMPLE_CONTENTS: tuple[tuple[str, Callable[[Message], Part]], ...] = (
    ("text", text_part),
    ("venue", location_part),
    ("location", location_part),
    *(
        (what, lambda _message, what=what: unsupported_part(what))  # type: ignore[misc]
        for what in (
            "animation", "voice", "audio", "video", "video_note", "sticker", "contact", "poll", "dice",
            "story",
        )
    ),
)  # fmt: skip


def simple_part(message: Message) -> Part:
    """Return the turn of a message without photos or files."""
    for name, reader in SIMPLE_CONTENTS:
        if getattr(message, name, None) is not None:
            return reader(message)
    return unsupported_part("unknown")
