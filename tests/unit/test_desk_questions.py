"""The order of questions: a walk over every combination of what may be known."""

from itertools import product
from typing import Any

import pytest

from desk.choosing import CHOICES
from desk.drafts import Draft, Spot, Words
from desk.questions import FIXED_CHOICES, Catalogue, Question, choices, next_question
from storage.texts import Texts
from tests.builders import PHOTO, SIMILAR, draft_asking, small_categories, small_city

CATALOGUE = Catalogue(
    city=small_city(), categories=small_categories(), labels=Texts.load().section("buttons")
)
SPOTS = {
    None: Question.PLACE,
    Spot(label="x"): Question.DISTRICT,
    Spot(label="x", candidates=("Nord", "Mitte")): Question.DISTRICT,
    Spot(label="x", district="Wald"): Question.UNCOVERED,
    Spot(label="x", district="Mitte"): None,
    Spot(label="x", district="Nord"): None,
}


def test_what_is_known_is_never_asked() -> None:
    """For every combination of known things the question is one whose answer is missing."""
    seen = set()
    known = product(*[(True, False)] * 3, SPOTS, ((), (SIMILAR,)), ((), (PHOTO,)), (True, False))
    for words, kind, category, spot, similar, photos, settled in known:
        draft = Draft(
            id="d",
            words=(Words(text="x"),) if words else (),
            kind="dirt" if kind else None,
            category="litter" if category else None,
            spot=spot,
            similar=similar,
            photos=photos,
            photos_settled=settled,
        )
        missing = {
            question
            for question, is_known in (
                (Question.WORDS, words),
                (Question.KIND, kind),
                (Question.CATEGORY, category),
                (SPOTS[spot], SPOTS[spot] is None),
                (Question.SIMILAR, not similar),
                (Question.PHOTOS, settled or photos),
            )
            if not is_known
        }
        asked = next_question(draft, CATALOGUE)
        assert asked in (missing or {Question.CONFIRMATION})
        seen.add(asked)
    assert seen == set(Question) - {Question.CHANGE, Question.CANCEL}


def test_photos_first_then_words_place_and_confirmation() -> None:
    """A report that begins with a photo goes on with the words and never asks for a photo."""
    draft = Draft(id="d", photos=(PHOTO,))
    asked = []
    answers: dict[Question, dict[str, Any]] = {
        Question.WORDS: {"words": (Words(text="x"),)},
        Question.KIND: {"kind": "dirt"},
        Question.CATEGORY: {"category": "litter"},
        Question.PLACE: {"spot": Spot(label="x", district="Nord")},
        Question.CONFIRMATION: {"outcome": "sent"},
    }
    while question := next_question(draft, CATALOGUE):
        asked.append(question)
        draft = Draft(**{**vars(draft), **answers[question]})
    assert asked == list(answers)


@pytest.mark.parametrize("question", Question)
def test_what_is_being_changed_is_asked_first(question: Question) -> None:
    """While something is being changed its question comes before everything that is still open."""
    assert next_question(Draft(id="d", changing=question.value), CATALOGUE) is question


@pytest.mark.parametrize("outcome", ["sent", "cancelled", "uncovered"])
def test_a_report_that_has_ended_asks_nothing(outcome: str) -> None:
    """With an outcome there is no next question, whatever is missing."""
    assert next_question(Draft(id="d", outcome=outcome, changing=Question.CHANGE), CATALOGUE) is None


@pytest.mark.parametrize("question", Question)
def test_every_button_of_a_question_says_something_else(question: Question) -> None:
    """No two buttons of a question share a value or a label."""
    draft = draft_asking(question, CATALOGUE)
    offered = choices(question, draft, CATALOGUE)
    assert len({choice.value for choice in offered}) == len(offered)
    assert len({choice.label for choice in offered}) == len(offered)


def test_the_photo_buttons_fit_the_photos() -> None:
    """Without photos one may go on without; with photos one may finish or remove them."""
    without = [choice.value for choice in choices(Question.PHOTOS, Draft(id="d"), CATALOGUE)]
    having = [choice.value for choice in choices(Question.PHOTOS, Draft(id="d", photos=(PHOTO,)), CATALOGUE)]
    assert without == ["no_photo"]
    assert having == ["photos_done", "drop_photos"]


def test_every_row_of_the_table_of_choices_has_a_button() -> None:
    """No effect is defined for a button that no question offers."""
    fixed = {(question, value) for question, values in FIXED_CHOICES.items() for value in values}
    by_hand = {
        (Question.PLACE, "only_district"),
        (Question.PLACE, "other_district"),
        (Question.PLACE, "stop"),
        (Question.DISTRICT, "meant_yes"),
        (Question.DISTRICT, "meant_no"),
        (Question.DISTRICT, "other_district"),
        (Question.SIMILAR, "another"),
        (Question.PHOTOS, "drop_photos"),
        (Question.KIND, "back"),
        (Question.WORDS, "back"),
        (Question.PLACE, "back"),
    }
    for question, value in CHOICES:
        assert value == "*" or (question, value) in fixed | by_hand
