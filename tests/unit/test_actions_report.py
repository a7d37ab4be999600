"""The actions: a turn becomes what the desk understands, the form asks one question, a report is sent once."""

from typing import Any

import pytest

from actions.desk_action import buttons_of, payload, said_in
from desk.drafts import Draft, Guess, Spot
from desk.questions import Choice, Question, next_question
from desk.tickets import Photo
from storage.wiring import House
from tests.acting import run, tracker
from tests.builders import NOW, RESIDENT, draft_asking, finished_draft
from tests.fakes import FakeClock


def structured(intent: str, **entities: Any) -> dict[str, Any]:
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    return {"intent": {"name": intent, "confidence": 1.0}, "entities": found, "text": ""}


def test_words_become_what_the_desk_understands() -> None:
    """Intent, category, place and time of a message arrive; of two places the first counts."""
    message = {
        "text": "Sperrmüll in der Hauptstr. 1",
        "intent": {"name": "report_dirt", "confidence": 0.8},
        "category": {"name": "bulky_waste", "confidence": 0.7},
        "entities": [
            {"entity": "place", "value": "Hauptstr. 1"},
            {"entity": "place", "value": "Nebenstr. 2"},
            {"entity": "time", "value": "seit gestern"},
        ],
    }
    said = said_in(tracker(message))
    assert (said.kind, said.category, said.confidence) == ("dirt", "bulky_waste", 0.8)
    assert (said.place, said.since, said.text) == (
        "Hauptstr. 1",
        "seit gestern",
        "Sperrmüll in der Hauptstr. 1",
    )


def test_structured_turns_become_what_the_desk_understands() -> None:
    """Buttons, pins, photos and edits arrive with their values."""
    pin = said_in(
        tracker(structured("give_location", point={"latitude": 51.5, "longitude": 7.0, "label": "Markt"}))
    )
    assert (pin.point, pin.point_label) == ((51.5, 7.0), "Markt")
    assert said_in(tracker(structured("choose", id="d", value="send"))).choice == "send"
    assert said_in(tracker(structured("begin_report", kind="noise"))).kind == "noise"
    photos = said_in(
        tracker(structured("give_photos", photos=[{"file_id": "a"}, {"stored": "b.jpg"}]))
    ).photos
    assert photos == (Photo(file_id="a"), Photo(stored="b.jpg"))
    edit = said_in(tracker(structured("edit_words", text="neu", message=5)))
    assert (edit.text, edit.message) == ("neu", 5)


@pytest.mark.parametrize("message", [{}, {"intent": None, "entities": None}, {"text": None, "intent": {}}])
def test_a_turn_that_says_nothing_is_no_error(message: dict[str, Any]) -> None:
    """An empty or half-filled turn is a turn without words."""
    assert said_in(tracker(message)).text == ""


def test_payloads_are_rasas_notation() -> None:
    """Buttons name their draft; umlauts stay what they are."""
    assert payload("resume_report") == "/resume_report"
    (button,) = buttons_of([Choice(value="Altenessen-Süd", label="x")], Draft(id="d1"))
    assert button == {"title": "x", "payload": '/choose{"id":"d1","value":"Altenessen-Süd"}'}


@pytest.mark.parametrize("question", Question)
async def test_exactly_the_open_question_is_left_empty(house: House, question: Question) -> None:
    """After a turn the form has one empty slot, that of the question the desk asks next."""
    draft = draft_asking(question, house.catalogue)
    answered = {each.value: "answered" for each in Question}
    state = tracker(structured("give_photos", photos=[{"file_id": "new"}]), draft=draft.as_json(), **answered)
    slots, _ = await run(house, "validate_report_form", state)
    after = Draft.from_json(slots["draft"])
    open_slots = {name for name, value in {**answered, **slots}.items() if value is None} - {"unclear"}
    assert open_slots == {next_question(after, house.catalogue).value}
    assert after.photos == (Photo(file_id="new"),)


async def test_no_answer_sets_nothing(house: House) -> None:
    """A question in the middle of a report is left to the rules: the draft stays as it is."""
    message = {
        "text": "Wann haben Sie denn geöffnet am Samstag bitte?",
        "intent": {"name": "ask_office_hours", "confidence": 0.95},
        "entities": [],
    }
    draft = draft_asking(Question.PHOTOS, house.catalogue)
    assert await run(house, "validate_report_form", tracker(message, draft=draft.as_json())) == ({}, [])


@pytest.mark.parametrize("draft_id", ["other", "", None])
async def test_the_button_of_another_report_is_old(house: House, draft_id: str | None) -> None:
    """A button from an earlier report never sends this one."""
    draft = draft_asking(Question.CONFIRMATION, house.catalogue)
    entities = {"value": "send"} if draft_id is None else {"id": draft_id, "value": "send"}
    slots, said = await run(
        house, "validate_report_form", tracker(structured("choose", **entities), draft=draft.as_json())
    )
    assert Draft.from_json(slots["draft"]).outcome is None
    assert [message["response"] for message in said] == ["utter_stale_button"]


@pytest.mark.parametrize(("minutes", "kept"), [(1, "da ist so ein Dings"), (60, "")])
async def test_words_that_were_unclear_are_not_lost(
    house: House, clock: FakeClock, minutes: int, kept: str
) -> None:
    """Whoever then presses a kind does not have to write it again, unless it was long ago."""
    slots, _ = await run(house, "action_unclear", tracker({"text": "da ist so ein Dings", "intent": {}}))
    clock.forward(minutes=minutes)
    state = tracker(structured("begin_report", kind="dirt"), unclear=slots["unclear"])
    after, _ = await run(house, "validate_report_form", state)
    draft = Draft.from_json(after["draft"])
    assert draft.kind == "dirt"
    assert draft.text == kept
    assert draft.guess == (Guess() if kept else None)
    assert after["unclear"] is None


async def test_a_finished_report_becomes_one_ticket(house: House) -> None:
    """Ending a report sends it and clears every slot; ending it again gives the same number."""
    draft = finished_draft(spot=Spot(label="Hauptstr. 1", district="Katernberg"), outcome="sent")
    numbers = set()
    for _ in range(2):
        slots, said = await run(house, "action_finish_report", tracker({}, draft=draft.as_json()))
        assert set(slots) == {"draft", *(question.value for question in Question)}
        assert set(slots.values()) == {None}
        assert said[0]["response"] == "utter_report_sent"
        numbers.add(said[0]["number"])
    assert len(numbers) == 1
    (ticket,) = house.reports.tickets_of(RESIDENT)
    assert ticket.number in numbers


async def told(house: House, message: dict[str, Any], draft: Draft | None) -> Draft:
    """The draft after a turn of the form."""
    state = tracker(message, draft=draft.as_json() if draft else None)
    slots, _ = await run(house, "validate_report_form", state)
    return Draft.from_json(slots["draft"])


async def misread_and_corrected(house: House) -> Draft:
    """A report whose words sounded like music, put right by buttons, waiting for its confirmation."""
    words = {
        "text": "Herr Krawuttke stellt die Boxen auf den Gehweg, 0171 2345678",
        "intent": {"name": "report_noise", "confidence": 0.8},
        "category": {"name": "music", "confidence": 0.9},
        "entities": [{"entity": "place", "value": "Katernberg"}, {"entity": "message", "value": 424242}],
    }
    draft = await told(house, words, None)
    assert (draft.kind, draft.category) == ("noise", "music")
    for value in ("no_photo", "change", "change_category", "dirt", "bulky_waste"):
        draft = await told(house, structured("choose", id=draft.id, value=value), draft)
    assert next_question(draft, house.catalogue) is Question.CONFIRMATION
    return draft


async def test_what_was_corrected_by_button_is_learned_when_the_report_is_sent(house: House) -> None:
    """Sending keeps the words without name and number beside what was read and what was chosen; not before."""
    draft = await misread_and_corrected(house)
    with house.storage.look() as work:
        assert list(work.training_candidates.all()) == []
    draft = await told(house, structured("choose", id=draft.id, value="send"), draft)
    _, said = await run(house, "action_finish_report", tracker({}, draft=draft.as_json()))
    with house.storage.look() as work:
        (candidate,) = work.training_candidates.all()
    assert candidate.text == "Herr [Name] stellt die Boxen auf den Gehweg, [Nummer]"
    assert candidate.read == Guess(kind="noise", category="music", confidence=0.8)
    assert (candidate.kind, candidate.category, candidate.city) == ("dirt", "bulky_waste", "essen")
    for secret in (RESIDENT, said[0]["number"], draft.id, "424242"):
        assert secret not in repr(candidate)


async def test_a_corrected_report_that_is_dropped_teaches_nothing(house: House) -> None:
    """Who cancels after correcting leaves no words behind."""
    draft = await misread_and_corrected(house)
    draft = await told(house, {"intent": {"name": "command_cancel", "confidence": 1.0}}, draft)
    assert draft.outcome == "cancelled"
    await run(house, "action_finish_report", tracker({}, draft=draft.as_json()))
    with house.storage.look() as work:
        assert list(work.training_candidates.all()) == []


@pytest.mark.parametrize("outcome", ["cancelled", "uncovered"])
async def test_a_dropped_report_leaves_nothing(house: House, outcome: str) -> None:
    """A report that was not sent is no ticket."""
    slots, said = await run(
        house, "action_finish_report", tracker({}, draft=finished_draft(outcome=outcome).as_json())
    )
    assert slots["draft"] is None
    assert said[0]["response"] == f"utter_report_{outcome}"
    assert not house.reports.tickets_of(RESIDENT)


@pytest.mark.parametrize("question", Question)
async def test_every_question_is_asked_with_its_buttons(house: House, question: Question) -> None:
    """Each asking action has a response and the desk's buttons for it."""
    draft = draft_asking(question, house.catalogue)
    _, said = await run(house, f"action_ask_{question.value}", tracker({}, draft=draft.as_json()))
    from desk.questions import choices

    assert said[0]["response"].startswith(f"utter_ask_{question.value}")
    assert said[0]["buttons"] == buttons_of(choices(question, draft, house.catalogue), draft)


async def test_nobody_in_danger_is_asked_about_photos(house: House) -> None:
    """After an emergency the report waits behind a button."""
    draft = draft_asking(Question.PHOTOS, house.catalogue)
    state = tracker({"intent": {"name": "emergency", "confidence": 1.0}}, draft=draft.as_json())
    _, said = await run(house, "action_ask_report_photos", state)
    assert said[0]["response"] == "utter_report_paused"
    assert [button["payload"] for button in said[0]["buttons"]] == ["/resume_report"]


async def test_own_tickets_are_shown_to_their_owner_only(house: House) -> None:
    """Somebody else's report is not in the list."""
    draft = finished_draft(spot=Spot(label="Hauptstr. 1", district="Katernberg"))
    house.reports.send(draft, reporter="somebody else", now=NOW)
    _, said = await run(house, "action_own_tickets", tracker({}))
    assert said[0]["response"] == "utter_own_tickets_none"
    number = house.reports.send(finished_draft(id="d2", spot=draft.spot), reporter=RESIDENT, now=NOW).number
    _, said = await run(house, "action_own_tickets", tracker({}))
    assert number in said[0]["lines"]
    assert said[0]["lines"].count("QH-") == 1
