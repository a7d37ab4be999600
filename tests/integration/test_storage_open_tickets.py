"""Looking up open tickets: one contract in memory, on SQLite and PostgreSQL; and what the databases read for it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from desk.listing import COUNTED, OpenLists, query_for
from desk.open_tickets import OpenQuery, Tally
from desk.tickets import Actor, Entry, Place, Status
from desk.workflow import ENDED, OPEN
from storage.database import connect
from storage.work import SqlStorage
from tests.builders import NOW, report, small_city

BERLIN = ZoneInfo("Europe/Berlin")
CITY = small_city()
NORTH, GROUP, DESK = "81", "-82", "90"
EVERY = OpenQuery(areas=("north", "middle"))


@pytest.fixture
def storage(every_storage: Any) -> Any:
    """An empty storage of each kind in turn."""
    return every_storage


def opened(storage: Any, draft: str, *, minutes: int = 0, **changes: Any) -> str:
    """A ticket that came so many minutes after the first."""
    with storage.work() as work:
        at = NOW + timedelta(minutes=minutes)
        return work.tickets.open(report(draft=draft, **changes), at=at)[0].number


def recorded(storage: Any, number: str, what: str, *, days: int = 1, **changes: Any) -> None:
    with storage.work() as work:
        entry = Entry(at=NOW + timedelta(days=days), what=what, actor=Actor.SYSTEM)
        work.tickets.record(number, entry, **changes)


def found(storage: Any, query: OpenQuery, *, after: str | None = None, limit: int = 50) -> list[str]:
    with storage.look() as work:
        page = work.open_tickets.page(query, after=after, limit=limit)
        assert work.open_tickets.count(query, most=50) >= len(page)
    return [one.number for one in page]


def registered(storage: Any, chat: str, *areas: str) -> None:
    with storage.work() as work:
        for area in areas:
            work.caretakers.invite(f"{area}{chat}", area=area, expires_at=NOW + timedelta(days=1))
            work.caretakers.redeem(f"{area}{chat}", chat=chat, at=NOW)


def test_pages_follow_each_other(storage: Any) -> None:
    """Oldest first over several areas, the number deciding between tickets of one moment."""
    every = [
        opened(storage, f"d{index}", minutes=index // 3, area=("north", "middle")[index % 2])
        for index in range(10)
    ]
    opened(storage, "elsewhere", area="desk")
    seen: list[str] = []
    while page := found(storage, EVERY, after=seen[-1] if seen else None, limit=4):
        seen += page
    assert seen == every


def test_a_ticket_says_what_a_list_needs(storage: Any) -> None:
    """State, kind, category, place and urgency are those of the ticket; a place may have no point."""
    bare = Place(label="Hof", district="Mitte")
    number = opened(storage, "d1", urgent=True, place=bare, kind="noise", category="music")
    with storage.look() as work:
        (one,) = work.open_tickets.page(EVERY, after=None, limit=2)
        ticket = work.tickets.get(number)
    assert (one.number, one.created_at, one.status) == (number, NOW, Status.NEW)
    assert (one.kind, one.category, one.place, one.urgent) == ("noise", "music", bare, True)
    assert ticket.report.place == one.place


@pytest.mark.parametrize("status", list(Status))
def test_what_has_ended_is_not_there(storage: Any, status: Status) -> None:
    """Every state somebody has to see to is open, every other is not."""
    number = opened(storage, "d1")
    recorded(storage, number, status.value, status=status)
    assert found(storage, EVERY) == ([number] if status in OPEN else [])
    assert (status in ENDED) is (status not in OPEN)
    assert found(storage, replace(EVERY, states=(Status.NEW,))) == ([number] if status is Status.NEW else [])


def test_who_steps_in_has_it_too_and_nobody_twice(storage: Any) -> None:
    """A ticket is in the list of the area that steps in, once also where both are the chat's."""
    number = opened(storage, "d1")
    recorded(storage, number, "substituted", stand_in="middle")
    for areas in (("north",), ("middle",), ("middle", "north")):
        assert found(storage, OpenQuery(areas=areas)) == [number]
    with storage.look() as work:
        assert work.open_tickets.count(EVERY, most=9) == 1
        assert work.open_tickets.tally(EVERY) == Tally(new=1)
    assert found(storage, OpenQuery(areas=("desk",))) == []
    assert found(storage, OpenQuery(areas=())) == []


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({"district": "Nord"}, [0, 1, 3]),
        ({"district": "Mitte"}, [2]),
        ({"topic": "noise"}, [1]),
        ({"topic": "litter"}, [0, 2]),
        ({"topic": "litter", "district": "Mitte"}, [2]),
        ({"topic": "unicorn"}, []),
        ({"hidden": ("conflict",)}, [0, 1, 2]),
        ({"hidden": ("conflict",), "topic": "conflict"}, []),
        ({"areas": (), "partly": ("north",), "parts": ("conflict",)}, [3]),
        ({"areas": ("middle",), "partly": ("north",), "parts": ("conflict",)}, [2, 3]),
    ],
)
def test_a_query_narrows(storage: Any, narrowed: dict[str, Any], expected: list[int]) -> None:
    """By district, by kind or category, without hidden kinds, and of some areas only certain kinds."""
    middle = Place(label="Markt", district="Mitte", latitude=51.45, longitude=7.0)
    numbers = [
        opened(storage, "a"),
        opened(storage, "b", minutes=1, kind="noise", category="music"),
        opened(storage, "c", minutes=2, place=middle, area="middle"),
        opened(storage, "d", minutes=3, kind="conflict", category="quarrel"),
    ]
    query = replace(EVERY, **narrowed)
    assert found(storage, query) == [numbers[index] for index in expected]
    with storage.look() as work:
        assert work.open_tickets.count(query, most=9) == len(expected)
        assert work.open_tickets.tally(query).new == len(expected)


def test_counting_stops(storage: Any) -> None:
    """Nobody waits for a number that is only said to be high."""
    for index in range(5):
        opened(storage, f"d{index}", area=("north", "middle")[index % 2])
    with storage.look() as work:
        assert [work.open_tickets.count(EVERY, most=most) for most in (1, 3, 5, 9)] == [1, 3, 5, 5]


def test_a_tally_tells_states_apart(storage: Any) -> None:
    """Not accepted yet, in work, waiting; overdue only while nothing changed after the reminder."""
    numbers = [opened(storage, f"d{index}") for index in range(6)]
    for number in numbers[:2]:
        recorded(storage, number, "reminded")
    states = (Status.HANDED_OVER, Status.ACCEPTED, Status.IN_PROGRESS, Status.WAITING, Status.DONE)
    for number, status in zip(numbers[1:], states, strict=True):
        recorded(storage, number, status.value, days=2, status=status)
    recorded(storage, numbers[2], "reminded", days=3)
    with storage.look() as work:
        assert work.open_tickets.tally(EVERY) == Tally(new=2, at_work=2, waiting=1, overdue=2)


class TestWhose:
    """Whose open tickets a chat sees."""

    def test_an_areas_chat_sees_its_own(self, storage: Any) -> None:
        """A private chat all of them, a group none of trouble between neighbours, a stranger nothing."""
        registered(storage, NORTH, "north")
        registered(storage, GROUP, "north")
        dirt, _ = opened(storage, "a"), opened(storage, "b", minutes=1, area="middle")
        conflict = opened(storage, "c", minutes=2, kind="conflict", category="quarrel")
        assert self.seen(storage, NORTH) == [dirt, conflict]
        assert self.seen(storage, GROUP) == [dirt]
        assert self.seen(storage, "12345") == []

    def test_the_coordination_stands_in(self, storage: Any) -> None:
        """For an area without chats in everything, and where only a group reads in what that may not."""
        registered(storage, DESK, "desk")
        registered(storage, GROUP, "north")
        _, conflict = opened(storage, "a"), opened(storage, "b", minutes=1, kind="conflict")
        middle = opened(storage, "c", minutes=2, area="middle")
        assert self.seen(storage, DESK) == [conflict, middle]
        registered(storage, NORTH, "north")
        assert self.seen(storage, DESK) == [middle]

    def test_a_group_of_the_coordination_reads_no_conflict_either(self, storage: Any) -> None:
        """Whatever it stands in for."""
        registered(storage, GROUP, "desk")
        opened(storage, "a", kind="conflict", category="quarrel")
        assert self.seen(storage, GROUP) == []

    def test_a_page_knows_what_is_behind_it(self, storage: Any) -> None:
        """How many there are in all, and whether another page follows."""
        registered(storage, NORTH, "north")
        for index in range(3):
            opened(storage, f"d{index}", minutes=index)
        lists = OpenLists(storage=storage, city=CITY)
        first = lists.page(NORTH, limit=2)
        second = lists.page(NORTH, limit=2, after=first.tickets[-1].number)
        assert [(len(one.tickets), one.count, one.more) for one in (first, second)] == [
            (2, 3, True),
            (1, 3, False),
        ]
        assert first.count <= COUNTED

    def seen(self, storage: Any, chat: str) -> list[str]:
        with storage.look() as work:
            query = query_for(chat, CITY, work)
        return found(storage, query)


def plans(engine: sa.Engine, query: OpenQuery) -> Sequence[str]:
    """How the database goes about a page, a count and a tally."""
    statements: list[tuple[str, Any]] = []
    with engine.connect() as connection:
        book = SqlStorage(engine, zone=BERLIN, clock=lambda: NOW)
        sa.event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2:4]))
        with book.look() as work:
            work.open_tickets.page(query, after=None, limit=9)
            work.open_tickets.count(query, most=9)
            work.open_tickets.tally(query)
        explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET enable_seqscan = off")  # an empty table is read whole otherwise
            connection.exec_driver_sql("SET enable_bitmapscan = off")
        known = [one for one in statements if one[0].lstrip().upper().startswith("SELECT")]
        rows = [
            "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {text}", given))
            for text, given in known
        ]
    assert len(rows) == 3
    return rows


def test_databases_read_open_tickets_alone(ready_database_url: str) -> None:
    """Every lookup goes by the indexes that begin with area or stand-in and `is_open`; nothing is read whole."""
    engine = connect(ready_database_url)
    for plan in plans(engine, EVERY):
        assert "tickets_open_of_area" in plan
        assert "tickets_open_of_stand_in" in plan
        assert "SCAN tickets" not in plan
        assert "Seq Scan on tickets" not in plan
    engine.dispose()
