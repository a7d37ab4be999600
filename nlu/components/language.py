"""Recognises messages in other languages; comes after the emergency rules, which it never overrules."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.emergency import INTENT as EMERGENCY
from nlu.components.foreign import Foreign, Languages, plain, read_telling, words_in
from nlu.components.spelling import german_words
from nlu.components.trainable import Trainable

INTENT = "foreign_language"
FILE = "language.json"
OURS_AT_LEAST = 2
"""Messages a word stands in before it counts as German: single ones bring names and English with them."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageDetector(Trainable):
    """Sets `language` (ISO 639-1, "und" for one not known here) on a message that is not German.

    Its intent becomes `foreign_language`, unless it is an emergency, or it was trained with in that language:
    the Turkish word for no is an answer like "nein".
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`answered`: intents whose foreign training messages stay what they are.

        `accurate` holds 370 MB instead of 20 and loads for 3 s; it mixes up fewer languages.
        """
        return {
            "accurate": True,
            "answered": [
                "affirm", "deny", "cancel", "change", "start_over", "human", "smalltalk", "emergency",
            ],
        }  # fmt: skip

    def __init__(self, options: Mapping[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(options, storage, resource)
        self._languages = _languages(options)
        self._answered: list[frozenset[str]] = []

    def restore(self, folder: Path) -> None:
        """Read the words of German messages, and which foreign ones are understood all the same."""
        learned = json.loads((folder / FILE).read_text(encoding="utf-8"))
        self._languages = replace(self._languages, ours=frozenset(learned["ours"]))
        self._answered = [frozenset(words) for words in learned["answered"]]

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the words of German messages, and which foreign ones are understood all the same."""
        ours: Counter[str] = Counter()
        answered: set[tuple[str, ...]] = set()
        for message in training_data.intent_examples:
            text = message.get("text") or ""
            if not self._languages.foreign(text):
                ours.update(_words(text))
            elif message.get("intent") in self.options["answered"]:
                answered.add(tuple(sorted(_words(text))))
        learned = {
            "ours": sorted(word for word, count in ours.items() if count >= OURS_AT_LEAST),
            "answered": sorted(answered),
        }
        with self.storage.write_to(self.resource) as folder:
            (folder / FILE).write_text(json.dumps(learned, ensure_ascii=False), encoding="utf-8")
        return self.resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set language and intent of each message in another language."""
        for message in messages:
            text = message.get("text") or ""
            found = self._languages.foreign(text)
            if found is None:
                continue
            message.set("language", found.language, add_to_output=True)
            if not _is_emergency(message) and not self._is_answered(text):
                _overrule(message, found)
        return messages

    def _is_answered(self, text: str) -> bool:
        words = _words(text)
        return any(words <= known for known in self._answered)


def _languages(options: Mapping[str, Any], ours: frozenset[str] = frozenset()) -> Languages:
    # Late: the detector's library brings all its models.
    from nlu.components.letters import Letters

    return Languages(Letters(accurate=options["accurate"]), read_telling(), german_words(), ours)


def _words(text: str) -> frozenset[str]:
    return frozenset(map(plain, words_in(text)))


def _is_emergency(message: Message) -> bool:
    return bool(message.get("emergency")) or (message.get("intent") or {}).get("name") == EMERGENCY


def _overrule(message: Message, found: Foreign) -> None:
    intent = {"name": INTENT, "confidence": found.confidence}
    ranking = message.get("intent_ranking") or []
    message.set("intent", intent, add_to_output=True)
    message.set("intent_ranking", [dict(intent), *ranking], add_to_output=True)
    # What the classifier found in words it was not made for.
    for found_in_german in ("category", "matters", "doubt"):
        message.set(found_in_german, None, add_to_output=True)
