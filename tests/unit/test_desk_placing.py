"""How a place becomes certain: suggestions, borders, house numbers, other cities, and what is never a dead end."""

import pytest

from desk.drafts import Draft, Search, Spot
from desk.places import Located, Status
from desk.questions import Choice, Question, area_at, choices
from tests.answering import BORDER, CATALOGUE, CITY, COVERED, PLACES, asks, finished_draft, remarks, take
from tests.builders import draft_asking

ASKED = draft_asking(Question.PLACE, CATALOGUE)
WORDS = {"intent": "out_of_scope", "confidence": 0.9}


def offered(draft: Draft) -> list[str]:
    """What stands on the buttons of the open question."""
    question = asks(draft)
    assert question is not None
    return [choice.label for choice in choices(question, draft, CATALOGUE)]


def told(draft: Draft, text: str, **said: object) -> Draft:
    """The draft after these words."""
    return take(draft, **{**WORDS, "text": text, **said}).draft


def press(draft: Draft, value: str) -> Draft:
    """The draft after a button."""
    return take(draft, intent="choose", choice=value).draft


def spot_of(draft: Draft) -> Spot:
    """The place, which has to be there."""
    assert draft.spot is not None
    return draft.spot


def test_a_street_that_does_not_exist_is_offered_in_its_nearest_spellings() -> None:
    """The names that were found stand on buttons, and one may go on without an address."""
    draft = told(ASKED, "Lnge Alle 4", place="Lnge Alle 4")
    assert asks(draft) is Question.PLACE
    assert offered(draft) == [
        "Lange Allee 4",
        "Enge Allee 4",
        CATALOGUE.labels["only_district"],
    ]
    assert draft.search == Search(written="Lnge Alle 4", suggestions=("Lange Allee 4", "Enge Allee 4"))


@pytest.mark.parametrize("how", ["press", "type"])
def test_a_suggestion_is_taken_by_button_or_by_word(how: str) -> None:
    """Pressing a name and typing it both find it, and nothing is searched for any more."""
    draft = told(ASKED, "Lnge Alle 4")
    draft = press(draft, "Lange Allee 4") if how == "press" else told(draft, "Lange Allee 4")
    assert (spot_of(draft).district, spot_of(draft).street) == (COVERED, "Lange Allee")
    assert draft.search is None


def test_a_name_much_like_a_suggestion_is_looked_up_itself() -> None:
    """Number 14 is not taken for the number 4 that was offered."""
    draft = told(told(ASKED, "Lnge Alle 4"), "Lange Allee 14")
    assert (spot_of(draft).label, spot_of(draft).district) == ("Lange Allee 14", "Kray")


def test_a_short_answer_is_a_place_as_a_whole() -> None:
    """What was recognised as a place inside it is not all there is."""
    draft = told(ASKED, "Lnge Alle 4", place="Alle 4")
    assert "Lange Allee 4" in offered(draft)
    assert spot_of(told(ASKED, "Krumme Gasse 4", place="Gasse 4")).label == "Krumme Gasse 4"


def test_who_insists_on_a_street_is_asked_for_its_district_only() -> None:
    """The same words again are kept as they are."""
    draft = told(told(ASKED, "Lnge Alle 4"), "lnge alle 4", confidence=0.3)
    assert asks(draft) is Question.DISTRICT
    assert spot_of(draft).label == "lnge alle 4"


def test_a_suggestion_that_can_not_be_found_is_kept_by_name() -> None:
    """Even then there is a way on: its district is asked for."""
    draft = press(told(ASKED, "Lnge Alle 4"), "Enge Allee 4")
    assert asks(draft) is Question.DISTRICT
    assert spot_of(draft).label == "Enge Allee 4"


def test_a_misspelt_street_in_the_words_is_asked_about() -> None:
    """A street nobody knows is not kept silently when it only stood in the description."""
    said = {"kind": "dirt", "category": "litter", "category_confidence": 0.9, "place": "Lnge Alle 4"}
    draft = told(Draft(id="d"), "In der Lnge Alle 4 liegt Müll", **{**said, "intent": "report_dirt"})
    assert asks(draft) is Question.PLACE
    assert "Lange Allee 4" in offered(draft)


def test_two_unknown_answers_lead_to_the_districts() -> None:
    """After the second place nobody knows one may name the district alone, by button or in words."""
    once = told(ASKED, "hinten beim Dings", confidence=0.3)
    assert offered(once) == []
    twice = told(once, "na da wo immer alles liegt", confidence=0.3)
    assert offered(twice) == [CATALOGUE.labels["only_district"]]
    draft = press(twice, "only_district")
    assert asks(draft) is Question.DISTRICT
    assert set(CITY.cared_for) <= set(offered(draft))
    settled = press(draft, "Kray")
    assert (spot_of(settled).district, asks(settled)) == ("Kray", Question.CONFIRMATION)


@pytest.mark.parametrize("where", [{"text": "Schalker Weg 3"}, {"point": (51.3, 7.1), "text": ""}])
def test_another_city_is_named(where: dict[str, object]) -> None:
    """Words and pins in another city are told to be there, and the place may be put right or the report ended."""
    taken = take(ASKED, **{**WORDS, **where})
    assert remarks(taken) == ["utter_place_neighbour"]
    assert taken.remarks[0].params["neighbour"] in {"Gelsenkirchen", "Velbert"}
    assert asks(taken.draft) is Question.PLACE
    assert press(taken.draft, "stop").outcome == "uncovered"
    assert spot_of(told(taken.draft, "Hauptstr. 1")).district == COVERED


def test_another_city_never_ends_a_report_that_is_being_changed() -> None:
    """Whoever only wanted to correct the place keeps the report and the place it had."""
    draft = press(press(finished_draft(), "change"), "change_place")
    after = told(draft, "Schalker Weg 3")
    assert CATALOGUE.labels["stop"] not in offered(after)
    assert spot_of(press(after, "back")).district == COVERED


@pytest.mark.parametrize("number", ["12", "Nr. 12", " 12 "])
def test_a_number_alone_completes_the_street(number: str) -> None:
    """A street through two districts asks for both at once; the number settles the district and the point."""
    draft = told(ASKED, "Langestr")
    assert spot_of(draft).lacks_number
    assert offered(draft)[:2] == [COVERED, "Kray"]
    places = {**PLACES.found, "Lange Str. Nr. 12": PLACES.found["Lange Str. 12"]}
    PLACES.found, before = places, PLACES.found
    try:
        spot = spot_of(told(draft, number))
    finally:
        PLACES.found = before
    assert (spot.district, spot.latitude, spot.label) == ("Kray", 51.46, "Lange Str. 12")


def test_a_number_that_does_not_exist_leaves_the_districts() -> None:
    """The number stays with the street, and it is not asked for a second time."""
    draft = told(told(ASKED, "Langestr"), "999")
    assert (asks(draft), spot_of(draft).label) == (Question.DISTRICT, "Lange Str. 999")
    assert not spot_of(draft).lacks_number
    assert offered(draft)[:2] == [COVERED, "Kray"]


@pytest.mark.parametrize("answer", ["Kray", "Querweg (Kray)", "Querweg"])
def test_at_a_border_the_resident_says_the_side(answer: str) -> None:
    """Buttons name the streets of each side; district, button and street all settle it, and the pin stays."""
    draft = take(ASKED, intent="give_location", point=BORDER).draft
    assert spot_of(draft).border
    assert offered(draft)[:2] == ["Querweg (Kray)", f"Ringallee ({COVERED})"]
    spot = spot_of(told(draft, answer))
    assert (spot.district, spot.latitude, spot.street) == ("Kray", BORDER[0], "Querweg")
    assert (spot.border, spot.sides) == (False, ())


def test_the_nearest_street_is_forgotten_on_the_other_side() -> None:
    """A street of the side that was not meant decides about no area."""
    draft = take(ASKED, intent="give_location", point=BORDER).draft
    spot = spot_of(press(draft, COVERED))
    assert (spot.district, spot.street) == (COVERED, None)


@pytest.mark.parametrize("no", ["meant_no", "nein"])
def test_a_single_guess_is_asked_with_yes_and_no(no: str) -> None:
    """Yes takes the district, no asks for the place again."""
    draft = told(ASKED, "Am Markt")
    assert [choice.value for choice in choices(Question.DISTRICT, draft, CATALOGUE)] == [
        "meant_yes",
        "meant_no",
    ]
    assert spot_of(press(draft, "meant_yes")).district == "Kray"
    denied = press(draft, no) if no == "meant_no" else told(draft, no, intent="deny")
    assert (denied.spot, asks(denied)) == (None, Question.PLACE)


def test_a_certain_pin_asks_nothing_and_names_the_address() -> None:
    """The nearest address is its label, so that the summary shows what was understood."""
    draft = take(ASKED, intent="give_location", point=(51.5, 7.05)).draft
    assert spot_of(draft).label == "bei Hauptstr. 1"
    assert asks(draft) is Question.CONFIRMATION


def test_the_area_of_a_place_knows_its_street() -> None:
    """Where an area is made of streets, the spot's street and number decide."""
    asked = []

    class StreetCity:
        def area_of(self, *where: object) -> None:
            asked.append(where)

    area_at(StreetCity(), Spot(label="Lange Str. 12a", district="Kray", street="Lange Str."))  # type: ignore[arg-type]
    assert asked == [("Kray", "Lange Str.", 12)]
    assert area_at(CITY, Spot(label="x")) is None


def test_no_button_is_too_long() -> None:
    """A long name travels as a digest that fits beside the draft's id, and pressing it means the name."""
    name = "Straße der Deutsch-Französischen Freundschaft 120a"
    draft = ASKED.missed("x", suggestions=(name,))
    code = choices(Question.PLACE, draft, CATALOGUE)[0].code
    assert len(code) <= 25
    assert spot_of(press(draft, code)).label == name
    assert Choice(value="Altenessen-Süd", label="x").code == "Altenessen-Süd"


def test_a_code_of_another_name_is_stale() -> None:
    """A button of an earlier list never means a name of the present one."""
    draft = ASKED.missed("x", suggestions=("Straße der Deutsch-Französischen Freundschaft 120a",))
    other = Choice(value="Straße der Deutsch-Französischen Freundschaft 120b", label="x").code
    assert remarks(take(draft, intent="choose", choice=other)) == ["utter_stale_button"]


ASKING = Draft(id="d", purpose="my_caretaker")


@pytest.mark.parametrize(
    "said",
    [
        {"intent": "give_location", "point": (51.5, 7.05)},
        {"intent": "choose", "choice": COVERED},
        {**WORDS, "text": COVERED},
        {"intent": "report_dirt", "kind": "dirt", "confidence": 0.6, "text": COVERED},
        {"intent": "ask_question", "confidence": 0.9, "text": COVERED},
        {**WORDS, "text": "Hauptstr. 1"},
    ],
    ids=str,
)
def test_a_question_about_a_place_takes_any_kind_of_place(said: dict[str, object]) -> None:
    """A pin, a button, a district or an address is all that is asked for."""
    after = take(ASKING, **said).draft
    assert (spot_of(after).district, asks(after), after.purpose) == (COVERED, None, "my_caretaker")


@pytest.mark.parametrize(
    "said",
    [
        {"intent": "report_dirt", "kind": "dirt", "confidence": 0.9, "text": "Hier liegt ein altes Sofa"},
        {"intent": "begin_report", "kind": "dirt"},
    ],
    ids=str,
)
def test_a_report_comes_before_the_question(said: dict[str, object]) -> None:
    """Who reports something instead of answering is not asked where they live any more."""
    after = take(ASKING, **said).draft
    assert (after.purpose, after.kind) == (None, "dirt")


@pytest.mark.parametrize("intent", ["deny", "cancel"])
def test_a_question_is_dropped_without_asking_back(intent: str) -> None:
    """Saying no ends a question; there is nothing to lose."""
    assert take(ASKING, intent=intent, confidence=0.9, text="ach lass mal").draft.outcome == "cancelled"


def test_without_place_data_a_pin_is_settled_in_two_questions() -> None:
    """Five districts and "another one" first, then the name is typed."""
    draft = take(ASKED, intent="give_location", point=(51.4, 7.0)).draft
    other = press(draft, "other_district")
    assert asks(other) is Question.DISTRICT
    assert spot_of(told(other, "Bredeney")).district == "Bredeney"


def test_a_place_outside_whose_city_is_not_known_is_said_to_be_outside() -> None:
    """Without a name nobody is made up."""
    taken = take(ASKED, **WORDS, text="Gelsenkirchen")
    assert PLACES.find("Gelsenkirchen") == Located(status=Status.OUTSIDE)
    assert remarks(taken) == ["utter_place_outside"]
