"""Two residents see the same thing: one joins the other's ticket, another one reports it anew."""

import pytest

from tests.end_to_end.test_report import KATERNBERG, heard, sent

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def offered(person):
    """Report bulky waste at the market until it is asked whether it is the same."""
    person.text("Vor dem Haus liegt Sperrmüll, ein altes Sofa und Matratzen")
    await heard(person, "Wo ist das")
    person.location(KATERNBERG[0] + 0.0002, KATERNBERG[1])
    await heard(person, button="Katernberg")
    person.press("Katernberg")
    return await heard(person, "schon jemand gemeldet", button="das ist es")


async def test_a_resident_joins_what_another_has_reported(town):
    """Category and distance are shown, no number; who joins hears of it, and both hear how it goes on."""
    karl = await town.caretaker("katernberg")
    rosa, rudi = town.resident(), town.resident("Rudi Geheim")
    number = await sent(rosa)
    await heard(karl, number, button="Annehmen")
    offer = await offered(rudi)
    assert "20 m" in offer.text
    assert number not in offer.text
    rudi.press("das ist es")
    await heard(rudi, number)
    told = await heard(karl, "2 Personen")
    assert "altes Sofa" in told.text
    assert "Rudi" not in str(told.body)
    assert [ticket.number for ticket in town.tickets(rudi)] == [number]
    karl.press("Annehmen")
    await heard(rosa, "angenommen")
    await heard(rudi, "angenommen")


async def test_a_resident_reports_it_anew(town):
    """Whoever says that it is something else goes on to the photos and gets a number of their own."""
    rosa, rudi = town.resident(), town.resident("Rudi Geheim")
    number = await sent(rosa)
    await offered(rudi)
    rudi.press("neu melden")
    await heard(rudi, button="Ohne Foto")
    rudi.press("Ohne Foto")
    await heard(rudi, button="Absenden")
    rudi.press("Absenden")
    done = await heard(rudi, "QH-")
    assert number not in done.text
