"""Absences in every implementation of the port: in memory, SQLite, PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from desk.absences import Absence
from storage.database import connect
from storage.retention import RECEIPTS_KEPT, forget
from storage.work import SqlStorage
from tests.builders import NOW
from tests.fakes import FakeClock

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 5, 4)


@pytest.fixture
def storage(every_storage: Any) -> Any:
    """An empty storage of each kind in turn."""
    return every_storage


def day(ahead: int) -> date:
    return DAY + timedelta(days=ahead)


def added(storage: Any, chat: str, first: int, last: int, substitute: str = "south") -> Absence | None:
    """Store an absence by days from today on."""
    with storage.work() as work:
        return work.absences.add(Absence(chat=chat, first=day(first), last=day(last), substitute=substitute))


def test_an_absence_comes_back_as_it_was_stored(storage: Any) -> None:
    """It has an id of its own, and is listed for its chat until its last day is over, the next one first."""
    later, sooner, other = (
        added(storage, "8", 5, 9),
        added(storage, "8", 0, 2),
        added(storage, "9", 0, 2, "desk"),
    )
    assert later
    assert sooner
    assert other
    assert len({later.id, sooner.id, other.id}) == 3
    assert (later.chat, later.first, later.last, later.substitute) == ("8", day(5), day(9), "south")
    with storage.work() as work:
        assert list(work.absences.of(["8"], DAY)) == [sooner, later]
        assert list(work.absences.of(["8"], day(3))) == [later]
        assert list(work.absences.of(["8", "9"], day(2))) == [sooner, other, later]
        assert list(work.absences.of([], DAY)) == []


def test_no_day_is_stored_twice(storage: Any) -> None:
    """On a day of another absence of the chat nothing is stored; beside it, and in another chat, it is."""
    assert added(storage, "8", 2, 4)
    assert [added(storage, "8", *days) for days in ((2, 4), (0, 2), (4, 9), (3, 3), (0, 9))] == [None] * 5
    assert added(storage, "8", 0, 1)
    assert added(storage, "8", 5, 9)
    assert added(storage, "9", 2, 4)


def test_who_is_away_on_a_day(storage: Any) -> None:
    """First and last day belong to it; asked for are only some chats."""
    added(storage, "8", 1, 2)
    added(storage, "-9", 2, 3, "desk")
    expected = [{}, {"8": "south"}, {"8": "south", "-9": "desk"}, {"-9": "desk"}, {}]
    with storage.work() as work:
        assert [dict(work.absences.away_on(["8", "-9", "7"], day(ahead))) for ahead in range(5)] == expected
        assert dict(work.absences.away_on(["8"], day(2))) == {"8": "south"}
        assert dict(work.absences.away_on([], day(2))) == {}


def test_only_the_chat_itself_cancels_and_once(storage: Any) -> None:
    """Another chat's absence stays; a cancelled one is nowhere any more."""
    absence = added(storage, "8", 0, 2)
    assert absence
    with storage.work() as work:
        assert work.absences.cancel(absence.id, chat="9") is None
        assert work.absences.cancel(absence.id, chat="8") == absence
        assert work.absences.cancel(absence.id, chat="8") is None
        assert list(work.absences.of(["8"], DAY)) == []


def test_an_absence_begins_once_and_is_over(storage: Any) -> None:
    """It waits for its first day, begins once, and is found afterwards for a while; one nobody began is not."""
    absence, missed = added(storage, "8", 1, 2), added(storage, "9", 1, 1)
    assert absence
    assert missed
    with storage.work() as work:
        waiting = [list(work.absences.not_begun(day(ahead))) for ahead in range(4)]
        assert waiting == [[], [absence, missed], [absence], []]
        begun = work.absences.begin(absence.id, at=NOW)
        assert begun is not None
        assert begun.begun_at == NOW
        assert work.absences.begin(absence.id, at=NOW) is None
        assert work.absences.begin(999, at=NOW) is None
        assert list(work.absences.not_begun(day(1))) == [missed]
        assert list(work.absences.over(DAY, day(2))) == []
        assert list(work.absences.over(DAY, day(3))) == [begun]
        assert list(work.absences.over(day(3), day(9))) == []


def test_two_at_once_store_one_absence(ready_database_url: str) -> None:
    """Two people of a group press at the same moment: one absence is stored."""
    engine = connect(ready_database_url)
    storage = SqlStorage(engine, zone=BERLIN, clock=FakeClock(NOW))
    with storage.work() as work:
        work.caretakers.invite("h", area="north", expires_at=NOW + timedelta(days=1))
        work.caretakers.redeem("h", chat="-8", at=NOW)
    with ThreadPoolExecutor(4) as pool:
        stored = list(pool.map(lambda _: added(storage, "-8", 0, 3), range(8)))
    assert sum(one is not None for one in stored) == 1
    engine.dispose()


def test_a_group_that_moves_stays_away_and_old_absences_are_forgotten(ready_database_url: str) -> None:
    """The absence goes along to the group's new number; two weeks after its end nothing is left of it."""
    engine = connect(ready_database_url)
    storage = SqlStorage(engine, zone=BERLIN, clock=FakeClock(NOW))
    added(storage, "-8", 0, 3)
    with storage.work() as work:
        work.absences.move("-8", "-1008")
    for after, kept in ((RECEIPTS_KEPT, 1), (RECEIPTS_KEPT + timedelta(days=5), 0)):
        forget(engine, now=NOW + after)
        with storage.look() as work:
            assert len(work.absences.of(["-1008"], DAY)) == kept
    engine.dispose()
