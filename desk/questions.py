"""What is asked, in which order, and which answers have a button."""

from dataclasses import dataclass, field
from enum import StrEnum

from desk.categories import Categories
from desk.city import City
from desk.drafts import Draft


class Question(StrEnum):
    """One question of the report; its value is the form slot that asks it (`utter_ask_<value>`)."""

    WORDS = "report_words"
    KIND = "report_kind"
    CATEGORY = "report_category"
    PLACE = "report_place"
    DISTRICT = "report_district"
    UNCOVERED = "report_uncovered"
    PHOTOS = "report_photos"
    CONFIRMATION = "report_confirmation"
    CHANGE = "report_change"
    CANCEL = "report_cancel"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One button: what it means and what stands on it."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What questions need to know besides the draft: the city, the categories, the words on fixed buttons.

    `typed` holds for a choice what people type instead of pressing its button.
    """

    city: City
    categories: Categories
    labels: dict[str, str]
    typed: dict[str, frozenset[str]] = field(default_factory=dict)


# Buttons whose choice is always the same; the labels stand in `texts/buttons.yml`.
FIXED_CHOICES: dict[Question, tuple[str, ...]] = {
    Question.UNCOVERED: ("other_place", "stop"),
    Question.CONFIRMATION: ("send", "change", "cancel"),
    Question.CHANGE: ("change_category", "change_words", "change_place", "change_photos", "back"),
    Question.CANCEL: ("really_cancel", "go_on"),
}
OTHER_DISTRICT = "other_district"


def next_question(draft: Draft, catalogue: Catalogue) -> Question | None:
    """Return what to ask next, or None when the report has come to its end; what is known is never asked."""
    if draft.outcome is not None:
        return None
    if draft.changing is not None:
        return Question(draft.changing)
    spot = draft.spot
    uncovered = (
        spot is not None and spot.district is not None and catalogue.city.area_of(spot.district) is None
    )
    still_open = (
        (not draft.words, Question.WORDS),
        (draft.kind is None, Question.KIND),
        (draft.category is None, Question.CATEGORY),
        (spot is None, Question.PLACE),
        (spot is not None and spot.district is None, Question.DISTRICT),
        (uncovered, Question.UNCOVERED),
        (draft.photos_open, Question.PHOTOS),
        (True, Question.CONFIRMATION),
    )
    return next(question for is_open, question in still_open if is_open)


def choices(question: Question, draft: Draft, catalogue: Catalogue) -> list[Choice]:
    """Return the buttons of a question, in their order."""
    labels = catalogue.labels
    if question is Question.KIND:
        found = [Choice(value=kind.id, label=kind.label) for kind in catalogue.categories.kinds]
    elif question is Question.CATEGORY:
        found = [
            Choice(value=category.id, label=category.label)
            for category in catalogue.categories.of_kind(draft.kind or "")
        ]
    elif question is Question.DISTRICT:
        candidates = draft.spot.candidates if draft.spot else ()
        found = [Choice(value=name, label=name) for name in candidates or _cared_for(catalogue.city)]
        found.append(Choice(value=OTHER_DISTRICT, label=labels[OTHER_DISTRICT]))
    elif question is Question.PHOTOS:
        values = ("photos_done", "drop_photos") if draft.photos else ("no_photo",)
        found = [Choice(value=value, label=labels[value]) for value in values]
    else:
        found = [Choice(value=value, label=labels[value]) for value in FIXED_CHOICES.get(question, ())]
    if draft.changing == question and question not in (Question.CHANGE, Question.CANCEL, Question.PHOTOS):
        found.append(Choice(value="back", label=labels["back"]))
    return found


def _cared_for(city: City) -> list[str]:
    """Return the districts with caretakers: what to offer when nothing is known about where it is."""
    return sorted(district for area in city.areas for district in area.districts)
