"""Before a report is sent: is it what somebody has reported already? Joined, or told anew, without losing a word."""

from typing import Any

import pytest

from actions.desk_action import buttons_of
from desk.caretaking import Act
from desk.drafts import Draft, Spot
from desk.questions import Question, choices, next_question
from desk.tickets import Actor, Photo, Status, Ticket
from storage.wiring import House
from tests.acting import run, tracker
from tests.builders import RESIDENT, finished_draft
from tests.fakes import FakeClock

OTHER = "4711002"
KARL = "31"
PIN = {"latitude": 51.5, "longitude": 7.05}
SPOT = Spot(label="Hauptstr. 1", district="Katernberg", **PIN)
SURE = {"confidence": 0.95}


def reported(house: House, draft: str = "t1", **changes: Any) -> Ticket:
    """Somebody else's ticket in Katernberg, with a caretaker's chat that has its card."""
    house.caretakers.invite("katernberg", token=draft, now=house.clock())
    house.caretakers.redeem(draft, chat=KARL, now=house.clock())
    told = finished_draft(**{"id": draft, "spot": SPOT, "category": "bulky_waste", **changes})
    return house.reports.send(told, reporter=OTHER, now=house.clock())


def telling(**changes: Any) -> Draft:
    """A resident's report of the same, the category still open."""
    spot = Spot(label="", district="Katernberg", latitude=51.5003, longitude=7.05)
    return finished_draft(
        **{
            "id": "d2",
            "spot": spot,
            "category": None,
            "photos_settled": False,
            "photos_asked": False,
            **changes,
        }
    )


def pressed(value: str) -> dict[str, Any]:
    found = [{"entity": "id", "value": "d2"}, {"entity": "value", "value": value}]
    return {"intent": {"name": "choose", "confidence": 1.0}, "entities": found, "text": ""}


def typed(text: str, intent: str = "out_of_scope", **more: Any) -> dict[str, Any]:
    return {"intent": {"name": intent, **SURE}, "entities": [], "text": text, **more}


async def turn(house: House, draft: Draft, message: dict[str, Any]) -> tuple[Draft, list[dict[str, Any]]]:
    """The draft after a turn of the form, and what was said."""
    slots, said = await run(house, "validate_report_form", tracker(message, draft=draft.as_json()))
    return Draft.from_json(slots["draft"]), said


async def finished(house: House, draft: Draft) -> list[dict[str, Any]]:
    """What is said at the end of a report."""
    return (await run(house, "action_finish_report", tracker({}, draft=draft.as_json())))[1]


def asked(house: House, draft: Draft) -> Question | None:
    return next_question(draft, house.catalogue)


def heard(house: House, chat: str) -> list[str]:
    """The keys of what a chat is told about tickets."""
    with house.storage.look() as work:
        letters = [letter.notice for letter in work.outbox.open()]
    return [one.content.get("text_key", one.kind.value) for one in letters if one.chat == chat]


@pytest.fixture
def ticket(house: House) -> Ticket:
    return reported(house)


async def test_the_same_matter_is_joined(house: House, ticket: Ticket) -> None:
    """Asked before photos; "Ja" adds words and photos to the ticket, and the ticket's news is the only answer."""
    draft, _ = await turn(house, telling(photos=(Photo(file_id="p9"),)), pressed("bulky_waste"))
    assert asked(house, draft) is Question.SIMILAR
    _, said = await run(house, "action_ask_report_similar", tracker({}, draft=draft.as_json()))
    assert said[0]["response"] == "utter_ask_report_similar"
    assert "30 m" in said[0]["lines"]
    assert "Hier liegt viel herum." in said[0]["lines"]
    assert ticket.number not in said[0]["lines"]
    same, another = said[0]["buttons"]
    assert (same["title"], another["title"]) == ("👥 Ja, das ist es", "➕ Nein, neu melden")
    draft, _ = await turn(house, draft, pressed(ticket.number))
    assert draft.outcome == "joined"
    for _ in range(2):
        end = await finished(house, draft)
        assert [message["custom"] for message in end] == [{"silent": True}]
    (joined,) = house.reports.tickets_of(RESIDENT)
    assert joined.number == ticket.number
    assert joined.residents == (OTHER, RESIDENT)
    assert joined.history[-1].photos == (Photo(file_id="p9"),)
    assert heard(house, RESIDENT) == ["resident.joined"]
    assert heard(house, KARL).count("caretaker.joined") == 1


async def test_told_anew_it_is_a_ticket_of_its_own(house: House, ticket: Ticket) -> None:
    """After "Nein" the photos are asked for as ever, and never again whether it is the same."""
    draft, _ = await turn(house, telling(), pressed("bulky_waste"))
    draft, _ = await turn(house, draft, pressed("another"))
    assert asked(house, draft) is Question.PHOTOS
    for value in ("no_photo", "change", "change_category", "dirt", "bulky_waste"):
        draft, _ = await turn(house, draft, pressed(value))
    assert asked(house, draft) is Question.CONFIRMATION
    draft, _ = await turn(house, draft, pressed("send"))
    end = await finished(house, draft)
    assert end[0]["response"] == "utter_report_sent"
    assert end[0]["number"] != ticket.number


async def test_another_category_is_another_search(house: House, ticket: Ticket) -> None:
    """What was no Hundekot may be the Sperrmüll next to it: changing the category asks again."""
    draft, _ = await turn(house, telling(kind="noise"), pressed("music"))
    assert asked(house, draft) is Question.PHOTOS
    for value in ("no_photo", "change", "change_category", "dirt", "bulky_waste"):
        draft, _ = await turn(house, draft, pressed(value))
    assert asked(house, draft) is Question.SIMILAR
    assert [one.number for one in draft.similar] == [ticket.number]


async def test_another_place_is_another_search(house: House, ticket: Ticket) -> None:
    """A place far away has nothing similar; the place's keyboard is still taken away."""
    draft, _ = await turn(house, telling(category="bulky_waste", spot=None), typed("Kray"))
    assert asked(house, draft) is Question.PHOTOS
    draft, _ = await turn(house, draft, pressed("no_photo"))
    for value in ("change", "change_place"):
        draft, _ = await turn(house, draft, pressed(value))
    pin = [{"entity": "point", "value": PIN}]
    message = {"intent": {"name": "give_location", "confidence": 1.0}, "entities": pin, "text": ""}
    slots, said = await run(
        house,
        "validate_report_form",
        tracker(message, draft=draft.as_json(), requested_slot=Question.PLACE.value),
    )
    draft = Draft.from_json(slots["draft"])
    if asked(house, draft) is Question.DISTRICT:
        draft, _ = await turn(house, draft, pressed("Katernberg"))
    assert asked(house, draft) is Question.SIMILAR
    assert [message["response"] for message in said] in (["utter_place_taken"], ["utter_all_right"])


async def test_a_ticket_that_has_ended_meanwhile_loses_nothing(house: House, ticket: Ticket) -> None:
    """The report is sent as a ticket of its own, and the resident hears its number."""
    draft, _ = await turn(house, telling(), pressed("bulky_waste"))
    house.caretakers.act(ticket.number, Act(deed="finish"), chat=KARL, now=house.clock())
    draft, _ = await turn(house, draft, pressed(ticket.number))
    said = await finished(house, draft)
    assert said[0]["response"] == "utter_report_sent"
    (own,) = house.reports.tickets_of(RESIDENT)
    assert (own.number, own.report.words) == (said[0]["number"], draft.text)


async def test_of_a_ticket_that_was_merged_meanwhile_the_other_is_joined(
    house: House, ticket: Ticket
) -> None:
    """The resident follows the one that goes on."""
    draft, _ = await turn(house, telling(), pressed("bulky_waste"))
    into = reported(house, "t2").number
    house.caretakers.act(ticket.number, Act(deed="merge", into=into), chat=KARL, now=house.clock())
    draft, _ = await turn(house, draft, pressed(ticket.number))
    assert [message["custom"] for message in await finished(house, draft)] == [{"silent": True}]
    assert [one.number for one in house.reports.tickets_of(RESIDENT)] == [into]


@pytest.mark.parametrize(
    ("words", "intent", "outcome"),
    [
        ("ja", "affirm", "joined"),
        ("Ja, das ist es!", "out_of_scope", "joined"),
        ("jo genau", "affirm", "joined"),
        ("nein", "deny", None),
        ("was anderes", "out_of_scope", None),
        ("Nein, neu melden", "out_of_scope", None),
    ],
)
async def test_typing_works_as_well(
    house: House, ticket: Ticket, words: str, intent: str, outcome: str | None
) -> None:
    """A typed yes joins, a typed no goes on."""
    draft, _ = await turn(house, telling(), pressed("bulky_waste"))
    draft, said = await turn(house, draft, typed(words, intent))
    assert (draft.outcome, said) == (outcome, [])
    assert asked(house, draft) is (None if outcome else Question.PHOTOS)


async def test_of_several_the_one_that_is_meant_is_chosen(house: House, ticket: Ticket) -> None:
    """Each has a button with category and distance; a mere "ja" is asked back, a typed "2" is the second."""
    second = reported(house, "t2", category="litter")
    draft, _ = await turn(house, telling(), pressed("bulky_waste"))
    _, said = await run(house, "action_ask_report_similar", tracker({}, draft=draft.as_json()))
    assert said[0]["response"] == "utter_ask_report_similar_several"
    titles = [button["title"] for button in said[0]["buttons"]]
    assert titles == ["1: Sperrmüll, 30 m", "2: Herumliegender Abfall, 30 m", "➕ Nein, neu melden"]
    assert said[0]["buttons"] == buttons_of(choices(Question.SIMILAR, draft, house.catalogue), draft)
    assert all(len(button["payload"].encode()) <= 64 for button in said[0]["buttons"])
    draft, said = await turn(house, draft, typed("ja", "affirm"))
    assert [message["response"] for message in said] == ["utter_please_choose"]
    assert asked(house, draft) is Question.SIMILAR
    draft, _ = await turn(house, draft, typed("2"))
    assert (draft.outcome, draft.joins) == ("joined", second.number)


async def test_more_words_and_photos_stay_with_the_report(house: House, ticket: Ticket) -> None:
    """What is said instead of an answer is added, a photo too, and the question stays open."""
    draft, _ = await turn(house, telling(), pressed("bulky_waste"))
    draft, said = await turn(house, draft, typed("Ein Kühlschrank liegt auch dabei", "report_dirt"))
    assert [message["response"] for message in said] == ["utter_words_added"]
    photos = [{"entity": "photos", "value": [{"file_id": "p1"}]}]
    message = {"intent": {"name": "give_photos", "confidence": 1.0}, "entities": photos, "text": ""}
    draft, _ = await turn(house, draft, message)
    assert "Kühlschrank" in draft.text
    assert draft.photos == (Photo(file_id="p1"),)
    assert asked(house, draft) is Question.SIMILAR


@pytest.mark.parametrize("value", ["QH-2026-99999", "same", "same_1", "x", ""])
async def test_only_what_was_offered_can_be_joined(house: House, ticket: Ticket, value: str) -> None:
    """Data that no button of this question carries is stale: nobody joins what they were not shown."""
    draft, _ = await turn(house, telling(), pressed("bulky_waste"))
    after, said = await turn(house, draft, pressed(value))
    assert after == draft
    assert [message["response"] for message in said] == ["utter_stale_button"]


async def test_a_neighbours_conflict_is_never_shown(house: House) -> None:
    """Two quarrels in the same house stay two reports."""
    reported(house, kind="conflict", category="quarrel")
    draft, _ = await turn(house, telling(kind="conflict"), pressed("quarrel"))
    assert draft.similar == ()
    assert asked(house, draft) is Question.PHOTOS


async def test_the_same_matter_told_twice_joins_ones_own_ticket(house: House, clock: FakeClock) -> None:
    """It is named as one's own and since when; the caretakers read more of it, not of one more person."""
    ticket = reported(house)
    clock.forward(days=3)
    own = telling()
    state = tracker(pressed("bulky_waste"), draft=own.as_json())
    state.sender_id = OTHER
    slots, _ = await run(house, "validate_report_form", state)
    draft = Draft.from_json(slots["draft"])
    _, said = await run(house, "action_ask_report_similar", tracker({}, draft=slots["draft"]))
    assert "von Ihnen" in said[0]["lines"]
    assert "seit 3 Tagen" in said[0]["lines"]
    house.reports.join(draft.similar[0].number, draft, reporter=OTHER, now=house.clock())
    (after,) = house.reports.tickets_of(OTHER)
    assert (after.number, after.residents, after.status) == (ticket.number, (OTHER,), Status.ASSIGNED)
    assert (after.history[-1].what, after.history[-1].actor) == ("answer", Actor.RESIDENT)
    assert "caretaker.joined" not in heard(house, KARL)
    assert "caretaker.resident_said" in heard(house, KARL)


async def test_noise_shows_no_words(house: House) -> None:
    """Of noise residents read category, distance and age alone."""
    reported(house, kind="noise", category="music", words=finished_draft().words)
    draft, _ = await turn(house, telling(kind="noise"), pressed("music"))
    _, said = await run(house, "action_ask_report_similar", tracker({}, draft=draft.as_json()))
    assert "Hier liegt" not in said[0]["lines"]
    assert "30 m" in said[0]["lines"]


async def test_old_tickets_are_not_offered(house: House, clock: FakeClock) -> None:
    """What was reported longer ago than the category says is another matter."""
    reported(house)
    clock.forward(days=house.catalogue.categories.get("bulky_waste").days, minutes=1)
    draft, _ = await turn(house, telling(), pressed("bulky_waste"))
    assert draft.similar == ()
