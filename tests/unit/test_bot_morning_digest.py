"""The morning digest: when it comes, to whom, and what it says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from bot.caretaker_lists import ALL_OPEN
from bot.clockwork import Clockwork
from desk.absences import Absence
from desk.notices import Notice
from desk.tickets import Actor, Entry, Status
from storage.texts import Texts
from storage.wiring import House
from tests.builders import NOW, RESIDENT, report
from tests.caretakers import COLLEAGUE, DESK, GROUP, NORTH, SOUTH, Team
from tests.fakes import FakeClock

TEXTS = Texts.load()
MONDAY = datetime(2026, 5, 4, tzinfo=NOW.tzinfo)


@pytest.fixture
def team(house: House, clock: FakeClock) -> Team:
    """Chats that came the week before; nothing is open yet."""
    clock.now = MONDAY - timedelta(days=3)
    return Team(house)


def opened(team: Team, draft: str, *, area: str = "katernberg", **changes: object) -> str:
    with team.house.storage.work() as work:
        return work.tickets.open(report(draft=draft, area=area, **changes), at=team.house.clock())[0].number


def put_into(team: Team, number: str, status: Status, *, after: str | None = None) -> None:
    with team.house.storage.work() as work:
        entry = Entry(at=team.house.clock(), what=status.value, actor=Actor.CARETAKER)
        work.tickets.record(number, entry, status=status)
        if after:
            late = Entry(at=team.house.clock() + timedelta(minutes=1), what=after, actor=Actor.SYSTEM)
            work.tickets.record(number, late)


def digests(team: Team, hour: int, minute: int = 0) -> dict[str, Notice]:
    """Look once at that time of the city's Monday; the new digests by chat."""
    with team.house.storage.work() as work:
        for letter in work.outbox.open():
            work.outbox.settle(letter.id, message_id=letter.id)
    team.house.clock.now = MONDAY.replace(tzinfo=team.house.city.zone, hour=hour, minute=minute)  # type: ignore[attr-defined]
    Clockwork(house=team.house, wake_delivery=lambda: None).round()
    with team.house.storage.look() as work:
        found = [letter.notice for letter in work.outbox.open()]
    return {one.chat: one for one in found if one.key.startswith("digest/")}


def test_it_comes_once_in_the_morning(team: Team) -> None:
    """At seven to every chat of an area with something open; not to the others, and not again."""
    opened(team, "a")
    assert digests(team, 6, 59) == {}
    assert set(digests(team, 7)) == {NORTH, COLLEAGUE, GROUP}
    assert digests(team, 7, 1) == {}
    assert digests(team, 11, 59) == {}


def test_a_worker_that_was_away_sends_it_until_noon(team: Team) -> None:
    """Afterwards the morning is over."""
    opened(team, "a")
    assert digests(team, 12) == {}
    assert set(digests(team, 11, 59)) == {NORTH, COLLEAGUE, GROUP}


def test_what_came_after_seven_makes_no_digest(team: Team) -> None:
    """Its card has just come; the digest is about what lies there in the morning."""
    team.house.clock.now = MONDAY.replace(hour=6)  # type: ignore[attr-defined]  # eight in the city
    opened(team, "a")
    assert digests(team, 9) == {}


@pytest.mark.parametrize("day", ["2026-05-09", "2026-05-10", "2026-05-14"])
def test_days_off_are_free(team: Team, day: str) -> None:
    """Neither on a weekend nor on a public holiday."""
    opened(team, "a")
    team.house.clock.now = datetime.fromisoformat(f"{day}T09:00+02:00")  # type: ignore[attr-defined]
    assert not Clockwork(house=team.house, wake_delivery=lambda: None).round()


def test_an_area_may_have_an_hour_of_its_own(team: Team) -> None:
    """Its chats get theirs then, the others when the city says; without any hour nobody does."""
    opened(team, "a")
    opened(team, "b", area="kray")
    with hours(team, city=None):
        assert digests(team, 9) == {}
    with hours(team, kray=time(8, 30)):
        assert set(digests(team, 7)) == {NORTH, COLLEAGUE, GROUP}
        assert set(digests(team, 8, 30)) == {SOUTH}


@contextmanager
def hours(team: Team, *, city: time | None = time(7), **areas: time) -> Iterator[None]:
    """The city with other hours for its digests, and no report."""
    before = team.house
    named = tuple(replace(one, digest_at=areas.get(one.id)) for one in before.city.areas)
    deadlines = replace(before.city.deadlines, digest_at=city, report_at=time(17, 59))
    team.house = replace(before, city=replace(before.city, areas=named, deadlines=deadlines))
    yield
    team.house = before


def test_it_says_how_much_there_is(team: Team) -> None:
    """What is new, in work, waiting and overdue; the three oldest; a button that shows all."""
    numbers = []
    for index in range(5):
        numbers.append(opened(team, f"d{index}"))
        team.house.clock.forward(minutes=1)  # type: ignore[attr-defined]
    put_into(team, numbers[1], Status.ACCEPTED, after="reminded")
    put_into(team, numbers[2], Status.WAITING)
    put_into(team, numbers[3], Status.DONE)
    opened(team, "conflict", kind="conflict", category="quarrel")
    found = digests(team, 7)
    private, group = (str(found[chat].content["text"]) for chat in (NORTH, GROUP))
    for text, new in ((private, 3), (group, 2)):
        for name, count in (("new", new), ("at_work", 1), ("waiting", 1), ("overdue", 1)):
            assert TEXTS.get(f"caretaker.digest_{name}", count=count) in text
        assert [word for word in text.split() if word.startswith("QH-")] == numbers[:3]
    assert found[NORTH].content["buttons"] == [[TEXTS.get("caretaker.digest_all"), ALL_OPEN]]
    shown = team.press(ALL_OPEN)
    assert shown is not None
    assert TEXTS.get("caretaker.open_head", count=5) in str(shown.notices[0].content["text"])
    assert RESIDENT not in private


def test_what_is_zero_is_not_named(team: Team) -> None:
    """One new ticket is one line."""
    opened(team, "a")
    text = str(digests(team, 7)[NORTH].content["text"])
    assert TEXTS.get("caretaker.digest_new", count=1) in text
    assert all(TEXTS.get(f"caretaker.digest_{one}", count=0) not in text for one in ("waiting", "overdue"))


def test_the_coordination_has_its_report(team: Team) -> None:
    """What lies there is no digest's, also where a chat works for both."""
    opened(team, "a", area=team.house.city.coordination.id)
    assert digests(team, 7) == {}
    team.house.caretakers.invite("kray", token="x", now=MONDAY - timedelta(days=1))
    team.house.caretakers.redeem("x", chat=DESK, now=MONDAY - timedelta(days=1))
    number = opened(team, "b", area="kray")
    text = str(digests(team, 9)[DESK].content["text"])
    assert TEXTS.get("caretaker.digest_new", count=1) in text
    assert number in text


def test_a_chat_that_came_later_has_its_first_one_tomorrow(team: Team) -> None:
    """Whoever has just come in has got all the cards."""
    opened(team, "a")
    team.house.caretakers.invite("katernberg", token="x", now=MONDAY)
    team.house.caretakers.redeem("x", chat="77", now=MONDAY + timedelta(hours=6))
    assert "77" not in digests(team, 9)


def test_who_is_away_has_none(team: Team) -> None:
    """The others of the team get it all the same."""
    opened(team, "a")
    monday = MONDAY.date()
    with team.house.storage.work() as work:
        work.absences.add(Absence(chat=NORTH, first=monday, last=monday, substitute="kray"))
    assert set(digests(team, 7)) == {COLLEAGUE, GROUP}
