"""A big town's desk: an archive of tickets with history, cards and chats, written straight into tables."""

import math
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from other_city import in_city

from desk.city import Area, City
from desk.notices import NoticeKind
from desk.tickets import Status, ticket_number
from desk.workflow import OPEN
from storage.settings import Settings
from storage.tables import caretakers, outbox, ticket_history, tickets
from storage.wiring import House, build

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
AREAS = 100
CHATS = 2  # of each area, one of them a group
PER_DAY, MEAN_DAYS = 122, 9.5
"""What Essen reports of itself: reports a day, and days until one is done. More tickets: more years."""
LEFT_OPEN = 0.005
"""Share of old tickets that are still open."""
ENDED = (Status.DONE, Status.CONFIRMED, Status.REFERRED, Status.WITHDRAWN)
SOUTH, WEST, HEIGHT, WIDTH = 51.35, 6.89, 0.19, 0.24
"""A box about as big as Essen, in degrees."""
ROWS = 5_000  # written at once


def big_house(url: str, folder: Path) -> House:
    """Build the house on an empty database, with a city of `AREAS` areas."""
    house = build(Settings(database_url=url, state_dir=folder), clock=lambda: NOW)
    return in_city(house, _with_areas(house.city))


def _with_areas(city: City) -> City:
    names = city.district_names
    areas = tuple(
        Area(id=f"area-{index}", name=f"Gebiet {index}", districts=(names[index % len(names)],))
        for index in range(AREAS)
    )
    return replace(city, areas=areas)


def chat_of(area: int, which: int = 0) -> str:
    """Return the number of an area's chat; the second one of each area is a group's."""
    return f"{'-' if which else ''}{1000 + area * CHATS + which}"


def fill(house: House, many: int) -> None:
    """Write `many` tickets, with three entries of history and a card in each of their chats."""
    chance = random.Random(11)  # noqa: S311 -- the same town again
    chats = [
        {"area": f"area-{area}", "chat": chat_of(area, which), "since": NOW - timedelta(days=900)}
        for area in range(AREAS)
        for which in range(CHATS)
    ]
    with house.storage.engine.begin() as connection:
        connection.execute(sa.insert(caretakers), chats)
    batch: list[dict[str, Any]] = []
    for row in _tickets(house, chance, many):
        batch.append(row)
        if len(batch) == ROWS:
            _write(house.storage.engine, batch)
            batch = []
    if batch:
        _write(house.storage.engine, batch)
    with house.storage.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _tickets(house: House, chance: random.Random, many: int) -> Iterator[dict[str, Any]]:
    kinds = house.catalogue.categories.kinds
    for index in range(many):
        kind = chance.choices(kinds, weights=(6, 3, 2))[0]
        age = (many - index) / PER_DAY
        still_open = math.exp(-age / MEAN_DAYS) + LEFT_OPEN
        status = chance.choice(OPEN if chance.random() < still_open else ENDED)
        at = NOW - timedelta(days=age)
        area = chance.randrange(AREAS)
        yield {
            "number": ticket_number(2026, index + 1),
            "draft": f"d{index}",
            "created_at": at,
            "status": status.value,
            "changed_at": at,
            "is_open": status in OPEN,
            "reporter": f"9{chance.randrange(10**8)}",
            "area": f"area-{area}",
            "kind": kind.id,
            "category": chance.choice(kind.categories).id,
            "words": "An der Ecke liegen seit Tagen mehrere Säcke, und niemand holt sie ab.",
            "place": f"Beispielstr. {chance.randrange(1, 200)}",
            "district": house.city.area(f"area-{area}").districts[0],
            "latitude": SOUTH + chance.random() * HEIGHT,
            "longitude": WEST + chance.random() * WIDTH,
            "photos": [],
        }


def _write(engine: sa.Engine, rows: list[dict[str, Any]]) -> None:
    history = [
        {"ticket": row["number"], "at": row["created_at"], "what": what, "actor": "system", "photos": []}
        for row in rows
        for what in ("new", "assigned", row["status"])
    ]
    cards = [
        {
            "key": f"{row['number']}/{chat}/card",
            "chat": chat,
            "kind": NoticeKind.CARD.value,
            "content": {},
            "ticket": row["number"],
            "created_at": row["created_at"],
            "due_at": row["created_at"],
            "settled_at": row["created_at"],
            "attempts": 0,
            "message_id": int(row["number"].rpartition("-")[2]),
        }
        for row in rows
        for chat in (chat_of(int(row["area"].rpartition("-")[2]), which) for which in range(CHATS))
        if not (row["kind"] == "conflict" and chat.startswith("-"))
    ]
    with engine.begin() as connection:
        connection.execute(sa.insert(tickets), rows)
        connection.execute(sa.insert(ticket_history), history)
        connection.execute(sa.insert(outbox), cards)
