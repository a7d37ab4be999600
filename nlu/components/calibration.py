"""How sure is sure: temperature and rejection threshold, both chosen on messages the model has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from nlu.components.encoder import Floats
from nlu.components.linear import softmax

SHARPEST, FLATTEST = 0.2, 5.0


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """`temperature` divides the scores; an intent less likely than `threshold` counts as not understood."""

    temperature: float
    threshold: float


def intent_of(label: str) -> str:
    """Return the intent of a joint label: "report_dirt/litter" -> "report_dirt"."""
    return label.partition("/")[0]


def intent_columns(labels: Sequence[str]) -> tuple[tuple[str, ...], Floats]:
    """Return the intents and a matrix, shape (labels, intents), that sums label probabilities to intents."""
    intents = tuple(sorted({intent_of(label) for label in labels}))
    sums = np.zeros((len(labels), len(intents)), dtype=np.float32)
    for row, label in enumerate(labels):
        sums[row, intents.index(intent_of(label))] = 1.0
    return intents, sums


def calibrate(
    order: Sequence[str], scores: Floats, labels: Sequence[str], *, never: str, loss: float
) -> Calibration:
    """Choose temperature and threshold from held-out scores, shape (messages, labels).

    The temperature makes the intents' probabilities most likely. The threshold turns away the share `loss` of
    the messages that were understood rightly, not counting those of the intent `never` (out of scope).
    """
    intents, sums = intent_columns(order)
    truth = np.array([intents.index(intent_of(label)) for label in labels])
    everyone = np.arange(len(truth))

    def surprise(temperature: float) -> float:
        chances = softmax(scores / temperature) @ sums
        return float(-np.log(np.maximum(chances[everyone, truth], 1e-9)).mean())

    found = minimize_scalar(surprise, bounds=(SHARPEST, FLATTEST), method="bounded")
    chances = softmax(scores / found.x) @ sums
    return Calibration(
        temperature=float(found.x), threshold=_threshold(intents, chances, truth, never=never, loss=loss)
    )


def _threshold(
    intents: Sequence[str], chances: Floats, truth: npt.NDArray[np.int64], *, never: str, loss: float
) -> float:
    guesses = chances.argmax(axis=1)
    in_scope = np.array([intent != never for intent in intents])
    right = (guesses == truth) & in_scope[truth]
    if not right.any():
        return 0.0
    return float(np.quantile(chances.max(axis=1)[right], loss))
