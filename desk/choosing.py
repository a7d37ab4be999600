"""What each button does to the draft: a table."""

from collections.abc import Callable
from dataclasses import replace

from desk.drafts import Draft, Spot
from desk.placing import looks_like_place, placed
from desk.questions import ANOTHER, ONLY_DISTRICT, OTHER_DISTRICT, Question
from desk.said import Remark, Taken


def choose(draft: Draft, question: Question, value: str) -> Taken:
    """Return the draft after the button `value` of `question`; a value without an effect just goes on."""
    chosen = CHOICES.get((question, value)) or CHOICES.get((question, "*"))
    return chosen(draft, value) if chosen else Taken(draft=replace(draft, changing=None))


def _with_kind(draft: Draft, value: str) -> Taken:
    changed = replace(draft, kind=value, category=None) if value != draft.kind or draft.changing else draft
    return Taken(draft=replace(changed, changing=None))


def _with_district(draft: Draft, value: str) -> Taken:
    return Taken(draft=placed(draft, draft.spot.on(value)) if draft.spot else draft)


def _other_district(draft: Draft, _value: str) -> Taken:
    if draft.spot is None or not draft.spot.candidates:
        return Taken(draft=draft, remarks=(Remark(response="utter_which_district"),))
    return Taken(draft=replace(draft, spot=replace(draft.spot, candidates=(), border=False, sides=())))


def _meant(draft: Draft, _value: str) -> Taken:
    spot = draft.spot
    return Taken(draft=placed(draft, spot.on(spot.candidates[0])) if spot and spot.candidates else draft)


def _not_meant(draft: Draft, _value: str) -> Taken:
    written = draft.spot.label if draft.spot else ""
    return Taken(draft=replace(draft.missed(written), spot=None))


def _only_district(draft: Draft, _value: str) -> Taken:
    written = draft.search.written if draft.search else ""
    return Taken(draft=placed(draft, Spot(label=written if looks_like_place(written) else "")))


def _in_district(draft: Draft, value: str) -> Taken:
    return Taken(draft=placed(draft, Spot(label=value, district=value, candidates=(value,))))


def _ending(outcome: str) -> Callable[[Draft, str], Taken]:
    return lambda draft, _value: Taken(draft=replace(draft, outcome=outcome, changing=None))


def _asking(question: Question | None) -> Callable[[Draft, str], Taken]:
    return lambda draft, _value: Taken(draft=replace(draft, changing=question, search=None))


def _joined(draft: Draft, value: str) -> Taken:
    return Taken(draft=replace(draft, outcome="joined", joins=value, changing=None))


def _another(draft: Draft, _value: str) -> Taken:
    apart = (*draft.told_apart, draft.similar_to) if draft.similar_to else draft.told_apart
    return Taken(draft=replace(draft, similar=(), told_apart=apart, changing=None))


def _photos_settled(draft: Draft, _value: str) -> Taken:
    return Taken(draft=replace(draft, photos_settled=True, changing=None))


def _photos_dropped(draft: Draft, _value: str) -> Taken:
    return Taken(draft=replace(draft, photos=(), photos_settled=False, photos_asked=True))


CHOICES: dict[tuple[Question, str], Callable[[Draft, str], Taken]] = {
    (Question.KIND, "*"): _with_kind,
    (Question.CATEGORY, "*"): lambda draft, value: Taken(draft=replace(draft, category=value, changing=None)),
    (Question.PLACE, ONLY_DISTRICT): _only_district,
    (Question.PLACE, OTHER_DISTRICT): _other_district,
    (Question.PLACE, "stop"): _ending("uncovered"),
    (Question.PLACE, "*"): _in_district,
    (Question.DISTRICT, "meant_yes"): _meant,
    (Question.DISTRICT, "meant_no"): _not_meant,
    (Question.DISTRICT, OTHER_DISTRICT): _other_district,
    (Question.DISTRICT, "*"): _with_district,
    (Question.UNCOVERED, "other_place"): _asking(Question.PLACE),
    (Question.UNCOVERED, "stop"): _ending("uncovered"),
    (Question.SIMILAR, ANOTHER): _another,
    (Question.SIMILAR, "*"): _joined,
    (Question.PHOTOS, "drop_photos"): _photos_dropped,
    (Question.PHOTOS, "*"): _photos_settled,
    (Question.CONFIRMATION, "send"): _ending("sent"),
    (Question.CONFIRMATION, "change"): _asking(Question.CHANGE),
    (Question.CONFIRMATION, "cancel"): _ending("cancelled"),
    (Question.CHANGE, "change_category"): _asking(Question.KIND),
    (Question.CHANGE, "change_words"): _asking(Question.WORDS),
    (Question.CHANGE, "change_place"): _asking(Question.PLACE),
    (Question.CHANGE, "change_photos"): _asking(Question.PHOTOS),
    (Question.CANCEL, "really_cancel"): _ending("cancelled"),
}
for _question in (Question.KIND, Question.WORDS, Question.PLACE, Question.CHANGE):
    CHOICES[(_question, "back")] = _asking(None)

# What people type instead of pressing a button: an intent -> the choices it may stand for.
MOVES: dict[tuple[Question, str], tuple[str, ...]] = {
    (Question.SIMILAR, "affirm"): ("same",),
    (Question.SIMILAR, "deny"): (ANOTHER,),
    (Question.PHOTOS, "deny"): ("no_photo", "photos_done"),
    (Question.PHOTOS, "affirm"): ("photos_done",),
    (Question.CONFIRMATION, "affirm"): ("send",),
    (Question.CONFIRMATION, "deny"): ("change",),
    (Question.CONFIRMATION, "change"): ("change",),
    (Question.CONFIRMATION, "cancel"): ("cancel",),
    (Question.DISTRICT, "affirm"): ("meant_yes",),
    (Question.DISTRICT, "deny"): ("meant_no", OTHER_DISTRICT),
    (Question.UNCOVERED, "deny"): ("stop",),
    (Question.UNCOVERED, "cancel"): ("stop",),
    (Question.UNCOVERED, "change"): ("other_place",),
    (Question.CHANGE, "deny"): ("back",),
    (Question.CANCEL, "affirm"): ("really_cancel",),
    (Question.CANCEL, "cancel"): ("really_cancel",),
    (Question.CANCEL, "deny"): ("go_on",),
}
