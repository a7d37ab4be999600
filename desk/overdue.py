"""Sees to the tickets nobody sees to: finds them, and takes the steps that are due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from desk.city import City
from desk.deadlines import WAITS, Step, Wait, WorkClock, due
from desk.lying_around import Cursor, Lookup, WatchfulStorage
from desk.overdue_steps import STEPS, Taking

PAGE = 200


@dataclass(frozen=True, kw_only=True)
class OverdueDesk:
    """One round: `waiting` names the tickets to look at, `see_to` does for each what its deadlines say."""

    storage: WatchfulStorage
    city: City
    clock: WorkClock

    def waiting(self, now: datetime) -> Iterator[str]:
        """Yield the tickets something may be due about; none outside working time."""
        if not self.clock.working(now):
            return
        seen: set[str] = set()
        for wait in WAITS:
            lookup = self._lookup(wait, now)
            for number in self._pages(lookup) if lookup else ():
                if number not in seen:
                    seen.add(number)
                    yield number

    def see_to(self, number: str, now: datetime) -> tuple[Step, ...]:
        """Do what is due about a ticket, in one transaction; returns what was done.

        A second worker, or a second round, finds it in the history and does nothing.
        """
        with self.storage.work() as work:
            ticket = work.tickets.get(number, lock=True)
            rule = self.city.deadlines.rule_for(ticket.report)
            taking = Taking(city=self.city, work=work, now=now)
            found = due(ticket, rule, self.clock, now)
            return tuple(step for step in found if STEPS[step](taking, work.tickets.get(number)))

    def _lookup(self, wait: Wait, now: datetime) -> Lookup | None:
        """Return what to look for, by the shortest deadline of all rules: `due` knows the ticket's own."""
        hours = [found for rule in self.city.deadlines.rules if (found := wait.hours(rule)) is not None]
        if not hours:
            return None
        closing, substituting = wait.step is Step.CLOSE, wait.step is Step.SUBSTITUTE
        return Lookup(
            states=wait.states,
            until=self.clock.before(now, min(hours)),
            without=None if closing else wait.step.value,
            having=Step.ASK_AGAIN.value if closing else None,
            areas=tuple(area.id for area in self.city.areas if area.substitute) if substituting else None,
        )

    def _pages(self, lookup: Lookup) -> Iterator[str]:
        after: Cursor | None = None
        while True:
            with self.storage.look() as work:
                page = work.lookout.page(lookup, after=after, limit=PAGE)
            yield from (number for _, number in page)
            if len(page) < PAGE:
                return
            after = page[-1]
