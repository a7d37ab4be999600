"""Rules and recogniser as one finder of places and times."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from nlu.components.kept import in_texts
from nlu.components.ner import Marked, Recogniser
from nlu.components.ner_choice import chosen
from nlu.components.ner_features import Word, WordClasses, cues
from nlu.components.ner_tokens import encodable, german, words
from nlu.components.spans import Span

SURE = {"place": 0.6, "time": 0.8}
"""How sure the rules must be of what the recogniser does not see; chosen by cross-validation."""

FORGET_AFTER = 10_000
"""Messages after which spaCy starts afresh: it keeps every word it reads, and a worker runs for months.

spaCy's own way out, a memory zone, reads ten times slower because it forgets the common words as well.
"""


class Rules(Protocol):
    """Finds one kind of entity by its shape."""

    def find(self, text: str) -> list[Span]:
        """Return the spans, the best first."""
        ...


class EntityFinder:
    """Finds entities; without a recogniser the rules decide alone."""

    def __init__(
        self, rules: Mapping[str, Rules], classes: WordClasses, recogniser: Recogniser | None = None
    ) -> None:
        self._rules, self._classes, self.recogniser = rules, classes, recogniser
        self._pipeline = german()
        self._read = 0

    def warm_up(self) -> None:
        """Read the words the recogniser knows; working out what is kept of them takes half a second."""
        for text in in_texts(self.recogniser.words() if self.recogniser else []):
            self.find(text)

    def find(self, text: str) -> dict[str, list[Span]]:
        """Return the spans of each entity, the best first."""
        found = self._by_rules(text)
        if self.recogniser is None:
            return found
        seen = self._words(text)
        learned = self.recogniser.spans(seen, cues(text, seen, found, self._classes))
        return {
            entity: chosen(text, spans, learned[entity], sure=SURE[entity], number=self._classes.number)
            for entity, spans in found.items()
        }

    def marked(self, text: str, marks: Iterable[Mapping[str, Any]]) -> Marked:
        """Prepare a message to learn from; `marks` are Rasa's entities, those of other kinds don't count."""
        found = self._by_rules(text)
        named = {
            entity: [
                Span(start=mark["start"], end=mark["end"], confidence=1.0)
                for mark in marks
                if mark["entity"] == entity
            ]
            for entity in found
        }
        seen = self._words(text)
        return Marked(words=seen, cues=cues(text, seen, found, self._classes), marks=named)

    def _by_rules(self, text: str) -> dict[str, list[Span]]:
        return {entity: rules.find(text) for entity, rules in self._rules.items()}

    def _words(self, text: str) -> list[Word]:
        self._read += 1
        if self._read % FORGET_AFTER == 0:
            self._pipeline = german()
        return list(words(self._pipeline, encodable(text)))
