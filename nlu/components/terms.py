"""Words and character sequences of a message, weighted by how rare they are (TF-IDF), on folded text."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy.sparse

from nlu.components.encoder import LONGEST_TEXT, Floats
from nlu.components.kept import Kept
from nlu.text import WITHOUT_MARKS

WORD = re.compile(r"[a-z]+|[^\w\s]", re.ASCII)
SHORTEST_SEQUENCE, LONGEST_SEQUENCE = 2, 5
MOST_WORDS = 20_000  # remembered
LEAST = 1e-9  # what nothing is divided by
# "Müll", "Muell" and "Mull" become one; "neue" loses its e as well, but it does so everywhere.
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def fold(text: str) -> str:
    """Lower case, without umlauts in any of their spellings, without accents and digits' values."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST_TEXT].lower().replace("ß", "ss"))
    plain = plain.translate(WITHOUT_MARKS)
    for spelled, folded in _UMLAUTS:
        plain = plain.replace(spelled, folded)
    return plain


def words(folded: str) -> list[str]:
    """Words and pairs of neighbouring words; numbers are left out, they never tell the kind."""
    found = WORD.findall(folded)
    return found + [f"{first} {second}" for first, second in pairwise(found)]


def sequences(word: str) -> list[str]:
    """Character sequences inside a word, with a space at both ends."""
    padded = f" {word} "
    lengths = range(SHORTEST_SEQUENCE, min(LONGEST_SEQUENCE, len(padded)) + 1)
    return [padded[at : at + length] for length in lengths for at in range(len(padded) - length + 1)]


def _terms(folded: str) -> tuple[list[str], list[str]]:
    """All terms of a message, as many lists as `TermWeights` has tables."""
    return words(folded), [term for word in WORD.findall(folded) for term in sequences(word)]


Weighted = tuple[npt.NDArray[np.int64], Floats]
"""Columns and their values."""


@dataclass(frozen=True, kw_only=True)
class TermWeights:
    """Column and weight of every known term, a table of words and one of sequences.

    Columns run through both tables. A message is its words beside the sum of what each of its words is by its
    sequences: so that what a word is, and what a model makes of that, can be remembered.
    """

    tables: tuple[Mapping[str, int], ...]
    rarity: Floats

    @classmethod
    def learn(cls, texts: Sequence[str], *, at_least: int = 2) -> "TermWeights":
        """Count in how many texts each term stands; terms of fewer than `at_least` texts are left out."""
        tables: list[dict[str, int]] = []
        rarity: list[float] = []
        for terms in zip(*(_terms(fold(text)) for text in texts), strict=True):
            seen = Counter(term for found in terms for term in set(found))
            kept = sorted(term for term, count in seen.items() if count >= at_least)
            tables.append({term: len(rarity) + column for column, term in enumerate(kept)})
            rarity += [1 + math.log((1 + len(texts)) / (1 + seen[term])) for term in kept]
        return cls(tables=tuple(tables), rarity=np.array(rarity, dtype=np.float32))

    def words(self, folded: str) -> Weighted:
        """Words and pairs of words of a folded message; the values have length one (or there are none)."""
        columns, values = self._weighted(self.tables[0], words(folded))
        return columns, values / max(length(values), LEAST)

    def sequences(self, word: str) -> Weighted:
        """Sequences of one folded word, with values of any length."""
        return self._weighted(self.tables[1], sequences(word))

    def _weighted(self, table: Mapping[str, int], terms: Iterable[str]) -> Weighted:
        counts = Counter(column for term in terms if (column := table.get(term)) is not None)
        columns = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        return columns, often(counts.values()) * self.rarity[columns]

    def matrix(self, texts: Iterable[str]) -> scipy.sparse.csr_matrix:
        """All messages as a sparse matrix, shape (texts, terms).

        Words have length one, and so have sequences, but for those that several words of a message share.
        """
        known = Kept(self.sequences, most=MOST_WORDS)
        rows = [self._row(fold(text), known) for text in texts]
        starts = np.cumsum([0] + [len(columns) for columns, _ in rows])
        columns, values = (np.concatenate(part) for part in zip(*rows, strict=True))
        found = scipy.sparse.csr_matrix((values, columns, starts), shape=(len(rows), len(self.rarity)))
        found.sum_duplicates()
        return found

    def _row(self, folded: str, known: Mapping[str, Weighted]) -> Weighted:
        parts = [self.words(folded)]
        counts = Counter(WORD.findall(folded))
        of_words = [known[word] for word in counts]
        weights = often(counts.values())
        whole = max(length(weights * [length(values) for _, values in of_words]), LEAST)
        parts += [
            (columns, values * (weight / whole))
            for (columns, values), weight in zip(of_words, weights, strict=True)
        ]
        columns, values = (np.concatenate(part) for part in zip(*parts, strict=True))
        return columns, values


def often(counts: Collection[int]) -> Floats:
    """Weigh how often something stands in a message: twice is less than double."""
    weights: Floats = np.log(np.fromiter(counts, dtype=np.float32, count=len(counts)))
    return weights + 1


def length(values: Floats) -> float:
    """Euclidean length."""
    return float(np.sqrt(values @ values))
