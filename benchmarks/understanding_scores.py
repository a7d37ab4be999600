"""The measures of `understanding.py` as such: labels, confidences and spans in, numbers out."""

import math
import statistics
from collections.abc import Iterable, Sequence

Place = tuple[int, int]
"""Start and end in a text."""


def share(outcomes: Iterable[bool]) -> float:
    """Return the share that is true; not a number where there is nothing."""
    counted = list(outcomes)
    return sum(counted) / len(counted) if counted else math.nan


def recall(truth: Sequence[str], guesses: Sequence[str], label: str) -> float:
    """Return the share of the messages with the label that were given it."""
    return share(guess == label for true, guess in zip(truth, guesses, strict=True) if true == label)


def false_alarms(truth: Sequence[str], guesses: Sequence[str], label: str) -> float:
    """Return the share of the messages without the label that were given it all the same."""
    return share(guess == label for true, guess in zip(truth, guesses, strict=True) if true != label)


def f1(truth: Sequence[str], guesses: Sequence[str], label: str) -> float:
    """Return the harmonic mean of precision and recall of one label."""
    both = sum(true == guess == label for true, guess in zip(truth, guesses, strict=True))
    return 2 * both / max(truth.count(label) + guesses.count(label), 1)


def macro_f1(truth: Sequence[str], guesses: Sequence[str]) -> float:
    """Return the mean F1 of the labels that occur in `truth`, each label counting the same."""
    labels = sorted(set(truth))
    return statistics.fmean(f1(truth, guesses, label) for label in labels) if labels else math.nan


def balanced_accuracy(truth: Sequence[str], guesses: Sequence[str]) -> float:
    """Return the mean recall of the labels that occur in `truth`."""
    labels = sorted(set(truth))
    return statistics.fmean(recall(truth, guesses, label) for label in labels) if labels else math.nan


def threshold_at_loss(confidences: Iterable[float], loss: float) -> float:
    """Return the highest threshold below which at most the share `loss` of these confidences lies."""
    ordered = sorted(confidences)
    return ordered[int(len(ordered) * loss)] if ordered else math.nan


def overlap_f1(truth: Sequence[Sequence[Place]], found: Sequence[Place | None]) -> float:
    """Return the F1 of one place found in each message, or none, against the places it has, or none.

    A place counts as found when it shares a letter with one of the message's own.
    """
    hits = sum(
        place is not None and any(overlap(place, true) for true in places)
        for places, place in zip(truth, found, strict=True)
    )
    expected, given = sum(map(bool, truth)), sum(place is not None for place in found)
    return 2 * hits / (expected + given) if expected + given else math.nan


def overlap(one: Place, other: Place) -> bool:
    """Tell whether both share a letter."""
    return one[0] < other[1] and other[0] < one[1]


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value that the share `part` of the values lies below."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]
