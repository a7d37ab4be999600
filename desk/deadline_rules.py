"""Within which time somebody has to see to a ticket, as a city's files say it."""

from dataclasses import dataclass
from datetime import time

from desk.offices import Weekday
from desk.quiet_hours import QuietHours
from desk.tickets import Report


@dataclass(frozen=True, kw_only=True)
class WorkingTime:
    """When deadlines run: on these days from `start` until `until`, by the city's wall clock.

    Public holidays of the Land don't count. `start` is before `until`.
    """

    days: tuple[Weekday, ...] = tuple(Weekday)[:5]
    start: time = time(7)
    until: time = time(18)


@dataclass(frozen=True, kw_only=True)
class DeadlineRule:
    """Conditions that must all hold (an empty one always does), and deadlines in working hours.

    Not accepted within `accept`: a reminder; within `substitute`: the substitute gets the card, None: nobody;
    within `escalate`: the coordination desk gets it. Without news for `progress`: a reminder. Without the
    resident's answer for `answer`: asked again, and closed when nothing comes for `close` after that.
    """

    categories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    urgent: bool | None = None
    accept: float
    substitute: float | None = None
    escalate: float
    progress: float
    answer: float
    close: float

    def holds(self, report: Report) -> bool:
        """Tell whether it is about this report."""
        return (
            (not self.categories or report.category in self.categories)
            and (not self.areas or report.area in self.areas)
            and self.urgent in (None, report.urgent)
        )

    def leaves_nothing_for(self, later: "DeadlineRule") -> bool:
        """Tell whether whatever fits the later rule fits this one already, so that it is never reached."""
        pairs = ((self.categories, later.categories), (self.areas, later.areas))
        same = self.urgent is None or self.urgent == later.urgent
        return same and all(not mine or (theirs and set(theirs) <= set(mine)) for mine, theirs in pairs)


ORDINARY_RULES = (
    DeadlineRule(urgent=True, accept=1, substitute=2, escalate=3, progress=8, answer=8, close=22),
    DeadlineRule(accept=8, substitute=16, escalate=22, progress=33, answer=33, close=55),
)
"""For cities whose files name none."""


@dataclass(frozen=True, kw_only=True)
class Deadlines:
    """A city's deadlines: the first rule that holds counts, and the last one holds for every report.

    `report_at` is when the coordination desk gets its daily report, `digest_at` when areas get their digest
    (None: only those that name a time of their own), both on working days.
    """

    working_time: WorkingTime = WorkingTime()
    rules: tuple[DeadlineRule, ...] = ORDINARY_RULES
    report_at: time = time(7, 30)
    digest_at: time | None = None
    quiet: QuietHours | None = None

    def rule_for(self, report: Report) -> DeadlineRule:
        """Return the rule a report falls under."""
        return next(rule for rule in self.rules if rule.holds(report))
