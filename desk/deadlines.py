"""Working time, and what is due about a ticket. Clock, calendar and time zone are passed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from desk.deadline_rules import DeadlineRule, WorkingTime
from desk.hours import WEEK
from desk.hours_calendar import Calendar
from desk.tickets import Actor, Entry, Status, Ticket
from desk.workflow import TO_ACCEPT

ONE_DAY = timedelta(days=1)
LONGEST_PAUSE = 400
"""Days. With no working day for longer than that the calendar is wrong."""
CARETAKERS = (Actor.CARETAKER, Actor.COORDINATION)
STATES = frozenset(status.value for status in Status)


class Step(StrEnum):
    """What is done about a ticket nobody sees to; also the kind of the entry its history gets."""

    REMIND = "reminded"
    SUBSTITUTE = "substituted"
    ESCALATE = "escalated"
    ASK_AGAIN = "asked_again"
    CLOSE = "closed"  # its entry is the state it leads to


INTERNAL = frozenset({Step.REMIND.value, Step.SUBSTITUTE.value, Step.ESCALATE.value})
"""Kinds of entries that are no matter of the resident's."""


@dataclass(frozen=True, kw_only=True)
class Wait:
    """A row of the table: in which states a step follows, after the hours that a rule has under a name."""

    step: Step
    states: tuple[Status, ...]
    field: str

    def hours(self, rule: DeadlineRule) -> float | None:
        """Return the rule's working hours; None: this step is never taken."""
        found: float | None = getattr(rule, self.field)
        return found


WAITS = (
    Wait(step=Step.REMIND, states=TO_ACCEPT, field="accept"),
    Wait(step=Step.SUBSTITUTE, states=TO_ACCEPT, field="substitute"),
    Wait(step=Step.ESCALATE, states=TO_ACCEPT, field="escalate"),
    Wait(step=Step.REMIND, states=(Status.ACCEPTED, Status.IN_PROGRESS), field="progress"),
    Wait(step=Step.ASK_AGAIN, states=(Status.WAITING,), field="answer"),
    Wait(step=Step.CLOSE, states=(Status.WAITING,), field="close"),
)


@dataclass(frozen=True, kw_only=True)
class WorkClock:
    """Counts working hours of a city; every moment is aware, in any zone, and those returned are UTC."""

    times: WorkingTime
    zone: ZoneInfo
    calendar: Calendar

    def working(self, at: datetime) -> bool:
        """Tell whether a moment lies in working time; its last moment does not."""
        shift = self._shift(at.astimezone(self.zone).date())
        return shift is not None and shift[0] <= at < shift[1]

    def works_on(self, day: date) -> bool:
        """Tell whether a day is a working day."""
        return WEEK[day.weekday()] in self.times.days and self.calendar.holiday(day) is None

    def after(self, start: datetime, hours: float) -> datetime:
        """Return when this many working hours have passed since a moment."""
        left, now = timedelta(hours=hours), start.astimezone(UTC)
        for begins, ends in self._shifts(now, ONE_DAY):
            begins = max(begins, now)  # noqa: PLW2901 -- what is left of the shift
            if ends - begins >= left:
                return begins + left
            left -= max(ends - begins, timedelta(0))
        raise AssertionError  # the shifts never end

    def before(self, end: datetime, hours: float) -> datetime:
        """Return the last moment since which this many working hours have passed."""
        left, now = timedelta(hours=hours), end.astimezone(UTC)
        for begins, ends in self._shifts(now, -ONE_DAY):
            ends = min(ends, now)  # noqa: PLW2901
            if ends - begins >= left:
                return ends - left
            left -= max(ends - begins, timedelta(0))
        raise AssertionError  # the shifts never end

    def _shifts(self, at: datetime, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
        """Yield working times from the day of a moment on, or backwards; ValueError when there are none."""
        day, pause = at.astimezone(self.zone).date(), 0
        while pause < LONGEST_PAUSE:
            shift = self._shift(day)
            pause = pause + 1 if shift is None else 0
            if shift is not None:
                yield shift
            day += step
        raise ValueError(day)

    def _shift(self, day: date) -> tuple[datetime, datetime] | None:
        """Return from when until when is worked on a day (UTC); None on a day off."""
        if not self.works_on(day):
            return None
        begins, ends = self._utc(day, self.times.start), self._utc(day, self.times.until)
        return (begins, ends) if begins < ends else None  # the clocks may skip all of it in spring

    def _utc(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)


def due(ticket: Ticket, rule: DeadlineRule, clock: WorkClock, now: datetime) -> tuple[Step, ...]:
    """Return what is to be done about a ticket now: nothing outside working time, each step once a state."""
    if not clock.working(now):
        return ()
    period = current_period(ticket)
    done = {entry.what for entry in period[1:]}
    found = []
    for wait in WAITS:
        hours = wait.hours(rule)
        if ticket.status not in wait.states or wait.step.value in done or hours is None:
            continue
        start = _begins(wait, period)
        if start is not None and clock.after(start, hours) <= now:
            found.append(wait.step)
    return tuple(found)


def current_period(ticket: Ticket) -> tuple[Entry, ...]:
    """Return the entry that brought the ticket into its state, and all entries since."""
    state, start = "", 0
    for index, entry in enumerate(ticket.history):
        answered = entry.what == "answer" and state == Status.WAITING.value
        if entry.what in STATES or answered:
            state, start = entry.what, index
    return ticket.history[start:]


def open_question(ticket: Ticket) -> str | None:
    """Return what the resident was asked and has not answered; None when nothing is."""
    return current_period(ticket)[0].note if ticket.status is Status.WAITING else None


def _begins(wait: Wait, period: tuple[Entry, ...]) -> datetime | None:
    """Return since when a step's hours count; None while they do not."""
    if wait.step is Step.CLOSE:
        return next((entry.at for entry in reversed(period) if entry.what == Step.ASK_AGAIN.value), None)
    if wait.field == "progress":  # any news of a caretaker counts
        return next((entry.at for entry in reversed(period) if entry.actor in CARETAKERS), period[0].at)
    return period[0].at
