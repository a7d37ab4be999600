"""Reads words as they were meant: umlauts written otherwise, letters mistyped. Only for the classifier."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from nlu.components.kept import Kept

WORD = re.compile(r"[^\W\d_]+")
SHORTEST_TYPO = 3  # letters; shorter words have too many neighbours
LONG_WORD = 6  # letters, from which two errors are read
MOST_REMEMBERED = 20_000

_INSIDE = re.compile(r"(?<=[\w,;] )[^\W\d_]+")  # a word that does not begin a sentence
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_DROPPED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "s"})


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """What is known of words: `counts` in our messages, which are `nouns`, and a general German word list.

    A word of the list stays as it is. "Muell" and "Mull" become "Müll"; a word that neither the list nor our
    messages know becomes the commonest of our words one letter away (two from `LONG_WORD` letters on). A
    message all in small or all in capital letters gets those German has. Under 8 % of mistyped letters this
    halves what the classifier loses; in small letters it loses nothing (benchmarks/understanding.py).
    """

    counts: Mapping[str, int]
    nouns: frozenset[str] = frozenset()

    @classmethod
    def learn(cls, texts: Iterable[str]) -> "Spelling":
        """Count the words of our messages; what mostly has a capital within a sentence is a noun."""
        texts = list(texts)
        counts = Counter(word.lower() for text in texts for word in WORD.findall(text))
        inside = Counter(word for text in texts if _has_case(text) for word in _INSIDE.findall(text))
        nouns = {word.lower() for word, count in inside.items() if count > inside[word.lower()]}
        return cls(counts=counts, nouns=frozenset(noun for noun in nouns if noun in counts))

    def commonest(self, most: int) -> list[str]:
        """Return the commonest words of our messages as German writes them, at most so many."""
        ordered = sorted(self.counts, key=lambda word: (-self.counts[word], word))
        return [self._cased(word) for word in ordered[:most]]

    def restore(self, text: str) -> str:
        """Return the text with its words as they were meant; everything between words stays."""
        meant = WORD.sub(lambda found: self._restored(found[0]), text)
        if _has_case(meant) or len(meant) < SHORTEST_TYPO:
            return meant
        low = WORD.sub(lambda found: self._cased(found[0]), meant.lower())
        first = low[:1].upper()
        return first + low[1:] if len(first) == 1 else low  # "ß" is two letters in capitals

    def _cased(self, word: str) -> str:
        return word.capitalize() if word in self.nouns else word

    def _restored(self, word: str) -> str:
        low = word.lower()
        meant = self._read[low]
        if meant == low:
            return word
        if len(word) > 1 and word.isupper():
            return meant.upper()
        return meant.capitalize() if word[0].isupper() else meant

    @cached_property
    def _read(self) -> Kept[str, str]:
        return Kept(self._meant, most=MOST_REMEMBERED)

    def _meant(self, low: str) -> str:
        if low in self._list:
            return low
        if low in self._with_umlauts:
            return self._with_umlauts[low]
        if low in self.counts or len(low) < SHORTEST_TYPO:
            return low
        return self._nearest(low)

    def _nearest(self, low: str) -> str:
        from symspellpy import Verbosity

        errors = 2 if len(low) >= LONG_WORD else 1
        found = self._neighbours.lookup(low, Verbosity.TOP, max_edit_distance=errors)
        return str(found[0].term) if found else low

    @cached_property
    def _list(self) -> frozenset[str]:
        return german_words()

    @cached_property
    def _with_umlauts(self) -> dict[str, str]:
        """Every way to write a word without umlauts -> the word; our own words win over the list's."""
        found: dict[str, str] = {}
        for words in (self._list, sorted(self.counts, key=self.counts.__getitem__)):
            for word in words:
                for table in (_SPELLED_OUT, _DROPPED):
                    plain = word.translate(table)
                    if plain != word and self.counts.get(plain, 0) <= self.counts.get(word, 0):
                        found[plain] = word
        return found

    @cached_property
    def _neighbours(self) -> Any:
        from symspellpy import SymSpell

        index = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        for word, count in self.counts.items():
            if len(word) >= SHORTEST_TYPO:
                index.create_dictionary_entry(word, count)
        return index


def _has_case(text: str) -> bool:
    """Tell whether small and capital letters both stand in the text."""
    return text not in (text.lower(), text.upper())


@cache
def german_words() -> frozenset[str]:
    """Return pyspellchecker's German word list, about 339,000 words in lower case."""
    from spellchecker import SpellChecker

    return frozenset(SpellChecker(language="de", distance=1).word_frequency.words())
