"""Phrases written so that a person can review them, matched the way people in panic write.

A phrase is a row of words: `|` separates alternatives, `_` joins words within one, `*` stands for any
letters, `...` for up to five words in between, `[…]` around alternatives makes a word optional. Umlauts, case
and letters drawn out do not matter; a word one typing error away from a `keyword` counts as that keyword.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from nlu.components.terms import fold

_CLAUSES = re.compile(r"[.!?;\n]+")
_WORDS = re.compile(r"[a-z0-9]+")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_SHORTEST_TYPO, _LONG_WORD = 5, 10
_KNOWN_AT_MOST = 20_000
_ANY = "..."
_GAP = r"(?:[a-z0-9]+ ){0,5}?"


def compile_phrases(phrases: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for all phrases, over words that each end with a space; None for no phrases."""
    patterns = ["".join(map(_word_pattern, phrase.split())) for phrase in phrases]
    return re.compile(r"(?:(?<= )|^)(?:" + "|".join(patterns) + ")") if patterns else None


def _word_pattern(word: str) -> str:
    if word == _ANY:
        return _GAP
    optional = word.startswith("[") and word.endswith("]")
    choices = (
        fold(choice).replace("*", "[a-z0-9]*").replace("_", " ") for choice in word.strip("[]").split("|")
    )
    return f"(?:(?:{'|'.join(choices)}) )" + ("?" if optional else "")


@dataclass(frozen=True)
class Spelling:
    """Reads words as the keywords they were meant to be; remembers what it has read."""

    keywords: Sequence[str]
    no_typos: frozenset[str]
    _known: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, keywords: Iterable[str], no_typos: Iterable[str]) -> "Spelling":
        """`no_typos` are ordinary words that lie one error away from a keyword ("Feier" is no "Feuer")."""
        return cls(tuple(map(fold, keywords)), frozenset(map(fold, no_typos)))

    def clauses(self, text: str) -> list[str]:
        """Split a message into clauses of folded, corrected words, each word followed by a space."""
        return [
            "".join(f"{self._read(word)} " for word in _WORDS.findall(clause))
            for clause in _CLAUSES.split(_DRAWN_OUT.sub(r"\1", fold(text)))
            if clause.strip()
        ]

    def _read(self, word: str) -> str:
        if word not in self._known:
            if len(self._known) >= _KNOWN_AT_MOST:
                self._known.clear()
            self._known[word] = self._nearest(word)
        return self._known[word]

    def _nearest(self, word: str) -> str:
        if len(word) < _SHORTEST_TYPO or word in self.no_typos or word in self.keywords:
            return word
        allowed = 2 if len(word) >= _LONG_WORD else 1
        for keyword in self.keywords:
            if keyword[0] == word[0] and OSA.distance(keyword, word, score_cutoff=allowed) <= allowed:
                return keyword
        return word


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One reason for alarm: any of `alarm` in a clause and none of `unless`."""

    name: str
    call: str
    alarm: re.Pattern[str]
    unless: re.Pattern[str] | None

    def holds(self, clause: str) -> bool:
        """Tell whether the clause raises the alarm."""
        return bool(self.alarm.search(clause)) and not (self.unless and self.unless.search(clause))


@dataclass(frozen=True, kw_only=True)
class Rules:
    """All rules of a file, with what is over (`past`) and what makes it present all the same (`now`)."""

    spelling: Spelling
    rules: tuple[Rule, ...]
    past: re.Pattern[str] | None
    now: re.Pattern[str] | None

    @classmethod
    def of(cls, content: Mapping[str, object]) -> "Rules":
        """Build from a file's content; KeyError or TypeError when it is broken."""
        entries: Mapping[str, Mapping[str, object]] = content["alarms"]  # type: ignore[assignment]
        return cls(
            spelling=Spelling.of(_lines(content["keywords"]), _lines(content["no_typos"])),
            past=compile_phrases(_lines(content["past"])),
            now=compile_phrases(_lines(content["now"])),
            rules=tuple(_rule(name, entry) for name, entry in entries.items()),
        )

    def first(self, text: str) -> Rule | None:
        """Return the first rule, in the file's order, that holds in any clause."""
        clauses = [clause for clause in self.spelling.clauses(text) if not self._over(clause)]
        return next((rule for rule in self.rules for clause in clauses if rule.holds(clause)), None)

    def _over(self, clause: str) -> bool:
        if not (self.past and self.past.search(clause)):
            return False
        return not (self.now and self.now.search(clause))


def _rule(name: str, entry: Mapping[str, object]) -> Rule:
    alarm = compile_phrases(_lines(entry["alarm"]))
    if alarm is None:
        raise KeyError(name)
    return Rule(
        name=name,
        call=str(entry["call"]),
        alarm=alarm,
        unless=compile_phrases(_lines(entry.get("unless") or [])),
    )


def _lines(value: object) -> list[str]:
    if not isinstance(value, list):
        raise TypeError
    return [str(line) for line in value]
