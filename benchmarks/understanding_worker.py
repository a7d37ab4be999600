"""The worker of `understanding.py`: trains one system, or reads all test messages with it.

`understanding_worker.py SYSTEM train|read FOLDER`; the folder holds `training.json` and `texts.json`.
"""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent.parent)]

from understanding_messages import Example  # noqa: E402
from understanding_scores import quantile  # noqa: E402
from understanding_system import Options, system  # noqa: E402

WARM_UP = 50  # messages read before anything is measured


def train(name: str, folder: Path) -> None:
    """Train with the messages of `training.json`."""
    job = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    examples = [_example(fields) for fields in job["examples"]]
    system(name).train(examples, folder, Options(**job["options"]))


def _example(fields: Mapping[str, Any]) -> Example:
    return Example(**{**fields, "marks": tuple(tuple(mark) for mark in fields["marks"])})


async def read(name: str, folder: Path) -> None:
    """Read the messages of `texts.json` one at a time into `readings.json`; the first `timed` are timed."""
    job = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    begin = time.perf_counter()
    reader = await system(name).load(folder)
    start_up = time.perf_counter() - begin
    for text in job["texts"][:WARM_UP]:
        await reader(text)
    memory, took, readings = _memory(), [], []
    for text in job["texts"]:
        begin = time.perf_counter()
        readings.append(asdict(await reader(text)))
        took.append((time.perf_counter() - begin) * 1000)
    timed = took[: job["timed"]]
    cost = {"start_up": start_up, "memory": memory, "p50": quantile(timed, 0.5), "p95": quantile(timed, 0.95)}
    content = json.dumps({"cost": cost, "readings": readings})
    (folder / "readings.json").write_text(content, encoding="utf-8")


def _memory() -> float:
    """Return what this process holds in memory, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


if __name__ == "__main__":
    NAME, STEP, FOLDER = sys.argv[1:]
    if STEP == "train":
        train(NAME, Path(FOLDER))
    else:
        asyncio.run(read(NAME, Path(FOLDER)))
