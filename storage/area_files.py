"""Turns an area's entry in a city file into what the desk knows of an area."""

from collections.abc import Iterable

from desk.area_rules import Rule, StreetPart
from desk.city import Area
from storage.area_schema import AreaEntry, RuleEntry, StreetEntry
from storage.city_fields import fields_of


def area_of(entry: AreaEntry) -> Area:
    """Return the area; a street without a district of its own lies in the area's only one."""
    only = entry.districts[0] if len(entry.districts) == 1 else None
    fields = fields_of(entry) | {"streets": streets_of(entry.streets, only), "rules": rules_of(entry.rules)}
    return Area(**fields)


def rules_of(entries: Iterable[RuleEntry]) -> tuple[Rule, ...]:
    """Return the rules in their order."""
    return tuple(map(rule_of, entries))


def rule_of(entry: RuleEntry) -> Rule:
    """Return the rule; a condition that is not given is empty and always holds."""
    return Rule(
        categories=tuple(entry.categories or ()),
        districts=tuple(entry.districts or ()),
        streets=streets_of(entry.streets or ()),
        days=tuple(entry.days or ()),
        start=entry.from_,
        until=entry.to,
        hours_night=entry.hours_night,
        recipient=entry.recipient,
        urgent=entry.urgent,
        inform=tuple(entry.inform or ()),
    )


def streets_of(entries: Iterable[StreetEntry], district: str | None = None) -> tuple[StreetPart, ...]:
    """Return the parts of streets; `district` is for those that name none."""
    return tuple(
        StreetPart(
            name=one.name, district=one.district or district, first=one.from_, last=one.to, side=one.side
        )
        for one in entries
    )
