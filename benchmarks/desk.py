"""What the caretaker's desk costs with a full archive: `python benchmarks/desk.py`.

20,000 and 200,000 tickets, 200 caretakers' chats, on SQLite (its file on disk) and PostgreSQL: the answer to
/offen, a button's change with all it causes, a card made anew, the search for duplicates, a morning digest.
PostgreSQL is started for it and left out, with a word, where it is not installed.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

# The project comes before this folder: the script is called like one of its packages.
sys.path[:0] = [str(Path(__file__).parent.parent)]

import _pytest.outcomes  # noqa: E402
import psycopg  # noqa: E402
from desk_deeds import DEEDS  # noqa: E402
from desk_town import big_house, fill  # noqa: E402
from metric_rows import Metric, table, write_json  # noqa: E402
from tqdm import tqdm  # noqa: E402

from storage.wiring import House  # noqa: E402
from tests.servers import postgres  # noqa: E402

SIZES = (20_000, 200_000)
TIMES = 300
MOST, GROWTH = 30.0, 1.5
"""Milliseconds p95 wanted, and how much dearer it may be with the bigger archive."""


@contextmanager
def sqlite() -> Iterator[str]:
    """Give the address of a new SQLite file."""
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'desk.sqlite3'}"


@contextmanager
def postgresql() -> Iterator[str]:
    """Give the address of a new PostgreSQL database."""
    with postgres() as server:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE desk")
        yield f"{server}/desk"


SYSTEMS = {"SQLite": sqlite, "PostgreSQL": postgresql}


def measure(house: House, *, times: int, seed: int = 3) -> dict[str, float]:
    """Return p50 and p95 of each deed in milliseconds."""
    result: dict[str, float] = {}
    for name, prepare in DEEDS.items():
        deed = prepare(house, random.Random(seed))  # noqa: S311 -- the same deeds on each system
        taken = [_timed(deed) for _ in range(times)][times // 10 :]  # the first ones warm up
        result[f"{name}_p50"] = statistics.median(taken)
        result[f"{name}_p95"] = statistics.quantiles(taken, n=20)[-1]
    return result


def _timed(deed: Callable[[], object]) -> float:
    started = time.perf_counter()
    deed()
    return (time.perf_counter() - started) * 1000


def run(times: int, sizes: tuple[int, ...]) -> dict[str, dict[str, float]]:
    """Fill and measure every database at every size."""
    results: dict[str, dict[str, float]] = {}
    rounds = [(name, many) for name in SYSTEMS for many in sizes]
    for name, many in tqdm(rounds, disable=not sys.stderr.isatty()):
        try:
            with SYSTEMS[name]() as url, TemporaryDirectory() as folder:
                house = big_house(url, Path(folder))
                fill(house, many)
                results[f"{name} {many:,}"] = measure(house, times=times)
                house.storage.engine.dispose()
        except _pytest.outcomes.Skipped as skipped:
            print(f"{name}: {skipped.msg}", file=sys.stderr)
    for name in SYSTEMS:
        _compare(results, name, sizes)
    return results


def _compare(results: dict[str, dict[str, float]], name: str, sizes: tuple[int, ...]) -> None:
    """Add how much dearer each deed is with the bigger archive."""
    small, big = (results.get(f"{name} {many:,}") for many in (sizes[0], sizes[-1]))
    if small and big and small is not big:
        for deed in DEEDS:
            big[f"{deed}_growth"] = big[f"{deed}_p95"] / small[f"{deed}_p95"]


LABELS = {
    "open": "/offen, first page",
    "change": "a button: change, news, card updates",
    "card": "a card made anew",
    "similar": "search for duplicates",
    "digest": "morning digest of a chat",
}
SECTIONS = {
    "p50": [Metric(f"{name}_p50", label, "ms") for name, label in LABELS.items()],
    "p95": [Metric(f"{name}_p95", label, "ms", MOST, at_most=True) for name, label in LABELS.items()],
    "p95 against the smaller archive": [
        Metric(f"{name}_growth", label, "x", GROWTH, at_most=True) for name, label in LABELS.items()
    ],
}


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--times", type=int, default=TIMES, help="how often each deed is done")
    parser.add_argument("--sizes", type=int, nargs=2, default=SIZES, metavar=("SMALL", "BIG"))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = run(options.times, tuple(options.sizes))
    print(table(results, SECTIONS, label=38, target=10, column=22))
    if options.json:
        write_json(options.json, "desk", results, SECTIONS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
