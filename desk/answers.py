"""How an answer changes the draft: one reader a question, in a table.

`take` returns None when what was said is no answer to the question but something of its own (a question
about office hours, a greeting): the dialogue then answers that and asks again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from desk.choosing import MOVES, choose
from desk.drafts import Draft, Guess
from desk.places import Locator
from desk.placing import MOST_PLACE_LETTERS, SHORT, PlaceReader
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
IDENTICAL = 100
STALE_BUTTON = Remark(response="utter_stale_button")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Reads answers with what the city and its places know."""

    catalogue: Catalogue
    locator: Locator

    @property
    def places(self) -> PlaceReader:
        """Reads what is said about the place."""
        return PlaceReader(catalogue=self.catalogue, locator=self.locator)

    def take(self, draft: Draft, said: Said) -> Taken | None:
        """Return the draft after what was said, or None when it was no answer to the open question."""
        if draft.purpose:
            draft, said = self._on_purpose(draft, said)
        question = next_question(draft, self.catalogue)
        if question is None or said.intent == "emergency":
            return None
        if said.choice is not None:
            return self._choose(draft, question, said.choice)
        if said.point is not None:
            return self.places.pin(draft, said)
        if said.photos:
            return self._photos(draft, said)
        if said.intent in _STRUCTURED:
            return _STRUCTURED[said.intent](self, draft, said)
        return self._typed(draft, question, said) if said.text else None

    def _typed(self, draft: Draft, question: Question, said: Said) -> Taken | None:
        choice = self._typed_choice(draft, question, said)
        if choice is not None:
            return self._choose(draft, question, choice)
        if self._gives_up(draft, question, said):
            asked_back = replace(draft, changing=Question.CANCEL)
            return Taken(draft=replace(draft, outcome="cancelled") if draft.purpose else asked_back)
        return _READERS[question](self, draft, said)

    def _gives_up(self, draft: Draft, question: Question, said: Said) -> bool:
        """Tell whether these words mean cancelling; a longer description only sounds like it."""
        words = ("cancel", "start_over", "deny") if draft.purpose else ("cancel", "start_over")
        sure = said.intent in words and said.confidence >= SURE
        return sure and (question is not Question.WORDS or len(said.text.split()) <= SHORT)

    def _begun(self, draft: Draft, said: Said) -> Taken:
        if draft.kind is not None or self.catalogue.categories.kind(said.kind or "") is None:
            return Taken(draft=draft, remarks=(STALE_BUTTON,))
        return Taken(draft=replace(draft, kind=said.kind))

    def _choose(self, draft: Draft, question: Question, value: str) -> Taken | None:
        offered = choices(question, draft, self.catalogue)
        chosen = next((one.value for one in offered if value in (one.value, one.code)), None)
        if chosen is None:
            return Taken(draft=draft, remarks=(STALE_BUTTON,))
        if question is Question.PLACE and draft.search and chosen in draft.search.suggestions:
            return self.places.suggested(draft, chosen)
        return choose(draft, question, chosen)

    def _on_purpose(self, draft: Draft, said: Said) -> tuple[Draft, Said]:
        """Leave a question about a place for a report that is told; other questions always interrupt it."""
        told = said.kind is not None and said.confidence >= KIND_SURE and said.choice is None
        begun = said.intent == "begin_report" or said.photos
        if begun or (told and not self.places.knows(said.text)):
            return Draft(id=draft.id), said
        return draft, replace(said, confidence=1.0) if said.intent == "ask_question" else said

    def _typed_choice(self, draft: Draft, question: Question, said: Said) -> str | None:
        offered = choices(question, draft, self.catalogue)
        written = plain(said.text)
        best = max(offered, key=lambda choice: fuzz.ratio(written, plain(choice.label)), default=None)
        # "Lange Str. 14" is much like "Lange Str. 12", and another place: only the locator may tell.
        alike = IDENTICAL if question is Question.PLACE else ALIKE
        if best and fuzz.ratio(written, plain(best.label)) >= alike:
            return best.value
        typed = next(
            (one.value for one in offered if written in self.catalogue.typed.get(one.name, ())), None
        )
        if typed is not None:
            return typed
        meant = MOVES.get((question, said.intent), ())
        if said.confidence < SURE or len(written.split()) > SHORT:
            meant = ()
        values = {choice.name: choice.value for choice in offered}
        return next((values[name] for name in meant if name in values), None)

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
            return self.places.found(draft, said, said.text, quiet=False)
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
            return self.places.found(draft, said, said.place, quiet=True)
        return Taken(draft=draft)

    def _place_alone(self, said: Said) -> bool:
        """Tell whether these few words are nothing but a place, so that what is wrong there is still open."""
        return said.kind is None and self.places.knows(said.text)

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
        if self._interrupts(said) and not self.places.may_be_place(said):
            return None
        return self.places.found(draft, said, said.place or said.text, quiet=False)

    def _district(self, draft: Draft, said: Said) -> Taken | None:
        return self.places.district(draft, said, interrupts=self._interrupts(said))

    def _more_words(self, draft: Draft, said: Said) -> Taken | None:
        if self._interrupts(said):
            return None
        return Taken(
            draft=draft.said(said.text, said.message), remarks=(Remark(response="utter_words_added"),)
        )

    def _which(self, draft: Draft, said: Said) -> Taken | None:
        """Ask again which ticket a mere "yes" means; anything longer is more about the matter itself."""
        mere = said.intent == "affirm" and len(said.text.split()) <= SHORT
        return self._choose_please(draft, said) if mere else self._more_words(draft, said)

    def _choose_please(self, draft: Draft, said: Said) -> Taken | None:
        if self._interrupts(said):
            return None
        return Taken(draft=draft, remarks=(Remark(response="utter_please_choose"),))


def plain(text: str) -> str:
    """Return the words of a text alone, for comparing: no emoji, no punctuation, lower case."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _guess(said: Said) -> Guess:
    kind = said.kind if said.confidence >= KIND_SURE else None
    sure = kind is not None and said.category_confidence >= CATEGORY_SURE
    return Guess(kind=kind, category=said.category if sure else None, confidence=said.confidence)


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
    Question.SIMILAR: Reader._which,
    Question.PHOTOS: Reader._more_words,
    Question.CONFIRMATION: Reader._more_words,
    Question.CHANGE: Reader._choose_please,
    Question.CANCEL: Reader._choose_please,
}
