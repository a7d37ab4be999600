"""How days, times and whom to ask are said in answers about hours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from desk.city import City
from desk.dates import When
from desk.dates_clock import TimeOfDay
from desk.hours import WEEK, Span
from desk.offices import Office, OpenTime
from storage.texts import Texts

MIDNIGHT = "24:00"


@dataclass(frozen=True, kw_only=True)
class DayWording:
    """Puts days and times into German."""

    texts: Texts
    city: City

    def get(self, key: str, **params: object) -> str:
        """Return a text of `texts/hours.yml`."""
        return self.texts.get(f"hours.{key}", **params)

    def day(self, day: date, *, today: date, when: When | None = None) -> str:
        """Return "heute", "morgen", "am Samstag, 28.11." or the day's own name with its date."""
        if when and when.name and len(when.days) == 1:
            return self.get("named_day", name=when.name, **self._dated(day, today))
        near = {today: "today", today + timedelta(days=1): "tomorrow"}.get(day)
        return self.get(near) if near else self.get("on_day", **self._dated(day, today))

    def days(self, when: When, *, today: date) -> str:
        """Return what several days are called: their name, or their names one after the other."""
        if when.name:
            first, last = (self.short(day, today) for day in (when.days[0], when.days[-1]))
            return self.get("named_days", name=when.name, first=first, last=last)
        named = [self.day(day, today=today) for day in (when.days[0], when.days[-1])]
        return self.get("times_and", first=named[0], second=named[1])

    def line_day(self, day: date, *, today: date) -> str:
        """Return "Samstag, 28.11."."""
        return self.get("line_day", **self._dated(day, today))

    def short(self, day: date, today: date) -> str:
        """Return "28.11.", with the year when it is another one."""
        return f"{day:%d.%m.}" if day.year == today.year else f"{day:%d.%m.%Y}"

    def times(self, spans: Sequence[Span]) -> str:
        """Return all openings of a day, each with what it is for, joined by "und"."""
        said = [self._span(span) for span in spans]
        text = said[0]
        for more in said[1:]:
            text = self.get("times_and", first=text, second=more)
        return text

    def clock(self, moment: datetime | time, *, end: bool = False) -> str:
        """Return a time of day as the city's clocks show it; an end at midnight is 24:00."""
        local = moment.astimezone(self.city.zone).time() if isinstance(moment, datetime) else moment
        return MIDNIGHT if end and local == time(0) else f"{local:%H:%M}"

    def part(self, clock: TimeOfDay) -> str:
        """Return how a part of the day is said."""
        if clock.name:
            return clock.name
        if clock.end is None:
            return self.get("part_after", start=self.clock(clock.start))
        return self.get("part_between", start=self.clock(clock.start), until=self.clock(clock.end))

    def bracketed(self, key: str, **params: object) -> str:
        """Return a text that follows another one, with the space before it."""
        return " " + self.get(key, **params)

    def week(self, openings: Iterable[OpenTime]) -> list[str]:
        """Return a line for each rule of an office."""
        return [self._rule(one) for one in openings]

    def reach(self, office: Office | None = None) -> str:
        """Return whom to ask: the office itself, else the city's contact for anything."""
        contact = self.city.referral("contact")
        own = (office.phone or office.email) if office else None
        ways = (contact.phone, contact.web, contact.address, contact.name) if contact else ()
        return own or next(filter(None, ways), "")

    def _span(self, span: Span) -> str:
        for_what = ", ".join(filter(None, (span.purpose, span.note)))
        return self.get(
            "times",
            start=self.clock(span.start),
            until=self.clock(span.end, end=True),
            purpose=self.bracketed("purpose", purpose=for_what) if for_what else "",
        )

    def _rule(self, one: OpenTime) -> str:
        condition = self.get("term_only") if one.term_only else None
        for_what = ", ".join(filter(None, (one.purpose, condition)))
        name = self.get(one.day.value)
        key = "every" if one.nth is None else "last" if one.nth < 0 else "nth"
        return self.get(
            "line",
            day=self.get(key, day=name, nth=one.nth),
            start=self.clock(one.start),
            until=self.clock(one.until, end=True),
            purpose=self.bracketed("purpose", purpose=for_what) if for_what else "",
        )

    def _dated(self, day: date, today: date) -> dict[str, object]:
        return {"day": self.get(WEEK[day.weekday()].value), "date": self.short(day, today)}
