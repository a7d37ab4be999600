"""Whom a report goes to, by its place and category; the same for a new one and for one that is changed."""

from dataclasses import dataclass
from datetime import datetime

from desk.area_rules import Where
from desk.areas import route
from desk.city import City
from desk.drafts import Spot
from desk.errors import NotFound
from desk.tickets import Place


@dataclass(frozen=True, kw_only=True)
class Address:
    """The part of a report that follows from its place, its category and the time."""

    area: str
    carrier: str | None
    urgent: bool
    informs: tuple[str, ...]


def addressed(city: City, where: Where, category: str, now: datetime) -> Address:
    """Return whom a report goes to; raises NotFound when nobody cares for the district."""
    found = route(city, where, category, now)
    if found.area is None or found.recipient is None:
        raise NotFound("resident.nobody_cares", district=where.district)
    carrier = city.carrier_of(found.area)
    return Address(
        area=found.recipient.id,
        carrier=carrier.short if carrier else None,
        urgent=found.urgent,
        informs=tuple(referral.matter for referral in found.informs),
    )


def where_of(spot: Spot) -> Where | None:
    """Return a spot as rules see it; None while its district is not settled."""
    if spot.district is None:
        return None
    return Where(district=spot.district, street=spot.street, number=spot.number)


def place_of(spot: Spot, district: str) -> Place:
    """Return a spot as a ticket keeps it."""
    return Place(
        label=spot.label or district, district=district, latitude=spot.latitude, longitude=spot.longitude
    )
