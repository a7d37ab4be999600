from typing import Any

from simulator.chats import Chat, Message
from simulator.errors import bad_request
from simulator.markup import read_markup
from simulator.requests import Call
from simulator.sending import post, target, words

Json = dict[str, Any]

MEDIA = ("photo", "document", "video", "voice", "audio", "animation")
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip


async def send_message(call: Call) -> Json:
    """Text, with entities and keyboard."""
    chat = target(call)
    content = words(call)
    if not content:
        raise bad_request("message text is empty")
    return post(call, chat, [content], markup=call.json("reply_markup"))[0].body


async def send_location(call: Call) -> Json:
    """A point on the map."""
    chat = target(call)
    content = {"location": _point(call)}
    return post(call, chat, [content], markup=call.json("reply_markup"))[0].body


async def send_venue(call: Call) -> Json:
    """A point with a name and an address."""
    chat = target(call)
    point = _point(call)
    for name in ("title", "address"):
        if not call.text(name):
            raise bad_request(f"venue {name} must be non-empty")
    venue = {"location": point, "title": call.text("title"), "address": call.text("address")}
    return post(call, chat, [{"venue": venue, "location": point}], markup=call.json("reply_markup"))[0].body


def _point(call: Call) -> Json:
    latitude, longitude = call.number("latitude"), call.number("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004 -- degrees
        raise bad_request("wrong location coordinates specified")
    return {"latitude": latitude, "longitude": longitude}


async def send_chat_action(call: Call) -> bool:
    """The "typing" hint."""
    chat = target(call)
    if call.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.publish({"type": "typing", "action": call.text("action")})
    return True


def _own(call: Call) -> tuple[Chat, Message]:
    chat = target(call)
    message = chat.messages.get(call.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.bot_id != call.bot.id:
        raise bad_request("message can't be edited")
    return chat, message


def _change(call: Call, chat: Chat, message: Message, content: Json, replaced: tuple[str, ...]) -> Json:
    inline, _ = read_markup(call.json("reply_markup"), call.world.limits)
    kept = {key: value for key, value in message.body.items() if key not in (*replaced, "reply_markup")}
    changed = kept | content | ({"reply_markup": inline} if inline else {})
    if changed == message.body:
        raise bad_request(SAME)
    call.world.gate.take(call.bot.id, 0, cost=1, now=call.world.ticks())
    if content or replaced:
        changed["edit_date"] = call.world.now()
    message.body = changed
    chat.changed(message)
    return changed


async def edit_message_text(call: Call) -> Json:
    """New text; a keyboard not given again goes away."""
    chat, message = _own(call)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    content = words(call)
    if not content:
        raise bad_request("message text is empty")
    return _change(call, chat, message, content, ("text", "entities"))


async def edit_message_caption(call: Call) -> Json:
    """New caption under a photo or document."""
    chat, message = _own(call)
    if not any(kind in message.body for kind in MEDIA):
        raise bad_request("there is no caption in the message to edit")
    return _change(call, chat, message, words(call, name="caption"), ("caption", "caption_entities"))


async def edit_message_reply_markup(call: Call) -> Json:
    """New inline keyboard, or none."""
    chat, message = _own(call)
    return _change(call, chat, message, {}, ())


async def delete_message(call: Call) -> bool:
    """Take a message away for everybody."""
    chat = target(call)
    message = chat.messages.get(call.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if message.bot_id != call.bot.id and not chat.private and chat.members[call.bot.id] != "administrator":
        raise bad_request("message can't be deleted")
    chat.remove(message.id)
    return True


async def answer_callback_query(call: Call) -> bool:
    """The short notice shown after a button was pressed."""
    world, text = call.world, call.text("text")
    query = call.bot.queries.get(call.text("callback_query_id"))
    if query is None or world.ticks() - query.pressed_at > world.limits.query_seconds:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(text) > world.limits.toast_length:
        raise bad_request("MESSAGE_TOO_LONG")
    query.chat.toast({"user_id": query.user_id, "text": text, "alert": call.flag("show_alert")})
    return True


METHODS = {
    "sendmessage": send_message,
    "sendlocation": send_location,
    "sendvenue": send_venue,
    "sendchataction": send_chat_action,
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_callback_query,
}
