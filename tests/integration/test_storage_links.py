"""Links to tickets' pages, over every implementation of their port; and their secret."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from desk.tickets import Link
from storage.database import connect
from storage.links import LinkSigner, kept_secret
from storage.retention import forget
from storage.settings import Secret, Settings
from storage.work import SqlStorage
from tests.builders import NOW, report
from tests.fakes import FakeClock, MemoryStorage

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A storage of each kind in turn, with two tickets."""
    clock = FakeClock(NOW)
    if request.param == "memory":
        made: Any = MemoryStorage(zone=BERLIN, clock=clock)
    else:
        url = {"sqlite": "ready_sqlite_url", "postgresql": "ready_postgres_url"}[request.param]
        made = SqlStorage(connect(request.getfixturevalue(url)), zone=BERLIN, clock=clock)
    with made.work() as work:
        numbers = [work.tickets.open(report(draft=draft), at=NOW)[0].number for draft in ("d1", "d2")]
    assert numbers == ["QH-2026-00001", "QH-2026-00002"]
    yield made
    if isinstance(made, SqlStorage):
        made.engine.dispose()


def link(name: str, *, ticket: int = 1, chat: str = "mail:1", days: int = 30) -> Link:
    return Link(id=name, ticket=f"QH-2026-0000{ticket}", chat=chat, expires_at=NOW + days * DAY)


def test_a_link_comes_back_as_it_was_stored(store: Any) -> None:
    """Ticket, chat and end are there again; a name nobody has is none."""
    with store.work() as work:
        work.links.add(link("a"))
    with store.work() as work:
        assert work.links.get("a") == link("a")
        assert work.links.get("b") is None


@pytest.mark.parametrize(("days", "found"), [(29, "b"), (30, "b"), (31, None)])
def test_the_one_that_lasts_longest_is_found(store: Any, days: int, found: str | None) -> None:
    """Of a chat's links to a ticket the longest, if it is good for long enough; nobody else's."""
    with store.work() as work:
        for one in (
            link("a", days=20),
            link("b"),
            link("c", chat="mail:2", days=90),
            link("d", ticket=2, days=90),
        ):
            work.links.add(one)
        lasting = work.links.lasting("QH-2026-00001", "mail:1", until=NOW + days * DAY)
        assert (lasting and lasting.id) == found


@pytest.mark.parametrize(
    ("which", "ended"),
    [
        ({}, {"a", "b", "c"}),
        ({"chat": "mail:1"}, {"a", "c"}),
        ({"ticket": "QH-2026-00001"}, {"a", "b"}),
        ({"ticket": "QH-2026-00001", "chat": "mail:1"}, {"a"}),
        ({"chat": "mail:9"}, set()),
    ],
)
def test_revoking_ends_exactly_those_that_are_meant(store: Any, which: dict, ended: set[str]) -> None:
    """By chat, by ticket, both or all; what had ended before is not counted and keeps its time."""
    with store.work() as work:
        for one in (
            link("a"),
            link("b", chat="mail:2"),
            link("c", ticket=2),
            link("old", days=-1),
        ):
            work.links.add(one)
    with store.work() as work:
        assert work.links.revoke(at=NOW, **which) == len(ended)
        assert work.links.revoke(at=NOW + DAY, **which) == 0
    with store.work() as work:
        found = {name: work.links.get(name).revoked_at for name in ("a", "b", "c", "old")}
        assert {name for name, at in found.items() if at == NOW} == ended
        assert {name for name, at in found.items() if at} == ended
        lasting = work.links.lasting("QH-2026-00001", "mail:1", until=NOW)
        assert (lasting is None) == ("a" in ended)


def test_expired_links_are_forgotten(engine: sa.Engine, storage: SqlStorage) -> None:
    """Tidying up takes away links whose time is over, and no other."""
    with storage.work() as work:
        work.tickets.open(report(), at=NOW)
        work.links.add(link("old", days=-1))
        work.links.add(link("good", days=1))
    forget(engine, now=NOW)
    with storage.work() as work:
        assert work.links.get("old") is None
        assert work.links.get("good") == link("good", days=1)


def test_the_secret_is_made_once_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    """However many ask for it first: they all get the same one, in a file for its owner only."""
    path = tmp_path / "state" / "link_secret"
    with ThreadPoolExecutor(8) as pool:
        (secret,) = set(pool.map(lambda _: str(kept_secret(path)), range(32)))
    assert len(secret) >= 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert secret not in repr(kept_secret(path))


def test_a_given_secret_counts_and_nothing_is_written(tmp_path: Path) -> None:
    """With LINK_SECRET no file is made; another secret makes other tokens."""
    given = [
        LinkSigner(Settings(state_dir=tmp_path, link_secret=Secret(word * 8))) for word in ("aaaa", "bbbb")
    ]
    assert given[0].read(given[0].sign("x")) == "x"
    assert given[1].read(given[0].sign("x")) is None
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_before_the_first_link(tmp_path: Path) -> None:
    """A process that never makes or opens a link leaves no secret behind; the first one does."""
    signer = LinkSigner(Settings(state_dir=tmp_path))
    assert list(tmp_path.iterdir()) == []
    assert LinkSigner(Settings(state_dir=tmp_path)).read(signer.sign("x")) == "x"
    assert [path.name for path in tmp_path.iterdir()] == ["link_secret"]
