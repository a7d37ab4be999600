"""What the recogniser sees of each word: spelling, neighbours, and what the rules found there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlu.components.place_shapes import any_of
from nlu.components.spans import Span

Word = tuple[int, str]
"""Where it starts in the message, and the word."""

NOTHING = "-"
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
) -> list[list[str]]:
    """Return the features of each word; `found` is what the rules found, by entity."""
    small = [word.lower() for _, word in words]
    case = "l" if text.islower() else "U" if text.isupper() else "m"
    shapes = [_shape(word) + case for _, word in words]
    kinds = [classes.of_word(word) for word in small]
    hints = rule_hints(words, found)
    # Two edges on each side, so that every word has four neighbours.
    small, shapes, kinds, hints = (
        [_EDGE, _EDGE, *column, _EDGE, _EDGE] for column in (small, shapes, kinds, hints)
    )
    return [
        [*_of_itself(small[at], shapes[at], kinds[at], hints[at]), *_around(at, small, shapes, kinds, hints)]
        for at in range(2, len(words) + 2)
    ]


def _of_itself(word: str, shape: str, kind: str, hint: str) -> tuple[str, ...]:
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


def _around(
    at: int, small: Sequence[str], shapes: Sequence[str], kinds: Sequence[str], hints: Sequence[str]
) -> list[str]:
    word, shape, kind, hint = small[at], shapes[at], kinds[at], hints[at]
    seen = [f"w-2={small[at - 2]}", f"w2={small[at + 2]}"]
    for step in (-1, 1):
        other, other_hint = small[at + step], hints[at + step]
        seen += (
            f"w{step}={other}",
            f"h{step}={other_hint}",
            f"k{step}={kinds[at + step]}",
            f"s{step}={shapes[at + step]}{shape}",
            f"3{step}={other[-3:]}",
            f"ww{step}={word}|{other}",
            f"hh{step}={hint}|{other_hint}",
            f"kh{step}={kind}|{other_hint}{shape}",
            f"ws{step}={other}{shape}",
        )
    return seen


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
