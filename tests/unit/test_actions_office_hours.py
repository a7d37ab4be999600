"""Questions about hours in the dialogue: which office, what comes after, events, the map point."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from desk.drafts import Spot
from desk.offices import Event
from storage.wiring import House
from tests.acting import run, tracker
from tests.builders import RESIDENT, finished_draft, report
from tests.fakes import FakeClock

THURSDAY = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
FROHNHAUSEN = "Büro in Frohnhausen"


@pytest.fixture
def clock() -> FakeClock:
    """A Thursday, one o'clock in Essen."""
    return FakeClock(THURSDAY)


def message(text: str, intent: str = "ask_office_hours", **entities: str) -> dict[str, Any]:
    """A message as it is understood."""
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    return {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": found}


async def ask(
    house: House, text: str, action: str = "action_office_hours", *, kept: Any = None, **more: Any
) -> tuple[Any, list[dict[str, Any]]]:
    """Ask; what is kept for the next question, and what is said."""
    intent = more.pop("intent", "ask_office_hours")
    entities = more.pop("entities", {})
    slots, said = await run(
        house, action, tracker(message(text, intent, **entities), hours_office=kept, **more)
    )
    return slots.get("hours_office"), said


def titles(said: list[dict[str, Any]]) -> list[str]:
    """The buttons that are offered."""
    return [button["title"] for button in said[0]["buttons"]]


async def test_where_several_offices_may_be_meant_they_are_offered(house: House) -> None:
    """All of them with what holds now, and a button each; pressing one answers the same question."""
    kept, said = await ask(house, "am Freitag offen?")
    assert titles(said) == [office.name for office in house.city.offices]
    payloads = [button["payload"] for button in said[0]["buttons"]]
    assert '/ask_office_hours{"office":"frohnhausen"}' in payloads
    _, answer = await ask(house, "", kept=kept, entities={"office": "frohnhausen"})
    assert "morgen geöffnet, 10:00–11:30 Uhr" in answer[0]["hours"]
    assert not answer[0]["buttons"]


def test_buttons_fit_into_telegram(house: House) -> None:
    """The longest id an office may have leaves room for what the button says."""
    from actions.desk_action import payload

    assert len(payload("ask_office_hours", office="x" * 32).encode()) <= 64


async def test_a_named_office_is_answered_and_followed(house: House) -> None:
    """What follows ("und morgen?", "an Heiligabend?") is about the office before, whatever they were taken for."""
    kept, said = await ask(house, "Büro in der Mülheimer Straße auf?")
    assert said[0]["hours"].startswith(f"🔴 {FROHNHAUSEN}: jetzt geschlossen. Wieder geöffnet heute, 14:00")
    kept, said = await ask(house, "am Samstag?", kept=kept)
    assert f"{FROHNHAUSEN}: am Samstag, 28.11. geschlossen" in said[0]["hours"]
    kept, said = await ask(house, "und morgen?", "action_out_of_scope", kept=kept, intent="out_of_scope")
    assert f"{FROHNHAUSEN}: morgen geöffnet" in said[0]["hours"]
    kept, said = await ask(house, "an Heiligabend?", "action_unclear", kept=kept, intent="nlu_fallback")
    assert f"{FROHNHAUSEN}: an Heiligabend" in said[0]["hours"]
    assert "bitte prüfen" in said[0]["hours"]
    _, said = await ask(house, "und nächste Woche", "action_smalltalk", kept=kept, intent="smalltalk")
    assert "• Mittwoch, 02.12.: 16:00–17:30 Uhr" in said[0]["hours"]


async def test_a_few_words_about_another_office_ask_for_the_same_day(house: House) -> None:
    """After a question about Friday "und in Katernberg?" is about Friday."""
    kept, _ = await ask(house, "Hat Frohnhausen am Freitag auf?")
    _, said = await ask(house, "und in Katernberg?", kept=kept)
    assert "Kon-Takt, Katernberg: morgen geschlossen" in said[0]["hours"]


async def test_what_was_asked_long_ago_is_forgotten(house: House, clock: FakeClock) -> None:
    """After a while "und morgen?" is about nothing."""
    kept, _ = await ask(house, "Büro Frohnhausen?")
    clock.forward(hours=1)
    _, said = await ask(house, "und morgen?", "action_out_of_scope", kept=kept, intent="out_of_scope")
    assert said[0]["response"] == "utter_out_of_scope"


@pytest.mark.parametrize(
    "text", ["Meine Katze ist weg", "morgen soll es regnen und ich habe leider gar keinen Schirm im Haus", ""]
)
async def test_what_names_no_time_is_no_follow_up(house: House, text: str) -> None:
    """Other matters after an answer about hours stay what they are."""
    kept, _ = await ask(house, "Büro Frohnhausen?")
    _, said = await ask(house, text, "action_out_of_scope", kept=kept, intent="out_of_scope")
    assert said[0]["response"] == "utter_out_of_scope"


async def test_where_an_office_is(house: House) -> None:
    """The address comes first, also when it was taken for a question of another kind."""
    for action, intent in (
        ("action_office_hours", "ask_office_hours"),
        ("action_answer_question", "ask_question"),
    ):
        _, said = await ask(
            house, "wo ist das Quartiersbüro in Kray?", action, intent=intent, entities={"place": "Kray"}
        )
        lines = said[0]["hours"].splitlines()
        assert lines[0] == "📍 Heinrich-Sense-Weg 25, Essen"
        assert "nicht bekannt" in lines[1]
        assert "0201 88-0" in lines[1]


async def test_a_map_point_is_sent_once_where_one_is_known(house: House) -> None:
    """With the first answer, not with each that follows, and again when it is asked for."""
    place = house.city.offices[3]
    offices = tuple(
        replace(one, latitude=51.45, longitude=6.97) if one == place else one for one in house.city.offices
    )
    house = replace(house, city=replace(house.city, offices=offices))
    house = replace(house, offices=replace(house.offices, city=house.city))
    kept, said = await ask(house, "Büro Frohnhausen?")
    venue = {"latitude": 51.45, "longitude": 6.97, "title": FROHNHAUSEN, "address": place.address}
    assert said[1]["custom"] == {"venue": venue}
    kept, said = await ask(house, "und morgen?", kept=kept)
    assert len(said) == 1
    _, said = await ask(house, "und wo ist das?", kept=kept)
    assert said[1]["custom"]["venue"] == venue


async def test_a_place_without_an_office_is_said_so(house: House) -> None:
    """A street nobody knows an office in, another city: the known ones are offered."""
    for text, place in (
        ("Büro in der Gutenbergstraße?", "Gutenbergstraße"),
        ("Sprechzeiten Gelsenkirchen", None),
    ):
        entities = {"place": place} if place else {}
        _, said = await ask(house, text, entities=entities)
        assert said[0]["hours"].startswith(f"Zu „{place or 'Gelsenkirchen'}“ kenne ich leider kein Büro")
        assert titles(said)


async def test_the_resident_s_last_place_decides(house: House) -> None:
    """The report that is being told, else the newest ticket."""
    draft = finished_draft(spot=Spot(label="Hauptstr. 1", district="Frohnhausen"))
    _, said = await ask(house, "Wann habt ihr auf?", draft=draft.as_json())
    assert FROHNHAUSEN in said[0]["hours"]
    place = replace(report().place, district="Katernberg")
    with house.storage.work() as work:
        work.tickets.open(report(reporter=RESIDENT, area="katernberg", place=place), at=THURSDAY)
    _, said = await ask(house, "Wann habt ihr auf?")
    assert said[0]["hours"].startswith("🔴 Kon-Takt, Katernberg")


async def test_events(house: House) -> None:
    """A known one is told with what is known of it; of an unknown one it is said whom to ask."""
    _, said = await ask(house, "wann ist das nächste Austauschcafé?")
    assert said[0]["hours"] == "Diese Veranstaltung kenne ich leider nicht. Bitte fragen Sie nach: 0201 88-0"
    cafe = Event(name="Austauschcafé")
    city = replace(house.city, events=(cafe,))
    house = replace(house, city=city, offices=replace(house.offices, city=city))
    _, said = await ask(house, "wann ist das nächste Austauschcafé?")
    assert said[0]["hours"].startswith("🎉 Austauschcafé: Der Termin ist mir leider nicht bekannt.")


async def test_a_city_without_offices_names_a_contact(house: House) -> None:
    """No dead end."""
    city = replace(house.city, offices=())
    house = replace(house, city=city, offices=replace(house.offices, city=city))
    _, said = await ask(house, "Wann habt ihr auf?")
    assert "0201 88-0" in said[0]["hours"]
