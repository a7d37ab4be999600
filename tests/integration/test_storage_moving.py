"""Groups that get another number, photos nobody has, and tickets the coordination desk stands in for."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from desk.caretaking import CaretakerDesk
from desk.notices import Notice, NoticeKind
from desk.tickets import Photo
from storage.city_files import load_city
from storage.database import connect
from storage.retention import unreferenced
from storage.work import SqlStorage
from tests.builders import report

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def storage(ready_database_url: str):
    """Return the tables on SQLite and on PostgreSQL."""
    engine = connect(ready_database_url)
    yield SqlStorage(engine, zone=ZoneInfo("Europe/Berlin"), clock=lambda: NOW)
    engine.dispose()


def test_a_group_that_moves_keeps_its_area_and_its_letters(storage: SqlStorage) -> None:
    """The new number is registered, the old one is not, and what was open goes to the new one."""
    with storage.work() as work:
        work.caretakers.invite("h", area="karnap", expires_at=NOW.replace(year=2027))
        work.caretakers.redeem("h", chat="-1", at=NOW)
        work.outbox.put([Notice(key="a", chat="-1", kind=NoticeKind.MESSAGE, content={"text": "x"})])
        work.caretakers.move("-1", "-1001")
        work.outbox.move("-1", "-1001")
        assert list(work.caretakers.chats_of("karnap")) == ["-1001"]
        assert [letter.notice.chat for letter in work.outbox.open()] == ["-1001"]


def test_photos_of_unsent_reports_are_found(storage: SqlStorage) -> None:
    """A stored photo counts as referenced when a ticket has it, and only then."""
    with storage.work() as work:
        work.tickets.open(report(draft="d", photos=(Photo(stored="kept.jpg"),)), at=NOW)
    assert unreferenced(storage.engine, ["kept.jpg", "lost.jpg"]) == ["lost.jpg"]


def test_the_coordination_desk_gets_what_waits_for_a_caretaker(storage: SqlStorage) -> None:
    """Registering later brings it the open tickets of areas without a chat, and no others."""
    desk = CaretakerDesk(storage=storage, city=load_city("essen"))
    desk.invite("katernberg", token="k", now=NOW)
    desk.redeem("k", chat="1", now=NOW)
    with storage.work() as work:
        work.tickets.open(report(draft="a", area="katernberg"), at=NOW)
        waiting, _ = work.tickets.open(report(draft="b", area="karnap"), at=NOW)
    desk.invite("koordination", token="c", now=NOW)
    desk.redeem("c", chat="2", now=NOW)
    with storage.work() as work:
        cards = [letter.notice for letter in work.outbox.open() if letter.notice.kind is NoticeKind.CARD]
    assert [(card.ticket, card.chat) for card in cards] == [(waiting.number, "2")]
