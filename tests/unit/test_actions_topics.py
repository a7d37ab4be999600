"""Smalltalk and questions: the answer fits the topic, and what it says about the city comes from its file."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.caretaker_of import MY_CARETAKER
from actions.topics import SURE, ActionAnswerQuestion, ActionSmalltalk, AnswerByTopic
from desk.city import Carrier, Referral
from desk.drafts import Draft, Spot
from desk.facts import Confidence
from desk.offices import Office
from storage.city_files import known_cities, load_city
from storage.wiring import House
from tests.builders import RESIDENT, finished_draft

ROOT = Path(__file__).parent.parent.parent
RESPONSES = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
ACTIONS: tuple[type[AnswerByTopic], ...] = (ActionSmalltalk, ActionAnswerQuestion)
TOPICS = [(action, topic) for action in ACTIONS for topic in sorted(action.topics)]
KATERNBERG = Spot(label="Hauptstr. 1", district="Katernberg")


async def answer(
    action: AnswerByTopic,
    topic: str | None,
    *,
    text: str = "",
    sure: float = 0.9,
    draft: Draft | None = None,
) -> dict[str, Any]:
    """What the action says to a message of that topic."""
    category = {"name": topic, "confidence": sure} if topic else None
    message = {"text": text, "intent": {"name": "smalltalk", "confidence": 0.9}, "category": category}
    slots = {"draft": draft.as_json() if draft else None}
    state = Tracker(RESIDENT, slots, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    await action.run(dispatcher, state, {})
    (said,) = dispatcher.messages
    return dict(said)


def braces(response: str) -> set[str]:
    """What a response needs to be filled with."""
    return set(re.findall(r"\{(\w+)\}", RESPONSES[response][0]["text"]))


@pytest.mark.parametrize(("kind", "topic"), TOPICS)
@pytest.mark.parametrize("draft", [None, finished_draft(spot=KATERNBERG)])
async def test_each_topic_has_an_answer_of_its_own(
    house: House, kind: type[AnswerByTopic], topic: str, draft: Draft | None
) -> None:
    """Outside a report and during one the topic's response is said, and none of its braces stays open."""
    where = "Katernberg" if topic == MY_CARETAKER else ""
    said = await answer(kind(house), topic, draft=draft, text=where)
    assert said["response"].startswith(f"utter_{kind(house).stem}_{topic}")
    assert said["response"].endswith("_in_report") == (draft is not None and kind.has_menu)
    assert braces(said["response"]) <= set(said)
    assert all(said[name] for name in braces(said["response"]))


@pytest.mark.parametrize(("kind", "topic"), TOPICS)
async def test_a_doubtful_topic_gets_the_general_answer(
    house: House, kind: type[AnswerByTopic], topic: str
) -> None:
    """Below the threshold nobody is taken to swear, and no question is guessed; from it on the topic counts."""
    general = f"utter_{kind(house).stem}"
    said = {"text": "Katernberg"} if topic == MY_CARETAKER else {}
    assert (await answer(kind(house), topic, sure=SURE - 0.01, **said))["response"] == general
    assert (await answer(kind(house), topic, sure=SURE, **said))["response"] != general


@pytest.mark.parametrize("kind", ACTIONS)
@pytest.mark.parametrize("topic", [None, "other", "litter"])
async def test_no_topic_gets_the_general_answer(
    house: House, kind: type[AnswerByTopic], topic: str | None
) -> None:
    """Buttons, the rest of the topics and those there is no answer for are answered all the same."""
    assert (await answer(kind(house), topic))["response"] == f"utter_{kind(house).stem}"


@pytest.mark.parametrize(
    ("text", "ending", "filled"),
    [
        ("Wer ist in Katernberg zuständig?", "", ("Katernberg", "AWO")),
        ("welcher träger macht bochold", "", ("Bochold", "voraussichtlich Diakoniewerk")),
        ("Wer kümmert sich um Kray?", "", ("Kray", "wird über die Koordinierungsstelle der Stadt Essen zug")),
        ("Wer ist in Bredeney zuständig?", "_nobody", ("Bredeney", "")),
    ],
)
async def test_the_own_caretaker_is_that_of_the_district(
    house: House, text: str, ending: str, filled: tuple[str, str]
) -> None:
    """The carrier of the named district is said, unsure ones as unsure; where there is none, that is said."""
    said = await answer(ActionAnswerQuestion(house), "my_caretaker", text=text)
    assert said["response"] == f"utter_answer_question_my_caretaker{ending}"
    assert said["district"] == filled[0]
    assert ending or said["carrier"].startswith(filled[1])


async def test_the_district_of_the_report_counts_where_none_is_named(house: House) -> None:
    """In the middle of a report "who is responsible?" is about its place, unless another one is named."""
    draft = finished_draft(spot=KATERNBERG)
    said = await answer(ActionAnswerQuestion(house), "my_caretaker", text="Und wer macht das?", draft=draft)
    assert said["district"] == "Katernberg"
    other = await answer(ActionAnswerQuestion(house), "my_caretaker", text="und in Karnap?", draft=draft)
    assert other["district"] == "Karnap"


async def test_a_report_without_a_place_can_not_tell_who_is_responsible(house: House) -> None:
    """In the middle of a report no second place is asked for: the answer says what to write."""
    for text, example in (("Wer ist zuständig?", ""), ("Wer ist in Altenessen zuständig?", "Altenessen-")):
        said = await answer(ActionAnswerQuestion(house), "my_caretaker", text=text, draft=Draft(id="d"))
        assert said["response"].endswith("_open")
        assert said["example"].startswith(example)


async def test_unsure_contacts_are_said_to_be_unsure(house: House) -> None:
    """Each line is the city's, and those that are to be checked say so."""
    said = await answer(ActionAnswerQuestion(house), "maengelmelder")
    caveats = {
        line.startswith("• Mängelmelder"): "bitte prüfen" in line for line in said["referral"].splitlines()
    }
    assert caveats == {True: False, False: True}


async def test_what_a_city_does_not_name_is_left_out(house: House) -> None:
    """A city without an arbitration office still gets an answer, with the contacts it has."""
    kept = tuple(one for one in house.city.referrals if one.matter != "neighbour_dispute")
    city = replace(house.city, referrals=kept)
    without = replace(house, city=city, wording=replace(house.wording, city=city))
    there = (await answer(ActionAnswerQuestion(house), "schiedsperson"))["referral"].splitlines()
    gone = (await answer(ActionAnswerQuestion(without), "schiedsperson"))["referral"].splitlines()
    assert (len(there), gone) == (2, there[1:])


@pytest.mark.parametrize(("kind", "file"), zip(ACTIONS, ("smalltalk", "ask_question"), strict=True))
def test_every_trained_topic_has_its_answer(kind: type[AnswerByTopic], file: str) -> None:
    """What the classifier can say about a message leads to an answer, and each answer can be reached."""
    content = yaml.safe_load((ROOT / "nlu" / "data" / f"{file}.yml").read_text(encoding="utf-8"))
    trained = {topic for block in content["nlu"] if (topic := block.get("metadata", {}).get("topic"))}
    assert trained == kind.topics | {"other"}


@pytest.mark.parametrize("city", known_cities())
def test_answers_hold_no_facts_of_a_city(city: str) -> None:
    """Names and numbers come from the city's file: the same sentences serve every city."""
    known = load_city(city)
    everything: list[Carrier | Office | Referral] = [*known.carriers, *known.offices, *known.referrals]
    entries = [entry for entry in everything if entry.confidence is not Confidence.GENERAL]
    facts = {known.name, *known.district_names}
    facts |= {str(fact) for entry in entries for fact in (entry.name, entry.phone, entry.address) if fact}
    ours = [name for name in RESPONSES if name.startswith(("utter_smalltalk", "utter_answer_question"))]
    said = "\n".join(RESPONSES[name][0]["text"] for name in ours)
    assert [fact for fact in facts if re.search(rf"\b{re.escape(fact)}\b", said)] == []
