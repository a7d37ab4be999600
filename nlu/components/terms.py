"""Words and character sequences of a message, weighted by how rare they are (TF-IDF), on folded text."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy.sparse

from nlu.components.encoder import LONGEST_TEXT, Floats

WORD = re.compile(r"[a-z]+|[^\w\s]", re.ASCII)
SHORTEST_SEQUENCE, LONGEST_SEQUENCE = 2, 5
# "Müll", "Muell" and "Mull" become one; "neue" loses its e as well, but it does so everywhere.
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def fold(text: str) -> str:
    """Lower case, without umlauts in any of their spellings, without accents and digits' values."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST_TEXT].lower().replace("ß", "ss"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    for spelled, folded in _UMLAUTS:
        plain = plain.replace(spelled, folded)
    return plain


def words(folded: str) -> list[str]:
    """Words and pairs of neighbouring words; numbers are left out, they never tell the kind."""
    found = WORD.findall(folded)
    return found + [f"{first} {second}" for first, second in pairwise(found)]


def sequences(folded: str) -> list[str]:
    """Character sequences inside words, with a space at both ends of a word."""
    found: list[str] = []
    for word in WORD.findall(folded):
        padded = f" {word} "
        for length in range(SHORTEST_SEQUENCE, min(LONGEST_SEQUENCE, len(padded)) + 1):
            found += [padded[start : start + length] for start in range(len(padded) - length + 1)]
    return found


SPLITTERS = (words, sequences)


@dataclass(frozen=True, kw_only=True)
class TermWeights:
    """Column and weight of every known term, one table a splitter; columns run through all tables."""

    tables: tuple[Mapping[str, int], ...]
    rarity: Floats

    @classmethod
    def learn(cls, texts: Sequence[str], *, at_least: int = 2) -> "TermWeights":
        """Count in how many texts each term stands; terms of fewer than `at_least` texts are left out."""
        folded = [fold(text) for text in texts]
        tables: list[dict[str, int]] = []
        rarity: list[float] = []
        for split in SPLITTERS:
            seen = Counter(term for text in folded for term in set(split(text)))
            kept = sorted(term for term, count in seen.items() if count >= at_least)
            tables.append({term: len(rarity) + column for column, term in enumerate(kept)})
            rarity += [1 + math.log((1 + len(texts)) / (1 + seen[term])) for term in kept]
        return cls(tables=tuple(tables), rarity=np.array(rarity, dtype=np.float32))

    def row(self, text: str) -> tuple[npt.NDArray[np.int64], Floats]:
        """Columns and values of one message; each splitter's part has length one (or none)."""
        folded = fold(text)
        columns: list[npt.NDArray[np.int64]] = []
        values: list[Floats] = []
        for split, table in zip(SPLITTERS, self.tables, strict=True):
            known = map(table.get, split(folded))
            counts = Counter(column for column in known if column is not None)
            part = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
            weight = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
            weight = (1 + np.log(weight)) * self.rarity[part]
            columns.append(part)
            values.append(weight / max(float(np.sqrt(weight @ weight)), 1e-9))
        return np.concatenate(columns), np.concatenate(values)

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
