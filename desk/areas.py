"""Who gets a report: the area of its place, and the first rule that fits."""

from dataclasses import dataclass
from datetime import datetime

from desk.area_rules import Rule, Where
from desk.city import Area, City, Referral


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where a report goes. `area` and `recipient` are None where there are no caretakers.

    `recipient` is the area whose chats get the card, or the coordination desk; `informs` are those who
    should hear of it too; `rule` is the one that decided, None when none fitted.
    """

    area: Area | None = None
    recipient: Area | None = None
    urgent: bool = False
    informs: tuple[Referral, ...] = ()
    rule: Rule | None = None


def route(city: City, where: Where, category: str, at: datetime) -> Route:
    """Return where a report of this category goes when it is sent at this time (aware)."""
    area = city.area_of(where.district, where.street, where.number)
    if area is None:
        return Route()
    local = at.astimezone(city.zone)
    rule = next((one for one in (*area.rules, *city.rules) if one.holds(where, category, local)), None)
    if rule is None:
        return Route(area=area, recipient=_assigned(city, area))
    recipient = city.area(rule.recipient) if rule.recipient else area
    return Route(
        area=area,
        recipient=_assigned(city, recipient),
        urgent=rule.urgent,
        informs=tuple(entry for matter in rule.inform if (entry := city.referral(matter))),
        rule=rule,
    )


def _assigned(city: City, area: Area) -> Area:
    return city.coordination if area.unassigned else area
