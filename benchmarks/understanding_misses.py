"""What our system got wrong, for those who want to make it better."""

from collections import Counter
from collections.abc import Iterator

from understanding_measures import Readings, Tests
from understanding_messages import Example, Reading

from nlu.understanding import REPORTS

MOST_CONFUSIONS = 15


def misses(tests: Tests, readings: Readings, most: int) -> Iterator[str]:
    """Describe the held-out messages misunderstood: what is confused, then one by one, wrong kinds first."""
    pairs = [(example, readings[example.text]) for example in tests.held_out]
    wrong = [(example, reading) for example, reading in pairs if example.kind != reading.kind]
    confused = Counter((example.kind, reading.kind) for example, reading in wrong)
    for (expected, got), count in confused.most_common(MOST_CONFUSIONS):
        yield f"{count:5} x {expected} taken for {got}"
    wrong.sort(key=lambda pair: -pair[1].confidence)
    finer = [pair for pair in pairs if pair[0].kind == pair[1].kind and _other_category(*pair)]
    for example, reading in [*wrong, *finer][:most]:
        expected = _label(example.kind, example.category)
        got = _label(reading.kind, reading.category)
        yield f"{expected:28} {got:28} {reading.confidence:.2f}  {example.text}"


def _other_category(example: Example, reading: Reading) -> bool:
    return example.kind in REPORTS and bool(example.category) and example.category != reading.category


def _label(kind: str, category: str | None) -> str:
    return f"{kind}/{category}" if category and kind in REPORTS else kind
