"""Our understanding against Rasa's default pipeline and Signalen's: `python benchmarks/understanding.py`.

All are trained with exactly our training messages and tested with the same messages in one run, each in
processes of its own: one that trains, one that reads. `--json FILE` writes the rows.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent.parent)]

from metric_rows import table, write_json  # noqa: E402
from understanding_measures import Readings, Tests, measures  # noqa: E402
from understanding_messages import Example, Reading, as_read, read_corpora, read_examples  # noqa: E402
from understanding_misses import misses  # noqa: E402
from understanding_system import SYSTEMS  # noqa: E402
from understanding_table import sections  # noqa: E402

ROOT = Path(__file__).parent.parent
CORPORA = ROOT.parent / "shared" / "corpora"
WORKER = Path(__file__).with_name("understanding_worker.py")
OURS = "ours"


def measure(
    name: str, training: Sequence[Example], tests: Tests, epochs: int | None
) -> tuple[dict[str, float], Readings]:
    """Train and test one system in a temporary folder; return its measures and readings."""
    texts = tests.texts()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        examples = [asdict(example) for example in training]
        _write(folder / "training.json", {"examples": examples, "options": {"epochs": epochs}})
        timed = len({example.text for example in tests.held_out})
        _write(folder / "texts.json", {"texts": texts, "timed": timed})
        begin = time.perf_counter()
        _work(name, "train", folder)
        seconds = time.perf_counter() - begin
        _work(name, "read", folder)
        found = json.loads((folder / "readings.json").read_text(encoding="utf-8"))
    readings = {
        text: Reading(**{**fields, "place": fields["place"] and tuple(fields["place"])})
        for text, fields in zip(texts, found["readings"], strict=True)
    }
    return {**measures(tests, readings), **found["cost"], "training": seconds}, readings


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")


def _work(name: str, step: str, folder: Path) -> None:
    print(f"{SYSTEMS[name]}: {step} …", file=sys.stderr, flush=True)
    environment = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_DETERMINISTIC_OPS": "1",
        "PYTHONHASHSEED": "0",
        "LOG_LEVEL": "ERROR",
    }
    log = folder / f"{step}.log"
    with log.open("wb") as output:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", str(WORKER), name, step, str(folder)],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        )
    if done.returncode:
        sys.exit(
            f"{SYSTEMS[name]}: {step} failed:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}"
        )


def compare_errors(results: dict[str, dict[str, float]]) -> None:
    """Add to our measures how many errors come on one of the best peer's."""
    peers = [result["errors"] for name, result in results.items() if name != OURS]
    if OURS in results and peers and min(peers):
        results[OURS]["error_ratio"] = results[OURS]["errors"] / min(peers)


def introduce(training: Sequence[Example], tests: Tests) -> None:
    """Say what is measured, and with what."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("rasa", "tensorflow-cpu", "scikit-learn"))
    print(f"{len(training)} training messages, {len(tests.held_out)} held-out messages")
    if tests.corpora:
        labelled = sum(row.kind is not None for row in tests.corpora.messages)
        print(
            f"{len(tests.corpora.messages)} real messages ({labelled} labelled), "
            f"{len(tests.corpora.places)} real reports with their place"
        )
    else:
        print("no real messages at hand (../shared/corpora): their rows are left out")
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {packages}\n")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--systems", default=",".join(SYSTEMS), help=f"some of {', '.join(SYSTEMS)}")
    parser.add_argument("--held-out", type=Path, default=ROOT / "tests" / "nlu")
    parser.add_argument("--epochs", type=int, help="epochs of DIET, to see that it works; default: Rasa's")
    parser.add_argument("--show-errors", type=int, default=0, metavar="N", help="print N of our misses")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    options.systems = options.systems.split(",")
    if unknown := set(options.systems) - SYSTEMS.keys():
        parser.error(f"no such system: {', '.join(sorted(unknown))}")
    return options


def main() -> None:
    """Measure all systems, one after the other, and print the table."""
    options = arguments()
    training = read_examples(ROOT / "nlu" / "data")
    held_out = [as_read(example) for example in read_examples(options.held_out)]
    if not held_out:
        sys.exit(f"no messages in {options.held_out}")
    tests = Tests(held_out=held_out, corpora=read_corpora(CORPORA))
    introduce(training, tests)
    results: dict[str, dict[str, float]] = {}
    for name in options.systems:
        results[name], readings = measure(name, training, tests, options.epochs)
        if name == OURS and options.show_errors:
            print(*misses(tests, readings, options.show_errors), sep="\n", end="\n\n")
    compare_errors(results)
    named = {SYSTEMS[name]: result for name, result in results.items()}
    print(table(named, sections(), label=44, target=14, column=22))
    if options.json:
        write_json(options.json, "understanding", named, sections())


if __name__ == "__main__":
    main()
