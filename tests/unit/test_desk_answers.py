"""How answers change the draft, with the real city, the real categories and the real words on buttons."""

from dataclasses import replace

import pytest

from desk.answers import INTERRUPTIONS, Reader, plain
from desk.choosing import MOVES
from desk.drafts import Draft, Guess, Spot
from desk.nearest_centres import NearestCentres
from desk.places import Located, Status, ambiguous, resolved
from desk.questions import OTHER_DISTRICT, Catalogue, Question, choices, next_question
from desk.said import Said, Taken
from desk.tickets import Photo
from storage.categories import load_categories
from storage.city_files import load_city
from storage.texts import Texts
from tests import builders
from tests.builders import PHOTO, draft_asking
from tests.fakes import TableLocator

CITY = load_city("essen")
CATALOGUE = Catalogue(city=CITY, categories=load_categories(), labels=Texts.load().section("buttons"))
COVERED, UNCOVERED = "Katernberg", "Bredeney"
PLACES = TableLocator(
    {
        "Hauptstr. 1": resolved(COVERED, label="Hauptstr. 1", point=(51.5, 7.05)),
        "Lange Str.": ambiguous((COVERED, "Kray"), label="Lange Str."),
        "im Wald": resolved(UNCOVERED),
        "Gelsenkirchen": Located(status=Status.OUTSIDE),
        **{name: resolved(name) for name in CITY.district_names},
    },
    pins={
        (51.5, 7.05): resolved(COVERED, label="bei Hauptstr. 1"),
        (51.4, 7.0): ambiguous(("Kray", COVERED)),
    },
)
READER = Reader(catalogue=CATALOGUE, locator=PLACES)
LONG = "Wissen Sie vielleicht ob man bei Ihnen auch am Samstag vorbeikommen kann"


def finished_draft(**changes: object) -> Draft:
    """A report from a district of Essen that only waits for its confirmation."""
    return builders.finished_draft(
        **{"spot": Spot(label="Hauptstr. 1", district=COVERED, message=2), **changes}
    )


def take(draft: Draft, **said: object) -> Taken:
    """What an answer leads to; it has to be one."""
    taken = READER.take(draft, Said(**said))
    assert taken is not None
    return taken


def asks(draft: Draft) -> Question | None:
    return next_question(draft, CATALOGUE)


def remarks(taken: Taken) -> list[str]:
    return [remark.response for remark in taken.remarks]


def offered_everywhere() -> list[tuple[Question, Draft, str, str]]:
    """Every question in every form it takes, with each of its buttons: (question, draft, value, label)."""
    forms = [(question, draft_asking(question, CATALOGUE)) for question in Question]
    forms += [
        (question, replace(finished_draft(photos=photos), changing=question))
        for question in (Question.WORDS, Question.KIND, Question.PLACE, Question.PHOTOS)
        for photos in ((), (PHOTO,))
    ]
    forms += [
        (Question.CATEGORY, replace(draft_asking(Question.CATEGORY, CATALOGUE), kind=kind.id))
        for kind in CATALOGUE.categories.kinds
    ]
    return [
        (question, draft, choice.value, choice.label)
        for question, draft in forms
        for choice in choices(question, draft, CATALOGUE)
    ]


OFFERED = offered_everywhere()
NAMES = [f"{question.value}-{value}-{draft.changing or ''}" for question, draft, value, _ in OFFERED]


def test_the_walk_meets_every_question() -> None:
    """The drafts of this file ask what they are meant to ask, and all of it."""
    assert {question for question, *_ in OFFERED} == set(Question)
    assert all(asks(draft) is question for question, draft, *_ in OFFERED)


@pytest.mark.parametrize(("question", "draft", "value", "label"), OFFERED, ids=NAMES)
def test_every_button_has_an_effect_and_typing_it_the_same(
    question: Question, draft: Draft, value: str, label: str
) -> None:
    """Pressing a button changes the draft or says something; its words typed do the same."""
    pressed = take(draft, intent="choose", choice=value)
    assert pressed.draft != draft or pressed.remarks
    assert "utter_stale_button" not in remarks(pressed)
    for typed in (label, plain(label), label.upper()):
        assert take(draft, intent="out_of_scope", confidence=0.9, text=typed) == pressed


@pytest.mark.parametrize("question", Question)
@pytest.mark.parametrize("value", ["", "send ", "unicorn", "*"])
def test_a_button_the_question_does_not_have_is_stale(question: Question, value: str) -> None:
    """Old or forged choices are answered with a hint and change nothing."""
    draft = draft_asking(question, CATALOGUE)
    taken = take(draft, intent="choose", choice=value)
    assert taken.draft == draft
    assert remarks(taken) == ["utter_stale_button"]


@pytest.mark.parametrize(("question", "word"), list(MOVES), ids=str)
def test_every_move_stands_for_a_button(question: Question, word: str) -> None:
    """Yes, no and the like do what the first fitting button does, whatever the exact words."""
    draft = draft_asking(question, CATALOGUE)
    for draft_now in (draft, replace(draft, photos=(PHOTO,))):
        offered = [choice.value for choice in choices(question, draft_now, CATALOGUE)]
        wanted = [value for value in MOVES[(question, word)] if value in offered]
        if wanted:
            taken = READER.take(draft_now, Said(intent=word, confidence=0.95, text="na gut dann eben"))
            assert taken == READER.take(draft_now, Said(intent="choose", choice=wanted[0]))


def test_a_long_sentence_is_no_move() -> None:
    """A whole sentence that merely sounds like a yes does not send the report."""
    draft = finished_draft()
    taken = take(
        draft, intent="affirm", confidence=0.9, text="ja und dann lag da auch noch ein alter Teppich"
    )
    assert taken.draft.outcome is None
    assert "Teppich" in taken.draft.text


@pytest.mark.parametrize("intent", sorted(INTERRUPTIONS))
@pytest.mark.parametrize("question", Question)
def test_interruptions_are_no_answers(question: Question, intent: str) -> None:
    """A sure question or greeting leaves the report alone, at every question; once the kind is known, words are words."""
    draft = draft_asking(question, CATALOGUE)
    draft = replace(draft, kind=None) if question is Question.WORDS else draft
    assert READER.take(draft, Said(intent=intent, confidence=0.95, text=LONG)) is None


@pytest.mark.parametrize("question", Question)
def test_an_emergency_is_never_an_answer(question: Question) -> None:
    """Whatever is asked, an emergency goes to the rule that names 110 and 112."""
    said = Said(intent="emergency", text="Hilfe es brennt", kind="dirt")
    assert READER.take(draft_asking(question, CATALOGUE), said) is None


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
    assert remarks(take(draft, intent="choose", choice=OTHER_DISTRICT)) == ["utter_which_district"]


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


@pytest.mark.parametrize("question", [question for question in Question if question is not Question.WORDS])
def test_giving_up_in_words_is_asked_back(question: Question) -> None:
    """Words that mean cancelling end nothing at once: one may still go on where one was."""
    draft = draft_asking(question, CATALOGUE)
    said = {
        "intent": "cancel",
        "confidence": 0.95,
        "text": "lass mal, das hat sich doch alles erledigt jetzt",
    }
    asked = take(draft, **said).draft
    assert asks(asked) is Question.CANCEL
    assert take(asked, intent="choose", choice="really_cancel").draft.outcome == "cancelled"
    back = take(asked, intent="choose", choice="go_on").draft
    assert back == replace(draft, changing=None)


def test_giving_up_before_anything_was_said_is_no_description() -> None:
    """The word "abbrechen" alone is asked back even while the description is open; a long sentence is words."""
    draft = Draft(id="d", kind="dirt")
    assert asks(take(draft, intent="cancel", confidence=0.95, text="abbrechen").draft) is Question.CANCEL
    told = "Die Firma will die Abfuhr hier stoppen und lässt alles liegen"
    assert take(draft, intent="cancel", confidence=0.95, text=told).draft.text == told


@pytest.mark.parametrize("question", Question)
def test_the_cancel_command_ends_the_report(question: Question) -> None:
    """/abbrechen drops the report at once, at any question."""
    draft = draft_asking(question, CATALOGUE)
    assert take(draft, intent="command_cancel").draft.outcome == "cancelled"


CHANGES = {
    "change_words": [
        {"text": "Ganz andere Worte für das alles hier", "intent": "out_of_scope", "confidence": 0.9}
    ],
    "change_category": [{"choice": "noise"}, {"choice": "music"}],
    "change_place": [{"text": "Lange Str.", "intent": "out_of_scope"}, {"choice": "Kray"}],
    "change_photos": [{"photos": (PHOTO,)}, {"choice": "photos_done"}],
    "back": [],
}


@pytest.mark.parametrize("what", CHANGES)
def test_every_change_comes_back_to_the_confirmation(what: str) -> None:
    """After a change the resident sees the whole report again, with the change in it and the rest as it was."""
    before = draft = finished_draft()
    for said in ({"choice": "change"}, {"choice": what}, *CHANGES[what]):
        assert draft.outcome is None
        draft = take(draft, **{"intent": "choose", **said}).draft
    assert asks(draft) is Question.CONFIRMATION
    changed = {name for name in vars(draft) if getattr(draft, name) != getattr(before, name)}
    wanted = {"change_words": {"words"}, "change_category": {"kind", "category"}, "change_place": {"spot"}}
    assert changed == wanted.get(what, {"photos"} if what == "change_photos" else set())


@pytest.mark.parametrize("what", ["change_words", "change_category", "change_place"])
def test_going_back_from_a_change_changes_nothing(what: str) -> None:
    """The back button leaves the report as it was."""
    draft = finished_draft()
    for choice in ("change", what, "back"):
        draft = take(draft, intent="choose", choice=choice).draft
    assert draft == finished_draft()


def test_a_report_begins_with_a_button_once() -> None:
    """The button sets the kind of a fresh report; pressed in the middle of another, or with a foreign kind, it is old."""
    begun = take(Draft(id="d"), intent="begin_report", kind="noise")
    assert begun.draft == Draft(id="d", kind="noise")
    for draft, kind in ((begun.draft, "dirt"), (Draft(id="d"), "unicorn"), (Draft(id="d"), None)):
        taken = take(draft, intent="begin_report", kind=kind)
        assert taken.draft == draft
        assert remarks(taken) == ["utter_stale_button"]


def test_more_words_before_sending_are_added() -> None:
    """What comes to mind at the photos or the summary goes to the description."""
    for question in (Question.PHOTOS, Question.CONFIRMATION):
        draft = draft_asking(question, CATALOGUE)
        taken = take(
            draft, text="Ach ja, und Glas liegt da auch.", message=9, intent="report_dirt", confidence=0.9
        )
        assert taken.draft.text.endswith("Ach ja, und Glas liegt da auch.")
        assert remarks(taken) == ["utter_words_added"]


def test_a_report_that_has_ended_takes_nothing() -> None:
    """After the end no answer belongs to it any more."""
    assert READER.take(finished_draft(outcome="sent"), Said(intent="choose", choice="send")) is None


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
