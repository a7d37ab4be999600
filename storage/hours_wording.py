"""Says in German when offices are open and events take place: what holds at the asked time, and what next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from desk.city import City
from desk.dates import Asks, When
from desk.hours import ORDINARY, Span, has_hours, opening, openings_on, upcoming, weekly_lines
from desk.hours_calendar import Calendar
from desk.offices import Event, Office, Timed
from storage.hours_wording_days import DayWording
from storage.hours_wording_headline import Headline
from storage.texts import Texts

NOW = When()


@dataclass(frozen=True, kw_only=True)
class HoursWording:
    """Answers about hours. A time without days is today's or the next; without any it is now."""

    texts: Texts
    city: City
    calendar: Calendar = ORDINARY

    @cached_property
    def days(self) -> DayWording:
        """How days and times are said."""
        return DayWording(texts=self.texts, city=self.city)

    def answer(self, district: str | None, *, at: datetime) -> str:
        """Return the offices of a district, or all where none is named or it has none of its own."""
        area = self.city.area_of(district) if district else None
        offices = self.city.offices_of(area.id) if area else ()
        return "\n\n".join(self.office(office, NOW, at=at) for office in offices or self.city.offices)

    def office(self, office: Office, when: When, *, at: datetime) -> str:
        """Return all there is to say: what holds when asked, the address, the week, what is not certain."""
        lines = [self.headline(office, when, at=at), self._get("address", address=office.address)]
        if Asks.WHERE in when.asks:
            lines.reverse()
        lines += self.days.week(weekly_lines(office))
        reach = self.days.reach(office)
        days = when.days or (self._today(at),)
        if when.custom and any(self._openings(office, day) for day in days):
            lines.append(self._get("custom", reach=reach))
        elif not office.certain:
            lines.append(self._get("check", reach=reach))
        return "\n".join([*self._unclear(when), *lines])

    def overview(self, offices: Sequence[Office], when: When, *, at: datetime, nowhere: str = "") -> str:
        """Return a line for each of several offices."""
        first = [self._get("nowhere", place=nowhere)] if nowhere else []
        said = [self._line(office, when, at) for office in offices]
        return "\n".join([*self._unclear(when), *first, *said])

    def _line(self, office: Office, when: When, at: datetime) -> str:
        if not has_hours(office):
            return self._get("unknown_short", office=office.name)
        line = self.headline(office, when, at=at)
        return line if office.certain else self._get("uncertain_line", line=line)

    def headline(self, office: Office, when: When, *, at: datetime) -> str:
        """Return what holds at the asked time and what comes next, in a sentence or two."""
        return Headline(office=office, when=when, at=at, days=self.days, calendar=self.calendar).text()

    def event(self, event: Event, office: Office | None, *, at: datetime) -> str:
        """Return when an event takes place next, or that nobody knows and whom to ask."""
        lines = [self._event(event, office, at), *filter(None, [event.note])]
        if office:
            lines.append(self._get("address", address=f"{office.name}, {office.address}"))
        told = event.day or event.hours or office
        if told and not (event.certain and (office is None or office.certain)):
            lines.append(self._get("check", reach=self.days.reach(office)))
        return "\n".join(lines)

    def which(self) -> str:
        """Return the question which of several offices is meant."""
        return self._get("which")

    def none(self) -> str:
        """Return that no office of the city is known, and whom to ask."""
        return self._get("none", city=self.city.name, reach=self.days.reach())

    def no_event(self) -> str:
        """Return that no such event is known, and whom to ask."""
        return self._get("event_none", reach=self.days.reach())

    def _event(self, event: Event, office: Office | None, at: datetime) -> str:
        known, today = {"event": event.name, "reach": self.days.reach(office)}, self._today(at)
        if event.day and event.start is None:
            key = "event_day" if event.day >= today else "event_past"
            return self._get(key, day=self.days.day(event.day, today=today), **known)
        state = opening(event.timed, at, zone=self.city.zone, calendar=self.calendar)
        if state.closes_at:
            return self._get("event_now", until=self.days.clock(state.closes_at, end=True), **known)
        span = self.next_span(event.timed, at)
        if span:
            day = self.days.day(self._day_of(span), today=today)
            return self._get("event_next", day=day, times=self.days.times([span]), **known)
        if event.day:
            return self._get("event_past", day=self.days.day(event.day, today=today), **known)
        return self._get("event_unknown", **known)

    def next_span(self, place: Timed, at: datetime) -> Span | None:
        """Return the first opening that begins at a moment or later."""
        return next(upcoming(place, at, zone=self.city.zone, calendar=self.calendar), None)

    def _unclear(self, when: When) -> list[str]:
        if when.impossible and not when.days:
            return [self._get("impossible", date=when.impossible)]
        if when.unknown and not when.days:
            return [self._get("unknown_holidays", name=when.unknown.title())]
        return []

    def _openings(self, office: Office, day: date) -> tuple[Span, ...]:
        return openings_on(office, day, zone=self.city.zone, calendar=self.calendar)

    def _today(self, at: datetime) -> date:
        return at.astimezone(self.city.zone).date()

    def _day_of(self, span: Span) -> date:
        return span.start.astimezone(self.city.zone).date()

    def _get(self, key: str, **params: object) -> str:
        return self.days.get(key, **params)
