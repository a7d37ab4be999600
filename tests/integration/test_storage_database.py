"""What needs the real databases: migrations, many threads at once, the inbox, conversations, forgetting."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import redis
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from desk.caretaking import Act, CaretakerDesk
from desk.errors import NotAllowed, SettingError
from desk.notices import NoticeKind
from desk.reporting import ReportDesk
from storage.conversations import IDLE, RedisConversations, SqlConversations
from storage.database import MIGRATIONS, connect, migrate
from storage.redaction import redact
from storage.tables import metadata
from storage.work import SqlStorage
from tests.builders import NOW, RESIDENT, finished_draft, report, small_city
from tests.fakes import FakeClock

BERLIN = ZoneInfo("Europe/Berlin")


def at_once(count: int, job: Callable[[int], Any]) -> list[Any]:
    """Run a job in so many threads that all start at the same moment."""
    barrier = Barrier(count)

    def run(index: int) -> Any:
        barrier.wait()
        return job(index)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_migrations_lead_to_the_tables_and_back(database_url: str) -> None:
    """From nothing up the schema is exactly `storage.tables`; down again nothing is left; and up once more."""
    engine = connect(database_url)
    try:
        with engine.begin() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata) == []
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.downgrade(config, "base")
        assert set(sa.inspect(engine).get_table_names()) <= {"alembic_version"}
        migrate(engine)
        assert set(metadata.tables) <= set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_opening_a_database_again_keeps_what_is_in_it(ready_database_url: str, clock: FakeClock) -> None:
    """A restart finds the tickets of before."""
    numbers = set()
    for _ in range(2):
        engine = connect(ready_database_url)
        with SqlStorage(engine, zone=BERLIN, clock=clock).work() as work:
            numbers.add(work.tickets.open(report(), at=NOW)[0].number)
        engine.dispose()
    assert numbers == {"QH-2026-00001"}


@pytest.mark.parametrize(
    "url",
    ["", "unicorn://x", "not a url", "postgresql://127.0.0.1:1/x?connect_timeout=2", "sqlite:////proc/no/x"],
)
def test_an_unusable_database_is_a_setting_error(url: str) -> None:
    """A mistyped or unreachable address is reported as such, without a traceback's worth of detail."""
    with pytest.raises(SettingError) as refused:
        connect(url)
    assert refused.value.key == "operator.no_database"


def test_twenty_reports_at_once_get_twenty_numbers(storage: SqlStorage) -> None:
    """However many come at the same moment, numbers are different and have no gap."""

    def open_one(index: int) -> str:
        with storage.work() as work:
            return work.tickets.open(report(draft=f"d{index}"), at=NOW)[0].number

    numbers = at_once(20, open_one)
    assert sorted(numbers) == [f"QH-2026-{index:05d}" for index in range(1, 21)]


def test_one_draft_from_five_threads_is_one_ticket(storage: SqlStorage) -> None:
    """The same report arriving five times at once is one ticket with one set of cards, and nobody gets an error."""
    desk = ReportDesk(storage=storage, city=small_city(), redact=redact)
    with storage.work() as work:
        work.caretakers.invite("h", area="north", expires_at=NOW + timedelta(days=1))
        work.caretakers.redeem("h", chat="8", at=NOW)
    sent = at_once(5, lambda _index: desk.send(finished_draft(), reporter=RESIDENT, now=NOW))
    assert {ticket.number for ticket in sent} == {"QH-2026-00001"}
    with storage.work() as work:
        assert [letter.notice.kind for letter in work.outbox.open()] == [
            NoticeKind.CARD,
            NoticeKind.MAP_POINT,
        ]
        assert work.tickets.open(report(draft="next"), at=NOW)[0].number == "QH-2026-00002"


def test_of_ten_who_accept_at_once_one_does(storage: SqlStorage) -> None:
    """Ten presses of the same button change the state once; the other nine are told so."""
    city = small_city()
    number = (
        ReportDesk(storage=storage, city=city, redact=redact)
        .send(finished_draft(), reporter=RESIDENT, now=NOW)
        .number
    )
    with storage.work() as work:
        work.caretakers.invite("h", area="north", expires_at=NOW + timedelta(days=1))
        work.caretakers.redeem("h", chat="8", at=NOW)
    desk = CaretakerDesk(storage=storage, city=city)

    def accept(_index: int) -> str:
        try:
            return desk.act(number, Act(deed="accept"), chat="8", now=NOW).status.value
        except NotAllowed as error:
            return error.key

    assert sorted(at_once(10, accept)) == ["accepted", *["caretaker.too_late_accepted"] * 9]
    with storage.work() as work:
        assert [entry.what for entry in work.tickets.get(number).history] == ["new", "accepted"]


def test_chats_that_come_in_at_once_assign_a_ticket_once(storage: SqlStorage) -> None:
    """A ticket that waited for somebody is assigned by one of five, and all five get its card."""
    city = small_city()
    number = (
        ReportDesk(storage=storage, city=city, redact=redact)
        .send(finished_draft(), reporter=RESIDENT, now=NOW)
        .number
    )
    desk = CaretakerDesk(storage=storage, city=city)
    for index in range(5):
        desk.invite("north", token=str(index), now=NOW)
    at_once(5, lambda index: desk.redeem(str(index), chat=f"8{index}", now=NOW))
    with storage.work() as work:
        assert [entry.what for entry in work.tickets.get(number).history] == ["new", "assigned"]
        assert sorted(work.outbox.card_chats(number)) == ["80", "81", "82", "83", "84"]


def test_of_ten_who_open_an_invitation_at_once_one_comes_in(storage: SqlStorage) -> None:
    """A link that leaked into a group lets in the first chat only."""
    with storage.work() as work:
        work.caretakers.invite("h", area="north", expires_at=NOW + timedelta(days=1))

    def redeem(index: int) -> str | None:
        with storage.work() as work:
            return work.caretakers.redeem("h", chat=str(index), at=NOW)

    assert sorted(at_once(10, redeem), key=str) == [*[None] * 9, "north"]
    with storage.work() as work:
        assert len(work.caretakers.chats_of("north")) == 1


class TestInbox:
    def test_an_update_is_taken_once(self, storage: SqlStorage) -> None:
        """The same update again, even after it is done, is not new."""
        updates = [{"update_id": 2, "message": {"text": "ü\ud800\x00"}}, {"update_id": 1}]
        with storage.work() as work:
            assert work.inbox.take(updates) == updates
            assert work.inbox.take([*updates, {"update_id": 3}]) == [{"update_id": 3}]
        with storage.work() as work:
            work.inbox.done([1, 2])
            assert work.inbox.take(updates) == []

    def test_what_is_not_done_is_open_in_order(self, storage: SqlStorage) -> None:
        """After a crash the unfinished updates are there, oldest first, as they came."""
        updates = [{"update_id": index, "message": {"text": f"t{index}"}} for index in (5, 3, 9)]
        with storage.work() as work:
            work.inbox.take(updates)
            work.inbox.done([3])
        with storage.work() as work:
            assert work.inbox.open() == [updates[0], updates[2]]

    def test_a_done_update_says_nothing_any_more(self, engine: sa.Engine, storage: SqlStorage) -> None:
        """What people wrote is not kept in the inbox once it has had its effect."""
        with storage.work() as work:
            work.inbox.take([{"update_id": 1, "message": {"text": "Geheimnis"}}])
            work.inbox.done([1])
        with engine.connect() as connection:
            assert "Geheimnis" not in str(connection.execute(sa.text("SELECT * FROM inbox")).all())

    def test_the_same_update_from_five_threads_is_taken_by_one(self, storage: SqlStorage) -> None:
        """Telegram may deliver an update twice at the same moment; it is handled once."""

        def take(_index: int) -> int:
            with storage.work() as work:
                return len(work.inbox.take([{"update_id": 77}]))

        assert sorted(at_once(5, take)) == [0, 0, 0, 0, 1]


@pytest.fixture(params=["sqlite", "postgresql", "redis"])
def conversations(request: pytest.FixtureRequest, clock: FakeClock) -> Iterator[Any]:
    """An empty store of conversations of each kind in turn."""
    if request.param == "redis":
        client = redis.Redis.from_url(request.getfixturevalue("redis_server"))
        client.flushdb()
        yield RedisConversations(client)
        client.close()
        return
    url = request.getfixturevalue(
        {"sqlite": "ready_sqlite_url", "postgresql": "ready_postgres_url"}[request.param]
    )
    engine = connect(url)
    yield SqlConversations(engine, clock=clock)
    engine.dispose()


class TestConversations:
    def test_the_last_blob_counts(self, conversations: Any) -> None:
        """What was saved last comes back byte for byte; chats do not mix."""
        assert conversations.load("7") is None
        conversations.save("7", b"first")
        conversations.save("7", bytes(range(256)))
        conversations.save("8", b"")
        assert conversations.load("7") == bytes(range(256))
        assert conversations.load("8") == b""

    def test_a_deleted_chat_is_forgotten(self, conversations: Any) -> None:
        """After deleting there is nothing; deleting what is not there is fine."""
        conversations.save("7", b"x")
        conversations.delete("7")
        conversations.delete("7")
        assert conversations.load("7") is None

    def test_many_writers_at_once_lose_nothing(self, conversations: Any) -> None:
        """Each chat has what was saved for it, however many save at the same moment."""
        at_once(12, lambda index: conversations.save(str(index), b"%d" % index))
        assert [conversations.load(str(index)) for index in range(12)] == [
            b"%d" % index for index in range(12)
        ]


def test_redis_forgets_idle_conversations(redis_server: str) -> None:
    """Each save gives the conversation its full time again and no more."""
    client = redis.Redis.from_url(redis_server)
    RedisConversations(client).save("7", b"x")
    seconds = client.ttl("conversation:7")
    client.close()
    assert IDLE.total_seconds() - 60 < seconds <= IDLE.total_seconds()
