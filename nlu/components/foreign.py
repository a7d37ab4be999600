"""Tells messages in other languages from German ones, however short, misspelt or mixed the German is."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import yaml

from nlu.text import WITHOUT_MARKS

WORDS_FILE = Path(__file__).with_name("language.yml")
LATIN = "LATIN"
GERMAN, UNKNOWN = "de", "und"  # "und": ISO 639-2 for a language not determined
SURE = 0.7
"""The least share of the foreign language against German; below it a message stays with the classifier."""
MOSTLY = 0.5  # of a message's words
LEAST, LEAST_SHORT, SHORT = 0.5, 1.0, 2
"""A message of up to SHORT words needs the higher score: names and slang look like other languages."""
EVIDENCE_EVERY = 8  # words: in Latin script one in so many gives the language away; random letters have none
CLEAR = 0.9  # of the letters' likelihood: enough without such a word, if none of the words is German
ONE_SCRIPT = 0.7  # share of the letters; random characters come from many scripts
TOO_SHORT = 4  # Latin letters in all: ne, si, no and tak belong to everybody
APOSTROPHE = "\u2019"
LONGEST_TEXT = 500  # characters looked at; more tell nothing new

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_NO_WORDS = re.compile(r"\S*(?:://|www\.|@|#)\S*|\S*[\d_]\S*")
_CODE = re.compile(r'[{}<>=;\\|*]|\w[(\[]|["\')\]][)\]]')
_EXTENDED = re.compile("[\u0100-\u024f]")  # ğ, ł, ș: neither German nor western Europe has them
_UNSPOKEN = re.compile("[bcdfghjklmnpqrstvwxz]{5}")
_EAST_ASIAN = frozenset({"HIRAGANA", "KATAKANA", "HANGUL"})


class Detector(Protocol):
    """What guesses languages from letters alone."""

    def guess(self, text: str) -> Mapping[str, float]:
        """Return a likelihood for each language (ISO 639-1), all 0 where it knows none of the letters."""
        ...


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """A message in another language: its code, "und" for one nobody knows here, and how sure that is."""

    language: str
    confidence: float


def plain(word: str) -> str:
    """Return the word without case and accents, for comparing."""
    letters = unicodedata.normalize("NFKD", word.replace(APOSTROPHE, "'").casefold())
    return letters.translate(WITHOUT_MARKS)


def words_in(text: str) -> list[str]:
    """Return the words of a message: two letters or more, no addresses, no numbers, nothing in wILd case."""
    if len(_CODE.findall(text)) > 1:
        return []
    return [word for word in _WORD.findall(_NO_WORDS.sub(" ", text[:LONGEST_TEXT])) if _is_word(word)]


def _is_word(word: str) -> bool:
    letters = word.replace(APOSTROPHE, "").replace("'", "")
    # Scripts without case are neither upper nor lower.
    cased = letters.islower() or letters.istitle() or letters.isupper() or letters.lower() == letters.upper()
    return len(letters) > 1 and cased


@dataclass(frozen=True)
class Languages:
    """Decides what a message is written in, by letters (`detector`) and by words.

    `telling` are words by language that give it away, without accents; `german` is a word list in lower case,
    `ours` what German messages are known to say. Only what is mostly no German by its words and clearly not
    by its letters is foreign.
    """

    detector: Detector
    telling: Mapping[str, AbstractSet[str]]
    german: AbstractSet[str]
    ours: AbstractSet[str] = frozenset()

    def foreign(self, text: str) -> Foreign | None:
        """Return which other language it is; None for German and for what is no language."""
        words = words_in(text)
        if not words or self._german(words, self._anywhere) >= MOSTLY:
            return None
        script = _script(words)
        if not script or (script == LATIN and sum(map(len, words)) <= TOO_SHORT):
            return None
        letters = self.detector.guess(" ".join(words))
        if any(letters.values()):
            return self._judged(words, letters, latin=script == LATIN)
        return Foreign(language=UNKNOWN, confidence=1.0) if script != LATIN else None

    def _judged(self, words: list[str], letters: Mapping[str, float], *, latin: bool) -> Foreign | None:
        hits = self._hits(words)
        scores = {code: share + hits[code] / len(words) for code, share in letters.items() if code != GERMAN}
        best = max(scores, key=scores.__getitem__)
        german = self._german(words, self.telling.get(best, frozenset()))
        confidence = scores[best] / (scores[best] + letters[GERMAN] + german)
        if german >= MOSTLY or confidence < SURE or scores[best] < LEAST:
            return None
        clear = german == 0 and letters[best] >= CLEAR and len(words) > SHORT and _is_speech(words)
        if latin and not clear and not self._shows(words, score=scores[best], hits=hits[best]):
            return None
        return Foreign(language=best, confidence=confidence)

    @cached_property
    def _anywhere(self) -> frozenset[str]:
        return frozenset().union(*self.telling.values())

    def _german(self, words: list[str], telling: AbstractSet[str]) -> float:
        """Return the share of German words; those in `telling` are none, whatever the word list says."""
        known = sum(
            (plain(word) in self.ours or word.lower() in self.german) and plain(word) not in telling
            for word in words
        )
        return known / len(words)

    @staticmethod
    def _shows(words: list[str], *, score: float, hits: int) -> bool:
        """Tell whether enough words give the language away: letters alone can be names or slang."""
        return hits * EVIDENCE_EVERY >= len(words) and score >= (
            LEAST_SHORT if len(words) <= SHORT else LEAST
        )

    def _hits(self, words: list[str]) -> Counter[str]:
        """Count the words that give each language away, by themselves or, in a sentence, by their letters."""
        folded = [plain(word) for word in words]
        hits = Counter(code for code, telling in self.telling.items() for word in folded if word in telling)
        lettered = sum(
            bool(_EXTENDED.search(word)) and not word.istitle() and plain(word) not in self._anywhere
            for word in words
        )
        return hits + Counter(dict.fromkeys(self.telling, lettered if len(words) > SHORT else 0))


def _is_speech(words: list[str]) -> bool:
    """Tell whether it could be spoken, is more than names, and not mostly made of accents."""
    letters = "".join(words)
    unaccented = sum(letter.isascii() for letter in letters)
    names = all(word.istitle() for word in words)
    return not names and unaccented * 2 >= len(letters) and not _UNSPOKEN.search(" ".join(map(plain, words)))


def _script(words: Iterable[str]) -> str:
    """Return the script nearly all letters belong to (LATIN, "CYRILLIC" …), "" for a mixture."""
    counts = Counter(unicodedata.name(letter, "").partition(" ")[0] for word in words for letter in word)
    for name in _EAST_ASIAN:
        counts["CJK"] += counts.pop(name, 0)
    ((name, count),) = counts.most_common(1)
    return name if count >= ONE_SCRIPT * counts.total() else ""


def read_telling(path: Path = WORDS_FILE) -> dict[str, frozenset[str]]:
    """Read the words that give languages away."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {code: frozenset(map(plain, text.split())) for code, text in content.items()}
