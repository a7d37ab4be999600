"""Feedback in every implementation of its port: in memory, SQLite, PostgreSQL."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from desk.feedback import Feedback
from tests.builders import NOW

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def storage(every_storage: Any) -> Any:
    """An empty storage of each kind in turn."""
    return every_storage


def given(area: str = "north", *, at: datetime = NOW, **changes: Any) -> Feedback:
    return Feedback(**{"at": at, "area": area, "category": "litter", "good": True, **changes})


def test_answers_come_back_as_they_were_stored(storage: Any) -> None:
    """Oldest first, each with its thumb and words; twice the same is two."""
    put = [given(), given("middle", good=False, words="Zu spät 🙁 'x'"), given()]
    with storage.work() as work:
        rows = [work.feedback.add(one) for one in put]
    assert len(set(rows)) == len(put)
    with storage.work() as work:
        assert list(work.feedback.since(NOW)) == put
        work.feedback.add(given("early", at=NOW - timedelta(days=1)))
        assert next(one.area for one in work.feedback.since(NOW - timedelta(days=2))) == "early"


def test_words_come_to_their_answer(storage: Any) -> None:
    """Later ones take the place of those before; words for no answer are lost without harm."""
    with storage.work() as work:
        first, second = work.feedback.add(given()), work.feedback.add(given("middle"))
        work.feedback.add_words(second, "a")
        work.feedback.add_words(second, "b")
        work.feedback.add_words(first + second + 999, "c")
    with storage.work() as work:
        assert [one.words for one in work.feedback.since(NOW)] == [None, "b"]


def test_only_what_is_new_enough_is_found(storage: Any) -> None:
    """The moment itself belongs to it."""
    with storage.work() as work:
        work.feedback.add(given())
        assert len(work.feedback.since(NOW)) == 1
        assert list(work.feedback.since(NOW + timedelta(seconds=1))) == []
