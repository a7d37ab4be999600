"""How an answer changes the draft: one reader a question, in a table.

`take` returns None when what was said is no answer to the question but something of its own (a question
about office hours, a greeting): the dialogue then answers that and asks again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from desk.choosing import MOVES, choose
from desk.drafts import Draft, Guess, Spot
from desk.places import Located, Locator, Status
from desk.questions import Catalogue, Question, choices, next_question
from desk.said import Remark, Said, Taken

FOREIGN = "foreign_language"
# Words that interrupt a report without ending it: answered by rules of their own, then the report goes on.
INTERRUPTIONS = frozenset(
    {
        "ask_office_hours",
        "ask_question",
        "ask_ticket_status",
        "human",
        "smalltalk",
        "out_of_scope",
        FOREIGN,
        "report_other_defect",
    }
)
SURE = 0.7  # from this confidence on an interruption counts as one
KIND_SURE = 0.45  # from this confidence on a kind found in the words is taken without asking
CATEGORY_SURE = 0.4
ALIKE = 88  # percent (rapidfuzz ratio) from which typed words count as the words on a button
SHORT = 6  # words: a place alone is hardly longer
MOST_PLACE_LETTERS = 80  # of what is kept of a place's or a time's words
STALE_BUTTON = Remark(response="utter_stale_button")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Reads answers with what the city and its places know."""

    catalogue: Catalogue
    locator: Locator

    def take(self, draft: Draft, said: Said) -> Taken | None:
        """Return the draft after what was said, or None when it was no answer to the open question."""
        question = next_question(draft, self.catalogue)
        if question is None or said.intent == "emergency":
            return None
        if said.choice is not None:
            return self._choose(draft, question, said.choice)
        if said.point is not None:
            return self._pin(draft, said)
        if said.photos:
            return self._photos(draft, said)
        if said.intent in _STRUCTURED:
            return _STRUCTURED[said.intent](self, draft, said)
        return self._typed(draft, question, said) if said.text else None

    def _typed(self, draft: Draft, question: Question, said: Said) -> Taken | None:
        choice = self._typed_choice(draft, question, said)
        if choice is not None:
            return self._choose(draft, question, choice)
        if self._gives_up(question, said):
            return Taken(draft=replace(draft, changing=Question.CANCEL))
        return _READERS[question](self, draft, said)

    def _gives_up(self, question: Question, said: Said) -> bool:
        """Tell whether these words mean cancelling; a longer description only sounds like it."""
        sure = said.intent in ("cancel", "start_over") and said.confidence >= SURE
        return sure and (question is not Question.WORDS or len(said.text.split()) <= SHORT)

    def _begun(self, draft: Draft, said: Said) -> Taken:
        if draft.kind is not None or self.catalogue.categories.kind(said.kind or "") is None:
            return Taken(draft=draft, remarks=(STALE_BUTTON,))
        return Taken(draft=replace(draft, kind=said.kind))

    def _choose(self, draft: Draft, question: Question, value: str) -> Taken | None:
        if value not in {choice.value for choice in choices(question, draft, self.catalogue)}:
            return Taken(draft=draft, remarks=(STALE_BUTTON,))
        return choose(draft, question, value)

    def _typed_choice(self, draft: Draft, question: Question, said: Said) -> str | None:
        offered = choices(question, draft, self.catalogue)
        written = plain(said.text)
        best = max(offered, key=lambda choice: fuzz.ratio(written, plain(choice.label)), default=None)
        if best and fuzz.ratio(written, plain(best.label)) >= ALIKE:
            return best.value
        typed = next(
            (one.value for one in offered if written in self.catalogue.typed.get(one.value, ())), None
        )
        if typed is not None:
            return typed
        meant = MOVES.get((question, said.intent), ())
        if said.confidence < SURE or len(written.split()) > SHORT:
            meant = ()
        values = {choice.value for choice in offered}
        return next((value for value in meant if value in values), None)

    def _pin(self, draft: Draft, said: Said) -> Taken:
        if said.point is None:
            return Taken(draft=draft)
        located = self.locator.at(*said.point)
        if located.status in (Status.OUTSIDE, Status.UNKNOWN):
            return Taken(draft=draft, remarks=(Remark(response="utter_place_outside"),))
        known = draft.spot.label if draft.spot and draft.spot.latitude is None else None
        label = said.point_label or located.label or known or ""
        if known and draft.spot and known not in self.catalogue.city.district_names:
            label = known
        label = label[:MOST_PLACE_LETTERS]
        spot = replace(_spot(located), label=label, latitude=said.point[0], longitude=said.point[1])
        return Taken(draft=_settled(replace(draft, spot=spot), Question.PLACE))

    def _photos(self, draft: Draft, said: Said) -> Taken:
        after = draft.with_photos(said.photos)
        left_out = len(set(said.photos) - set(after.photos))
        most = Remark(response="utter_too_many_photos", params={"most": len(after.photos)})
        return Taken(draft=after, remarks=(most,) if left_out else ())

    def _edited(self, draft: Draft, said: Said) -> Taken | None:
        if said.message is None:
            return None
        edited = draft.edited(said.text, said.message)
        if edited != draft:
            return Taken(draft=edited, remarks=(Remark(response="utter_words_changed"),))
        if draft.spot and draft.spot.message == said.message:
            return self._place(replace(draft, changing=Question.PLACE), said)
        return None

    def _interrupts(self, said: Said) -> bool:
        return said.intent in INTERRUPTIONS and said.confidence >= SURE

    def _words(self, draft: Draft, said: Said) -> Taken | None:
        changing = draft.changing == Question.WORDS
        if not changing and self._place_alone(said):
            return self._found(draft, said, said.text, quiet=False)
        # What nobody at the desk can read is no description, whatever was chosen before.
        fresh = not changing and draft.kind is None
        if self._interrupts(said) and (fresh or said.intent == FOREIGN):
            return None
        draft = replace(draft, words=()) if changing else draft
        draft = _settled(draft.said(said.text, said.message), Question.WORDS)
        # Told anew they stay what they were filed under: no reading of these words that could be corrected.
        draft = replace(self._understood(draft, said), guess=None if changing else _guess(said))
        if said.since and draft.since is None:
            draft = replace(draft, since=said.since[:MOST_PLACE_LETTERS])
        if draft.spot is None and said.place:
            return self._found(draft, said, said.place, quiet=True)
        return Taken(draft=draft)

    def _place_alone(self, said: Said) -> bool:
        """Tell whether these few words are nothing but a place, so that what is wrong there is still open."""
        if said.kind is not None or len(said.text.split()) > SHORT or "?" in said.text:
            return False
        return self.locator.find(said.text).status in (Status.RESOLVED, Status.AMBIGUOUS)

    def _understood(self, draft: Draft, said: Said) -> Draft:
        if draft.kind is None and said.kind and said.confidence >= KIND_SURE:
            draft = replace(draft, kind=said.kind)
        fits = said.kind is not None and draft.kind == said.kind and said.category is not None
        if fits and draft.category is None and said.category_confidence >= CATEGORY_SURE:
            draft = replace(draft, category=said.category)
        return draft

    def _kind(self, draft: Draft, said: Said) -> Taken | None:
        if said.kind and said.confidence >= KIND_SURE:
            draft = replace(draft, kind=None, category=None) if draft.changing else draft
            return Taken(draft=_settled(self._understood(draft, said), Question.KIND))
        return self._choose_please(draft, said)

    def _category(self, draft: Draft, said: Said) -> Taken | None:
        category = self.catalogue.categories.get(said.category or "")
        if category is not None and category.kind == draft.kind and said.category_confidence >= CATEGORY_SURE:
            return Taken(draft=replace(draft, category=category.id))
        return self._choose_please(draft, said)

    def _place(self, draft: Draft, said: Said) -> Taken | None:
        alone = len(said.text.split()) <= SHORT and "?" not in said.text
        if self._interrupts(said) and not (
            alone and self.locator.find(said.text).status is not Status.UNKNOWN
        ):
            return None
        return self._found(draft, said, said.place or said.text, quiet=False)

    def _district(self, draft: Draft, said: Said) -> Taken | None:
        if self._interrupts(said) and self.locator.find(said.text).status is Status.UNKNOWN:
            return None
        located = self.locator.find(said.text)
        if draft.spot is None or located.status in (Status.OUTSIDE, Status.UNKNOWN):
            response = "utter_place_outside" if located.status is Status.OUTSIDE else "utter_district_unknown"
            return Taken(draft=draft, remarks=(Remark(response=response),))
        if located.point and draft.spot.latitude is None:
            return self._found(draft, said, said.text, quiet=False)
        spot = replace(draft.spot, district=located.district, candidates=located.candidates)
        return Taken(draft=replace(draft, spot=spot))

    def _more_words(self, draft: Draft, said: Said) -> Taken | None:
        if self._interrupts(said):
            return None
        return Taken(
            draft=draft.said(said.text, said.message), remarks=(Remark(response="utter_words_added"),)
        )

    def _choose_please(self, draft: Draft, said: Said) -> Taken | None:
        if self._interrupts(said):
            return None
        return Taken(draft=draft, remarks=(Remark(response="utter_please_choose"),))

    def _found(self, draft: Draft, said: Said, text: str, *, quiet: bool) -> Taken:
        """Look the place up; `quiet` while it only stood in the words and nobody asked for it."""
        located = self.locator.find(text)
        if located.status is Status.UNKNOWN and text != said.text:
            whole = self.locator.find(said.text)
            located = whole if whole.status is not Status.UNKNOWN else located
        if located.status is Status.OUTSIDE:
            return Taken(draft=draft, remarks=(Remark(response="utter_place_outside"),))
        if located.status is Status.UNKNOWN and not (said.place or _looks_like_place(text)):
            return Taken(draft=draft, remarks=() if quiet else (Remark(response="utter_place_unknown"),))
        if located.status is Status.UNKNOWN and quiet and not any(sign.isdigit() for sign in text):
            return Taken(draft=draft)
        # A shape like a street's without place data: keep the words, the district is asked for.
        label = said.place if said.place and located.status is not Status.UNKNOWN else _label(located, text)
        spot = replace(_spot(located), label=label.strip()[:MOST_PLACE_LETTERS], message=said.message)
        return Taken(draft=_settled(replace(draft, spot=spot), Question.PLACE))


def plain(text: str) -> str:
    """Return the words of a text alone, for comparing: no emoji, no punctuation, lower case."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _guess(said: Said) -> Guess:
    kind = said.kind if said.confidence >= KIND_SURE else None
    sure = kind is not None and said.category_confidence >= CATEGORY_SURE
    return Guess(kind=kind, category=said.category if sure else None, confidence=said.confidence)


def _looks_like_place(text: str) -> bool:
    return (
        len(text) <= MOST_PLACE_LETTERS
        and any(sign.isalpha() for sign in text)
        and any(map(str.isdigit, text))
    )


def _label(located: Located, text: str) -> str:
    return text if located.status is Status.UNKNOWN else located.label or text


def _spot(located: Located) -> Spot:
    latitude, longitude = located.point or (None, None)
    return Spot(
        label=located.label,
        district=located.district if located.status is Status.RESOLVED else None,
        candidates=located.candidates,
        latitude=latitude,
        longitude=longitude,
    )


def _settled(draft: Draft, question: Question) -> Draft:
    return replace(draft, changing=None) if draft.changing in (question, Question.DISTRICT) else draft


# ruff: noqa: SLF001 -- the tables name the methods of the class above
# Structured input that is no answer to the open question but belongs to the report all the same.
_STRUCTURED: dict[str, Callable[[Reader, Draft, Said], Taken | None]] = {
    "begin_report": Reader._begun,
    "resume_report": lambda _reader, draft, _said: Taken(draft=draft),
    "edit_words": Reader._edited,
    "command_cancel": lambda _reader, draft, _said: Taken(draft=replace(draft, outcome="cancelled")),
}

_READERS: dict[Question, Callable[[Reader, Draft, Said], Taken | None]] = {
    Question.WORDS: Reader._words,
    Question.KIND: Reader._kind,
    Question.CATEGORY: Reader._category,
    Question.PLACE: Reader._place,
    Question.DISTRICT: Reader._district,
    Question.UNCOVERED: Reader._place,
    Question.PHOTOS: Reader._more_words,
    Question.CONFIRMATION: Reader._more_words,
    Question.CHANGE: Reader._choose_please,
    Question.CANCEL: Reader._choose_please,
}
