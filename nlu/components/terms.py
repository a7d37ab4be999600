"""Words and character sequences of a message, weighted by how rare they are (TF-IDF), on folded text."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt
import scipy.sparse

from nlu.components.encoder import LONGEST_TEXT, Floats
from nlu.components.kept import Kept
from nlu.text import WITHOUT_MARKS

WORD = re.compile(r"[a-z]+|[^\w\s]", re.ASCII)
SHORTEST_SEQUENCE, LONGEST_SEQUENCE = 2, 5
MOST_WORDS = 20_000  # whose sequences are remembered
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


@dataclass(frozen=True, kw_only=True)
class TermWeights:
    """Column and weight of every known term, a table of words and one of sequences.

    Columns run through both tables. The columns of a word's sequences are remembered: half of the work.
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

    def row(self, text: str) -> tuple[npt.NDArray[np.int64], Floats]:
        """Columns and values of one message; each table's part has length one (or none)."""
        folded = fold(text)
        of_words = [column for term in words(folded) if (column := self.tables[0].get(term)) is not None]
        of_sequences = chain.from_iterable(map(self._known.__getitem__, WORD.findall(folded)))
        columns, values = zip(*map(self._weighted, (of_words, of_sequences)), strict=True)
        return np.concatenate(columns), np.concatenate(values)

    @cached_property
    def _known(self) -> Kept[str, list[int]]:
        return Kept(self._sequences, most=MOST_WORDS)

    def _sequences(self, word: str) -> list[int]:
        columns = map(self.tables[1].get, sequences(word))
        return [column for column in columns if column is not None]

    def _weighted(self, columns: Iterable[int]) -> tuple[npt.NDArray[np.int64], Floats]:
        counts = Counter(columns)
        part = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        weight = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        weight = (1 + np.log(weight)) * self.rarity[part]
        return part, weight / max(float(np.sqrt(weight @ weight)), 1e-9)

    def matrix(self, texts: Iterable[str]) -> scipy.sparse.csr_matrix:
        """All messages as a sparse matrix, shape (texts, terms)."""
        rows = [self.row(text) for text in texts]
        starts = np.cumsum([0] + [len(columns) for columns, _ in rows])
        return scipy.sparse.csr_matrix(
            (
                np.concatenate([values for _, values in rows]),
                np.concatenate([columns for columns, _ in rows]),
                starts,
            ),
            shape=(len(rows), len(self.rarity)),
        )
