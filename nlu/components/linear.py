"""Logistic regression over meaning and wording at once: what is kept of it, and how it is fitted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression

from nlu.components.encoder import Floats
from nlu.components.terms import TermWeights


@dataclass(frozen=True, kw_only=True)
class Fit:
    """How to fit; the values were chosen by cross-validation on our own messages."""

    strength: float = 30.0
    dimensions: int = 800
    wording: float = 1.0
    folds: int = 3
    seed: int = 7

    def regression(self) -> LogisticRegression:
        """Return an unfitted regression with these options."""
        return LogisticRegression(C=self.strength, max_iter=200, tol=1e-3, random_state=self.seed)


@dataclass(frozen=True, kw_only=True)
class LinearModel:
    """Scores are `meaning @ meaning_weights + terms @ term_weights + bias`, one column a label."""

    labels: tuple[str, ...]
    terms: TermWeights
    meaning_weights: Floats
    term_weights: Floats
    bias: Floats
    temperature: float = 1.0

    def probabilities(self, text: str, meaning: Floats) -> Floats:
        """Calibrated probability of every label, shape (labels,); `meaning` is the text's sentence vector."""
        columns, values = self.terms.row(text)
        scores = meaning @ self.meaning_weights + values @ self.term_weights[columns] + self.bias
        return softmax(scores / self.temperature)

    def cooled(self, temperature: float) -> "LinearModel":
        """Return the same model with another temperature: above 1 makes it less sure of itself."""
        return replace(self, temperature=temperature)


@dataclass(frozen=True, kw_only=True)
class Features:
    """What the regression sees: sentence vectors beside the strongest directions of the wording.

    Fitting in `directions` instead of some 30,000 terms takes seconds instead of a minute; the weights are
    written out per term afterwards, so that a prediction is one short sparse sum.
    """

    terms: TermWeights
    directions: Floats
    matrix: Floats
    wording: float

    @classmethod
    def learn(cls, texts: Sequence[str], meaning: Floats, options: Fit) -> "Features":
        """Learn terms and directions from the texts; `meaning` has one row a text."""
        terms = TermWeights.learn(texts)
        counts = terms.matrix(texts)
        size = max(1, min(options.dimensions, counts.shape[1] - 1, counts.shape[0] - 1))
        shrink = TruncatedSVD(size, random_state=options.seed, n_iter=2).fit(counts)
        directions = shrink.components_.astype(np.float32)
        matrix = np.hstack([meaning, options.wording * (counts @ directions.T)]).astype(np.float32)
        return cls(terms=terms, directions=directions, matrix=matrix, wording=options.wording)

    def model(self, regression: LogisticRegression) -> LinearModel:
        """Write a fitted regression out per term."""
        weights, bias = _one_row_a_label(regression)
        width = self.matrix.shape[1] - len(self.directions)
        return LinearModel(
            labels=tuple(regression.classes_.tolist()),
            terms=self.terms,
            meaning_weights=np.ascontiguousarray(weights[:, :width].T),
            term_weights=np.ascontiguousarray(self.wording * (self.directions.T @ weights[:, width:].T)),
            bias=bias,
        )


def fit(features: Features, labels: Sequence[str], options: Fit) -> LinearModel:
    """Fit on all messages, without calibration."""
    return features.model(options.regression().fit(features.matrix, np.array(labels)))


def held_out_scores(
    features: Features, labels: Sequence[str], options: Fit
) -> tuple[tuple[str, ...], Floats]:
    """Return the label order and, for every message, the scores of a model that was fitted without it."""
    given = np.array(labels)
    order = np.unique(given)
    scores = np.full((len(given), len(order)), -30.0, dtype=np.float32)
    fold = _folds(given, options)
    for number in range(options.folds):
        learn, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        regression = options.regression().fit(features.matrix[learn], given[learn])
        weights, bias = _one_row_a_label(regression)
        columns = np.searchsorted(order, regression.classes_)
        scores[np.ix_(test, columns)] = features.matrix[test] @ weights.T + bias
    return tuple(order.tolist()), scores


def _folds(labels: npt.NDArray[np.str_], options: Fit) -> npt.NDArray[np.int64]:
    """Deal the messages of each label out to the folds in turn; labels may be rarer than there are folds."""
    chance = np.random.default_rng(options.seed)
    fold = np.zeros(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        members = chance.permutation(np.flatnonzero(labels == label))
        fold[members] = np.arange(len(members)) % options.folds
    return fold


def softmax(scores: Floats) -> Floats:
    """Scores to probabilities along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return result


def _one_row_a_label(regression: LogisticRegression) -> tuple[Floats, npt.NDArray[np.float32]]:
    """scikit-learn keeps one row for two labels; write both out."""
    weights, bias = regression.coef_.astype(np.float32), regression.intercept_.astype(np.float32)
    if len(regression.classes_) == 2:  # noqa: PLR2004 -- the one special case
        return np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return weights, bias
