"""What the recogniser sees of each word: spelling, neighbours, and what the rules found there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nlu.components.kept import Kept
from nlu.components.place_shapes import any_of
from nlu.components.spans import Span

Word = tuple[int, str]
"""Where it starts in the message, and the word."""

Features = tuple[str, ...]
Cue = tuple[Any, ...]
"""A function that makes features which come together, and what it makes them of.

The same words in the same places have the same cues again and again: what follows from them is remembered.
"""

Seen = tuple[str, str, str, str]
"""A word in small letters, its letters' shape, its class, and what the rules found there."""

MOST_REMEMBERED = 20_000  # words

NOTHING = "-"
WORD = "w="
"""What the feature begins with that is the word itself."""
_EDGE = "#"
_SHORTEST_WITH_END = 5


@dataclass(frozen=True)
class WordClasses:
    """Words that say something of a place by themselves: names, landmarks, prepositions, ends of streets."""

    names: frozenset[str]
    landmarks: frozenset[str]
    prepositions: frozenset[str]
    end: re.Pattern[str]
    number: re.Pattern[str]
    """A number without a street: "Nr. 12", "5-7", "Laterne 6"."""

    @classmethod
    def of(cls, content: Mapping[str, Any], names: Iterable[str]) -> "WordClasses":
        """Take them from the lists of places.yml and the city's names."""
        ends = [str(end) for end in (*content["street_ends"], *content["weak_ends"])]
        return cls(
            names=frozenset(word for name in names for word in re.findall(r"[^\W\d_]+", name.lower())),
            landmarks=frozenset(
                str(word).lower() for key in ("landmarks", "unique", "shops") for word in content[key]
            ),
            prepositions=frozenset(str(words).lower().split()[0] for words in content["prepositions"]),
            end=re.compile(rf"({any_of(ends)})\.?$"),
            number=re.compile(rf"\W*(?:{any_of(content['numbered'])}\W+)?\d[\d\W]*[A-Za-z]?"),
        )

    @cached_property
    def seen(self) -> Kept[str, tuple[str, str, str]]:
        """A word as it is written -> the word in small letters, its letters' shape, its class."""
        return Kept(lambda word: (word.lower(), _shape(word), self._of(word.lower())), most=MOST_REMEMBERED)

    def _of(self, word: str) -> str:
        if word in self.names:
            kind = "N"
        elif word in self.landmarks:
            kind = "L"
        else:
            kind = "p" if word in self.prepositions else ""
        end = self.end.search(word) if len(word) >= _SHORTEST_WITH_END else None
        return kind + end[1] if end else kind


def cues(
    text: str, words: Sequence[Word], found: Mapping[str, Sequence[Span]], classes: WordClasses
) -> list[list[Cue]]:
    """Return the cues of each word; `found` is what the rules found, by entity."""
    case = "l" if text.islower() else "U" if text.isupper() else "m"
    seen = [classes.seen[word] for _, word in words]
    # Two edges on each side, so that every word has four neighbours.
    edges = [(_EDGE, _EDGE, _EDGE, _EDGE)] * 2
    inner = [(*one, hint) for one, hint in zip(seen, rule_hints(words, found), strict=True)]
    around = [*edges, *((word, shape + case, kind, hint) for word, shape, kind, hint in inner), *edges]
    return [
        [
            (_of_itself, *one),
            (_two_away, -2, before_last[0]),
            (_two_away, 2, after_next[0]),
            *_beside(-1, one, last),
            *_beside(1, one, next_),
        ]
        for before_last, last, one, next_, after_next in zip(*(around[at:] for at in range(5)), strict=False)
    ]


def features(cue: Cue) -> Features:
    """Return the features that a cue stands for."""
    make, *of = cue
    made: Features = make(*of)
    return made


def _of_itself(word: str, shape: str, kind: str, hint: str) -> Features:
    return (
        "always",
        f"{WORD}{word}",
        f"3={word[-3:]}",
        f"4={word[-4:]}",
        f"s={shape}",
        f"k={kind}",
        f"h={hint}",
        f"hw={hint}{word}",
        f"hs={hint}{shape}",
    )


def _two_away(step: int, word: str) -> Features:
    return (f"w{step}={word}",)


def _beside(step: int, one: Seen, other: Seen) -> tuple[Cue, Cue, Cue]:
    word, shape, _, _ = one
    other_word, other_shape, other_kind, other_hint = other
    return (
        (_pair, step, word, other_word),
        (_neighbour, step, other_word, other_kind, shape),
        (_around, step, one[1:], other_shape, other_hint),
    )


def _pair(step: int, word: str, other: str) -> Features:
    return (f"ww{step}={word}|{other}",)


def _neighbour(step: int, word: str, kind: str, shape: str) -> Features:
    return f"w{step}={word}", f"3{step}={word[-3:]}", f"k{step}={kind}", f"ws{step}={word}{shape}"


def _around(step: int, one: tuple[str, str, str], other_shape: str, other_hint: str) -> Features:
    shape, kind, hint = one
    return (
        f"h{step}={other_hint}",
        f"s{step}={other_shape}{shape}",
        f"hh{step}={hint}|{other_hint}",
        f"kh{step}={kind}|{other_hint}{shape}",
    )


def rule_hints(words: Sequence[Word], found: Mapping[str, Sequence[Span]]) -> list[str]:
    """Return for each word which entity the rules see there, how sure, and if it begins or ends there."""
    hints = [NOTHING] * len(words)
    for entity, spans in found.items():
        for span in spans:
            covered = within(words, span)
            for at in covered:
                if hints[at] == NOTHING:
                    begins, ends = "B" if at == covered[0] else "", "E" if at == covered[-1] else ""
                    hints[at] = f"{entity}{round(span.confidence * 20)}{begins}{ends}"
    return hints


def within(words: Sequence[Word], span: Span) -> list[int]:
    """Return which words share a letter with the span."""
    return [
        at for at, (start, word) in enumerate(words) if start < span.end and start + len(word) > span.start
    ]


def _shape(word: str) -> str:
    if not word[0].isalpha():
        return f"d{min(len(word), 3)}" if word.isdigit() else word
    if word.isupper() and len(word) > 1:
        return "XX"
    if word[0].isupper():
        return "Xx" if word[1:].islower() or len(word) == 1 else "XxX"
    return "x"
