"""Logistic regression over meaning and wording at once: what is kept of it, and how it is fitted."""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from nlu.components.encoder import Floats
from nlu.components.kept import Kept
from nlu.components.terms import LEAST, MOST_WORDS, WORD, TermWeights, fold, length, often


@dataclass(frozen=True, kw_only=True)
class Fit:
    """How to fit; docs/adr/0005 says how the values were chosen."""

    strength: float = 30.0
    parts: int = 5
    seed: int = 7

    def regression(self) -> LogisticRegression:
        """Return an unfitted regression, one label against the rest, solved in the dual.

        There are more columns than messages; a closer solution than five rounds changes few decisions.
        """
        return LogisticRegression(
            C=self.strength, solver="liblinear", dual=True, max_iter=5, tol=0.1, random_state=self.seed
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

    def of_wording(self, text: str) -> Floats:
        """What a text's words and their sequences score, shape (labels,)."""
        folded = fold(text)
        columns, values = self.terms.words(folded)
        scores: Floats = values @ self.term_weights[columns] + self.bias
        return scores + self._of_sequences(WORD.findall(folded))

    def probabilities(self, wording: Floats, meaning: Floats) -> Floats:
        """Calibrated probability of every label, shape (labels,); `meaning` is the text's sentence vector."""
        return softmax((meaning @ self.meaning_weights + wording) / self.temperature)

    def _of_sequences(self, words: Sequence[str]) -> Floats | float:
        """Add up what the words' sequences score, shape (labels,); nothing for no words."""
        counts = Counter(words)
        if not counts:
            return 0.0
        weights = often(counts.values())
        found = np.array([self._of_word[word] for word in counts])
        scores: Floats = weights @ found[:, 1:]
        return scores / max(length(weights * found[:, 0]), LEAST)

    @cached_property
    def _of_word(self) -> Kept[str, Floats]:
        """The length of what a word's sequences are, and what they score, shape (1 + labels,)."""
        return Kept(self._scored, most=MOST_WORDS)

    def _scored(self, word: str) -> Floats:
        columns, values = self.terms.sequences(word)
        return np.append(length(values), values @ self.term_weights[columns]).astype(np.float32)

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
    features: Features, labels: Sequence[str], options: Fit
) -> tuple[tuple[str, ...], Floats, npt.NDArray[np.int64]]:
    """Return the label order, the scores of messages held out of a fit, and which messages those are.

    One part in `options.parts` is held out. A label that has messages only there scores lowest.
    """
    given = np.array(labels)
    order = np.unique(given)
    part = _parts(given, options)
    learn, test = np.flatnonzero(part), np.flatnonzero(part == 0)
    known, weights, bias = _fitted(features.matrix[learn], given[learn], options)
    scores = np.full((len(test), len(order)), -30.0, dtype=np.float32)
    scores[:, np.searchsorted(order, known)] = features.matrix[test] @ weights.T + bias
    return tuple(order.tolist()), scores, test


def _fitted(
    matrix: scipy.sparse.csr_matrix, labels: npt.NDArray[np.str_], options: Fit
) -> tuple[list[str], Floats, Floats]:
    """Return labels, weights (labels, columns) and bias (labels,)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression = options.regression().fit(matrix, labels)
    weights, bias = _one_row_a_label(regression)
    return regression.classes_.tolist(), weights, bias


def _parts(labels: npt.NDArray[np.str_], options: Fit) -> npt.NDArray[np.int64]:
    """Deal the messages of each label out to the parts in turn; labels may be rarer than there are parts."""
    chance = np.random.default_rng(options.seed)
    part = np.zeros(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        members = chance.permutation(np.flatnonzero(labels == label))
        part[members] = np.arange(len(members)) % options.parts
    return part


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
