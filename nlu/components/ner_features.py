"""What the recogniser sees of each word: spelling, neighbours, and what the rules found there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from nlu.components.place_shapes import any_of
from nlu.components.spans import Span

Word = tuple[int, str]
"""Where it starts in the message, and the word."""

Group = tuple[str, ...]
"""Features that come together: the same words in the same places have the same ones again and again."""

MOST_REMEMBERED = 20_000  # groups of each sort, of which reports have some 10,000

NOTHING = "-"
_EDGE = "#"
_SHORTEST_WITH_END = 5


class Seen(NamedTuple):
    """A word in small letters, its letters' shape, its class, and what the rules found there."""

    word: str
    shape: str
    kind: str
    hint: str


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

    def of_word(self, word: str) -> str:
        """Return a short code of a word in small letters."""
        if word in self.names:
            kind = "N"
        elif word in self.landmarks:
            kind = "L"
        else:
            kind = "p" if word in self.prepositions else ""
        end = self.end.search(word) if len(word) >= _SHORTEST_WITH_END else None
        return kind + end[1] if end else kind


def features(
    text: str, words: Sequence[Word], found: Mapping[str, Sequence[Span]], classes: WordClasses
) -> list[list[Group]]:
    """Return the features of each word in groups; `found` is what the rules found, by entity."""
    small = [word.lower() for _, word in words]
    case = "l" if text.islower() else "U" if text.isupper() else "m"
    shapes = [_shape(word) + case for _, word in words]
    kinds = [classes.of_word(word) for word in small]
    hints = rule_hints(words, found)
    # Two edges on each side, so that every word has four neighbours.
    columns = ([_EDGE, _EDGE, *column, _EDGE, _EDGE] for column in (small, shapes, kinds, hints))
    seen = [Seen(*cells) for cells in zip(*columns, strict=True)]
    return [
        [
            _of_itself(one),
            _two_away(before_last.word, next_but_one.word),
            *(group for step, other in ((-1, last), (1, next_)) for group in _beside(step, one, other)),
        ]
        for before_last, last, one, next_, next_but_one in zip(*(seen[at:] for at in range(5)), strict=False)
    ]


@lru_cache(MOST_REMEMBERED)
def _of_itself(one: Seen) -> Group:
    word, shape, kind, hint = one
    return (
        "always",
        f"w={word}",
        f"3={word[-3:]}",
        f"4={word[-4:]}",
        f"s={shape}",
        f"k={kind}",
        f"h={hint}",
        f"hw={hint}{word}",
        f"hs={hint}{shape}",
    )


@lru_cache(MOST_REMEMBERED)
def _two_away(before: str, after: str) -> Group:
    return f"w-2={before}", f"w2={after}"


def _beside(step: int, one: Seen, other: Seen) -> tuple[Group, Group, Group]:
    return (
        _pair(step, one.word, other.word),
        _neighbour(step, other.word, other.kind, one.shape),
        _around(step, one[1:], other.shape, other.hint),
    )


@lru_cache(MOST_REMEMBERED)
def _pair(step: int, word: str, other: str) -> Group:
    return (f"ww{step}={word}|{other}",)


@lru_cache(MOST_REMEMBERED)
def _neighbour(step: int, word: str, kind: str, shape: str) -> Group:
    return f"w{step}={word}", f"3{step}={word[-3:]}", f"k{step}={kind}", f"ws{step}={word}{shape}"


@lru_cache(MOST_REMEMBERED)
def _around(step: int, one: tuple[str, str, str], other_shape: str, other_hint: str) -> Group:
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
