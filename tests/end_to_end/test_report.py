"""A report from the first word to the caretaker's card and back."""

import pytest

from kuemmerkasten.commands.train import ROOT
from simulator.limits import Limits
from simulator.people import Person
from simulator.samples import draw
from simulator.server import Simulator
from tests.end_to_end.conftest import running

pytestmark = pytest.mark.asyncio(loop_scope="session")

KATERNBERG = (51.4989, 7.0446)  # the market
PATIENCE = 20.0


async def heard(person: Person, text: str = "", *, button: str | None = None):
    """Return the bot's next message that contains the text (and has the button)."""
    return await person.wait_for(text=text, button=button, timeout=PATIENCE)


async def through_to_summary(person: Person):
    """Answer whatever is still asked until the summary is there."""
    for _ in range(8):
        message = await person.wait_for(timeout=PATIENCE)
        labels = " ".join(message.buttons)
        if "Absenden" in labels:
            return message
        for wanted in ("neu melden", "Katernberg", "Ohne Foto", "Fertig", "Sperrmüll"):
            if wanted in labels:
                person.press(wanted)
                break
        else:
            person.location(*KATERNBERG)
    raise AssertionError(labels)


async def sent(person: Person, words: str = "Hier liegt Sperrmüll vor dem Haus") -> str:
    """Send a whole report and return its number."""
    person.text(words)
    await through_to_summary(person)
    person.press("Absenden")
    done = await heard(person, "QH-")
    return next(word for word in done.text.split() if word.startswith("QH-"))


async def test_a_report_reaches_the_caretaker_and_the_answer_comes_back(town):
    """Text, photo, pin, confirmation; card with photo and map point; accepted and done are heard."""
    caretaker = await town.caretaker("katernberg")
    rosa = town.resident()
    rosa.start()
    greeting = await heard(rosa, "Ende-zu-Ende")
    assert "110" in greeting.text
    rosa.text("Vor dem Haus liegt seit drei Wochen Sperrmüll & <b>Müll</b>")
    await heard(rosa, "Wo ist das")
    rosa.location(*KATERNBERG)
    await heard(rosa, button="Katernberg")
    rosa.press("Katernberg")
    await heard(rosa, button="Ohne Foto")
    rosa.photo(draw("mattress"))
    await heard(rosa, button="Fertig")
    rosa.press("Fertig")
    summary = await heard(rosa, button="Absenden")
    assert all(word in summary.text for word in ("Sperrmüll", "Katernberg", "AWO", "Fotos: 1"))
    assert any("Ändern" in label for label in summary.buttons)
    assert any("Abbrechen" in label for label in summary.buttons)
    rosa.press("Absenden")
    confirmation = await heard(rosa, "QH-")
    number = next(word for word in confirmation.text.split() if word.startswith("QH-"))

    card = await heard(caretaker, number, button="Annehmen")
    assert "<b>Müll</b>" in card.text
    assert "seit drei Wochen" in card.text
    assert "Rosa" not in str(card.body)
    assert "rosa_geheim" not in str(card.body)
    assert str(rosa.chat_id) not in str(card.body)
    assert (await caretaker.wait_for(photo=True, timeout=PATIENCE)).photo
    point = (await caretaker.wait_for(location=True, timeout=PATIENCE)).location
    assert point == pytest.approx(KATERNBERG, abs=1e-4)

    caretaker.press("Annehmen")
    await heard(rosa, "angenommen")
    edited = await caretaker.wait_for(edited=True, timeout=PATIENCE)
    assert not any("Annehmen" in label for label in edited.buttons)
    caretaker.press("Erledigt")
    await heard(rosa, "erledigt")
    await heard(caretaker, "dazu schreiben")
    caretaker.text("War die Spedition, ist abgeholt.")
    await heard(rosa, "War die Spedition")
    rosa.command("meldungen")
    assert "erledigt" in (await heard(rosa, "QH-")).text


async def test_everything_in_one_message_is_never_asked_again(town):
    """A photo whose caption says what and where leads straight to the summary."""
    rosa = town.resident()
    rosa.photo(draw("bin"), caption="Sperrmüll und eine Matratze in der Lindenstr. 12 in Katernberg")
    summary = await heard(rosa, button="Absenden")
    assert "Lindenstr. 12" in summary.text
    assert "Fotos: 1" in summary.text


async def test_a_pin_may_come_first(town):
    """Location, then words: place is not asked again."""
    rosa = town.resident()
    rosa.location(*KATERNBERG)
    await heard(rosa, "Was ist dort los")
    rosa.text("Hier liegt überall Sperrmüll, ein altes Sofa und Matratzen")
    await heard(rosa, button="Katernberg")


async def test_an_album_is_answered_once(town):
    """Three photos sent together count as three and get one answer."""
    rosa = town.resident()
    rosa.album([draw("bin"), draw("glass"), draw("mattress")])
    await heard(rosa, "Was ist los")
    rosa.text("Sperrmüll in Katernberg, lauter Matratzen")
    summary = await heard(rosa, button="Absenden")
    assert "Fotos: 3" in summary.text
    answers = [message for message in rosa.messages(from_bot=True) if "Danke für das Foto" in message.text]
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("choice", "answer", "expected"),
    [
        ("Beschreibung", "Zwei kaputte Stühle", "Zwei kaputte Stühle"),
        ("Ort", "Lindenstr. 7 in Karnap", "Karnap"),
    ],
)
async def test_one_thing_changes_and_the_summary_comes_back(town, choice, answer, expected):
    """Ändern asks only for what is to be changed."""
    rosa = town.resident()
    rosa.text("Hier liegt Sperrmüll vor der Tür")
    await through_to_summary(rosa)
    rosa.press("Ändern")
    await heard(rosa, button=choice)
    rosa.press(choice)
    await heard(rosa)
    rosa.text(answer)
    assert expected in (await heard(rosa, button="Absenden")).text


async def test_the_category_can_be_changed(town):
    """Another kind asks for its category and comes back to the summary."""
    rosa = town.resident()
    rosa.text("Hier liegt Sperrmüll vor der Tür")
    await through_to_summary(rosa)
    rosa.press("Ändern")
    await heard(rosa, button="Art und Thema")
    rosa.press("Art und Thema")
    await heard(rosa, button="Lärm")
    rosa.press("Lärm")
    await heard(rosa, button="Musik")
    rosa.press("Musik")
    assert "Lärm: Musik" in (await heard(rosa, button="Absenden")).text


async def test_a_question_in_the_middle_is_answered_and_the_report_goes_on(town):
    """Office hours are told, then the same question stands again."""
    rosa = town.resident()
    rosa.text("Hier liegt Sperrmüll vor der Tür")
    await heard(rosa, "Wo ist das")
    rosa.text("Wann habt ihr denn geöffnet?")
    await heard(rosa, "Öffnungszeiten")
    await heard(rosa, "Wo ist das")


@pytest.mark.parametrize("words", ["es brennt", "Hilfe er hat ein Messer"])
async def test_an_emergency_comes_before_everything(town, words):
    """110 and 112 at once, in the middle of a report too, and no form."""
    rosa = town.resident()
    rosa.text(words)
    assert "112" in (await heard(rosa, "110")).text
    rosa.text("Hier liegt Sperrmüll vor der Tür")
    await heard(rosa, "Wo ist das")
    rosa.text(words)
    await heard(rosa, "110")
    await heard(rosa, button="fortsetzen")
    rosa.press("fortsetzen")
    await heard(rosa, "Wo ist das")


async def test_a_district_without_caretakers_gets_an_honest_answer(town):
    """Nothing is sent; the Mängelmelder and the ServiceCenter are named."""
    rosa = town.resident()
    rosa.text("Sperrmüll und Matratzen in Rüttenscheid")
    answer = await heard(rosa, "Rüttenscheid")
    assert "Mängelmelder" in answer.text
    assert "ServiceCenter" in answer.text
    rosa.press("Anderer Ort")
    await heard(rosa, "Wo ist das")
    rosa.text("Karnap")
    await heard(rosa, button="Ohne Foto")


async def test_an_unassigned_area_goes_to_the_coordination_desk(town):
    """Kray has caretakers of an unknown carrier: the coordination desk gets the card."""
    desk = await town.caretaker("koordination")
    rosa = town.resident()
    rosa.text("Sperrmüll und Matratzen in Kray")
    await heard(rosa, button="Ohne Foto")
    rosa.press("Ohne Foto")
    assert "Koordinierungsstelle" in (await heard(rosa, button="Absenden")).text
    rosa.press("Absenden")
    await heard(rosa, "QH-")
    await heard(desk, "Kray", button="Annehmen")


async def test_a_ticket_waits_for_its_caretaker(town):
    """With nobody registered the ticket is stored and its card comes to the chat that registers later."""
    rosa = town.resident()
    number = await sent(rosa, "Sperrmüll vor dem Haus in Frohnhausen")
    caretaker = await town.caretaker("frohnhausen")
    await caretaker.wait_for(text=number, timeout=PATIENCE)


async def test_cancelling_deletes_and_says_so(town):
    """/abbrechen ends the report; a second one is told that there is nothing."""
    rosa = town.resident()
    rosa.text("Hier liegt Sperrmüll vor der Tür")
    await heard(rosa, "Wo ist das")
    rosa.command("abbrechen")
    await heard(rosa, "abgebrochen")
    rosa.command("abbrechen")
    await heard(rosa, "keine angefangene Meldung")


@pytest.mark.parametrize("kind", ["voice", "video", "sticker", "contact", "poll", "dice"])
async def test_what_can_not_be_read_gets_an_honest_answer(town, kind):
    """The conversation stays where it was."""
    rosa = town.resident()
    rosa.text("Hier liegt Sperrmüll vor der Tür")
    await heard(rosa, "Wo ist das")
    rosa.other(kind)
    await heard(rosa)
    await heard(rosa, "Wo ist das")


async def test_an_edited_message_updates_its_text_until_the_report_is_sent(town):
    """The summary shows the new words; after sending, the edit is politely refused."""
    rosa = town.resident()
    first = rosa.text("Hier liegt Sperrmüll vor der Tür in Katernberg")
    await through_to_summary(rosa)
    rosa.edit(first.message_id, "Hier liegt viel Sperrmüll vor der Tür in Katernberg")
    assert "viel Sperrmüll" in (await heard(rosa, button="Absenden")).text
    rosa.press("Absenden")
    await heard(rosa, "QH-")
    rosa.edit(first.message_id, "Drei Matratzen")
    await heard(rosa, "nicht mehr übernehmen")


async def test_typing_works_where_buttons_do(town):
    """The whole report with words alone."""
    rosa = town.resident()
    rosa.text("Hier liegt Sperrmüll vor der Tür")
    await heard(rosa, "Wo ist das")
    rosa.text("Katernberg")
    await heard(rosa, button="Ohne Foto")
    rosa.text("ohne foto")
    await heard(rosa, button="Absenden")
    rosa.text("absenden")
    await heard(rosa, "QH-")


async def test_an_image_sent_as_a_file_becomes_a_photo_of_the_card(town):
    """It is opened, freed of its metadata and arrives as a photo."""
    caretaker = await town.caretaker("katernberg")
    rosa = town.resident()
    rosa.document(draw("glass"), name="foto.jpg", mime="image/jpeg")
    await heard(rosa, "Danke für das Foto")
    await sent(rosa, "Sperrmüll, eine Matratze, in Katernberg")
    await caretaker.wait_for(photo=True, timeout=PATIENCE)


async def test_commands_and_description_are_registered(town):
    """Telegram knows the commands with German descriptions."""
    commands = await town.worker.bot.get_my_commands()
    assert [command.command for command in commands] == [
        "start",
        "hilfe",
        "meldungen",
        "abbrechen",
        "datenschutz",
    ]
    assert all(command.description for command in commands)


async def test_venue_and_live_location_are_places_too(town):
    """A venue brings its name along; a live location that moves on changes nothing."""
    rosa = town.resident()
    rosa.text("Hier liegt Sperrmüll vor der Tür")
    await heard(rosa, "Wo ist das")
    rosa.venue(*KATERNBERG, title="Rewe", address="Katernberger Str. 1")
    await heard(rosa, button="Katernberg")
    rosa.press("Katernberg")
    await heard(rosa, button="Ohne Foto")
    rosa.press("Ohne Foto")
    assert "Rewe" in (await heard(rosa, button="Absenden")).text
    karl = town.resident()
    live = karl.live_location(*KATERNBERG)
    await heard(karl, "Was ist dort los")
    karl.move(live.message_id, 51.46, 7.01)
    karl.text("Hier liegt Sperrmüll vor der Tür")
    await heard(karl, button="Katernberg")


async def test_a_group_can_be_the_areas_chat(town):
    """A carrier's group opens the link, gets the card, and a member presses its buttons."""
    group = town.simulator.group("Hausmeister Altendorf")
    await town.caretaker("altendorf", person=group)
    rosa = town.resident()
    number = await sent(rosa, "Sperrmüll vor dem Haus in Altendorf")
    await group.wait_for(text=number, button="Annehmen", timeout=PATIENCE)
    group.press("Annehmen")
    await heard(rosa, "angenommen")


async def test_with_place_data_a_pin_needs_no_question(tmp_path, model):
    """With the city's polygons the district of a pin is certain, and an address knows its own."""
    data = ROOT.parent / "shared" / "geo" / "essen"
    if not data.exists():
        pytest.skip("the city's official place data is not here")
    settings = {"geo_data": data}
    async with Simulator(port=0, limits=Limits.NONE) as own, running(own, tmp_path, model, **settings):
        rosa = own.resident()
        rosa.text("Hier liegt Sperrmüll vor der Tür")
        await heard(rosa, "Wo ist das")
        rosa.location(*KATERNBERG)
        await heard(rosa, button="Ohne Foto")
        rosa.press("Ohne Foto")
        assert "Katernberg" in (await heard(rosa, button="Absenden")).text
        karl = own.resident()
        karl.text("Sperrmüll vor dem Haus Katernberger Markt 4")
        await heard(karl, button="Ohne Foto")
