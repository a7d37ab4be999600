"""The recogniser: finds places and times by what it learnt from marked messages, with the rules as a hint."""

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TypeVar

import numpy as np
from scipy.sparse import csr_matrix

from nlu.components.kept import Kept
from nlu.components.ner_chain import ENTITIES, LABELS, Floats, Plan, Seen, fit, most_likely
from nlu.components.ner_features import WORD, Cue, Word, features, within
from nlu.components.spans import Span

NUMBERS, WORDS = "recogniser.npz", "recogniser.json"
MOST_REMEMBERED = 100_000  # cues whose weights are added up already
_NOTHING = [0.0] * len(LABELS)

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A message as the recogniser learns it: its words, their cues, and the marks by entity."""

    words: Sequence[Word]
    cues: Sequence[Sequence[Cue]]
    marks: Mapping[str, Sequence[Span]]

    def labels(self) -> list[int]:
        """Return the label of each word as a column of LABELS."""
        labels = [0] * len(self.words)
        for entity, spans in self.marks.items():
            for span in spans:
                for part, at in zip(_parts(), within(self.words, span), strict=False):
                    labels[at] = LABELS.index(f"{part}-{entity}")
        return labels


@dataclass(frozen=True, kw_only=True)
class Learning:
    """How to learn; the values were chosen by cross-validation on our own messages."""

    penalty: float = 0.5
    rounds: int = 70
    rarest: int = 2
    least_weight: float = 0.02


@dataclass(frozen=True, kw_only=True)
class Recogniser:
    """Weights of the features, shape (features, labels), and of label after label, shape (labels, labels)."""

    rows: Mapping[str, int]
    weights: Floats
    transitions: Floats

    @classmethod
    def learn(
        cls,
        messages: Iterable[Marked],
        options: Learning | None = None,
        on_round: Callable[..., object] = lambda _point: None,
    ) -> "Recogniser":
        """Learn from messages; those without marks say what is none. ValueError when there is not a word."""
        options = options or Learning()
        known = [message for message in messages if message.words]
        if not known:
            raise ValueError("no message has a word to learn from")
        words = [word for message in known for word in message.cues]
        numbers: Numbered[Cue] = Numbered()
        seen = _ones([[numbers[cue] for cue in word] for word in words], numbers)
        rows: Numbered[str] = Numbered()
        made = _ones([[rows[name] for name in features(cue)] for cue in numbers], rows)
        often = np.asarray(seen.sum(axis=0) @ made).ravel()
        names = [name for name, times in zip(rows, often, strict=True) if times >= options.rarest]
        weights, transitions = fit(
            Seen(seen, made[:, often >= options.rarest]),
            np.array([label for message in known for label in message.labels()]),
            Plan(np.array([len(message.words) for message in known])),
            penalty=options.penalty,
            rounds=options.rounds,
            on_round=on_round,
        )
        kept = np.flatnonzero(np.abs(weights).max(axis=1) >= options.least_weight)
        return cls(
            rows={names[row]: at for at, row in enumerate(kept)},
            weights=weights[kept],
            transitions=transitions,
        )

    def scores(self, cues: Sequence[Sequence[Cue]]) -> list[list[float]]:
        """Return how well each label fits each word, a row a word, a column a label."""
        return [
            [sum(column) for column in zip(*map(self._sums.__getitem__, word), strict=True)] or _NOTHING
            for word in cues
        ]

    def _sum(self, cue: Cue) -> list[float]:
        """Add up the weights of a cue's features; those nobody has seen count nothing."""
        known = [self._listed[row] for name in features(cue) if (row := self.rows.get(name)) is not None]
        if len(known) > 1:
            return [sum(column) for column in zip(*known, strict=True)]
        return known[0] if known else _NOTHING

    @cached_property
    def _sums(self) -> Kept[Cue, list[float]]:
        return Kept(self._sum, most=MOST_REMEMBERED)

    @cached_property
    def _listed(self) -> list[list[float]]:
        """The weights as plain numbers: of a few rows they add up in a fifth of the time arrays take."""
        listed: list[list[float]] = self.weights.tolist()
        return listed

    def words(self) -> list[str]:
        """Return the words it knows, in small letters."""
        return [name.removeprefix(WORD) for name in self.rows if name.startswith(WORD)]

    def spans(self, words: Sequence[Word], cues: Sequence[Sequence[Cue]]) -> dict[str, list[Span]]:
        """Return the entities of the likeliest sequence of labels, in the order of the text."""
        found: dict[str, list[Span]] = {entity: [] for entity in ENTITIES}
        labels = most_likely(self.scores(cues), self.transitions) if words else []
        for (start, word), column in zip(words, labels, strict=True):
            part, _, entity = LABELS[column].partition("-")
            if part == "B":
                found[entity].append(Span(start=start, end=start + len(word), confidence=1.0))
            elif part == "I":
                found[entity][-1] = replace(found[entity][-1], end=start + len(word))
        return found

    def write(self, folder: Path) -> None:
        """Write numbers and words; nothing can run from them."""
        np.savez(folder / NUMBERS, weights=self.weights.astype(np.float16), transitions=self.transitions)
        (folder / WORDS).write_text(json.dumps(list(self.rows), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Recogniser":
        """Read what was written; OSError or ValueError for missing or broken files."""
        names = json.loads((folder / WORDS).read_text(encoding="utf-8"))
        with np.load(folder / NUMBERS, allow_pickle=False) as numbers:
            weights, transitions = numbers["weights"].astype(np.float32), numbers["transitions"]
        return cls(
            rows={name: row for row, name in enumerate(names)}, weights=weights, transitions=transitions
        )


def _parts() -> Iterator[str]:
    yield "B"
    while True:
        yield "I"


class Numbered(dict[Key, int]):
    """Numbers things in the order in which they are first asked for."""

    def __missing__(self, key: Key) -> int:
        """Give the next number."""
        self[key] = len(self)
        return self[key]


def _ones(rows: Sequence[Sequence[int]], columns: Sized) -> csr_matrix:
    """Return 1 in the columns each row names, shape (rows, columns)."""
    ends = np.cumsum([0, *map(len, rows)])
    found = np.fromiter(chain.from_iterable(rows), dtype=np.int32, count=ends[-1])
    ones = np.ones(len(found))
    return csr_matrix((ones, found, ends), shape=(len(rows), len(columns)))
