"""How buttons, moves and interruptions change the draft: the real city, categories and words on buttons."""

from dataclasses import replace

import pytest

from desk.answers import INTERRUPTIONS, plain
from desk.choosing import MOVES
from desk.drafts import Draft
from desk.questions import Question, choices
from desk.said import Said
from tests.answering import CATALOGUE, READER, asks, finished_draft, remarks, take
from tests.builders import PHOTO, draft_asking

LONG = "Wissen Sie vielleicht ob man bei Ihnen auch am Samstag vorbeikommen kann"


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


def test_a_report_that_has_ended_takes_nothing() -> None:
    """After the end no answer belongs to it any more."""
    assert READER.take(finished_draft(outcome="sent"), Said(intent="choose", choice="send")) is None
