"""Who cares for a place, what is asked when it is not known, and whom to turn to in what is not ours."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import CollectingDispatcher

from actions import all_actions
from actions.defects import defect_in
from desk.drafts import Draft, Spot, Words
from desk.questions import Question
from desk.referring import MATTER_OF, is_night
from storage.wiring import House
from tests.acting import run, tracker
from tests.answering import BORDER, PLACES
from tests.builders import finished_draft
from tests.fakes import FakeClock

ROOT = Path(__file__).parent.parent.parent
RESPONSES = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
HERE = Spot(label="Hauptstr. 1", district="Katernberg")
NIGHT = datetime(2026, 5, 4, 21, 30, tzinfo=UTC)  # half past eleven in Essen


@pytest.fixture
def town(house: House) -> House:
    """The house with places told by hand."""
    return replace(house, reader=replace(house.reader, locator=PLACES))


def question(text: str, **entities: Any) -> dict[str, Any]:
    """A message that asks who is responsible."""
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    topic = {"name": "my_caretaker", "confidence": 0.9}
    return {
        "text": text,
        "intent": {"name": "ask_question", "confidence": 0.9},
        "category": topic,
        "entities": found,
    }


def turn(intent: str, text: str = "", **entities: Any) -> dict[str, Any]:
    """Any other turn."""
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    return {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": found}


async def asked(house: House, text: str, **entities: Any) -> Draft:
    """The draft that waits for a place after such a question; the form goes on with it."""
    action = next(one for one in all_actions(house) if one.name() == "action_answer_question")
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, tracker(question(text, **entities)), {})
    assert dispatcher.messages == []
    assert events[-1] == {"event": "active_loop", "timestamp": None, "name": "report_form"}
    return Draft.from_json(next(one["value"] for one in events if one.get("name") == "draft"))


async def ended(house: House, draft: Draft) -> dict[str, Any]:
    """What is said when the form has ended."""
    slots, said = await run(house, "action_finish_report", tracker({}, draft=draft.as_json()))
    assert slots["draft"] is None
    return said[0]


async def test_the_place_is_asked_for_and_the_question_is_answered(town: House) -> None:
    """Without a place the form asks for one, with a button for each district with caretakers."""
    draft = await asked(town, "Wer ist mein Hausmeister?")
    _, said = await run(town, "action_ask_report_place", tracker({}, draft=draft.as_json()))
    assert said[0]["response"] == "utter_ask_report_place_my_caretaker"
    assert {button["title"] for button in said[0]["buttons"]} > set(town.city.cared_for)
    assert all(len(button["payload"].encode()) <= 64 for button in said[0]["buttons"])


@pytest.mark.parametrize(
    "answer",
    [
        turn("give_location", point={"latitude": 51.5, "longitude": 7.05}),
        turn("nlu_fallback", "Katernberg"),
        turn("out_of_scope", "Hauptstr. 1"),
    ],
    ids=["pin", "district", "address"],
)
async def test_any_kind_of_place_answers_who_is_responsible(town: House, answer: dict[str, Any]) -> None:
    """A pin is answered, not made the beginning of a report."""
    draft = await asked(town, "Wer ist mein Hausmeister?")
    state = tracker(answer, draft=draft.as_json(), requested_slot=Question.PLACE.value)
    slots, said = await run(town, "validate_report_form", state)
    assert said == []
    assert all(slots.get(each.value) == "answered" for each in Question)
    final = await ended(town, Draft.from_json(slots["draft"]))
    assert final["response"] == "utter_answer_question_my_caretaker"
    assert (final["district"], final["area"], final["carrier"]) == ("Katernberg", "Katernberg", "AWO")
    assert "Katernberger Markt 4" in final["reach"]


async def test_the_message_that_asked_is_no_answer_to_it(town: House) -> None:
    """The form reads the same turn once more; the question stays open then."""
    draft = await asked(town, "Wer ist mein Hausmeister?")
    state = tracker(question("Wer ist mein Hausmeister?"), draft=draft.as_json())
    assert await run(town, "validate_report_form", state) == ({}, [])


async def test_a_question_is_not_put_again_after_another_answer(town: House) -> None:
    """Who asks something else meanwhile is answered, and may still name the place later."""
    draft = await asked(town, "Wer ist mein Hausmeister?")
    state = tracker(turn("ask_office_hours", "Wann habt ihr auf?"), draft=draft.as_json())
    state.events = [{"event": "action", "name": "action_office_hours"}]
    _, said = await run(town, "action_ask_report_place", state)
    assert [message["custom"] for message in said] == [{"silent": True}]


async def test_of_several_districts_each_has_a_button(town: House) -> None:
    """A street through two districts is asked about with both."""
    draft = await asked(town, "Wer macht die Lange Straße?", place="Langestr")
    _, said = await run(town, "action_ask_report_district", tracker({}, draft=draft.as_json()))
    assert said[0]["response"] == "utter_ask_report_district_number"
    assert [button["title"] for button in said[0]["buttons"]][:2] == ["Katernberg", "Kray"]


async def test_a_misspelt_street_is_offered_as_it_is_called(town: House) -> None:
    """The nearest spellings stand on buttons."""
    draft = await asked(town, "Wer macht die Lnge Alle 4?", place="Lnge Alle 4")
    _, said = await run(town, "action_ask_report_place", tracker({}, draft=draft.as_json()))
    assert said[0]["response"] == "utter_ask_report_place_suggested"
    assert said[0]["buttons"][0]["title"] == "Lange Allee 4"


async def test_another_city_is_named_with_whom_to_turn_to(town: House) -> None:
    """What lies in another city is answered at once, with its own contacts."""
    state = tracker(question("Wer macht Schalker Weg 3?", place="Schalker Weg 3"))
    _, said = await run(town, "action_answer_question", state)
    assert said[0]["response"] == "utter_answer_question_my_caretaker_elsewhere"
    assert said[0]["neighbour"] == "Gelsenkirchen"
    assert said[0]["referral"] == town.wording.neighbour("Gelsenkirchen")


async def test_a_dropped_question_ends_kindly(town: House) -> None:
    """Nothing is called a report that was none."""
    assert (await ended(town, Draft(id="d", purpose="my_caretaker", outcome="cancelled")))["response"] == (
        "utter_all_right"
    )


async def test_unsure_carriers_and_places_without_any_are_said_to_be_so(house: House) -> None:
    """What is not certain is marked, a district without caretakers names whom to turn to instead."""
    draft = Draft(id="d", purpose="my_caretaker", spot=Spot(label="", district="Frohnhausen"))
    unsure = await ended(house, draft)
    assert unsure["carrier"].startswith("voraussichtlich")
    assert all("bitte prüfen" in line for line in unsure["reach"].splitlines())
    nobody = await ended(house, replace(draft, spot=Spot(label="", district="Bredeney")))
    assert nobody["response"] == "utter_answer_question_my_caretaker_nobody"
    assert house.wording.contact() in nobody["referral"]


async def test_where_nobody_has_a_number_the_city_is_named(house: House) -> None:
    """An area whose carrier is not known is reached through the city."""
    draft = Draft(id="d", purpose="my_caretaker", spot=Spot(label="", district="Dellwig"))
    assert house.wording.contact() in (await ended(house, draft))["reach"]


async def test_a_place_in_another_city_names_whom_to_turn_to(town: House) -> None:
    """During a report the remark is filled with the neighbour's contacts; a city nobody knows has a city hall."""
    draft = Draft(id="d", kind="dirt")
    state = tracker(turn("out_of_scope", "Schalker Weg 3"), draft=draft.as_json())
    _, said = await run(town, "validate_report_form", state)
    assert said[0]["response"] == "utter_place_neighbour"
    assert "Gelsen" in said[0]["contact"]
    assert "Nirgendwo" in town.wording.neighbour("Nirgendwo")


@pytest.mark.parametrize(
    ("spot", "response"),
    [
        (Spot(label="Langer Weg"), "_free"),
        (Spot(label=""), "_only"),
        (Spot(label="x", candidates=("Kray",)), "_meant"),
        (Spot(label="x", candidates=("Kray", "Karnap"), border=True), "_border"),
        (Spot(label="Weg", street="Weg", candidates=("Kray", "Karnap")), "_number"),
        (Spot(label="Weg 1", street="Weg", candidates=("Kray", "Karnap")), ""),
    ],
)
async def test_a_district_is_asked_for_as_it_fits(house: House, spot: Spot, response: str) -> None:
    """Each reason why it is not certain has a question of its own, and none of its braces stays open."""
    draft = finished_draft(spot=spot)
    _, said = await run(house, "action_ask_report_district", tracker({}, draft=draft.as_json()))
    assert said[0]["response"] == f"utter_ask_report_district{response}"
    text = RESPONSES[said[0]["response"]][0]["text"]
    assert all(said[0][name] for name in ("place", "district") if f"{{{name}}}" in text)


async def test_a_pin_is_repeated_as_the_address_nearest_to_it(town: House) -> None:
    """After the place was asked for, the address and district that were understood are named."""
    state = tracker(
        turn("give_location", point={"latitude": 51.5, "longitude": 7.05}),
        draft=finished_draft(spot=None).as_json(),
        requested_slot=Question.PLACE.value,
    )
    _, said = await run(town, "validate_report_form", state)
    assert said[0]["response"] == "utter_place_taken"
    assert said[0]["place"] == "bei Hauptstr. 1, Katernberg"


async def test_a_place_that_is_still_asked_about_is_not_called_understood(town: House) -> None:
    """While the district is open its question names the place; it is not repeated before that."""
    for text in ("Langestr", "Am Markt"):
        state = tracker(
            turn("out_of_scope", text),
            draft=finished_draft(spot=None).as_json(),
            requested_slot=Question.PLACE.value,
        )
        _, said = await run(town, "validate_report_form", state)
        assert [one["response"] for one in said] == ["utter_all_right"]


async def test_the_sides_of_a_border_stand_on_buttons(town: House) -> None:
    """The pin's question names a street on each side."""
    point = {"latitude": BORDER[0], "longitude": BORDER[1]}
    state = tracker(turn("give_location", point=point), draft=finished_draft(spot=None).as_json())
    slots, _ = await run(town, "validate_report_form", state)
    _, said = await run(town, "action_ask_report_district", tracker({}, draft=slots["draft"]))
    assert said[0]["response"] == "utter_ask_report_district_border"
    assert said[0]["buttons"][0]["title"] == "Querweg (Kray)"


async def hints(house: House, category: str, kind: str = "noise", words: str = "Es ist laut.") -> str:
    """What the confirmation of a report adds."""
    told = (Words(text=words),)
    draft = finished_draft(
        id=category + words, kind=kind, category=category, spot=HERE, outcome="sent", words=told
    )
    return str((await ended(house, draft))["hints"])


@pytest.mark.parametrize("category", MATTER_OF)
async def test_a_sent_report_names_who_else_can_help(house: House, category: str) -> None:
    """Noise by a business, private noise and private land go to the caretakers, and the resident hears of others."""
    entry = house.city.referral(MATTER_OF[category])
    assert entry is not None
    kind = house.catalogue.categories.get(category)
    assert kind is not None
    said = await hints(house, category, kind.kind)
    assert entry.name in said
    assert said.startswith("\n\n")
    assert len(said) < 500


async def test_a_report_that_is_ours_alone_gets_no_hint(house: House) -> None:
    """The confirmation stays short."""
    assert await hints(house, "litter", "dirt") == ""


async def test_at_night_noise_names_the_night_rest(house: House, clock: FakeClock) -> None:
    """From ten to six, on the city's clocks, whoever helps at night comes first; by day nobody hears of it."""
    night = house.city.referral("night_noise")
    assert night is not None
    assert night.name not in await hints(house, "music")
    clock.now = NIGHT
    at_night = await hints(house, "animal_noise")
    assert at_night.index(night.name) < at_night.index(house.city.referral("private_noise").name)
    assert await hints(house, "litter", "dirt") == ""


async def test_noise_that_comes_at_night_is_told_by_day(house: House) -> None:
    """Who complains in the morning about the nights hears what helps then."""
    night = house.city.referral("night_noise")
    assert night is not None
    assert night.name in await hints(house, "music", words="Jede Nacht dröhnt die Anlage.")
    assert night.name not in await hints(house, "music", words="Jeden Mittag dröhnt die Anlage.")


@pytest.mark.parametrize(
    ("hour", "night"), [(22, True), (0, True), (5, True), (6, False), (12, False), (21, False)]
)
def test_the_night_is_from_ten_to_six(hour: int, *, night: bool) -> None:
    """The limits belong to the night as the law has them."""
    assert is_night(datetime(2026, 5, 4, hour, 0, tzinfo=UTC)) is night


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("Die Laterne vor Nr. 5 ist aus", "street_light"),
        ("ampel kaputt an der straße", "traffic_light"),
        ("Ein Baum droht umzufallen", "tree"),
        ("Da ist was kaputt", None),
    ],
)
async def test_damage_is_referred_to_whoever_repairs_it(house: House, text: str, matter: str | None) -> None:
    """The damage is recognised, and somebody is named for it in any case."""
    assert defect_in(text) == matter
    _, said = await run(house, "action_refer_defect", tracker(turn("report_other_defect", text)))
    assert house.wording.contact() in said[0]["referral"]
