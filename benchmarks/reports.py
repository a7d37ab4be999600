"""Complete reports of many residents at once, through simulator and bot: `python benchmarks/reports.py`.

The simulator and the people run in this process, the bot in one of its own. Measured twice in one run:
without any rate limit, and with Telegram's limits in simulator and bot. Exit status 1 when a ticket, a card
or a confirmation is not there exactly once.
"""

import argparse
import asyncio
import json
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent)]

from reports_people import PATIENCE, Caretaker, Resident, mismatches  # noqa: E402
from reports_town import AREAS, TWO_CHATS, CountingGate, System, invited, moved_in, running_bot  # noqa: E402

from kuemmerkasten.commands.train import ROOT, train_if_needed  # noqa: E402
from simulator.limits import Limits  # noqa: E402
from simulator.server import Simulator  # noqa: E402
from storage.settings import Secret, Settings  # noqa: E402
from storage.wiring import build  # noqa: E402

BREATH = 2.0  # seconds after which Telegram lets a bot send a whole second's worth again
METRICS = {
    "confirmed": ("reports a minute, until the last is confirmed", "1/min"),
    "complete": ("reports a minute, until every card has arrived", "1/min"),
    "p50": ("message to its answer, p50", "ms"),
    "p95": ("message to its answer, p95", "ms"),
    "card_p50": ("Absenden to the caretaker's card, p50", "ms"),
    "card_p95": ("Absenden to the caretaker's card, p95", "ms"),
    "messages": ("messages sent by the bot", "1/s"),
    "per_report": ("messages sent by the bot for a report", ""),
    "refused": ("requests refused with 429", ""),
    "bot_cpu": ("CPU of the bot for a report", "ms"),
    "own_cpu": ("CPU of simulator and people for a report", "ms"),
    "tickets": ("tickets (one of them to warm up)", ""),
    "cards": ("cards (two of them to warm up)", ""),
    "mismatches": ("people who miss something or got it twice", ""),
}


SYSTEMS = (
    System("without limits", Limits.NONE, (str(Path(__file__).with_name("reports_worker.py")),)),
    System("Telegram's limits", Limits.TELEGRAM, ("-m", "kuemmerkasten", "run")),
)


async def measure(system: System, *, residents: int, rounds: int, folder: Path) -> dict[str, float]:
    """Start simulator and bot, let everybody report `rounds` times, check and return the numbers."""
    async with Simulator(port=0, limits=system.limits) as simulator:
        gate = simulator.world.gate = CountingGate(system.limits)
        settings = Settings(
            telegram_token=Secret(simulator.bot_token),
            telegram_api_url=simulator.url,
            database_url=f"sqlite:///{folder / 'reports.sqlite3'}",
            state_dir=folder,
        )
        house = build(settings)
        caretakers = invited(simulator, house)
        house.storage.engine.dispose()
        counts = Counter(caretakers[number % AREAS].area for number in range(residents))
        first = moved_in(simulator, house, area=caretakers[0].area, reports=1)
        people = [moved_in(simulator, house, area=area, reports=rounds) for area in counts.elements()]
        async with running_bot(system, settings) as bot:
            playing = asyncio.create_task(play(people, first, caretakers, gate=gate, bot=bot.pid))
            ended = asyncio.create_task(bot.wait())
            await asyncio.wait((playing, ended), return_when=asyncio.FIRST_COMPLETED)
            if not playing.done():
                playing.cancel()
                sys.exit(f"the bot broke off:\n{(folder / 'bot.log').read_text(encoding='utf-8')[-2000:]}")
            ended.cancel()
            results = playing.result()
        # The bot has finished and ended: what it sent too often would be there by now.
        with house.storage.work() as work:
            tickets = list(work.tickets.all())
        house.storage.engine.dispose()
    wrong = list(mismatches(tickets, [first, *people], caretakers))
    print(*wrong, sep="\n", end="\n" if wrong else "", file=sys.stderr)
    cards = sum(len(caretaker.arrived) for caretaker in caretakers)
    return {**results, "tickets": len(tickets), "cards": cards, "mismatches": len(wrong)}


async def play(
    people: Sequence[Resident],
    first: Resident,
    caretakers: Sequence[Caretaker],
    *,
    gate: CountingGate,
    bot: int,
) -> dict[str, float]:
    """Let one report warm everything up, then all report at once until every card has arrived."""
    for caretaker in caretakers:
        await caretaker.person.wait_for(text="Willkommen", timeout=PATIENCE)
    due = Counter({first.area: 1})
    async with asyncio.TaskGroup() as warming:
        warming.create_task(first.report_all())
        for caretaker in caretakers:
            warming.create_task(caretaker.cards(due[caretaker.area]))
    await asyncio.sleep(BREATH)
    for resident in people:
        due[resident.area] += resident.reports
    before, begin = _counters(gate, bot), time.perf_counter()
    async with asyncio.TaskGroup() as watching:
        for caretaker in caretakers:
            watching.create_task(caretaker.cards(due[caretaker.area]))
        await asyncio.gather(*(resident.report_all() for resident in people))
        confirmed = time.perf_counter() - begin
    complete, after = time.perf_counter() - begin, _counters(gate, bot)
    spent = {name: after[name] - before[name] for name in after}
    return timings(people, caretakers, confirmed=confirmed, complete=complete, spent=spent)


def timings(
    people: Sequence[Resident],
    caretakers: Sequence[Caretaker],
    *,
    confirmed: float,
    complete: float,
    spent: dict[str, float],
) -> dict[str, float]:
    """Return the numbers of the table; `confirmed` and `complete` are seconds since the first message."""
    reports = sum(resident.reports for resident in people)
    waits = [1000 * wait for resident in people for wait in resident.waits]
    pressed = {number: at for resident in people for number, at in resident.pressed.items()}
    arrivals = [arrival for caretaker in caretakers for arrival in caretaker.arrived.items()]
    cards = [1000 * (at - pressed[number]) for number, at in arrivals if number in pressed]
    return {
        "confirmed": 60 * reports / confirmed,
        "complete": 60 * reports / complete,
        "p50": statistics.median(waits),
        "p95": statistics.quantiles(waits, n=20)[-1],
        "card_p50": statistics.median(cards),
        "card_p95": statistics.quantiles(cards, n=20)[-1],
        "messages": spent["passed"] / complete,
        "per_report": spent["passed"] / reports,
        "refused": spent["refused"],
        "bot_cpu": 1000 * spent["bot_cpu"] / reports,
        "own_cpu": 1000 * spent["own_cpu"] / reports,
    }


def _counters(gate: CountingGate, bot: int) -> dict[str, float]:
    fields = Path(f"/proc/{bot}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])  # user and system time, see proc(5)
    return {
        "passed": gate.passed,
        "refused": gate.refused,
        "bot_cpu": ticks / os.sysconf("SC_CLK_TCK"),
        "own_cpu": time.process_time(),
    }


def report(results: dict[str, dict[str, float]], *, residents: int, rounds: int, target: Path | None) -> None:
    """Print the table and write the JSON."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("rasa", "python-telegram-bot", "SQLAlchemy"))
    print(
        f"{residents} residents at once, {rounds} reports each, {AREAS} areas, {AREAS + TWO_CHATS} caretakers"
    )
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {packages}, SQLite\n")
    print(f"{'':50}" + "".join(f"{system:>22}" for system in results))
    rows = []
    for key, (label, unit) in METRICS.items():
        values = {system: result[key] for system, result in results.items()}
        shown = [f"{value:,.{0 if value == int(value) else 1}f} {unit}" for value in values.values()]
        print(f"{label:50}" + "".join(f"{value:>22}" for value in shown))
        rows += [
            {"system": system, "metric": label, "value": round(value, 3), "unit": unit}
            for system, value in values.items()
        ]
    if target:
        text = json.dumps({"benchmark": "reports", "rows": rows}, indent=2, ensure_ascii=False)
        target.write_text(f"{text}\n", encoding="utf-8")


async def run(system: System, options: argparse.Namespace) -> dict[str, float]:
    """Measure one system in a temporary folder of its own, within the time allowed."""
    if task := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)  # which ends the bot too
    with tempfile.TemporaryDirectory() as folder:
        async with asyncio.timeout(options.timeout):
            return await measure(
                system, residents=options.residents, rounds=options.rounds, folder=Path(folder)
            )


def main() -> int:
    """Measure both, one after the other, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--residents", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3, help="reports of each resident")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for each of the two measurements")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    train_if_needed(ROOT)
    try:
        results = {system.name: asyncio.run(run(system, options)) for system in SYSTEMS}
    except* TimeoutError:
        sys.exit(f"not done within {options.timeout:g} s")
    except* asyncio.CancelledError:
        sys.exit("stopped")
    except* (AssertionError, LookupError) as failed:
        sys.exit("\n".join(str(error) for error in failed.exceptions))
    report(results, residents=options.residents, rounds=options.rounds, target=options.json)
    return 1 if any(result["mismatches"] for result in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
