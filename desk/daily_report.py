"""The coordination desk's daily report: when it is due, and what it says."""

from collections.abc import Sequence
from datetime import datetime

from desk.deadline_rules import Deadlines
from desk.deadlines import WorkClock
from desk.lying_around import AreaCount


def report_key(deadlines: Deadlines, clock: WorkClock, now: datetime) -> str | None:
    """Return what names today's report in the outbox; None while it is not due.

    It is due on working days from its time until the end of work, so a worker that was away sends it later.
    """
    local = now.astimezone(clock.zone)
    times = deadlines.working_time
    if not clock.works_on(local.date()) or not deadlines.report_at <= local.time() < times.until:
        return None
    return f"report/{local.date().isoformat()}"


def total(counts: Sequence[AreaCount]) -> AreaCount:
    """Return the sum over all areas."""
    return AreaCount(
        area="",
        open=sum(one.open for one in counts),
        overdue=sum(one.overdue for one in counts),
        undelivered=sum(one.undelivered for one in counts),
    )
