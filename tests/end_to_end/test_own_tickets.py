"""A ticket between caretaker and resident after it was sent: asked, answered, done, and open again."""

import asyncio

import pytest

from desk.tickets import Status
from simulator.people import Person
from simulator.samples import draw

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATIENCE = 20.0


async def heard(person: Person, text: str = "", *, button: str | None = None):
    """Return the bot's next message that contains the text (and has the button)."""
    return await person.wait_for(text=text, button=button, timeout=PATIENCE)


async def reported(person: Person) -> str:
    """Send a report from Karnap by words and buttons and return its number."""
    person.text("Sperrmüll und Matratzen in Karnap")
    await heard(person, button="Ohne Foto")
    person.press("Ohne Foto")
    await heard(person, button="Absenden")
    person.press("Absenden")
    done = await heard(person, "QH-")
    return next(word for word in done.text.split() if word.startswith("QH-"))


async def kept(town, person: Person, message: int) -> None:
    """Wait until the bot has written down that its message arrived: nobody answers faster than that."""
    async with asyncio.timeout(PATIENCE):
        while town.house.own_tickets.of_message(message, chat=str(person.chat_id)) is None:
            await asyncio.sleep(0.05)


async def test_a_ticket_goes_back_and_forth_until_it_is_really_done(town):
    """Question, answer, photo, done, not yet done, words: each reaches the other side, without any name."""
    karl, rosa = await town.caretaker("karnap"), town.resident()
    number = await reported(rosa)
    await heard(karl, number, button="Rückfrage")
    karl.press("Rückfrage")
    await heard(karl, "wissen")
    karl.text("Liegt es noch vor Nummer 7?")
    question = await heard(rosa, "vor Nummer 7", button="Antworten")
    assert "Karl" not in str(question.body)

    rosa.press("Antworten")
    await heard(rosa, "Schreiben Sie jetzt", button="Doch nicht")
    rosa.album([draw("bin"), draw("mattress")])
    await heard(rosa, "noch etwas dazu schreiben")
    rosa.text("Ja, und gegenüber auch.")
    await heard(rosa, f"weitergegeben ({number})")
    answer = await heard(karl, "gegenüber auch")
    assert "Rosa" not in str(answer.body)
    assert str(rosa.chat_id) not in str(answer.body)
    assert len([one for one in karl.messages(from_bot=True) if one.photo]) == 2

    karl.press("Erledigt")
    done = await heard(rosa, "erledigt", button="Noch nicht gut")
    await kept(town, rosa, done.id)
    rosa.text("Das stimmt nicht.", reply_to=done.id)
    await heard(rosa, "abgeschlossen", button="Noch nicht gut")
    rosa.press("Noch nicht gut")
    await heard(rosa, "wieder offen")
    rosa.text("Ein Stuhl steht noch da.")
    await heard(rosa, "weitergegeben")
    await heard(karl, "wieder offen")
    await heard(karl, "Ein Stuhl")
    assert town.house.reports.tickets_of(str(rosa.chat_id))[0].status is Status.REOPENED
    card = next(one for one in karl.messages(newest_first=True) if any("Annehmen" in b for b in one.buttons))
    assert number in card.text
    assert "🔁" in card.text

    rosa.command("meldungen")
    listed = await heard(rosa, number, button="Zurückziehen")
    assert "wieder offen" in listed.text
    rosa.press("Zurückziehen")
    await heard(rosa, button="Ja, zurückziehen")
    rosa.press("Ja, zurückziehen")
    await heard(rosa, "ist zurückgezogen")
    await heard(karl, "wurde zurückgezogen")


async def test_an_emergency_in_place_of_an_answer(town):
    """Whoever is asked about rubbish and writes of a fire reads the emergency numbers."""
    karl, rosa = await town.caretaker("karnap"), town.resident()
    number = await reported(rosa)
    await heard(karl, number, button="Rückfrage")
    karl.press("Rückfrage")
    await heard(karl, "wissen")
    karl.text("Wo genau?")
    await heard(rosa, button="Antworten")
    rosa.press("Antworten")
    await heard(rosa, "Schreiben Sie jetzt")
    rosa.text("es brennt")
    assert "112" in (await heard(rosa, "110")).text
    assert town.house.reports.tickets_of(str(rosa.chat_id))[0].status is Status.WAITING
