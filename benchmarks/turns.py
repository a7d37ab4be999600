"""Stock Rasa against our engine, same model, same conversations, one run: `python benchmarks/turns.py`."""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent.parent)]

from turns_dialogues import PROJECTS, Press, Project, Say, Step, payload, structured  # noqa: E402
from turns_play import play  # noqa: E402

CHATS = 300
STOCK, OURS = "Rasa 3.6.21 (rasa run + rasa run actions)", "Kümmerkasten engine"
METRICS = {
    "rate": ("turns a second, {chats} chats at once", "1/s"),
    "p50": ("turn with a custom action, p50", "ms"),
    "p95": ("turn with a custom action, p95", "ms"),
    "turn_10": ("10th turn of one chat", "ms"),
    "turn_150": ("150th turn of one chat", "ms"),
    "turn_300": ("300th turn of one chat", "ms"),
    "growth": ("300th turn / 10th turn", "x"),
    "start_up": ("start-up until ready", "s"),
    "memory": ("memory (RSS) once ready", "MB"),
    "memory_after": ("memory (RSS) at the end", "MB"),
    "memory_actions": ("memory (RSS) of the action server", "MB"),
    "unanswered": ("turns left without a reply (chat stuck)", ""),
}


class Conversations(dict[str, bytes]):
    """In memory, as stock Rasa's default tracker store."""

    load = dict.get

    def save(self, key: str, data: bytes) -> None:
        """Keep the blob."""
        self[key] = data

    def delete(self, key: str) -> None:
        """Forget the chat."""
        self.pop(key, None)


class EngineChat:
    """One chat with the engine; buttons come back as the structured input they stand for."""

    def __init__(self, engine: Any, name: str) -> None:
        self._engine, self._name, self._update = engine, name, 0
        self._buttons: list[dict[str, str]] = []

    async def take(self, step: Step) -> int:
        """Take one turn; return the number of replies."""
        from nlu.engine.turn import Turn

        if isinstance(step, Press):
            step = structured(payload(step, self._buttons))
        self._update += 1
        said = (
            {"text": step.text}
            if isinstance(step, Say)
            else {"intent": step.intent, "entities": step.entities}
        )
        replies = await self._engine.handle(Turn(chat=self._name, update=self._update, **said))
        self._buttons = [{"title": b.title, "payload": b.payload} for reply in replies for b in reply.buttons]
        return len(replies)


async def engine_worker(project: Project, model: Path, chats: int) -> None:
    """Be the worker process: load, say "ready", play on the word "go", print the results."""
    from nlu.engine.engine import Engine

    failures: list[str] = []
    engine = await Engine.load(
        model,
        actions=_actions(project),
        conversations=Conversations(),
        on_failure=lambda place, error: failures.append(f"{place}: {type(error).__name__}"),
    )
    print("ready", flush=True)
    sys.stdin.readline()
    results = await play(project, lambda name: EngineChat(engine, name), chats=chats)
    if failures:
        sys.exit(f"{len(failures)} turns failed, first: {failures[0]}")
    print(json.dumps(results), flush=True)
    sys.stdin.readline()


def _actions(project: Project) -> list[Any]:
    sys.path.insert(0, str(project.root))
    if project.actions == "actions":
        from actions import all_actions
        from storage.wiring import house_from_environment

        return list(all_actions(house_from_environment()))
    return [action() for action in __import__(project.actions).ALL]


def measure_engine(name: str, model: Path, chats: int, environment: dict[str, str]) -> dict[str, float]:
    """Start the worker and let it play."""
    command = [
        sys.executable,
        __file__,
        "--project",
        name,
        "--chats",
        str(chats),
        "--engine-worker",
        str(model),
    ]
    begin = time.perf_counter()
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as worker:
        if worker.stdin is None or worker.stdout is None:
            sys.exit("no pipes to the worker")
        if worker.stdout.readline().strip() != "ready":
            sys.exit("the engine's worker did not start")
        start_up, memory = time.perf_counter() - begin, _memory(worker.pid)
        worker.stdin.write("go\n")
        worker.stdin.flush()
        line = worker.stdout.readline()
        if not line:
            sys.exit("the engine's worker broke off")
        after = _memory(worker.pid)
    return {**json.loads(line), "start_up": start_up, "memory": memory, "memory_after": after}


def measure_stock(project: Project, model: Path, chats: int, environment: dict[str, str]) -> dict[str, float]:
    """Start stock Rasa and play over REST."""
    import aiohttp
    from turns_stock import StockChat, open_connections, running_stock

    async def over_rest(url: str) -> dict[str, float]:
        limits = aiohttp.TCPConnector(limit=0)
        timeout = aiohttp.ClientTimeout(total=None)
        async with aiohttp.ClientSession(connector=limits, timeout=timeout) as session:
            before_crowd = partial(open_connections, session, url, chats)
            return await play(
                project, lambda name: StockChat(session, url, name), chats=chats, before_crowd=before_crowd
            )

    with running_stock(project, model, environment) as stock:
        ready = _memory(stock.server)
        results = asyncio.run(over_rest(stock.url))
        return {
            **results,
            "start_up": stock.start_up,
            "memory": ready,
            "memory_after": _memory(stock.server),
            "memory_actions": _memory(stock.actions),
        }


def _memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def report(results: dict[str, dict[str, float]], *, chats: int, target: Path | None) -> None:
    """Print the table and write the JSON."""
    rows = []
    print(f"{'':38}" + "".join(f"{system:>44}" for system in results))
    for key, (wording, unit) in METRICS.items():
        label = wording.format(chats=chats)
        values = [result.get(key) for result in results.values()]
        shown = ["-" if value is None else f"{value:,.2f} {unit}" for value in values]
        print(f"{label:38}" + "".join(f"{value:>44}" for value in shown))
        rows += [
            {"system": system, "metric": label, "value": round(value, 3), "unit": unit}
            for system, value in zip(results, values, strict=True)
            if value is not None
        ]
    if target:
        target.write_text(
            json.dumps({"benchmark": "turns", "rows": rows}, indent=2, ensure_ascii=False) + "\n"
        )


def main() -> None:
    """Measure both, one after the other, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", choices=PROJECTS, default="kuemmerkasten")
    parser.add_argument("--model", type=Path, help="a trained model; default: trained if needed")
    parser.add_argument("--chats", type=int, default=CHATS)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--engine-worker", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    project = PROJECTS[options.project]
    if options.engine_worker:
        asyncio.run(engine_worker(project, options.engine_worker, options.chats))
        return
    from kuemmerkasten.commands.train import train_if_needed

    model = (options.model or train_if_needed(project.root)).resolve()
    results = {}
    for system in (OURS, STOCK):
        with tempfile.TemporaryDirectory() as state:
            environment = {
                **os.environ,
                "RASA_TELEMETRY_ENABLED": "false",
                "TF_CPP_MIN_LOG_LEVEL": "3",
                "PYTHONPATH": str(Path(__file__).parent.parent),
                "STATE_DIR": state,
                "LOG_LEVEL": "ERROR",
            }
            if system == OURS:
                results[system] = measure_engine(options.project, model, options.chats, environment)
            else:
                results[system] = measure_stock(project, model, options.chats, environment)
        results[system]["growth"] = results[system]["turn_300"] / results[system]["turn_10"]
    report(results, chats=options.chats, target=options.json)


if __name__ == "__main__":
    main()
