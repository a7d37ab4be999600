"""Answers to residents who write in another language: in that language, with numbers and a person to turn to."""

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.information import ActionEmergency, ActionForeignLanguage
from desk.drafts import Spot
from nlu.components.foreign import GERMAN, UNKNOWN
from nlu.components.letters import LANGUAGES
from storage.wiring import House
from tests.builders import RESIDENT, finished_draft

WRITTEN = ("en", "tr", "ar", "uk", "ru", "ro", "bg", "pl", "fr", "es", "it")


async def answers(action: Any, message: dict[str, Any], **slots: Any) -> list[dict[str, Any]]:
    """What the action says about the message."""
    state = Tracker(RESIDENT, {"draft": None, **slots}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    assert await action.run(dispatcher, state, {}) == []
    return dispatcher.messages


async def answer(house: House, language: str | None, **slots: Any) -> dict[str, Any]:
    """The one answer to a message in a language."""
    (said,) = await answers(ActionForeignLanguage(house), {"text": "x", "language": language}, **slots)
    return said


@pytest.mark.parametrize("language", WRITTEN)
async def test_each_language_has_its_answer(house: House, language: str) -> None:
    """It names both emergency numbers, an example in German, and the city's contact."""
    said = await answer(house, language)
    assert said["response"] == "utter_foreign_language"
    for named in ("110", "112", "Müll, Lindenstraße 5", house.wording.contact()):
        assert named in said["answer"]
    assert "{" not in said["answer"]


async def test_no_two_languages_share_an_answer(house: House) -> None:
    """Nobody copied one language's text to another, neither the answer nor the line for emergencies."""
    texts = house.texts.section("languages")
    assert set(texts) == {*WRITTEN, *(f"{language}_emergency" for language in WRITTEN)}
    assert len(set(texts.values())) == len(texts)


@pytest.mark.parametrize("language", [UNKNOWN, "fa", "xx", "", None])
async def test_other_languages_are_answered_in_english(house: House, language: str | None) -> None:
    """For a language there is no text in, English is the best guess."""
    assert await answer(house, language) == await answer(house, "en")


def test_every_language_told_apart_is_answered_or_known_to_be_missing() -> None:
    """Whoever adds a language to the detector is reminded of its texts."""
    codes = {language.iso_code_639_1.name.lower() for language in LANGUAGES}
    assert codes - {GERMAN, "fa"} == set(WRITTEN)


async def test_the_office_nearby_is_named(house: House) -> None:
    """During a report whose district is known, the caretakers' office there comes before the city's contact."""
    draft = finished_draft(spot=Spot(label="Markt", district="Katernberg"))
    said = await answer(house, "tr", draft=draft.as_json())
    assert said["response"] == "utter_foreign_language_in_report"
    assert said["answer"].index("Katernberger Markt 4") < said["answer"].index(house.wording.contact())


@pytest.mark.parametrize("district", ["Rüttenscheid", "Altenessen-Nord", None])
async def test_offices_elsewhere_are_not_listed(house: House, district: str | None) -> None:
    """Where no office is near, the contact alone is short enough to be read."""
    draft = finished_draft(spot=Spot(label="Markt", district=district))
    said = await answer(house, "tr", draft=draft.as_json())
    assert said["answer"] == (await answer(house, "tr"))["answer"]


async def test_a_place_in_the_message_names_the_office(house: House) -> None:
    """Street and district are the same in every language."""
    message = {"text": "x", "language": "en", "entities": [{"entity": "place", "value": "Katernberg"}]}
    (said,) = await answers(ActionForeignLanguage(house), message)
    assert "Katernberger Markt 4" in said["answer"]


@pytest.mark.parametrize("language", [*WRITTEN, "fa"])
async def test_an_emergency_is_answered_in_both_languages(house: House, language: str) -> None:
    """The German answer comes first, then one line in the language that was written in."""
    german, foreign = await answers(ActionEmergency(house), {"text": "x", "language": language})
    assert german["response"] == "utter_emergency"
    assert foreign["response"] == "utter_emergency_foreign"
    assert "110" in foreign["line"]
    assert "112" in foreign["line"]
    assert "\n" not in foreign["line"]


async def test_a_german_emergency_is_answered_once(house: House) -> None:
    """Nothing follows the answer."""
    said = await answers(ActionEmergency(house), {"text": "es brennt"})
    assert [one["response"] for one in said] == ["utter_emergency"]
