"""Tests a city before it goes live: what would reach nobody, and what is not certain yet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from desk.area_rules import Where
from desk.areas import route
from desk.categories import Categories
from desk.city import Area, Carrier, City, Referral
from desk.errors import NotFound
from desk.hours import opening
from desk.matters import MATTERS
from desk.offices import Office
from desk.referring import CONTACT

WEEK = 7 * 24
HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something found; `key` names its sentence in `texts/city_check.yml`, `params` fill it.

    `serious`: somebody would turn to nobody. Else it is only worth knowing.
    """

    key: str
    serious: bool = True
    params: dict[str, object] = field(default_factory=dict)


def check_city(city: City, categories: Categories, now: datetime) -> list[Remark]:
    """Return everything that is wrong or uncertain, in the order of the checks."""
    every = [category.id for kind in categories.kinds for category in kind.categories]
    return [
        *_districts(city),
        *_areas(city),
        *_routes(city, every, now),
        *_carriers(city),
        *_offices(city, now),
        *_referrals(city),
        *_uncertain(city),
    ]


def places_of(city: City) -> Iterator[Where]:
    """Yield a place in every district and every part of a street that the city file tells apart."""
    for district in city.district_names:
        yield Where(district=district)
    rules = (*city.rules, *(rule for area in city.areas for rule in area.rules))
    parts = [*(part for part, _ in city.street_parts), *(part for rule in rules for part in rule.streets)]
    for part in parts:
        numbers = range(part.first or 1, (part.last or (part.first or 1) + 1) + 1)
        number = None if part.whole else next(filter(part.has_number, numbers), None)
        for district in (part.district,) if part.district else city.district_names:
            yield Where(district=district, street=part.name, number=number)


def _districts(city: City) -> Iterator[Remark]:
    contact = city.referral(CONTACT)
    if contact is None or not contact.reachable:
        yield Remark(key="no_contact")
    for name in city.district_names:
        if city.area_of(name) is None and name not in city.without_caretakers:
            yield Remark(key="district_forgotten", params={"district": name})
    if city.without_caretakers:
        names = ", ".join(city.without_caretakers)
        yield Remark(
            key="without_caretakers",
            serious=False,
            params={"count": len(city.without_caretakers), "districts": names},
        )


def _areas(city: City) -> Iterator[Remark]:
    reached = {
        area.id
        for where in places_of(city)
        if (area := city.area_of(where.district, where.street, where.number))
    }
    for area in city.areas:
        if area.id not in reached:
            yield Remark(key="area_unreachable", params={"area": area.name})
    unassigned = ", ".join(area.name for area in city.areas if area.unassigned)
    if unassigned:
        params: dict[str, object] = {"areas": unassigned, "coordination": city.coordination.name}
        yield Remark(key="areas_unassigned", serious=False, params=params)


def _routes(city: City, categories: Iterable[str], now: datetime) -> Iterator[Remark]:
    """Try every category from every place at every hour of a week; each thing missing is named once."""
    missing: dict[str, Remark] = {}
    hours = [now + hour * HOUR for hour in range(WEEK)] if _timed(city) else [now]
    for where in places_of(city):
        for category in categories:
            for at in hours:
                for remark in _route(city, where, category, at):
                    missing.setdefault(str(remark.params), remark)
    yield from missing.values()


def _route(city: City, where: Where, category: str, at: datetime) -> Iterator[Remark]:
    try:
        found = route(city, where, category, at)
    except NotFound as error:
        yield Remark(key="no_recipient", params={"recipient": error.params["area"]})
        return
    informed = {matter for one in found.informs for matter in (one.matter, *one.covers)}
    for matter in found.rule.inform if found.rule else ():
        if matter not in informed:
            yield Remark(key="nobody_to_inform", params={"matter": matter})


def _timed(city: City) -> bool:
    rules = (*city.rules, *(rule for area in city.areas for rule in area.rules))
    return any(rule.days or rule.hours for rule in rules)


def _carriers(city: City) -> Iterator[Remark]:
    used = {area.carrier for area in city.areas}
    for carrier in city.carriers:
        if carrier.id not in used:
            key = "carrier_somewhere" if carrier.areas_unknown else "carrier_unused"
            yield Remark(key=key, serious=not carrier.areas_unknown, params={"carrier": carrier.name})


def _offices(city: City, now: datetime) -> Iterator[Remark]:
    for office in city.offices:
        if office.hours is None:
            yield Remark(key="hours_unknown", serious=False, params={"office": office.name})
        elif (state := opening(office, now, zone=city.zone)).next_opening is None and not state.open:
            yield Remark(key="never_open", params={"office": office.name})


def _referrals(city: City) -> Iterator[Remark]:
    for matter in MATTERS:
        if city.referral(matter) is None:
            yield Remark(key="matter_missing", params={"matter": matter})
    unreachable = [one.name for one in city.referrals if not one.reachable and one.matter != CONTACT]
    silent = [one.name for one in city.neighbours if not one.turn_to]
    for key, names in (("only_by_contact", unreachable), ("neighbours_unknown", silent)):
        if names:
            yield Remark(key=key, serious=False, params={"names": "; ".join(names)})


def _uncertain(city: City) -> Iterator[Remark]:
    sections: dict[str, tuple[Area | Carrier | Office | Referral, ...]] = {
        "areas": city.areas,
        "carriers": city.carriers,
        "offices": city.offices,
        "referrals": city.referrals,
    }
    for section, entries in sections.items():
        found = [one.name for one in entries if not one.certain]
        if found:
            params: dict[str, object] = {"count": len(found), "names": "; ".join(found)}
            yield Remark(key=f"uncertain_{section}", serious=False, params=params)
