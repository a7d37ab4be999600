"""Chats that stop working for an area: signed off, removed by an operator, or lost."""

import asyncio

import pytest

from tests.end_to_end.test_report import PATIENCE, heard, sent

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_who_signs_off_keeps_no_card(town):
    """The card in the chat only says that the ticket lies elsewhere; a button found in it does nothing."""
    karl, kim = await town.caretaker("katernberg"), await town.caretaker("katernberg")
    rosa = town.resident()
    number = await sent(rosa)
    card = await heard(karl, number, button="Annehmen")
    karl.command("abmelden")
    await heard(karl, "Katernberg", button="Ja, abmelden")
    karl.press("Ja, abmelden")
    await heard(karl, "keine Meldungen mehr")
    async with asyncio.timeout(PATIENCE):
        while not any("woanders" in message.text for message in karl.messages(from_bot=True)):
            await asyncio.sleep(0.05)
    karl.press_data(f"t:{number}:finish", message_id=card.id)
    await karl.wait_for_toast(text="nicht zu Ihrem Gebiet", timeout=PATIENCE)
    assert [ticket.status for ticket in town.tickets(rosa)] == ["assigned"]
    with town.house.storage.look() as work:
        entries = work.audit.since(town.tickets(rosa)[0].created_at)
    who = town.house.pseudonyms.of(str(karl.chat_id))
    assert [(entry.what, entry.ticket) for entry in entries if entry.who == who] == [
        ("removed_caretaker", number)
    ]
    await heard(kim, number, button="Annehmen")


async def test_a_group_that_throws_the_bot_out_is_reported(town):
    """The coordination reads for which area; a button of another chat pressed in a strange group is refused."""
    desk = await town.caretaker(town.house.city.coordination.id)
    group = town.simulator.group("Hausmeister Kray")
    await town.caretaker("kray", person=group)
    group.kick_bot()
    told = await heard(desk, "nicht mehr erreichbar")
    assert "Kray" in told.text


async def test_a_residents_button_in_a_group_is_refused(town):
    """It belongs into a private chat: one sentence, no effect."""
    group = town.simulator.group("Nachbarn")
    group.add_bot()
    group.command("start")
    message = await heard(group, "privaten Chat")
    group.press_data("r:QH-2026-00001:withdraw", message_id=message.id)
    await group.wait_for_toast(text="gilt nicht mehr", timeout=PATIENCE)
