"""Logistic regression over meaning and wording at once: what is kept of it, and how it is fitted."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy.sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from nlu.components.encoder import Floats
from nlu.components.terms import TermWeights


@dataclass(frozen=True, kw_only=True)
class Fit:
    """How to fit; docs/adr/0005 says how the values were chosen."""

    strength: float = 30.0
    folds: int = 3
    seed: int = 7

    def regression(self) -> LogisticRegression:
        """Return an unfitted regression, one label against the rest, solved in the dual.

        There are more columns than messages; a closer solution than ten rounds changes no decision.
        """
        return LogisticRegression(
            C=self.strength, solver="liblinear", dual=True, max_iter=10, tol=0.1, random_state=self.seed
        )


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
    """What the regression sees, shape (messages, width + terms): sentence vectors beside weighted terms."""

    terms: TermWeights
    width: int
    matrix: scipy.sparse.csr_matrix

    @classmethod
    def learn(cls, texts: Sequence[str], meaning: Floats) -> "Features":
        """Learn the terms from the texts; `meaning` has one row a text."""
        terms = TermWeights.learn(texts)
        matrix = scipy.sparse.hstack([scipy.sparse.csr_matrix(meaning), terms.matrix(texts)])
        return cls(terms=terms, width=meaning.shape[1], matrix=matrix.tocsr())

    def model(self, labels: Sequence[str], weights: Floats, bias: Floats) -> LinearModel:
        """Split fitted weights, shape (labels, width + terms), into those for meaning and for terms."""
        return LinearModel(
            labels=tuple(labels),
            terms=self.terms,
            meaning_weights=np.ascontiguousarray(weights[:, : self.width].T),
            term_weights=np.ascontiguousarray(weights[:, self.width :].T),
            bias=bias,
        )


def fit(features: Features, labels: Sequence[str], options: Fit) -> LinearModel:
    """Fit on all messages, without calibration."""
    return features.model(*_fitted(features.matrix, np.array(labels), options))


def held_out_scores(
    features: Features, labels: Sequence[str], options: Fit, *, done: Callable[[int], object] = lambda _: None
) -> tuple[tuple[str, ...], Floats]:
    """Return the label order and, for every message, the scores of a model that was fitted without it.

    `done` is told how many messages got their scores.
    """
    given = np.array(labels)
    order = np.unique(given)
    scores = np.full((len(given), len(order)), -30.0, dtype=np.float32)
    fold = _folds(given, options)
    for number in range(options.folds):
        learn, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        known, weights, bias = _fitted(features.matrix[learn], given[learn], options)
        columns = np.searchsorted(order, known)
        scores[np.ix_(test, columns)] = features.matrix[test] @ weights.T + bias
        done(len(test))
    return tuple(order.tolist()), scores


def _fitted(
    matrix: scipy.sparse.csr_matrix, labels: npt.NDArray[np.str_], options: Fit
) -> tuple[list[str], Floats, Floats]:
    """Return labels, weights (labels, columns) and bias (labels,)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression = options.regression().fit(matrix, labels)
    weights, bias = _one_row_a_label(regression)
    return regression.classes_.tolist(), weights, bias


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
