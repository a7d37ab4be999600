"""The first line of an answer about an office: what holds at the time that was asked about, and what next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from desk.dates import Asks, When
from desk.dates_clock import TimeOfDay
from desk.hours import Span, closed_because, has_hours, opening, openings_on, upcoming
from desk.hours_calendar import Calendar
from desk.offices import Office
from storage.hours_wording_days import DayWording

DAYS_LISTED = 7
OPENINGS_LISTED = 5
LOOKED_AHEAD = timedelta(days=62)
"""A part of the day that does not come within two months is said never to come."""
ONE_DAY = timedelta(days=1)
_ENDS = ((Asks.UNTIL, "day_until"), (Asks.FROM, "day_from"))


@dataclass(frozen=True, kw_only=True)
class Headline:
    """One office and one question about it; `at` is the present."""

    office: Office
    when: When
    at: datetime
    days: DayWording
    calendar: Calendar

    def text(self) -> str:
        """Return the line; unknown hours are said to be unknown."""
        when = self.when
        if not has_hours(self.office):
            return self._say("unknown", reach=self.days.reach(self.office))
        if not when.days and not when.clock:
            return self._now()
        if not when.days and when.clock:
            return self._at_some_day(when.clock)
        if len(when.days) > 1:
            return self._several_days()
        return self._on_day(when.days[0], when.clock)

    def _now(self) -> str:
        state = opening(self.office, self.at, zone=self._zone, calendar=self.calendar)
        if state.open is None:
            return self._unsure(self._today)
        if not state.closes_at:
            return self._say("closed", why=self._why(self._today), next=self._next(self.at))
        until = self.days.clock(state.closes_at, end=True)
        later = [span for span in self._spans(self._today) if span.start > self.at]
        if later:
            return self._say("open_again", until=until, times=self.days.times(later))
        return self._say("open", until=until)

    def _at_some_day(self, clock: TimeOfDay) -> str:
        """Answer "um 15 Uhr?" for the next time it is that late, "abends?" for the next such opening."""
        if clock.moment:
            late = self.at.astimezone(self._zone).time() > clock.start
            return self._on_day(self._today + ONE_DAY * late, clock)
        part, latest = self.days.part(clock), self.at + LOOKED_AHEAD
        found = takewhile(lambda span: span.start < latest, self._upcoming(self.at))
        fitting = next((span for span in found if self._within([span], self._day_of(span), clock)), None)
        if fitting is None:
            return self._say("part_never", part=part, next=self._next(self.at))
        day = self._named(self._day_of(fitting))
        return self._say("part_next", part=part, day=day, times=self.days.times([fitting]))

    def _on_day(self, day: date, clock: TimeOfDay | None) -> str:
        spans: Sequence[Span] = self._spans(day)
        if not spans and self._spans(day, unsure=True):
            return self._unsure(day)
        if clock:
            return (
                self._at_moment(day, clock.start, spans) if clock.moment else self._in_part(day, clock, spans)
            )
        if not spans:
            after = self._next(self._begin(day))
            return self._say("day_closed", day=self._named(day), why=self._why(day), next=after)
        left = [span for span in spans if span.end > self.at]
        if left and left[0].start > self.at:
            return self._coming(day, left)
        return self._now() if left else self._say("today_over", next=self._next(self.at))

    def _coming(self, day: date, spans: Sequence[Span]) -> str:
        known: dict[str, object] = {"day": self._named(day)}
        key = next((key for asks, key in _ENDS if asks in self.when.asks), None)
        if key is None or len(spans) > 1:
            return self._say("day_open", times=self.days.times(spans), **known)
        start, until = self.days.clock(spans[0].start), self.days.clock(spans[0].end, end=True)
        return self._say(key, start=start, until=until, **known)

    def _at_moment(self, day: date, clock: time, spans: Sequence[Span]) -> str:
        moment = self._moment(day, clock)
        known: dict[str, object] = {"day": self._named(day), "time": self.days.clock(clock)}
        current = next((span for span in spans if span.start <= moment < span.end), None)
        if current:
            return self._say("moment_open", until=self.days.clock(current.end, end=True), **known)
        if spans:
            return self._say("moment_other", times=self.days.times(spans), **known)
        return self._say("moment_closed", why=self._why(day), next=self._next(moment), **known)

    def _in_part(self, day: date, clock: TimeOfDay, spans: Sequence[Span]) -> str:
        known: dict[str, object] = {"day": self._named(day), "part": self.days.part(clock)}
        fitting = self._within(spans, day, clock)
        if fitting:
            return self._say("part_open", times=self.days.times(fitting), **known)
        after = self._next(self._moment(day, clock.start))
        return self._say("part_closed", why=self._why(day), next=after, **known)

    def _several_days(self) -> str:
        days = self.when.days
        listed = days if len(days) <= DAYS_LISTED else self._open_days(days)
        lines = [self._day_line(day) for day in listed]
        if not any(self._spans(day) or self._spans(day, unsure=True) for day in listed):
            named = self.days.days(self.when, today=self._today)
            return self._say("days_none", day=named, next=self._next(self._begin(days[-1] + ONE_DAY)))
        return "\n".join([self._say("days"), *lines])

    def _open_days(self, days: Sequence[date]) -> list[date]:
        return list(islice((day for day in days if self._spans(day)), OPENINGS_LISTED))

    def _day_line(self, day: date) -> str:
        spans = self._spans(day)
        times = self.days.times(spans) if spans else self.days.get("days_closed", why=self._why(day))
        if not spans and self._spans(day, unsure=True):
            times = self.days.get("days_unsure", times=self.days.times(self._spans(day, unsure=True)))
        return self.days.get("days_line", day=self.days.line_day(day, today=self._today), times=times)

    def _unsure(self, day: date) -> str:
        times = self.days.times(self._spans(day, unsure=True))
        return self._say("unsure", day=self._named(day), times=times, reach=self.days.reach(self.office))

    def _next(self, after: datetime) -> str:
        """Say when it opens next after a moment; never earlier than now."""
        span = next(self._upcoming(max(after, self.at)), None)
        if span is None:
            return self._maybe_next(max(after, self.at))
        day = self.days.day(self._day_of(span), today=self._today)
        return self.days.get("next", day=day, times=self.days.times([span]))

    def _maybe_next(self, after: datetime) -> str:
        unsure = upcoming(self.office, after, zone=self._zone, calendar=self.calendar, unsure=True)
        span = next(unsure, None)
        if span is None:
            return self.days.get("no_next")
        day = self.days.day(self._day_of(span), today=self._today)
        return self.days.get("next_unsure", day=day, times=self.days.times([span]))

    def _why(self, day: date) -> str:
        reason = closed_because(self.office, day, self.calendar)
        return self.days.bracketed("why", reason=reason) if reason else ""

    def _within(self, spans: Sequence[Span], day: date, clock: TimeOfDay) -> list[Span]:
        start = self._moment(day, clock.start)
        end = self._moment(day, clock.end) if clock.end else self._begin(day + ONE_DAY)
        return [span for span in spans if span.start < end and span.end > start]

    def _spans(self, day: date, *, unsure: bool = False) -> tuple[Span, ...]:
        return openings_on(self.office, day, zone=self._zone, calendar=self.calendar, unsure=unsure)

    def _upcoming(self, after: datetime) -> Iterator[Span]:
        return upcoming(self.office, after, zone=self._zone, calendar=self.calendar)

    def _named(self, day: date) -> str:
        return self.days.day(day, today=self._today, when=self.when)

    def _say(self, key: str, **params: object) -> str:
        return self.days.get(key, office=self.office.name, **params)

    @property
    def _zone(self) -> ZoneInfo:
        return self.days.city.zone

    @property
    def _today(self) -> date:
        return self.at.astimezone(self._zone).date()

    def _day_of(self, span: Span) -> date:
        return span.start.astimezone(self._zone).date()

    def _begin(self, day: date) -> datetime:
        return self._moment(day, time(0))

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self._zone).astimezone(UTC)
