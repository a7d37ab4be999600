"""What the readings of one system come to, over all test sets of `understanding.py`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from understanding_messages import Corpora, Example, Reading
from understanding_scores import (
    balanced_accuracy,
    false_alarms,
    macro_f1,
    overlap_f1,
    recall,
    share,
    threshold_at_loss,
)
from understanding_spelling import VARIANTS

from nlu.understanding import OUT_OF_SCOPE, REPORTS

LOSS = 0.03
"""Share of the messages in scope that may be turned away to keep out what is not."""

EMERGENCY = "emergency"
TWO_KINDS = ("dirt", "other_defect")
FOUND_BICYCLES = "Fahrrad gefunden"
"""A portal's category that holds wrecks as well as found property."""

Readings = Mapping[str, Reading]
"""A system's reading of each text."""


@dataclass(frozen=True, kw_only=True)
class Tests:
    """Everything the systems are tested with."""

    held_out: Sequence[Example]
    corpora: Corpora | None

    def variants(self) -> dict[str, list[str]]:
        """Return the texts of the held-out messages in every other spelling."""
        return {name: [spell(example.text) for example in self.held_out] for name, spell in VARIANTS.items()}

    def texts(self) -> list[str]:
        """Return every text once, the held-out messages first."""
        return list(dict.fromkeys(self._texts()))

    def _texts(self) -> Iterator[str]:
        yield from (example.text for example in self.held_out)
        for texts in self.variants().values():
            yield from texts
        if self.corpora:
            yield from (row.text for row in self.corpora.messages)
            yield from (text for text, _ in self.corpora.places)


def measures(tests: Tests, readings: Readings) -> dict[str, float]:
    """Return every measure by its key; what can't be measured is not a number or missing."""
    plain = [readings[example.text] for example in tests.held_out]
    found = of_held_out(tests.held_out, plain) | _as_it_acts(tests.held_out, plain)
    for variant, texts in tests.variants().items():
        spelled = of_held_out(tests.held_out, [readings[text] for text in texts])
        found |= {f"{key}, {variant}": value for key, value in spelled.items()}
        found[f"loss, {variant}"] = 100 * (found["macro_f1"] - spelled["macro_f1"])
    if tests.corpora:
        found |= of_corpora(tests.corpora, readings, threshold=_threshold(tests.held_out, plain))
    if any(reading.place for reading in readings.values()):  # else the system finds no places at all
        found |= _of_places(tests, readings)
    return found


def _of_places(tests: Tests, readings: Readings) -> dict[str, float]:
    own = [example.places for example in tests.held_out]
    found = {"places": overlap_f1(own, [readings[example.text].place for example in tests.held_out])}
    if tests.corpora:
        real = [[span] for _, span in tests.corpora.places]
        found["real_places"] = overlap_f1(real, [readings[text].place for text, _ in tests.corpora.places])
    return found


def of_held_out(examples: Sequence[Example], readings: Sequence[Reading]) -> dict[str, float]:
    """Return what is measured in every spelling; shares in per cent."""
    truth, guesses = _kinds(examples, readings)
    threshold = _threshold(examples, readings)
    pairs = list(zip(examples, readings, strict=True))
    return {
        "macro_f1": macro_f1(truth, guesses),
        "category": 100
        * share(
            (example.kind, example.category) == (reading.kind, reading.category)
            for example, reading in pairs
            if example.kind in REPORTS and example.category
        ),
        "oos": 100
        * share(reading.in_scope < threshold for example, reading in pairs if example.kind == OUT_OF_SCOPE),
        "emergency": 100 * recall(truth, guesses, EMERGENCY),
        "false_alarms": 100 * false_alarms(truth, guesses, EMERGENCY),
    }


def _as_it_acts(examples: Sequence[Example], readings: Sequence[Reading]) -> dict[str, float]:
    truth, guesses = _kinds(examples, readings)
    return {
        "errors": sum(true != guess for true, guess in zip(truth, guesses, strict=True)),
        "oos_acting": 100 * recall(truth, guesses, OUT_OF_SCOPE),
        "turned_away": 100 * false_alarms(truth, guesses, OUT_OF_SCOPE),
    }


def of_corpora(corpora: Corpora, readings: Readings, *, threshold: float) -> dict[str, float]:
    """Return what is measured on real messages; `threshold` is the one of the held-out messages."""
    labelled = [row for row in corpora.messages if row.kind]
    others = [row for row in corpora.messages if not row.kind]
    foreign = [row for row in labelled if row.kind == OUT_OF_SCOPE]
    reports = [row for row in labelled if row.kind in TWO_KINDS]
    no_bicycles = [row for row in reports if FOUND_BICYCLES not in (row.category or "")]
    truth = [row.kind or "" for row in labelled]
    guesses = [readings[row.text].kind for row in labelled]
    likelier = [max(TWO_KINDS, key=lambda kind: readings[row.text].kinds.get(kind, 0.0)) for row in reports]
    return {
        "real_macro_f1": macro_f1(truth, guesses),
        "real_two": 100 * balanced_accuracy([row.kind or "" for row in reports], likelier),
        "real_oos": 100 * share(readings[row.text].in_scope < threshold for row in foreign),
        "real_false_alarms": 100 * false_alarms(truth, guesses, EMERGENCY),
        "real_alarms": 100 * share(readings[row.text].kind == EMERGENCY for row in others),
    } | {
        key: 100
        * balanced_accuracy([row.kind or "" for row in rows], [readings[row.text].kind for row in rows])
        for key, rows in (("real_strict", reports), ("real_strict_no_bicycles", no_bicycles))
    }


def _kinds(examples: Sequence[Example], readings: Sequence[Reading]) -> tuple[list[str], list[str]]:
    return [example.kind for example in examples], [reading.kind for reading in readings]


def _threshold(examples: Sequence[Example], readings: Sequence[Reading]) -> float:
    pairs = zip(examples, readings, strict=True)
    in_scope = [reading.in_scope for example, reading in pairs if example.kind != OUT_OF_SCOPE]
    return threshold_at_loss(in_scope, LOSS)
