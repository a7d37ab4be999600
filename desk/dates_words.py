"""The word lists dates are read with: patterns that name parts, and misspelt words put right."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from desk.spelling import fold

READ = "~"
"""Stands for what has been read already."""
ALIKE = 85
LONGEST_TEXT = 600
_LONG_WORD = re.compile(r"[a-z]{5,}")
_REFERENCE = re.compile(r"<(\w+)>")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))  # noqa: RUF001 -- all the dashes people's keyboards make


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """Puts misspelt words right that tell a day; `fine` are words that only look like them."""

    spelled: tuple[str, ...]
    fine: frozenset[str]
    dialect: tuple[tuple[re.Pattern[str], str], ...] = ()

    def mended(self, text: str) -> str:
        """Return the folded text with usual words for days spelled as they should be."""
        folded = fold(text[:LONGEST_TEXT].translate(_DASHES))
        for spoken, written in self.dialect:
            folded = spoken.sub(written, folded)
        return _LONG_WORD.sub(self._mend, folded)

    def _mend(self, match: re.Match[str]) -> str:
        word = match[0]
        if word in self.fine or word in self.spelled:
            return word
        best = process.extractOne(word, self.spelled, scorer=fuzz.ratio, score_cutoff=ALIKE)
        return best[0] if best else word


def filled(pattern: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    """Compile a pattern with each `<name>` replaced by that part; KeyError for a part that is not there."""
    while _REFERENCE.search(pattern):
        pattern = _REFERENCE.sub(lambda found: f"(?:{parts[found[1]]})", pattern)
    return re.compile(pattern)


def take(pattern: re.Pattern[str], text: str, use: Callable[[re.Match[str]], bool]) -> str:
    """Hand each match to `use`; return the text with those that were of use marked as read."""
    return pattern.sub(lambda match: READ if use(match) else match[0], text)
