"""What nobody should send, and somebody will."""

import logging

import pytest

from simulator.samples import draw
from storage.logs import configure
from tests.end_to_end.test_report import KATERNBERG, heard, sent, through_to_summary

PATIENCE = 20.0

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    "words",
    [
        "a" * 5000,
        "Müll " * 800,
        "😡😡😡",
        "<b>fett</b> *kursiv* _unter_ [link](http://x) `code` {slot} %s",
        "\u200b\u200d\ufeff",
        "\x00\x07 Müll\x1b[31m",
        "\ud83d kaputt",
        "/restart",
        '/report_dirt{"a":1}',
        "/session_start",
        "...",
    ],
)
async def test_odd_texts_get_an_ordinary_answer(town, words):
    """An answer comes, and the bot goes on working."""
    rosa = town.resident()
    rosa.text(words)
    await heard(rosa)
    rosa.command("hilfe")
    await heard(rosa, "So geht es")


@pytest.mark.parametrize("point", [(0.0, 0.0), (54.5, 4.0), (90.0, 180.0), (48.1, 11.6)])
async def test_a_pin_outside_the_city_gets_a_clear_sentence(town, point):
    """The place is refused and asked for again."""
    rosa = town.resident()
    rosa.text("Hier liegt Sperrmüll vor der Tür")
    await heard(rosa, "Wo ist das")
    rosa.location(*point)
    await heard(rosa, "außerhalb")
    await heard(rosa, "Wo ist es")


@pytest.mark.parametrize(
    ("data", "name", "mime", "size", "answer"),
    [
        (b"x" * 100, "gross.jpg", "image/jpeg", 20 * 1024 * 1024 + 1, "zu groß"),
        (b"%PDF-1.7", "brief.pdf", "application/pdf", None, "Datei"),
        (b"\xff\xd8 kaputt", "kaputt.jpg", "image/jpeg", None, "beschädigt"),
    ],
)
async def test_files_that_are_no_picture_get_a_clear_sentence(town, data, name, mime, size, answer):
    """Too big, a PDF, a broken image."""
    rosa = town.resident()
    rosa.document(data, name=name, mime=mime, size=size)
    await heard(rosa, answer)


async def test_forged_and_stale_buttons_have_no_effect(town):
    """A hint, and the report stays as it was."""
    rosa = town.resident()
    rosa.text("Hier liegt Sperrmüll vor der Tür")
    await heard(rosa, "Wo ist das")
    rosa.location(*KATERNBERG)
    asked = await heard(rosa, button="Katernberg")
    old = asked.inline()[0]["callback_data"]
    rosa.press("Katernberg")
    question = await heard(rosa, button="Ohne Foto")
    for data in (old, "x", "t:QH-2026-99999:accept", '/choose{"id":"1","value":"send"}', "/report_dirt{}"):
        rosa.press_data(data, message_id=question.id)
        await rosa.wait_for_toast(
            text="gilt nicht mehr" if data[0] != "t" else "gibt es nicht", timeout=PATIENCE
        )
        rosa.chat.toasts.clear()
    assert not town.tickets(rosa)


async def test_only_the_areas_caretakers_can_press_the_cards_buttons(town):
    """A resident with forged data and a caretaker of another area change nothing."""
    caretaker = await town.caretaker("katernberg")
    stranger = await town.caretaker("karnap")
    rosa = town.resident()
    number = await sent(rosa)
    await heard(caretaker, number)
    for person in (rosa, stranger):
        message = person.messages(from_bot=True)[-1]
        person.press_data(f"t:{number}:finish", message_id=message.id)
        await person.wait_for_toast(text="Gebiet", timeout=PATIENCE)
    assert [ticket.status for ticket in town.tickets(rosa)] == ["assigned"]


async def test_a_button_pressed_twice_does_nothing_twice(town):
    """The second press is told so; the resident hears it once."""
    caretaker = await town.caretaker("katernberg")
    second = await town.caretaker("katernberg")
    rosa = town.resident()
    number = await sent(rosa)
    first_card = await heard(caretaker, number, button="Annehmen")
    second_card = await heard(second, number, button="Annehmen")
    data = first_card.inline()[0]["callback_data"]
    caretaker.press_data(data, message_id=first_card.id)
    await heard(rosa, "angenommen")
    second.press_data(data, message_id=second_card.id)
    await second.wait_for_toast(text="schon angenommen", timeout=PATIENCE)
    assert sum("ist angenommen" in message.text for message in rosa.messages(from_bot=True)) == 1


async def test_the_same_update_delivered_twice_has_one_effect(town):
    """Absenden comes twice from Telegram: one ticket, one confirmation."""
    rosa = town.resident()
    rosa.text("Hier liegt Sperrmüll vor der Tür")
    await through_to_summary(rosa)
    update = rosa.press("Absenden")
    await heard(rosa, "QH-")
    rosa.redeliver(update.update_id)
    rosa.command("meldungen")
    await heard(rosa, "Ihre Meldungen")
    assert len(town.tickets(rosa)) == 1
    assert sum("ist angekommen" in message.text for message in rosa.messages(from_bot=True)) == 1


async def test_an_invitation_works_once(town):
    """The second chat that opens the link is turned away."""
    town.house.caretakers.invite("karnap", token="einmal-token", now=town.house.clock())
    first, second = town.resident("A"), town.resident("B")
    first.start("einmal-token")
    await heard(first, "Willkommen")
    second.start("einmal-token")
    await heard(second, "nicht (mehr) gültig")


async def test_nothing_private_reaches_the_log(town, caplog):
    """No token, no message text, no name, at the most talkative level."""
    configure("DEBUG", secrets=(town.simulator.bot_token,))
    logging.getLogger().addHandler(caplog.handler)
    rosa = town.resident("Rosa Geheimnis")
    rosa.photo(draw("bin"), caption="Sperrmüll bei Familie Unverwechselbar in Katernberg")
    await heard(rosa, button="Absenden")
    rosa.press("Absenden")
    await heard(rosa, "QH-")
    logged = "\n".join(
        record.getMessage()
        for record in caplog.records
        if not record.name.startswith(("simulator", "uvicorn"))
    )
    for secret in (town.simulator.bot_token, "Unverwechselbar", "Geheimnis", str(rosa.chat_id)):
        assert secret not in logged


async def test_a_broken_update_does_not_stop_the_bot(town):
    """Updates without known content are put aside."""
    rosa = town.resident()
    rosa.start()
    await heard(rosa, "Guten Tag")
    rosa.raw({"message": {"message_id": "kein"}})
    rosa.raw({"channel_post": {}})
    rosa.command("hilfe")
    await heard(rosa, "So geht es")
