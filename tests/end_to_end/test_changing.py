"""A resident corrects where a ticket is, after sending it: both teams and the resident hear of it, then thumbs."""

import pytest

from desk.tickets import Status
from tests.end_to_end.test_own_tickets import heard, reported

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_ticket_moves_to_another_district(town):
    """The old team reads that it lies elsewhere, the new one gets the card; in the end the resident is asked once."""
    karl = await town.caretaker("karnap")
    kora = await town.caretaker("katernberg", person=town.simulator.person("Kora Kümmerin"))
    rosa = town.resident()
    number = await reported(rosa)
    await heard(karl, number, button="Annehmen")

    rosa.command("meldungen")
    await heard(rosa, number, button="Ändern")
    rosa.press("Ändern")
    await heard(rosa, "ändern", button="Ort")
    rosa.press("Ort")
    await heard(rosa, "Bisher", button="Doch nicht")
    rosa.text("in Katernberg")
    moved = await heard(rosa, "liegt jetzt bei")
    assert "Katernberg" in moved.text
    await heard(karl, f"{number}: Ort oder Thema")
    card = await heard(kora, number, button="Erledigt")
    assert "Katernberg" in card.text
    assert "Rosa" not in str(card.body)
    (ticket,) = town.tickets(rosa)
    assert (ticket.status, ticket.report.area) == (Status.HANDED_OVER, "katernberg")

    kora.press("Erledigt")
    await heard(rosa, "erledigt", button="Ja, danke")
    rosa.press("Ja, danke")
    await heard(rosa, "Wie zufrieden", button="👍")
    rosa.press("👍")
    await heard(rosa, "noch ein Wort", button="Nein, danke")
    rosa.text("Sehr nett, danke!")
    await heard(rosa, "das lesen wir")
