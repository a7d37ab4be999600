"""The classifier: what a message is about (intent) and its finer class (category), found in one pass."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tqdm import tqdm

from nlu.components import model_file
from nlu.components.calibration import calibrate, intent_columns
from nlu.components.encoder import ENCODERS, Floats, SentenceEncoder
from nlu.components.linear import Features, Fit, LinearModel, fit, held_out_scores

FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
BATCH = 64


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MessageClassifier(GraphComponent, IntentClassifier):
    """Sets `intent`, `intent_ranking`, `category` and `categories` on a message.

    `category` belongs to the likeliest intent: {"name", "confidence"}, the confidence given that intent, or
    None where the intent has no categories; `categories` holds the same for every intent that has some. Below
    the threshold the intent becomes `nlu_fallback`; ranking and categories stay as they are.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`encoder` is a name in ENCODERS; `loss` the share of right answers the threshold may cost."""
        return {
            "encoder": "usem3",
            "strength": Fit.strength,
            "dimensions": Fit.dimensions,
            "wording": Fit.wording,
            "loss": 0.03,
            "ranking_length": 10,
            "progress": True,
        }

    def __init__(self, config: Mapping[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._encoder: SentenceEncoder | None = None
        self._model: LinearModel | None = None
        self._threshold = 0.0

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 -- Rasa's signature
    ) -> "MessageClassifier":
        """Create an untrained classifier."""
        return cls({**cls.get_default_config(), **config}, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_kwargs: Any,
    ) -> "MessageClassifier":
        """Load a trained classifier and its encoder's weights."""
        loaded = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            model, encoder, threshold = model_file.read(folder)
        loaded._use(model, ENCODERS[encoder](), threshold)
        return loaded

    def _use(self, model: LinearModel, encoder: SentenceEncoder, threshold: float) -> None:
        self._model, self._encoder, self._threshold = model, encoder, threshold
        self._intents, self._sums = intent_columns(model.labels)
        self._label_columns = {
            intent: np.flatnonzero(self._sums[:, column]) for column, intent in enumerate(self._intents)
        }

    def train(self, training_data: TrainingData) -> Resource:
        """Train on all messages with an intent; `metadata: {category: …}` gives the category."""
        messages = [message for message in training_data.intent_examples if message.get("text")]
        texts = [message.get("text") for message in messages]
        labels = [joint_label(message) for message in messages]
        options = Fit(
            strength=self._config["strength"],
            dimensions=self._config["dimensions"],
            wording=self._config["wording"],
        )
        encoder = ENCODERS[self._config["encoder"]]()
        with tqdm(total=len(texts) * 3, disable=not self._config["progress"], leave=False) as bar:
            meaning = _encode(encoder, texts, bar)
            features = Features.learn(texts, meaning, options)
            bar.update(len(texts))
            order, scores = held_out_scores(features, labels, options)
            chosen = calibrate(order, scores, labels, never=OUT_OF_SCOPE, loss=self._config["loss"])
            model = fit(features, labels, options).cooled(chosen.temperature)
            bar.update(len(texts))
        with self._storage.write_to(self._resource) as folder:
            model_file.write(folder, model, encoder=self._config["encoder"], threshold=chosen.threshold)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and categories on each message."""
        if self._model is None or self._encoder is None:
            return messages
        meanings = self._encoder.encode([message.get("text") or "" for message in messages])
        for message, meaning in zip(messages, meanings, strict=True):
            chances = self._model.probabilities(message.get("text") or "", meaning)
            for name, value in self.outcome(chances).items():
                message.set(name, value, add_to_output=True)
        return messages

    def outcome(self, chances: Floats) -> dict[str, Any]:
        """Turn the labels' probabilities, shape (labels,), into what goes on the message."""
        sums = chances @ self._sums
        ranking = [
            {"name": self._intents[column], "confidence": float(sums[column])}
            for column in np.argsort(-sums)[: self._config["ranking_length"]]
        ]
        first = ranking[0]
        categories = {place["name"]: self._category(str(place["name"]), chances) for place in ranking}
        sure = float(sums.max()) >= self._threshold
        return {
            "intent": dict(first) if sure else {"name": FALLBACK, "confidence": first["confidence"]},
            "intent_ranking": ranking,
            "category": categories[first["name"]],
            "categories": {intent: category for intent, category in categories.items() if category},
        }

    def _category(self, intent: str, chances: Floats) -> dict[str, Any] | None:
        assert self._model is not None  # noqa: S101 -- for the type checker; `process` has checked
        columns = self._label_columns[intent]
        best = columns[chances[columns].argmax()]
        name = self._model.labels[best].partition("/")[2]
        if not name:
            return None
        return {"name": name, "confidence": float(chances[best] / max(float(chances[columns].sum()), 1e-9))}


def joint_label(message: Message) -> str:
    """Return "intent/category", or the intent alone where the example has no category."""
    metadata = (message.get("metadata") or {}).get("intent") or {}
    category = metadata.get("category") if isinstance(metadata, Mapping) else None
    intent: str = message.get("intent")
    return f"{intent}/{category}" if category else intent


def _encode(encoder: SentenceEncoder, texts: Sequence[str], bar: Any) -> Floats:
    parts = []
    for start in range(0, len(texts), BATCH):
        part = texts[start : start + BATCH]
        parts.append(encoder.encode(part))
        bar.update(len(part))
    return np.vstack(parts)
