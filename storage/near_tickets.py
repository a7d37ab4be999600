"""The open tickets near a place, found by two indexes: a square of degrees, and a district's newest."""

from typing import Any

import sqlalchemy as sa

from desk.vicinity import Vicinity
from storage.tables import tickets

NEAREST = 20  # tickets of a square that are looked at: those of the category first, then the nearest
NEWEST = 300  # tickets of a district whose places are compared
SAME_PLACE = 20  # of these, so many at the same address


def numbers_near(connection: sa.Connection, vicinity: Vicinity) -> list[str]:
    """Return the numbers of the tickets a vicinity may take in; the square's corners are still there."""
    return list(dict.fromkeys([*_in_square(connection, vicinity), *_at_address(connection, vicinity)]))


def square_query(vicinity: Vicinity) -> sa.Select[Any] | None:
    """Return the query by index `tickets_open_around`; None for a place without a point."""
    square, at = vicinity.square, vicinity.place
    if square is None:
        return None
    # Squared degrees are enough to sort by: a degree of longitude is shorter by the square's proportion.
    shorter = (square.north - square.south) / (square.east - square.west)
    north = tickets.c.latitude - at.latitude
    east = (tickets.c.longitude - at.longitude) * shorter
    return (
        sa.select(tickets.c.number)
        .where(
            *_open(vicinity),
            tickets.c.latitude.between(square.south, square.north),
            tickets.c.longitude.between(square.west, square.east),
        )
        .order_by(tickets.c.category != vicinity.category, north * north + east * east)
        .limit(NEAREST)
    )


def address_query(vicinity: Vicinity) -> sa.Select[Any] | None:
    """Return the query by index `tickets_open_in_district`; None for a place that is called nothing."""
    if not vicinity.has_label:
        return None
    # The limit comes before labels are compared: the cost stays the same however much lies in a district.
    return (
        sa.select(tickets.c.number, tickets.c.place, tickets.c.latitude)
        .where(*_open(vicinity), tickets.c.district == vicinity.place.district)
        .order_by(tickets.c.created_at.desc())
        .limit(NEWEST)
    )


def _open(vicinity: Vicinity) -> tuple[sa.ColumnElement[bool], ...]:
    return (tickets.c.kind == vicinity.kind, tickets.c.is_open, tickets.c.created_at >= vicinity.since)


def _in_square(connection: sa.Connection, vicinity: Vicinity) -> list[str]:
    query = square_query(vicinity)
    return [] if query is None else list(connection.scalars(query))


def _at_address(connection: sa.Connection, vicinity: Vicinity) -> list[str]:
    query = address_query(vicinity)
    if query is None:
        return []
    pinned = vicinity.square is not None  # then of those with a point the distance tells
    return [
        number
        for number, place, latitude in connection.execute(query)
        if vicinity.is_called(place) and not (pinned and latitude is not None)
    ][:SAME_PLACE]
