"""What all sending and editing methods share: the target, the words, the keyboard, the limits."""

from typing import Any

from simulator.chats import Chat, Message
from simulator.entities import parse
from simulator.errors import bad_request
from simulator.markup import read_markup
from simulator.requests import Call
from simulator.wording import clean, found_entities, units

Json = dict[str, Any]


def target(call: Call) -> Chat:
    """The chat a request names; 400 or 403 when this bot can't write there."""
    given = call.text("chat_id")
    if not given:
        raise bad_request("chat_id is empty")
    try:
        return call.world.chat_for(call.bot, int(given))
    except ValueError as error:
        raise bad_request("chat not found") from error


def words(call: Call, source: Json | None = None, *, name: str = "text") -> Json:
    """Read text or caption with its entities from the request (or an album item); checks the lengths."""
    given = Call(call.world, call.bot, source) if source is not None else call
    key = "entities" if name == "text" else "caption_entities"
    marked = given.json(key)
    text, parsed = parse(given.text(name), given.text("parse_mode"))
    text = clean(text)
    entities = marked or parsed or [one for one in found_entities(text) if one["type"] != "mention"]
    longest = call.world.limits.text_length if name == "text" else call.world.limits.caption_length
    if units(text) > longest:
        raise bad_request("message is too long" if name == "text" else "message caption is too long")
    if not text:
        return {}
    return {name: text} | ({key: entities} if entities else {})


def post(call: Call, chat: Chat, contents: list[Json], *, markup: Any = None) -> list[Message]:
    """Put the bot's messages into the chat, all or none; 429 when that is too many."""
    inline, reply = read_markup(markup, call.world.limits)
    replied = _replied_to(call, chat)
    call.world.gate.take(call.bot.id, chat.id, cost=len(contents), now=call.world.ticks())
    common = {"from": call.bot.user, "date": call.world.now()} | replied
    if inline:
        common["reply_markup"] = inline
    silent = call.flag("disable_notification")
    sent = [chat.add(common | content, bot_id=call.bot.id, silent=silent) for content in contents]
    if reply:
        chat.show_keyboard(None if "remove_keyboard" in reply else reply)
    return sent


def _replied_to(call: Call, chat: Chat) -> Json:
    parameters = call.json("reply_parameters") or {}
    number = int(parameters.get("message_id", 0)) or call.integer("reply_to_message_id")
    if not number:
        return {}
    if message := chat.messages.get(number):
        return {
            "reply_to_message": {
                key: value for key, value in message.body.items() if key != "reply_to_message"
            }
        }
    if parameters.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")
