"""Phrases written so that a person can review them, matched the way people in panic write.

A phrase is a row of words: `|` separates alternatives, `_` joins words within one, `*` before or after a
word stands for any letters, `...` for up to five words in between, `[…]` around alternatives makes a word
optional, `$name` stands for a list of words with that name. `<` is the beginning of a clause and `>` its
end, commas count as both; `<<` is the beginning of the message, `>>` the end of a clause, commas ignored.
` & ` joins what must stand in the same clause in any order, ` & !` what must not. Umlauts, case and letters
drawn out do not matter; a word one typing error away from a `keyword` counts as that keyword.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from rapidfuzz.distance import OSA

from nlu.components.kept import Kept
from nlu.components.terms import fold

_CLAUSES = re.compile(r"[.!?;\n]+")
_WORDS = re.compile(r"[^\W_]+|,")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_SHORTEST_TYPO, _LONG_WORD = 5, 10
_KNOWN_AT_MOST = 20_000
_COMMA = r"(?:, )?"
_FIXED = {"...": r"(?:\S+ ){0,5}?", "<": r"(?:^|(?<=[.,] ))", ">": r"(?:$|(?<=, ))", "<<": "^", ">>": "$"}
_GROUP = re.compile(r"\$(\w+)")

Groups = Mapping[str, str]


@dataclass(frozen=True)
class Spelling:
    """Reads words as the keywords they were meant to be; remembers what it has read."""

    keywords: Mapping[str, Sequence[str]]
    """By first letter."""
    no_typos: frozenset[str]

    @classmethod
    def of(cls, keywords: Iterable[str], no_typos: Iterable[str]) -> "Spelling":
        """`no_typos` are ordinary words that lie one error away from a keyword ("Feier" is no "Feuer")."""
        by_letter: dict[str, list[str]] = {}
        for keyword in map(fold, keywords):
            by_letter.setdefault(keyword[0], []).append(keyword)
        return cls(by_letter, frozenset(map(fold, no_typos)))

    def clauses(self, text: str) -> list[list[str]]:
        """Split a message into clauses of folded, corrected words; a comma is a word."""
        split = (_WORDS.findall(clause) for clause in _CLAUSES.split(_DRAWN_OUT.sub(r"\1", fold(text))))
        return [[self._known[word] for word in found] for found in split if found]

    @cached_property
    def _known(self) -> Kept[str, str]:
        return Kept(self._nearest, most=_KNOWN_AT_MOST)

    def _nearest(self, word: str) -> str:
        keywords = self.keywords.get(word[0], ())
        if len(word) < _SHORTEST_TYPO or word in self.no_typos or word in keywords:
            return word
        allowed = 2 if len(word) >= _LONG_WORD else 1
        near = (
            keyword for keyword in keywords if OSA.distance(keyword, word, score_cutoff=allowed) <= allowed
        )
        return next(near, word)


@dataclass(frozen=True)
class Slots:
    """Numbers the sets of words that phrases need: most phrases are ruled out without reading the clause."""

    numbers: dict[frozenset[str], int] = field(default_factory=dict)
    _plain: dict[str, set[int]] = field(default_factory=dict)
    _beginnings: dict[str, set[int]] = field(default_factory=dict)
    _endings: dict[str, set[int]] = field(default_factory=dict)

    def number(self, choices: Iterable[str]) -> int:
        """Return the number of a set of alternatives, a new one when it is new."""
        key = frozenset(choice.split(" ")[0] for choice in choices)
        if key not in self.numbers:
            self.numbers[key] = number = len(self.numbers)
            for word in key:
                self._table(word).setdefault(word.strip("*"), set()).add(number)
        return self.numbers[key]

    def present(self, words: Iterable[str]) -> frozenset[int]:
        """Return the numbers of all sets that share a word with `words`."""
        return frozenset().union(*(self._known[word] for word in words))

    def _table(self, word: str) -> dict[str, set[int]]:
        """`*` stands at the beginning or the end of a word."""
        return self._endings if word[0] == "*" else self._beginnings if word[-1] == "*" else self._plain

    def _of(self, word: str) -> frozenset[int]:
        cuts = range(len(word) + 1)
        return frozenset(self._plain.get(word, ())).union(
            *(self._beginnings.get(word[:cut], ()) for cut in cuts),
            *(self._endings.get(word[cut:], ()) for cut in cuts),
        )

    @cached_property
    def _known(self) -> Kept[str, frozenset[int]]:
        return Kept(self._of, most=_KNOWN_AT_MOST)


@dataclass(frozen=True)
class Clause:
    """Words, each followed by a space, and the slots they fill."""

    text: str
    slots: frozenset[int]


@dataclass(frozen=True)
class Phrase:
    """What a clause must have: words that fill slots, patterns, and phrases it must not have."""

    needs: frozenset[int]
    patterns: tuple[re.Pattern[str], ...]
    without: tuple["Phrase", ...] = ()

    @classmethod
    def of(cls, written: str, groups: Groups, slots: Slots) -> "Phrase":
        """Read a phrase; KeyError for a `$name` nobody defined."""
        parts = [part.strip() for part in written.split(" & ")]
        rows = [_choices(part, groups) for part in parts if not part.startswith("!")]
        return cls(
            needs=frozenset(slots.number(choices) for row in rows for choices in row if _is_needed(choices)),
            patterns=tuple(re.compile(_pattern(row)) for row in rows if not _is_one_word(row)),
            without=tuple(cls.of(part[1:], groups, slots) for part in parts if part.startswith("!")),
        )

    def holds(self, clause: Clause) -> bool:
        """Tell whether the clause has it."""
        return (
            self.needs <= clause.slots
            and all(pattern.search(clause.text) for pattern in self.patterns)
            and not any(other.holds(clause) for other in self.without)
        )


def _choices(part: str, groups: Groups) -> list[list[str]]:
    return [
        [fold(choice).replace("_", " ") for choice in _spelled_out(word, groups).split("|")]
        for word in part.split()
    ]


def _spelled_out(word: str, groups: Groups) -> str:
    """A list of words may name other lists."""
    return _spelled_out(_GROUP.sub(lambda name: groups[name[1]], word), groups) if "$" in word else word


def _is_needed(choices: Sequence[str]) -> bool:
    return choices[0] not in _FIXED and not choices[0].startswith("[")


def _is_one_word(row: Sequence[Sequence[str]]) -> bool:
    return len(row) == 1 and not any(" " in choice for choice in row[0])


def _pattern(row: Sequence[Sequence[str]]) -> str:
    return r"(?:^|(?<= ))" + "".join(map(_word_pattern, row))


def _word_pattern(choices: Sequence[str]) -> str:
    if choices[0] in _FIXED:
        return _FIXED[choices[0]]
    either = "|".join(choices).strip("[]").replace("*", r"\w*").replace(" ", f" {_COMMA}")
    return f"(?:(?:{either}) {_COMMA})" + ("?" if choices[0].startswith("[") else "")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One reason for alarm: any of `alarm` in a clause and none of `unless`; `sure`: no figure of speech."""

    name: str
    call: str
    sure: bool
    alarm: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]


@dataclass(frozen=True, kw_only=True)
class Rules:
    """All rules of a file, with what is over (`past`) and what makes it present all the same (`now`)."""

    spelling: Spelling
    slots: Slots
    rules: tuple[Rule, ...]
    past: tuple[Phrase, ...]
    now: tuple[Phrase, ...]

    @classmethod
    def of(cls, content: Mapping[str, object]) -> "Rules":
        """Build from a file's content; KeyError or TypeError when it is broken."""
        groups = {name: _joined(words) for name, words in content["words"].items()}  # type: ignore[attr-defined]
        slots = Slots()

        def read(lines: object) -> tuple[Phrase, ...]:
            return tuple(Phrase.of(line, groups, slots) for line in _lines(lines))

        return cls(
            spelling=Spelling.of(_lines(content["keywords"]), _lines(content["no_typos"])),
            slots=slots,
            past=read(content["past"]),
            now=read(content["now"]),
            rules=tuple(
                Rule(
                    name=name,
                    call=entry["call"],
                    sure=entry.get("sure", False),
                    alarm=_filled(read(entry["alarm"]), name),
                    unless=read(entry.get("unless") or []),
                )
                for name, entry in content["alarms"].items()  # type: ignore[attr-defined]
            ),
        )

    def first(self, text: str) -> Rule | None:
        """Return the first rule, in the file's order, that holds in any clause."""
        raised = (number for clause in self._clauses(text) for number in self._raised(clause))
        first = min(raised, default=None)
        return None if first is None else self.rules[first]

    def _raised(self, clause: Clause) -> set[int]:
        """Return the numbers of the rules that hold; only phrases one of whose words is there are read."""
        possible = chain(self._alarms[None], *(self._alarms.get(slot, ()) for slot in clause.slots))
        raised = {number for number, phrase in possible if phrase.holds(clause)}
        if not raised or self._over(clause):
            return set()
        return {number for number in raised if not _any(self.rules[number].unless, clause)}

    @cached_property
    def _alarms(self) -> dict[int | None, list[tuple[int, Phrase]]]:
        """The number of a rule and one of its phrases, by the rarest slot the phrase needs (or None)."""
        phrases = [(number, phrase) for number, rule in enumerate(self.rules) for phrase in rule.alarm]
        needed = Counter(slot for _, phrase in phrases for slot in phrase.needs)
        found: dict[int | None, list[tuple[int, Phrase]]] = {None: []}
        for number, phrase in phrases:
            rarest = min(phrase.needs, key=needed.__getitem__, default=None)
            found.setdefault(rarest, []).append((number, phrase))
        return found

    def _clauses(self, text: str) -> list[Clause]:
        return [
            Clause((". " if later else "") + "".join(f"{word} " for word in words), self.slots.present(words))
            for later, words in enumerate(self.spelling.clauses(text))
        ]

    def _over(self, clause: Clause) -> bool:
        return _any(self.past, clause) and not _any(self.now, clause)


def _any(phrases: Iterable[Phrase], clause: Clause) -> bool:
    return any(phrase.holds(clause) for phrase in phrases)


def _filled(phrases: tuple[Phrase, ...], name: str) -> tuple[Phrase, ...]:
    if not phrases:
        raise KeyError(name)
    return phrases


def _joined(words: object) -> str:
    return "|".join(_lines(words)) if isinstance(words, list) else str(words).replace(" ", "|")


def _lines(value: object) -> list[str]:
    if not isinstance(value, list):
        raise TypeError
    return [str(line) for line in value]
