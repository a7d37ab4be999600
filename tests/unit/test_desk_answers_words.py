"""What words, places, pins and photos bring to the draft: the real city and categories."""

from dataclasses import replace

import pytest

from desk.answers import Reader
from desk.drafts import Draft, Guess, Spot
from desk.nearest_centres import NearestCentres
from desk.questions import OTHER_DISTRICT, Question, choices
from desk.said import Said
from desk.tickets import Photo
from tests.answering import CATALOGUE, CITY, COVERED, READER, asks, finished_draft, remarks, take
from tests.builders import PHOTO, draft_asking


def test_words_bring_kind_category_place_and_time() -> None:
    """One good sentence leaves only the photo open."""
    said = {
        "text": "Seit Montag liegt Sperrmüll in der Hauptstr. 1",
        "message": 5,
        "intent": "report_dirt",
        "confidence": 0.9,
        "kind": "dirt",
        "category": "bulky_waste",
        "category_confidence": 0.8,
        "place": "Hauptstr. 1",
        "since": "Seit Montag",
    }
    draft = take(Draft(id="d"), **said).draft
    assert (draft.kind, draft.category, draft.since) == ("dirt", "bulky_waste", "Seit Montag")
    assert draft.spot == Spot(
        label="Hauptstr. 1",
        district=COVERED,
        candidates=(COVERED,),
        latitude=51.5,
        longitude=7.05,
        message=5,
    )
    assert asks(draft) is Question.PHOTOS


@pytest.mark.parametrize(("confidence", "open_question"), [(0.3, Question.KIND), (0.6, Question.CATEGORY)])
def test_unsure_guesses_are_asked(confidence: float, open_question: Question) -> None:
    """A kind below the threshold is asked for; so is a category."""
    said = {"text": "da ist was", "kind": "noise", "category": "music", "category_confidence": 0.1}
    draft = take(Draft(id="d"), intent="report_noise", confidence=confidence, **said).draft
    assert asks(draft) is open_question


def test_a_category_of_another_kind_is_not_taken() -> None:
    """Words that fit another kind than the chosen one leave the category open."""
    draft = Draft(id="d", kind="noise")
    said = {"text": "Müll!", "kind": "dirt", "category": "litter", "category_confidence": 0.9}
    assert take(draft, intent="report_dirt", confidence=0.9, **said).draft.category is None


@pytest.mark.parametrize(
    ("text", "question", "remark"),
    [
        ("Hauptstr. 1", Question.CONFIRMATION, []),
        ("Lange Str.", Question.DISTRICT, []),
        ("im Wald", Question.UNCOVERED, []),
        ("Gelsenkirchen", Question.PLACE, ["utter_place_outside"]),
        ("keine Ahnung", Question.PLACE, ["utter_place_unknown"]),
        ("Nirgendweg 12", Question.DISTRICT, []),
    ],
)
def test_a_place_is_found_or_asked_again(text: str, question: Question, remark: list[str]) -> None:
    """Found, in doubt, without caretakers, outside, unknown, or an address only the district is missing of."""
    draft = draft_asking(Question.PLACE, CATALOGUE)
    taken = take(draft, intent="out_of_scope", confidence=0.3, text=text)
    assert asks(taken.draft) is question
    assert remarks(taken) == remark


@pytest.mark.parametrize("question", [Question.PLACE, Question.WORDS])
def test_a_place_alone_is_a_place_whatever_it_sounds_like(question: Question) -> None:
    """A bare address is never taken for small talk, and never for the description."""
    draft = draft_asking(question, CATALOGUE)
    draft = replace(draft, spot=None, kind=None if question is Question.WORDS else draft.kind)
    taken = take(draft, intent="smalltalk", confidence=0.99, text="Hauptstr. 1")
    assert taken.draft.spot is not None
    assert taken.draft.spot.district == COVERED
    assert taken.draft.words == draft.words


def test_a_doubtful_place_is_settled_by_its_district() -> None:
    """The named district is taken, the street stays, and an unknown or foreign one is said to be so."""
    draft = draft_asking(Question.DISTRICT, CATALOGUE)
    named = take(draft, text="Kray", intent="out_of_scope", confidence=0.9).draft
    assert named.spot is not None
    assert (named.spot.label, named.spot.district) == ("Hauptstr. 1", "Kray")
    assert remarks(take(draft, text="Gelsenkirchen", confidence=0.2)) == ["utter_place_outside"]
    assert remarks(take(draft, text="Quatschhausen", confidence=0.2)) == ["utter_district_unknown"]
    other = take(draft, intent="choose", choice=OTHER_DISTRICT).draft
    assert choices(Question.DISTRICT, other, CATALOGUE) != choices(Question.DISTRICT, draft, CATALOGUE)
    assert remarks(take(other, intent="choose", choice=OTHER_DISTRICT)) == ["utter_which_district"]


def test_a_pin_is_taken_at_any_question() -> None:
    """A pin sets the place wherever the report stands; in doubt it offers districts; abroad it says so."""
    for question in Question:
        draft = replace(draft_asking(question, CATALOGUE), spot=None)
        taken = take(draft, intent="give_location", point=(51.5, 7.05))
        assert taken.draft.spot is not None
        assert (taken.draft.spot.district, taken.draft.spot.latitude) == (COVERED, 51.5)
    unsure = take(Draft(id="d"), intent="give_location", point=(51.4, 7.0)).draft
    assert unsure.spot is not None
    assert unsure.spot.candidates == ("Kray", COVERED)
    outside = take(Draft(id="d"), intent="give_location", point=(0.0, 0.0))
    assert outside.draft.spot is None
    assert remarks(outside) == ["utter_place_outside"]


def test_a_pin_keeps_the_street_that_was_named() -> None:
    """A pin makes a written street exact: the words stay, the point comes to it."""
    draft = finished_draft(spot=Spot(label="Lange Str.", candidates=(COVERED, "Kray")))
    spot = take(draft, intent="give_location", point=(51.5, 7.05)).draft.spot
    assert spot is not None
    assert (spot.label, spot.district, spot.latitude) == ("Lange Str.", COVERED, 51.5)


@pytest.mark.parametrize("question", Question)
def test_photos_are_taken_at_any_question(question: Question) -> None:
    """Photos never get lost and never change what is being asked about."""
    draft = draft_asking(question, CATALOGUE)
    taken = take(draft, intent="give_photos", photos=(PHOTO,))
    assert taken.draft.photos == (PHOTO,)
    if question is not Question.PHOTOS:
        assert asks(taken.draft) is question


def test_too_many_photos_are_said_to_be_too_many() -> None:
    """The eleventh photo is left out and the resident hears it."""
    many = tuple(Photo(file_id=str(index)) for index in range(11))
    taken = take(Draft(id="d"), intent="give_photos", photos=many)
    assert len(taken.draft.photos) == 10
    assert remarks(taken) == ["utter_too_many_photos"]
    assert taken.remarks[0].params == {"most": 10}


def test_an_edited_message_changes_its_words_or_its_place() -> None:
    """An edit reaches what the message said; one of an unknown message is no answer."""
    draft = finished_draft()
    words = take(draft, intent="edit_words", text="Jetzt ist es weg", message=1)
    assert words.draft.text == "Jetzt ist es weg"
    assert remarks(words) == ["utter_words_changed"]
    place = take(draft, intent="edit_words", text="Lange Str.", message=2).draft
    assert asks(place) is Question.DISTRICT
    assert READER.take(draft, Said(intent="edit_words", text="x", message=99)) is None


def test_more_words_before_sending_are_added() -> None:
    """What comes to mind at the photos or the summary goes to the description."""
    for question in (Question.PHOTOS, Question.CONFIRMATION):
        draft = draft_asking(question, CATALOGUE)
        taken = take(
            draft, text="Ach ja, und Glas liegt da auch.", message=9, intent="report_dirt", confidence=0.9
        )
        assert taken.draft.text.endswith("Ach ja, und Glas liegt da auch.")
        assert remarks(taken) == ["utter_words_added"]


def test_what_is_stored_has_an_end() -> None:
    """A long message with a district in it, a venue's endless name, a rambling time: all are cut to what fits."""
    reader = Reader(catalogue=CATALOGUE, locator=NearestCentres(CITY))
    rambling = "Also das ist in Katernberg und " + "immer weiter und " * 100
    draft = draft_asking(Question.PLACE, CATALOGUE)
    told = reader.take(draft, Said(text=rambling, intent="report_dirt", confidence=0.5))
    venue = reader.take(draft, Said(intent="give_location", point=(51.5, 7.05), point_label="x" * 900))
    since = reader.take(Draft(id="d"), Said(text="Müll", since="seit " * 100))
    assert told is not None
    assert told.draft.spot is not None
    assert told.draft.spot.district == "Katernberg"
    assert len(told.draft.spot.label) <= 200
    assert venue is not None
    assert venue.draft.spot is not None
    assert len(venue.draft.spot.label) <= 200
    assert since is not None
    assert len(since.draft.since or "") <= 200


@pytest.mark.parametrize(
    ("confidence", "category_confidence", "guess"),
    [
        (0.9, 0.9, Guess(kind="noise", category="music", confidence=0.9)),
        (0.9, 0.1, Guess(kind="noise", confidence=0.9)),
        (0.1, 0.9, Guess(confidence=0.1)),
    ],
)
@pytest.mark.parametrize("begun_as", [None, "dirt"])
def test_how_the_words_were_read_is_remembered(
    confidence: float, category_confidence: float, guess: Guess, begun_as: str | None
) -> None:
    """What the classifier read surely stays known, whatever the resident has chosen or chooses."""
    said = {"kind": "noise", "category": "music", "text": "die Boxen wummern die ganze Nacht durchs Haus"}
    draft = Draft(id="d", kind=begun_as)
    draft = take(draft, confidence=confidence, category_confidence=category_confidence, **said).draft
    assert draft.guess == guess
    chosen = take(replace(draft, changing=Question.KIND), intent="choose", choice="conflict").draft
    assert (chosen.kind, chosen.guess) == ("conflict", guess)


def test_words_told_anew_are_not_taken_for_misread() -> None:
    """New words under the kind of the old ones are no correction of how the new ones are read."""
    draft = finished_draft(
        guess=Guess(kind="dirt", category="litter", confidence=0.9), changing=Question.WORDS
    )
    taken = take(draft, intent="report_noise", kind="noise", confidence=0.9, text="die Boxen wummern so laut")
    assert (taken.draft.kind, taken.draft.guess) == ("dirt", None)
