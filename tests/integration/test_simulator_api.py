"""Every method, limit and error of the Bot API server, asked by python-telegram-bot itself."""

import io

import pytest
import telegram
from PIL import Image
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
)

from simulator.samples import draw
from simulator.server import Simulator
from tests.simulators import updates


def one_button(data: str = "send", label: str = "✅ Absenden") -> InlineKeyboardMarkup:
    """A keyboard with a single button."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data)]])


async def test_text_travels_both_ways(simulator: Simulator, bot: telegram.Bot) -> None:
    """A person's message becomes an update with command entity, the answer reaches the person."""
    person = simulator.resident("Mira")
    person.start("abc")
    (update,) = await updates(bot)
    assert update.message.text == "/start abc"
    assert [entity.type for entity in update.message.entities] == ["bot_command"]
    await bot.send_message(person.chat_id, "Guten Tag", reply_markup=one_button())
    answer = await person.next_message()
    assert (answer.text, answer.buttons) == ("Guten Tag", ["✅ Absenden"])


async def test_every_kind_of_message_is_understood_by_the_library(
    simulator: Simulator, bot: telegram.Bot
) -> None:
    """Photo, album, file, points, edits and the odd kinds parse as what they are."""
    person = simulator.resident()
    person.photo(draw("bin"), caption="voll")
    person.album([draw("bin"), draw("glass")], caption="zwei")
    person.document(b"%PDF-1.4", name="brief.pdf")
    person.location(51.5, 7.04)
    person.venue(51.5, 7.04, title="Markt", address="Am Markt 1")
    live = person.live_location(51.5, 7.04)
    person.move(live.message_id, 51.6, 7.05)
    text = person.text("Hier lieg Müll")
    person.edit(text.message_id, "Hier liegt Müll")
    for kind in ("voice", "video", "sticker", "contact", "poll", "dice"):
        person.other(kind)
    found = await updates(bot)
    photo, first, second, document, point, venue, sharing, moved, _, edited, *others = found
    assert len(photo.message.photo) == 4
    assert photo.message.caption == "voll"
    assert first.message.media_group_id == second.message.media_group_id is not None
    assert (first.message.caption, second.message.caption) == ("zwei", None)
    assert document.message.document.file_name == "brief.pdf"
    assert point.message.location.latitude == 51.5
    assert venue.message.venue.title == "Markt"
    assert sharing.message.location.live_period is not None
    assert moved.edited_message.location.latitude == 51.6
    assert edited.edited_message.text == "Hier liegt Müll"
    kinds = ("voice", "video", "sticker", "contact", "poll", "dice")
    assert [getattr(one.message, kind) is not None for kind, one in zip(kinds, others, strict=True)] == [
        True
    ] * 6
    numbers = [one.update_id for one in found]
    assert numbers == sorted(set(numbers))


async def test_buttons_and_notices(simulator: Simulator, bot: telegram.Bot) -> None:
    """A pressed button becomes a query; notice, edit and removal of the keyboard show on the phone."""
    person = simulator.resident()
    person.start()
    await bot.send_message(person.chat_id, "Senden?", reply_markup=one_button())
    person.press("absenden")
    query = (await updates(bot))[-1].callback_query
    assert query.data == "send"
    await query.answer("Gesendet")
    assert await person.wait_for_toast(text="gesendet")
    await query.edit_message_text("Danke")
    changed = await person.wait_for(text="Danke", edited=True)
    assert changed.buttons == []
    with pytest.raises(LookupError):
        person.press("absenden")
    person.press_data("forged", message_id=changed.id)
    assert (await updates(bot))[-1].callback_query.data == "forged"


async def test_old_and_unknown_queries(simulator: Simulator, bot: telegram.Bot) -> None:
    """An unknown query and a text too long get Telegram's errors."""
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("123")
    person = simulator.resident()
    person.start()
    await bot.send_message(person.chat_id, "?", reply_markup=one_button())
    person.press("send")
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await (await updates(bot))[-1].callback_query.answer("x" * 201)


async def test_reply_keyboard(simulator: Simulator, bot: telegram.Bot) -> None:
    """A reply button sends its text, a location button the location; the keyboard can be taken away."""
    person = simulator.resident()
    person.start()
    keyboard = ReplyKeyboardMarkup([["Ohne Foto"], [KeyboardButton("Standort", request_location=True)]])
    await bot.send_message(person.chat_id, "?", reply_markup=keyboard)
    assert person.keyboard == ["Ohne Foto", "Standort"]
    person.press("ohne")
    person.press("standort", where=(51.5, 7.0))
    _, text, point = await updates(bot)
    assert (text.message.text, point.message.location.longitude) == ("Ohne Foto", 7.0)
    await bot.send_message(person.chat_id, "Danke", reply_markup=ReplyKeyboardRemove())
    assert person.keyboard == []


async def test_files_go_round(simulator: Simulator, bot: telegram.Bot) -> None:
    """A photo can be fetched, sent on by id and as new bytes, alone, as file and as album."""
    person = simulator.resident()
    person.photo(draw("bin"))
    size = (await updates(bot))[0].message.photo[-1]
    data = bytes(await (await bot.get_file(size.file_id)).download_as_bytearray())
    assert Image.open(io.BytesIO(data)).size == (size.width, size.height)
    sent = await bot.send_photo(person.chat_id, size.file_id, caption="weiter")
    assert sent.photo[-1].file_unique_id == size.file_unique_id
    await bot.send_photo(person.chat_id, draw("glass"))
    document = await bot.send_document(person.chat_id, b"a;b", filename="liste.csv")
    assert document.document.file_name == "liste.csv"
    album = await bot.send_media_group(
        person.chat_id, [InputMediaPhoto(size.file_id), InputMediaPhoto(draw("bin"))]
    )
    assert len({one.media_group_id for one in album}) == 1
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type document as photo"):
        await bot.send_photo(person.chat_id, document.document.file_id)
    with pytest.raises(BadRequest, match=r"(?i)wrong file identifier"):
        await bot.send_photo(person.chat_id, "AgACnothing")
    with pytest.raises(BadRequest, match=r"(?i)invalid file_id"):
        await bot.get_file("AgACnothing")


async def test_file_limits(simulator: Simulator, bot: telegram.Bot) -> None:
    """More than 20 MB can't be fetched, more than 10 MB is no photo, nor are bytes that are no image."""
    person = simulator.resident()
    person.document(b"x", size=20 * 1024 * 1024 + 1)
    person.photo(b"no image at all")
    big, broken = await updates(bot)
    with pytest.raises(BadRequest, match=r"(?i)file is too big"):
        await bot.get_file(big.message.document.file_id)
    fetched = await (await bot.get_file(broken.message.photo[-1].file_id)).download_as_bytearray()
    assert bytes(fetched) == b"no image at all"
    with pytest.raises(BadRequest, match=r"(?i)too big for a photo"):
        await bot.send_photo(person.chat_id, draw("bin") + b"\0" * (10 * 1024 * 1024))
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(person.chat_id, b"no image at all")
    with pytest.raises(BadRequest, match=r"(?i)non-empty"):
        await bot.send_document(person.chat_id, b"", filename="leer.txt")
    strip = io.BytesIO()
    Image.new("RGB", (2100, 10)).save(strip, "PNG")
    with pytest.raises(BadRequest, match=r"(?i)photo_invalid_dimensions"):
        await bot.send_photo(person.chat_id, strip.getvalue())


async def test_text_limits_count_utf16_after_parsing(simulator: Simulator, bot: telegram.Bot) -> None:
    """4,096 and 1,024 code units fit, one more does not; marks don't count, an emoji counts two."""
    person = simulator.resident()
    person.start()
    await bot.send_message(person.chat_id, "x" * 4096)
    await bot.send_message(person.chat_id, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    for text in ("x" * 4097, "😀" * 2049):
        with pytest.raises(BadRequest, match=r"(?i)message is too long"):
            await bot.send_message(person.chat_id, text)
    with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
        await bot.send_photo(person.chat_id, draw("bin"), caption="x" * 1025)
    for empty in ("   ", "\n", "\x00"):
        with pytest.raises(BadRequest, match=r"(?i)message text is empty"):
            await bot.send_message(person.chat_id, empty)


async def test_albums_and_buttons_have_limits(simulator: Simulator, bot: telegram.Bot) -> None:
    """Albums have 2 to 10 parts of one sort, button data 1 to 64 bytes."""
    person = simulator.resident()
    person.start()
    photo = (await bot.send_photo(person.chat_id, draw("bin"))).photo[-1].file_id
    file = (await bot.send_document(person.chat_id, b"x", filename="x.txt")).document.file_id
    for media in ([photo], [photo] * 11):
        with pytest.raises(BadRequest, match="album"):
            await bot.send_media_group(person.chat_id, [InputMediaPhoto(one) for one in media])
    with pytest.raises(BadRequest, match=r"(?i)can't be mixed"):
        await bot.send_media_group(person.chat_id, [InputMediaPhoto(photo), InputMediaDocument(file)])
    await bot.send_message(person.chat_id, "passt", reply_markup=one_button("x" * 64))
    for data in ("x" * 65, "ü" * 33):
        with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
            await bot.send_message(person.chat_id, "?", reply_markup=one_button(data))
    with pytest.raises(BadRequest, match=r"(?i)text buttons are unallowed"):
        await bot.send_message(person.chat_id, "?", reply_markup=one_button(""))


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("<b>offen", "HTML", "Can't find end tag"),
        ("a < b", "HTML", "Unclosed start tag"),
        ("<foo>x</foo>", "HTML", 'Unsupported start tag "foo"'),
        ("<b><i>x</b></i>", "HTML", "Unmatched end tag"),
        ("x</b>", "HTML", "Unexpected end tag"),
        ("*offen", "MarkdownV2", "Can't find end of Bold"),
        ("Str. 5", "MarkdownV2", "Character '.' is reserved"),
        ("[a](b", "MarkdownV2", "Can't find end of a URL"),
    ],
)
async def test_broken_entities(
    simulator: Simulator, bot: telegram.Bot, text: str, mode: str, reason: str
) -> None:
    """Broken HTML and MarkdownV2 are refused with the server's reason."""
    person = simulator.resident()
    person.start()
    with pytest.raises(BadRequest) as caught:
        await bot.send_message(person.chat_id, text, parse_mode=mode)
    assert f"parse entities: {reason}".lower() in caught.value.message.lower()


async def test_marked_up_text(simulator: Simulator, bot: telegram.Bot) -> None:
    """Marks become entities with UTF-16 offsets."""
    person = simulator.resident()
    person.start()
    for text, mode in (("😀 <b>fett</b> &lt;", "HTML"), ("😀 *fett* \\<", "MarkdownV2")):
        sent = await bot.send_message(person.chat_id, text, parse_mode=mode)
        assert sent.text == "😀 fett <"
        assert [(one.type, one.offset, one.length) for one in sent.entities] == [("bold", 3, 4)]


async def test_editing_and_deleting(simulator: Simulator, bot: telegram.Bot) -> None:
    """Edits change what is there; what can't be edited says why."""
    person = simulator.resident()
    theirs = person.text("Hallo").message_id
    chat = person.chat_id
    sent = await bot.send_message(chat, "eins", reply_markup=one_button())
    photo = await bot.send_photo(chat, draw("bin"), caption="eins")
    await bot.edit_message_caption(chat, photo.message_id, caption="zwei")
    await bot.edit_message_reply_markup(chat, sent.message_id, reply_markup=one_button("other"))
    with pytest.raises(BadRequest, match=r"(?i)message is not modified: specified new"):
        await bot.edit_message_reply_markup(chat, sent.message_id, reply_markup=one_button("other"))
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_text("eins", chat, sent.message_id, reply_markup=one_button("other"))
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("x", chat, 999)
    with pytest.raises(BadRequest, match=r"(?i)can't be edited"):
        await bot.edit_message_text("x", chat, theirs)
    with pytest.raises(BadRequest, match=r"(?i)no text in the message"):
        await bot.edit_message_text("x", chat, photo.message_id)
    with pytest.raises(BadRequest, match=r"(?i)no caption in the message"):
        await bot.edit_message_caption(chat, sent.message_id, caption="x")
    await bot.delete_message(chat, sent.message_id)
    assert [one.text for one in person.messages(from_bot=True)] == ["zwei"]
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(chat, sent.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
        await bot.send_message(chat, "x", reply_to_message_id=999)


async def test_places_and_typing(simulator: Simulator, bot: telegram.Bot) -> None:
    """Points, venues and the typing hint; coordinates off the globe are refused."""
    person = simulator.resident()
    person.start()
    await bot.send_location(person.chat_id, 51.5, 7.0)
    assert (await person.next_message()).location == (51.5, 7.0)
    assert (await bot.send_venue(person.chat_id, 51.5, 7.0, "Markt", "Am Markt 1")).venue.title == "Markt"
    assert await bot.send_chat_action(person.chat_id, "typing")
    with pytest.raises(BadRequest, match=r"(?i)wrong parameter action"):
        await bot.send_chat_action(person.chat_id, "dancing")
    with pytest.raises(BadRequest, match=r"(?i)wrong location"):
        await bot.send_location(person.chat_id, 91, 7.0)


async def test_who_may_be_written_to(simulator: Simulator, bot: telegram.Bot) -> None:
    """Strangers, people who never pressed start, blockers and groups without the bot can't be written to."""
    person, group = simulator.resident(), simulator.group("Team")
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(person.chat_id, "Hallo")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(42, "Hallo")
    person.start()
    person.block()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(person.chat_id, "Hallo")
    person.unblock()
    assert await bot.send_message(person.chat_id, "Hallo")
    assert await bot.send_message(group.chat_id, "Hallo")
    group.kick_bot()
    with pytest.raises(Forbidden, match="kicked from the group chat"):
        await bot.send_message(group.chat_id, "Hallo")
    standings = [
        one.my_chat_member.new_chat_member.status for one in await updates(bot) if one.my_chat_member
    ]
    assert standings == ["member", "kicked", "member", "kicked"]


async def test_groups(simulator: Simulator, bot: telegram.Bot) -> None:
    """In a group the bot sees commands and replies, not small talk; an upgraded group tells its new id."""
    group = simulator.group("Team")
    await updates(bot)
    group.text("unter uns")
    group.command("hilfe")
    sent = await bot.send_message(group.chat_id, "Notiz?")
    group.text("hier die Notiz", reply_to=sent.message_id)
    assert [one.message.text for one in await updates(bot)] == ["/hilfe@kuemmerkasten_bot", "hier die Notiz"]
    new = group.migrate()
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.chat_id, "Hallo")
    assert caught.value.new_chat_id == new.chat_id
    assert (await bot.get_chat(new.chat_id)).type == "supergroup"
    assert (await bot.get_chat_member(new.chat_id, bot.id)).status == "member"
    assert await bot.leave_chat(new.chat_id)
    with pytest.raises(Forbidden, match="not a member"):
        await bot.send_message(new.chat_id, "Hallo")


async def test_menu_and_descriptions(bot: telegram.Bot) -> None:
    """Commands and descriptions are kept per language; wrong ones are refused."""
    await bot.set_my_commands([BotCommand("hilfe", "Hilfe")], language_code="de")
    assert [one.command for one in await bot.get_my_commands(language_code="de")] == ["hilfe"]
    assert await bot.get_my_commands() == ()
    await bot.delete_my_commands(language_code="de")
    assert await bot.get_my_commands(language_code="de") == ()
    await bot.set_my_description("Nimmt Meldungen auf")
    await bot.set_my_short_description("Meldungen")
    assert (await bot.get_my_description()).description == "Nimmt Meldungen auf"
    assert (await bot.get_my_short_description()).short_description == "Meldungen"
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Hilfe!", "Hilfe")])
    with pytest.raises(BadRequest, match=r"(?i)too long"):
        await bot.set_my_short_description("x" * 121)
