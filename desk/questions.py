"""What is asked, in which order, and which answers have a button."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from zlib import crc32

from desk.categories import Categories
from desk.city import Area, City
from desk.drafts import Draft, SimilarTicket, Spot

LONGEST_CODE = 25
"""Bytes left for a choice beside the draft's id in a button's 64 (Bot API, callback_data)."""


class Question(StrEnum):
    """One question of the report; its value is the form slot that asks it (`utter_ask_<value>`)."""

    WORDS = "report_words"
    KIND = "report_kind"
    CATEGORY = "report_category"
    PLACE = "report_place"
    DISTRICT = "report_district"
    UNCOVERED = "report_uncovered"
    SIMILAR = "report_similar"
    PHOTOS = "report_photos"
    CONFIRMATION = "report_confirmation"
    CHANGE = "report_change"
    CANCEL = "report_cancel"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One button: what it means and what stands on it.

    `name` is what `texts/typed.yml` and the table of moves know it by: its value where that says nothing.
    """

    value: str
    label: str
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or self.value)

    @property
    def code(self) -> str:
        """What a button carries: the value, or a digest of one that is too long for it."""
        written = json.dumps(self.value, ensure_ascii=False)[1:-1].encode()
        return self.value if len(written) <= LONGEST_CODE else f"{crc32(written):08x}"


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
ONLY_DISTRICT = "only_district"
MEANT = ("meant_yes", "meant_no")
ANOTHER = "another"
SAME = ("same_1", "same_2", "same_3")
"""The labels of several similar tickets, which have their places in the words above them."""
FRUITLESS = 2
"""Unknown answers after which a place without an address is offered."""


def area_at(city: City, spot: Spot) -> Area | None:
    """Return the area a place belongs to; None while its district is not settled, or nobody cares for it."""
    return city.area_of(spot.district, spot.street, spot.number) if spot.district is not None else None


def next_question(draft: Draft, catalogue: Catalogue) -> Question | None:
    """Return what to ask next, or None when the report has come to its end; what is known is never asked."""
    if draft.outcome is not None:
        return None
    if draft.changing is not None:
        return Question(draft.changing)
    spot = draft.spot
    lost = spot is not None and spot.district is None
    if draft.purpose:
        return Question.PLACE if spot is None else Question.DISTRICT if lost else None
    uncovered = spot is not None and not lost and area_at(catalogue.city, spot) is None
    still_open = (
        (not draft.words, Question.WORDS),
        (draft.kind is None, Question.KIND),
        (draft.category is None, Question.CATEGORY),
        (spot is None, Question.PLACE),
        (lost, Question.DISTRICT),
        (uncovered, Question.UNCOVERED),
        (bool(draft.similar), Question.SIMILAR),
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
    elif question is Question.PLACE:
        found = _places(draft, catalogue)
    elif question is Question.DISTRICT:
        found = _districts(draft.spot, catalogue)
    elif question is Question.SIMILAR:
        found = _similar(draft, catalogue)
    elif question is Question.PHOTOS:
        values = ("photos_done", "drop_photos") if draft.photos else ("no_photo",)
        found = [Choice(value=value, label=labels[value]) for value in values]
    else:
        found = [Choice(value=value, label=labels[value]) for value in FIXED_CHOICES.get(question, ())]
    if draft.changing == question and question not in (Question.CHANGE, Question.CANCEL, Question.PHOTOS):
        found.append(Choice(value="back", label=labels["back"]))
    return found


def _places(draft: Draft, catalogue: Catalogue) -> list[Choice]:
    """Return the ways out of a place that was not found; a question about one has its districts at hand."""
    search, labels = draft.search, catalogue.labels
    suggested = search.suggestions if search else ()
    found = [Choice(value=name, label=name) for name in suggested]
    if draft.purpose and not suggested:
        found = [Choice(value=name, label=name) for name in catalogue.city.cared_for]
        return [*found, Choice(value=OTHER_DISTRICT, label=labels[OTHER_DISTRICT])]
    if suggested or (search and search.times >= FRUITLESS):
        found.append(Choice(value=ONLY_DISTRICT, label=labels[ONLY_DISTRICT]))
    if search and search.outside and not draft.changing:
        found.append(Choice(value="stop", label=labels["stop"]))
    return found


def _districts(spot: Spot | None, catalogue: Catalogue) -> list[Choice]:
    """Return the districts a place may be in; at a border with the streets on each side."""
    labels = catalogue.labels
    if spot and len(spot.candidates) == 1:
        return [Choice(value=value, label=labels[value]) for value in MEANT]
    names = (spot.candidates if spot else ()) or catalogue.city.cared_for
    sides = dict(zip(spot.candidates, spot.sides, strict=False)) if spot else {}
    found = [Choice(value=name, label=sides.get(name) or name) for name in names]
    return [*found, Choice(value=OTHER_DISTRICT, label=labels[OTHER_DISTRICT])]


def _similar(draft: Draft, catalogue: Catalogue) -> list[Choice]:
    """Return a button for each similar ticket; by the ticket's number no old one can mean another."""
    labels, found = catalogue.labels, draft.similar
    if len(found) == 1:
        same = [Choice(value=found[0].number, label=labels["same"], name="same")]
    else:
        same = [
            Choice(
                value=one.number,
                label=labels[name].format(what=_in_brief(one, catalogue)),
                name=name,
            )
            for name, one in zip(SAME, found, strict=False)
        ]
    return [*same, Choice(value=ANOTHER, label=labels[ANOTHER])]


def _in_brief(one: SimilarTicket, catalogue: Catalogue) -> str:
    category = catalogue.categories.get(one.category)
    what = category.label if category else one.category
    if one.metres is None:
        return catalogue.labels["same_address"].format(category=what)
    return catalogue.labels["same_near"].format(category=what, metres=one.metres)
