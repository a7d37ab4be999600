"""A simulated week at the desk: `python benchmarks/week.py`.

2,000 reports in seven days, on a simulated clock, with prompt, slow, lost and contrary caretakers, then three
weeks in which what is left comes to its end. Exit status 1 when a ticket lies around, a resident has no
answer, something comes by itself outside working time, or a notice comes twice.
"""

import argparse
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent)]

from metric_rows import Metric, table, write_json  # noqa: E402
from tqdm import tqdm  # noqa: E402
from week_checks import findings  # noqa: E402
from week_people import NIGHTLY, People  # noqa: E402
from week_town import BEGINS, STEP, Town, town  # noqa: E402

from desk.drafts import Draft, Spot, Words  # noqa: E402
from desk.tickets import Ticket  # noqa: E402
from desk.workflow import ENDED  # noqa: E402

REPORTS = 2000
WEEK, LATER = timedelta(days=7), timedelta(days=21)
JOINS = 0.6
"""Share of residents who recognise their matter in what is offered."""
HOTSPOTS = 12
"""Places where the same thing is reported again and again."""


def arrivals(chance: random.Random, many: int) -> list[datetime]:
    """Return when reports come, by day and by hour of the day."""
    hours = chance.choices(range(24), weights=NIGHTLY, k=many)
    return sorted(
        BEGINS + timedelta(days=chance.randrange(7), hours=hour, minutes=chance.randrange(60))
        for hour in hours
    )


def drafts(place: Town, chance: random.Random) -> Iterator[Draft]:
    """Yield finished drafts without end: any category, a place near a district's centre or a hotspot."""
    city, kinds = place.house.city, place.house.catalogue.categories.kinds
    centres = {one.name: one for one in city.districts}
    names = [name for area in city.areas for name in area.districts]
    hot = [(chance.choice(names), chance.uniform(-0.004, 0.004)) for _ in range(HOTSPOTS)]
    index = 0
    while True:
        district, off = (
            chance.choice(hot) if chance.random() < 0.15 else (chance.choice(names), chance.gauss(0, 0.005))
        )
        centre = centres[district]
        kind = chance.choices(kinds, weights=(6, 3, 2))[0]
        yield Draft(
            id=f"week{index}",
            words=(Words(text="Hier ist etwas nicht in Ordnung."),),
            kind=kind.id,
            category=chance.choice(kind.categories).id,
            spot=Spot(
                label=f"Teststraße {index % 90 + 1}",
                district=district,
                latitude=(centre.latitude or 51.45) + off,
                longitude=(centre.longitude or 7.0) + off,
            ),
            photos_asked=True,
            photos_settled=True,
        )
        index += 1


def live(place: Town, chance: random.Random, *, many: int, quiet: bool) -> None:
    """Let the week and the weeks after it pass."""
    people = People(town=place, chance=chance)
    people.move_in()
    place.clock.now = BEGINS
    coming, telling = arrivals(chance, many), drafts(place, chance)
    steps = int((WEEK + LATER) / STEP)
    for step in tqdm(range(steps), disable=quiet, desc="four weeks in quarters of an hour"):
        place.clock.now = BEGINS + step * STEP
        while coming and coming[0] <= place.clock.now:
            coming.pop(0)
            reporter = f"5{chance.randrange(10**8):08d}"
            ticket = _report(place, next(telling), reporter, joins=chance.random() < JOINS)
            people.changes_mind(ticket.number, reporter)
        people.react(place.deliver())
        people.act()
        place.rounds()
    people.react(place.deliver())


def _report(place: Town, draft: Draft, reporter: str, *, joins: bool) -> Ticket:
    """Join what is offered as similar, or report anew."""
    now = place.clock.now
    offered = place.house.similar.look_for(draft, chat=reporter, now=now).similar
    if offered and joins:
        return place.house.reports.join(offered[0].number, draft, reporter=reporter, now=now)
    return place.house.reports.send(draft, reporter=reporter, now=now)


def numbers(place: Town, seconds: float) -> dict[str, float]:
    """Return the figures of the table."""
    tickets = place.tickets()
    steps = Counter(entry.what for ticket in tickets for entry in ticket.history)
    waited = [hours for ticket in tickets if (hours := _until_accepted(place, ticket)) is not None]
    counted = {name: float(len(found)) for name, found in findings(place).items()}
    return {
        **counted,
        **{name: float(steps[name]) for name in ("reminded", "substituted", "escalated", "asked_again")},
        "tickets": len(tickets),
        "residents": len({chat for ticket in tickets for chat in ticket.residents}),
        "ended": sum(ticket.status in ENDED for ticket in tickets),
        "open": sum(ticket.status not in ENDED for ticket in tickets),
        **{f"ends_{status.value}": sum(one.status is status for one in tickets) for status in ENDED},
        "joined": steps["joined"],
        "moved": steps["handed_over"] + steps["declined"],
        "reopened": steps["reopened"],
        "lost": sum("/lost/" in one.notice.key for one in place.by_itself()),
        "messages": len(place.sent),
        "refused": sum(place.refused.values()),
        "accepted_p50": statistics.median(waited),
        "accepted_p95": statistics.quantiles(waited, n=20)[-1],
        "seconds": seconds,
    }


def _until_accepted(place: Town, ticket: Ticket) -> float | None:
    """Return the working hours until somebody took a ticket on."""
    first = next(
        (entry.at for entry in ticket.history if entry.what in ("accepted", "waiting", "done")), None
    )
    if first is None:
        return None
    low, high = 0.0, 400.0
    while high - low > 0.05:  # the clock only counts forward
        middle = (low + high) / 2
        low, high = (middle, high) if place.hours.after(ticket.created_at, middle) < first else (low, middle)
    return high


SECTIONS = {
    "What must not happen": [
        Metric("lying", "tickets nobody answers for", "", 0, at_most=True, digits=0),
        Metric("unanswered", "residents without an answer", "", 0, at_most=True, digits=0),
        Metric("off_duty", "reminders and alerts outside working time", "", 0, at_most=True, digits=0),
        Metric("twice", "notices that came twice", "", 0, at_most=True, digits=0),
        Metric("in_groups", "conflicts in a group's chat", "", 0, at_most=True, digits=0),
    ],
    "What became of them": [
        Metric("tickets", "tickets", digits=0),
        Metric("residents", "residents", digits=0),
        Metric("joined", "reports joined or merged into another ticket", digits=0),
        Metric("ends_confirmed", "done and confirmed", digits=0),
        Metric("ends_done", "done", digits=0),
        Metric("ends_referred", "referred outside", digits=0),
        Metric("ends_merged", "merged", digits=0),
        Metric("ends_withdrawn", "withdrawn, or closed without an answer", digits=0),
        Metric("open", "still open, somebody has them", digits=0),
    ],
    "On the way there": [
        Metric("moved", "handed over or declined", digits=0),
        Metric("reminded", "reminders", digits=0),
        Metric("substituted", "given to a substitute", digits=0),
        Metric("escalated", "escalated to the coordination", digits=0),
        Metric("asked_again", "residents asked a second time", digits=0),
        Metric("reopened", "reopened", digits=0),
        Metric("lost", "alerts about lost cards", digits=0),
        Metric("refused", "deeds refused with a sentence", digits=0),
        Metric("messages", "messages delivered", digits=0),
        Metric("accepted_p50", "until taken on, p50", "working h", digits=1),
        Metric("accepted_p95", "until taken on, p95", "working h", digits=1),
        Metric("seconds", "time for it", "s", digits=0),
    ],
}


def main() -> int:
    """Simulate and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--reports", type=int, default=REPORTS)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    started = time.monotonic()
    with town() as place:
        chance = random.Random(options.seed)  # noqa: S311 -- the same week again
        live(place, chance, many=options.reports, quiet=not sys.stderr.isatty())
        results = {"the desk": numbers(place, time.monotonic() - started)}
        found = findings(place)
    print(table(results, SECTIONS, label=46, target=10, column=16))
    for name, cases in found.items():
        for case in cases[:5]:
            print(f"{name}: {case}")
    if options.json:
        write_json(options.json, "week", results, SECTIONS)
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
