"""What the trained classifier says about messages: intent, ranking, categories."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nlu.components.calibration import intent_columns
from nlu.components.encoder import Floats, SentenceEncoder
from nlu.components.kept import in_texts
from nlu.components.matters import as_json, matters, might_hold_two, parts
from nlu.components.model_file import Trained

FALLBACK = "nlu_fallback"
SURE = 0.5
"""Calibrated, so from here on the likeliest intent is rather right than wrong."""
UNSURE, REJECTED = "unsure", "rejected"
MISTYPED = "Speermüll"
COMMON_WORDS = 10_000


class Reading:
    """What was trained, with its encoder; `most` intents are ranked."""

    def __init__(self, trained: Trained, encoder: SentenceEncoder, *, most: int) -> None:
        self._model, self._encoder, self._spelling = trained.model, encoder, trained.spelling
        self._threshold, self._most = trained.threshold, most
        self._intents, self._sums = intent_columns(self._model.labels)
        columns = {intent: np.flatnonzero(self._sums[:, i]) for i, intent in enumerate(self._intents)}
        self._columns = {intent: own for intent, own in columns.items() if any(map(self._name, own))}

    def read(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Return for each text what goes on the message."""
        return self.begin(texts)()

    def begin(self, texts: Sequence[str]) -> Callable[[], list[dict[str, Any]]]:
        """Begin to read; what is returned waits for what goes on each message."""
        outcomes = self._outcomes(texts)
        return lambda: self._in_parts(texts, outcomes())

    def _in_parts(self, texts: Sequence[str], outcomes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Read what might hold two matters once more, in parts."""
        several = {
            number: pieces
            for number, text in enumerate(texts)
            if might_hold_two(outcomes[number]["intent_ranking"]) and len(pieces := parts(text)) > 1
        }
        if several:
            read = iter(self._outcomes([piece for pieces in several.values() for piece in pieces])())
            for number, pieces in several.items():
                _split(outcomes[number], pieces, [next(read) for _ in pieces])
        return outcomes

    def warm_up(self) -> None:
        """Read the commonest words once, and a typing error: what this builds and keeps takes two seconds."""
        for text in in_texts([MISTYPED, *self._spelling.commonest(COMMON_WORDS)]):
            self._outcomes([text])()

    def _outcomes(self, texts: Sequence[str]) -> Callable[[], list[dict[str, Any]]]:
        meant = [self._spelling.restore(text) for text in texts]
        meanings = self._encoder.begin(meant)

        def finish() -> list[dict[str, Any]]:
            wordings = [self._model.of_wording(text) for text in meant]  # the encoder may still be at work
            return [
                self._outcome(self._model.probabilities(wording, meaning))
                for wording, meaning in zip(wordings, meanings(), strict=True)
            ]

        return finish

    def _outcome(self, chances: Floats) -> dict[str, Any]:
        """Turn the labels' probabilities, shape (labels,), into intent, ranking and categories."""
        sums = chances @ self._sums
        ranking = [
            {"name": self._intents[column], "confidence": float(sums[column])}
            for column in np.argsort(-sums)[: self._most]
        ]
        first, confidence = str(ranking[0]["name"]), float(sums.max())
        categories = {
            intent: found
            for intent, columns in self._columns.items()
            if (found := self._category(columns, chances))
        }
        doubt = REJECTED if confidence < self._threshold else UNSURE if confidence < SURE else None
        return {
            "intent": {"name": FALLBACK if doubt else first, "confidence": confidence},
            "doubt": doubt,
            "intent_ranking": ranking,
            "category": categories.get(first),
            "categories": categories,
        }

    def _category(self, columns: Any, chances: Floats) -> dict[str, Any] | None:
        own = chances[columns]
        best = own.argmax()
        name = self._name(columns[best])
        return {"name": name, "confidence": float(own[best]) / max(float(own.sum()), 1e-9)} if name else None

    def _name(self, column: int) -> str:
        return self._model.labels[column].partition("/")[2]


def _split(outcome: dict[str, Any], pieces: Sequence[str], read: Sequence[dict[str, Any]]) -> None:
    """Note on a message's outcome that it holds two matters."""
    found = matters(pieces, read)
    first = str(outcome["intent_ranking"][0]["name"])
    outcome["matters"] = as_json(found, first=first)
