"""What is offered in doubt, what happens when nothing helps, and two matters in one message."""

from typing import Any

import pytest

from storage.wiring import House
from tests.acting import run, tracker
from tests.fakes import FakeClock

DIRT = {"intent": "report_dirt", "category": "bulky_waste", "text": "Im Hof liegt ein Sofa."}
NOISE = {"intent": "report_noise", "category": "music", "text": "Und oben dröhnt Musik."}


def doubtful(text: str = "hm", **ranking: float) -> dict[str, Any]:
    """A message that was not understood, with what it may have been."""
    ranked = [{"name": name, "confidence": confidence} for name, confidence in ranking.items()]
    return {"text": text, "intent": {"name": "nlu_fallback"}, "intent_ranking": ranked}


async def test_the_likeliest_are_offered_with_a_way_out(house: House) -> None:
    """Two or three buttons of what is worth offering, and something else."""
    message = doubtful(report_dirt=0.4, report_other_defect=0.3, smalltalk=0.2, ask_question=0.05)
    slots, said = await run(house, "action_unclear", tracker(message))
    assert said[0]["response"] == "utter_unsure"
    assert [button["payload"] for button in said[0]["buttons"]] == [
        '/begin_report{"kind":"dirt"}',
        "/report_other_defect",
        "/something_else",
    ]
    assert slots["unclear"]["text"] == "hm"


async def test_three_guesses_at_most_and_an_emergency_first(house: House) -> None:
    """Whoever may be in danger finds that button on top."""
    message = doubtful(report_conflict=0.3, report_noise=0.25, emergency=0.2, ask_question=0.15)
    _, said = await run(house, "action_unclear", tracker(message))
    payloads = [button["payload"] for button in said[0]["buttons"]]
    assert payloads[0] == "/emergency"
    assert len(payloads) == 4


@pytest.mark.parametrize(
    "ranking",
    [{}, {"smalltalk": 0.6, "report_dirt": 0.2}, {"report_dirt": 0.2, "report_noise": 0.2}],
    ids=["nothing known", "nothing to offer", "too little together"],
)
async def test_where_no_guess_is_worth_it_the_bot_says_what_it_can_do(
    house: House, ranking: dict[str, float]
) -> None:
    """Guesses that were hardly meant are not offered."""
    slots, said = await run(house, "action_unclear", tracker(doubtful(**ranking)))
    assert said[0]["response"] == "utter_unclear"
    assert slots["lost"]["times"] == 1


@pytest.mark.parametrize("name", ["action_unclear", "action_out_of_scope"])
async def test_the_second_time_a_person_is_offered(house: House, name: str) -> None:
    """Lost twice in a row, a resident is given somebody to talk to."""
    slots, first = await run(house, name, tracker(doubtful()))
    _, second = await run(house, name, tracker(doubtful(), lost=slots["lost"]))
    assert first[0]["response"] != "utter_lost_again"
    assert second[0]["response"] == "utter_lost_again"
    assert house.wording.contact() in second[0]["contact"]


async def test_what_was_lost_long_ago_does_not_count(house: House, clock: FakeClock) -> None:
    """After a while it is the first time again."""
    slots, _ = await run(house, "action_unclear", tracker(doubtful()))
    clock.forward(hours=1)
    again, said = await run(house, "action_unclear", tracker(doubtful(), lost=slots["lost"]))
    assert said[0]["response"] == "utter_unclear"
    assert again["lost"]["times"] == 1


async def test_the_first_of_two_matters_is_taken_and_the_second_kept(house: House) -> None:
    """The report holds the words of its own matter only; the resident hears that there are two."""
    message = {
        "text": f"{DIRT['text']} {NOISE['text']}",
        "intent": {"name": "report_dirt", "confidence": 0.9},
        "category": {"name": "bulky_waste", "confidence": 0.9},
        "matters": [DIRT, NOISE],
    }
    slots, said = await run(house, "validate_report_form", tracker(message))
    assert said[0]["response"] == "utter_two_matters"
    assert [words["text"] for words in slots["draft"]["words"]] == [DIRT["text"]]
    assert slots["later"] == NOISE


async def test_the_second_matter_is_offered_after_the_first(house: House) -> None:
    """One button goes on with it, its words are not asked for again."""
    draft = {"id": "d1", "outcome": "cancelled"}
    ended, said = await run(house, "action_finish_report", tracker({}, draft=draft, later=NOISE))
    offer = said[-1]
    assert (offer["response"], offer["text"]) == ("utter_later", NOISE["text"])
    assert ended["later"] is None
    pressed = {
        "intent": {"name": "begin_report", "confidence": 1.0},
        "entities": [{"entity": "kind", "value": "noise"}],
        "text": "",
    }
    slots, _ = await run(house, "validate_report_form", tracker(pressed, unclear=ended["unclear"]))
    assert slots["draft"]["kind"] == "noise"
    assert [words["text"] for words in slots["draft"]["words"]] == [NOISE["text"]]


async def test_a_question_before_a_report_is_answered_first(house: House) -> None:
    """The answer comes at once, then the report is offered."""
    hours = {"intent": "ask_office_hours", "category": None, "text": "Wann ist das Büro offen?"}
    message = {
        "text": f"{hours['text']} {DIRT['text']}",
        "intent": {"name": "ask_office_hours", "confidence": 0.9},
        "matters": [hours, DIRT],
    }
    _, said = await run(house, "action_office_hours", tracker(message))
    assert [one["response"] for one in said] == ["utter_office_hours", "utter_later"]
    assert said[1]["buttons"][0]["payload"] == '/begin_report{"kind":"dirt"}'


@pytest.mark.parametrize(
    ("call", "response"),
    [
        ("110", "utter_emergency"),
        ("112", "utter_emergency"),
        ("self_harm", "utter_emergency_self_harm"),
        ("child", "utter_emergency_child"),
    ],
)
async def test_a_danger_gets_the_numbers_that_help_in_it(house: House, call: str, response: str) -> None:
    """Who speaks of suicide or of a child in danger hears of more than police and ambulance."""
    message = {"intent": {"name": "emergency"}, "emergency": {"rule": "r", "call": call}}
    _, said = await run(house, "action_emergency", tracker(message))
    assert said[0]["response"] == response
