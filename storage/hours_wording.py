from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from desk.city import City
from desk.hours import opening, weekly_lines
from desk.offices import Office, OpenTime, Weekday
from storage.texts import Texts

WEEK = tuple(Weekday)


@dataclass(frozen=True, kw_only=True)
class HoursWording:
    """Says in German when offices are open: what holds now, what comes next, and the whole week."""

    texts: Texts
    city: City

    def answer(self, district: str | None, *, at: datetime) -> str:
        """Return the offices of a district, or all where none is named or it has none of its own."""
        area = self.city.area_of(district) if district else None
        offices = self.city.offices_of(area.id) if area else ()
        return "\n\n".join(self._office(office, at=at) for office in offices or self.city.offices)

    def _office(self, office: Office, *, at: datetime) -> str:
        state = opening(office, at, zone=self.city.zone)
        contact = self.city.referral("contact")
        phone = office.phone or (contact.phone if contact else None) or ""
        known = {"office": office.name, "address": office.address, "week": self._week(office)}
        if state.open is None:
            return self._get("unknown", phone=phone, **known)
        if state.open and state.closes_at:
            text = self._get("open", until=f"{state.closes_at.astimezone(self.city.zone):%H:%M}", **known)
        else:
            text = self._get("closed", next=self._next(state.next_opening), **known)
        return text if office.certain else f"{text}\n{self._check(office.phone)}"

    def _next(self, at: datetime | None) -> str:
        if at is None:
            return self._get("no_next")
        local = at.astimezone(self.city.zone)
        day = self._get(WEEK[local.weekday()].value)
        return self._get("next", day=day, date=f"{local:%d.%m.}", time=f"{local:%H:%M}")

    def _week(self, office: Office) -> str:
        return "\n".join(self._lines(weekly_lines(office)))

    def _lines(self, openings: Iterable[OpenTime]) -> Iterable[str]:
        for one in openings:
            purpose = self._get("purpose", purpose=one.purpose) if one.purpose else ""
            hours = {"start": f"{one.start:%H:%M}", "until": f"{one.until:%H:%M}", "purpose": purpose}
            yield self._get("line", day=self._day(one), **hours)

    def _day(self, one: OpenTime) -> str:
        name = self._get(one.day.value)
        if one.nth is None:
            return self._get("every", day=name)
        return self._get("last" if one.nth < 0 else "nth", day=name, nth=one.nth)

    def _check(self, phone: str | None) -> str:
        return self._get("check", phone=self._get("check_phone", phone=phone) if phone else "")

    def _get(self, key: str, **params: object) -> str:
        return self.texts.get(f"hours.{key}", **params)
