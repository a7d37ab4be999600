"""Tickets near a place: one contract over memory, SQLite and PostgreSQL, and the indexes the search goes by."""

import random
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from desk.tickets import Actor, Entry, Place, Status
from desk.vicinity import Vicinity
from storage.near_tickets import address_query, square_query
from storage.tables import tickets
from tests.builders import NOW, report

BERLIN = ZoneInfo("Europe/Berlin")
HERE = Place(label="Hauptstr. 1", district="Nord", latitude=51.5, longitude=7.0)
WITHOUT_POINT = Place(label="Hauptstr. 1", district="Nord")
DONE = Entry(at=NOW, what="done", actor=Actor.CARETAKER)
METRE = 1 / 111_195  # degrees of latitude


@pytest.fixture
def storage(every_storage: Any) -> Any:
    """An empty storage of each kind in turn."""
    return every_storage


def opened(storage: Any, draft: str, place: Place, *, days: float = 0, **changes: object) -> str:
    with storage.work() as work:
        at = NOW - timedelta(days=days)
        return work.tickets.open(report(draft=draft, place=place, **changes), at=at)[0].number


def north(metres: float, **changes: object) -> Place:
    where: dict[str, Any] = {"label": "x", "district": "Nord", **changes}
    return Place(latitude=51.5 + metres * METRE, longitude=7.0, **where)


def near(storage: Any, place: Place = HERE, **changes: object) -> list[str]:
    wanted: dict[str, Any] = {"kind": "dirt", "category": "litter", "reach": 100.0, **changes}
    with storage.look() as work:
        found = work.tickets.near(Vicinity(place=place, since=NOW - timedelta(days=14), **wanted))
    return [ticket.number for ticket in found]


def test_the_category_then_the_nearest_within_reach(storage: Any) -> None:
    """Tickets of the category come first, then the nearest; what is further, older or of another kind is left out."""
    far, close = opened(storage, "a", north(90)), opened(storage, "b", north(-10))
    other = opened(storage, "c", north(1), category="glass")
    opened(storage, "d", north(101))
    opened(storage, "e", north(0), days=14.01)
    opened(storage, "f", north(0), kind="noise", category="music")
    assert near(storage) == [close, far, other]
    assert near(storage, category="glass") == [other, close, far]


def test_the_corner_of_the_square_is_too_far(storage: Any) -> None:
    """What lies 99 m north and 99 m east is 140 m away."""
    corner = Place(label="x", district="Nord", latitude=51.5 + 99 * METRE, longitude=7.0 + 159 * METRE)
    opened(storage, "a", corner)
    assert near(storage) == []
    assert len(near(storage, reach=142.0)) == 1


def test_a_ticket_that_ended_is_gone_and_one_reopened_is_back(storage: Any) -> None:
    """Only what somebody still works on is near."""
    number = opened(storage, "a", north(5))
    with storage.work() as work:
        work.tickets.record(number, DONE, status=Status.DONE)
    assert near(storage) == []
    with storage.work() as work:
        work.tickets.record(number, DONE, status=Status.REOPENED)
    assert near(storage) == [number]


def test_the_same_address_without_a_point(storage: Any) -> None:
    """Capitals, spaces and umlauts don't hide it; another district or the district's name alone is no address."""
    same = opened(storage, "a", Place(label="HAUPTSTR.1", district="Nord"))
    umlaut = opened(storage, "b", Place(label="Ährenweg  2", district="Nord"))
    opened(storage, "c", Place(label="Hauptstr. 1", district="Mitte"))
    opened(storage, "d", Place(label="Nord", district="Nord"))
    pinned = opened(storage, "e", north(500, label="Hauptstr. 1"))
    assert near(storage, WITHOUT_POINT) == [same, pinned]
    assert near(storage, HERE) == [same]
    assert near(storage, Place(label="ährenweg 2", district="Nord")) == [umlaut]
    assert near(storage, Place(label="Nord", district="Nord")) == []


def test_every_implementation_finds_the_same(storage: Any) -> None:
    """Eighty tickets around a place come out as the desk's own rule sorts them."""
    chance = random.Random(5)  # noqa: S311
    found = []
    with storage.work() as work:
        for index in range(80):
            place = Place(
                label=f"Weg {chance.randrange(4)}",
                district=chance.choice(("Nord", "Mitte")),
                latitude=51.5 + chance.uniform(-200, 200) * METRE if index % 3 else None,
                longitude=7.0 + chance.uniform(-200, 200) * METRE if index % 3 else None,
            )
            category = chance.choice(("litter", "glass"))
            told = report(draft=f"d{index}", place=place, category=category)
            found.append(work.tickets.open(told, at=NOW - timedelta(days=chance.uniform(0, 20)))[0])
    for place in (HERE, Place(label="weg 2", district="Mitte")):
        vicinity = Vicinity(
            kind="dirt", category="litter", place=place, reach=60, since=NOW - timedelta(days=14)
        )
        wanted = [one.number for one in sorted(filter(vicinity.takes_in, found), key=vicinity.order)]
        assert wanted
        assert near(storage, place, reach=60) == wanted


def plan(engine: sa.Engine, query: sa.Select[Any] | None) -> str:
    """How the database would go about a query."""
    assert query is not None
    how = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    statement = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
    with engine.connect() as connection:
        return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{how} {statement}"))


def test_the_search_goes_by_its_indexes(engine: sa.Engine) -> None:
    """With tickets all over a city neither search reads the table from end to end."""
    chance = random.Random(7)  # noqa: S311
    row = {"status": "done", "changed_at": NOW, "reporter": "1", "area": "a", "words": "x", "photos": []}
    rows = [
        {
            **row,
            "number": f"QH-2026-{index:05d}",
            "draft": f"d{index}",
            "created_at": NOW - timedelta(days=chance.uniform(0, 300)),
            "kind": chance.choice(("dirt", "noise")),
            "category": "litter",
            "place": "x",
            "district": f"D{chance.randrange(50)}",
            "latitude": 51.35 + chance.uniform(0, 0.2),
            "longitude": 6.9 + chance.uniform(0, 0.2),
            "informs": [],
            "is_open": chance.random() < 0.2,
        }
        for index in range(5000)
    ]
    with engine.begin() as connection:
        connection.execute(sa.insert(tickets), rows)
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    vicinity = Vicinity(kind="dirt", category="litter", place=HERE, reach=100, since=NOW - timedelta(days=14))
    assert "tickets_open_around" in plan(engine, square_query(vicinity))
    address = Vicinity(
        kind="dirt",
        category="litter",
        place=Place(label="Weg 1", district="D1"),
        reach=100,
        since=NOW - timedelta(days=14),
    )
    assert "tickets_open_in_district" in plan(engine, address_query(address))
