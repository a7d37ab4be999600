"""A caretaker's day: a question and its way, handing over to a colleague, and what is still open."""

import pytest

from simulator.samples import draw
from tests.end_to_end.test_report import PATIENCE, heard, sent

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_question_goes_to_the_resident_and_a_ticket_to_the_next_area(town):
    """Rückfrage with words reaches the resident; Weiterleiten brings the card to the chosen area and says so."""
    karl = await town.caretaker("katernberg")
    kim = await town.caretaker("kray")
    rosa = town.resident()
    number = await sent(rosa)
    await heard(karl, number, button="Rückfrage")
    karl.press("Rückfrage")
    await heard(karl, number, button="Doch nicht")
    karl.photo(draw("mattress"))
    await heard(karl, "worum es geht")
    karl.text("Liegt das vorne oder im Hof?")
    question = await heard(rosa, "vorne oder im Hof")
    assert "Karl" not in str(question.body)
    assert str(karl.chat_id) not in str(question.body)
    await heard(karl, "unterwegs")

    karl.command("offen", "katernberg")
    listed = await heard(karl, "Offen")
    assert number in listed.text
    karl.press(number)
    await heard(karl, number, button="Weiterleiten")
    karl.press("Weiterleiten")
    await heard(karl, button="Kray")
    karl.press("Kray")
    await heard(rosa, "Kray")
    card = await heard(kim, number, button="Annehmen")
    assert "Sperrmüll" in card.text
    kim.press("Annehmen")
    await heard(rosa, "angenommen")
    karl.command("ticket", number)
    await heard(karl, "nicht zu Ihrem Gebiet")


async def test_help_of_caretakers_and_residents_differ(town):
    """A caretaker's chat reads its own commands, a resident's what it always has."""
    karl = await town.caretaker("kray")
    karl.command("hilfe")
    assert "/offen" in (await heard(karl, "/ticket")).text
    rosa = town.resident()
    rosa.command("hilfe")
    assert "/offen" not in (await rosa.wait_for(timeout=PATIENCE)).text
