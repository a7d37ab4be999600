"""The messages of `understanding.py`, to train and to test with, and what a system reads in one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.text import for_understanding
from nlu.understanding import KIND_OF_INTENT, OUT_OF_SCOPE, REPORTS

JOINT = "+"
"""Between intent and category in the peers' labels: Rasa takes "/" for intents that retrieve answers."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """One labelled message; `marks` are (entity, start, end) in `text`, which carries no marks itself."""

    text: str
    intent: str
    category: str | None
    marks: tuple[tuple[str, int, int], ...]

    @property
    def kind(self) -> str:
        """The kind of the intent."""
        return KIND_OF_INTENT[self.intent]

    @property
    def joint(self) -> str:
        """The label a system learns that knows no categories."""
        return f"{self.intent}{JOINT}{self.category}" if self.category else self.intent

    @property
    def places(self) -> list[tuple[int, int]]:
        """Where the marked places start and end."""
        return [(start, end) for entity, start, end in self.marks if entity == "place"]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a system makes of a message: `kind` is what it would act on, `kinds` how likely it finds each."""

    kind: str
    category: str | None
    kinds: Mapping[str, float]
    place: tuple[int, int] | None = None

    @property
    def in_scope(self) -> float:
        """How likely the message is one of ours at all, of whichever kind."""
        return min(sum(chance for kind, chance in self.kinds.items() if kind != OUT_OF_SCOPE), 1.0)

    @property
    def confidence(self) -> float:
        """How likely the likeliest kind is."""
        return max(self.kinds.values(), default=0.0)

    @classmethod
    def of_labels(cls, chances: Mapping[str, float], place: tuple[int, int] | None = None) -> "Reading":
        """Read probabilities of joint labels; the category is the likeliest of the likeliest kind."""
        kinds: dict[str, float] = {}
        for label, chance in chances.items():
            kind = kind_of(label)
            kinds[kind] = kinds.get(kind, 0.0) + chance
        kind = max(kinds, key=kinds.__getitem__)
        label = max((label for label in chances if kind_of(label) == kind), key=chances.__getitem__)
        category = label.partition(JOINT)[2] or None
        return cls(kind=kind, category=category if kind in REPORTS else None, kinds=kinds, place=place)


def kind_of(label: str) -> str:
    """Return the kind of a joint label: "report_dirt+litter" -> "dirt"."""
    return KIND_OF_INTENT[label.partition(JOINT)[0]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A real message; `kind` is None where nobody labelled it, `category` is its portal's."""

    text: str
    kind: str | None
    category: str | None


@dataclass(frozen=True, kw_only=True)
class Corpora:
    """Real messages, and real reports with the place each names."""

    messages: Sequence[Row]
    places: Sequence[tuple[str, tuple[int, int]]]


def read_examples(folder: Path) -> list[Example]:
    """Read all Rasa NLU files below a folder with Rasa's own loader; ValueError for a strange intent."""
    from rasa.shared.data import get_data_files, is_nlu_file
    from rasa.shared.importers.utils import training_data_from_paths

    files = sorted(get_data_files([str(folder)], is_nlu_file))
    found = [_example(message) for message in training_data_from_paths(files, "de").intent_examples]
    if unknown := sorted({example.intent for example in found} - KIND_OF_INTENT.keys()):
        raise ValueError(f"{folder}: no kind for {', '.join(unknown)}")
    return found


def _example(message: Any) -> Example:
    metadata = (message.get("metadata") or {}).get("intent") or {}
    marks = [(mark["entity"], mark["start"], mark["end"]) for mark in message.get("entities") or ()]
    category = metadata.get("category") if isinstance(metadata, Mapping) else None
    return Example(
        text=message.get("text"), intent=message.get("intent"), category=category, marks=tuple(marks)
    )


def as_read(example: Example) -> Example:
    """Return the example as the pipeline reads it: one line, without invisible signs, marks moved along."""
    text, marks = example.text, example.marks
    moved = tuple((entity, *moved_span(text, (start, end))) for entity, start, end in marks)
    return Example(
        text=for_understanding(text), intent=example.intent, category=example.category, marks=moved
    )


def moved_span(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Return where a span of `text` lies once the text is as the pipeline reads it."""
    start, end = (len(for_understanding(f"{text[:position]}|")) - 1 for position in span)
    return start, end


def read_corpora(folder: Path) -> Corpora | None:
    """Read the real messages; None where they are not at hand."""
    messages, places = folder / "dev_messages.jsonl", folder / "dev_places.jsonl"
    if not (messages.is_file() and places.is_file()):
        return None
    return Corpora(
        messages=[
            Row(
                text=for_understanding(row["text"]),
                kind=row["expected_kind"],
                category=row["original_category"],
            )
            for row in _lines(messages)
        ],
        places=[
            (for_understanding(row["text"]), moved_span(row["text"], row["span"])) for row in _lines(places)
        ],
    )


def _lines(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
