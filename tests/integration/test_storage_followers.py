"""One contract over every implementation: further residents of a ticket, and what may change about it."""

from dataclasses import replace
from typing import Any

import pytest

from desk.tickets import Actor, Entry, Place, Status
from tests.builders import NOW, RESIDENT, report
from tests.integration.test_storage_contract import opened

JOINED = Entry(at=NOW, what="joined", actor=Actor.RESIDENT)


@pytest.fixture
def storage(every_storage: Any) -> Any:
    """An empty storage of each kind in turn."""
    return every_storage


def test_followers_come_back_in_their_order_each_once(storage: Any) -> None:
    """Whoever follows is there once; the one who reported it does not follow their own ticket."""
    number = opened(storage).number
    with storage.work() as work:
        work.tickets.follow(number, ["8"], at=NOW)
        work.tickets.follow(number, ["9", "8", RESIDENT], at=NOW)
    with storage.work() as work:
        assert work.tickets.get(number).residents == (RESIDENT, "8", "9")
        assert [one.number for one in work.tickets.of_resident("9")] == [number]


@pytest.mark.parametrize(
    ("leaver", "left"),
    [("8", (RESIDENT, "9")), (RESIDENT, ("8", "9")), ("nobody", (RESIDENT, "8", "9"))],
)
def test_who_leaves_is_gone_and_a_follower_takes_the_first_place(
    storage: Any, leaver: str, left: tuple[str, ...]
) -> None:
    """The ticket stays the others'; the last one alone can't leave it."""
    number = opened(storage).number
    with storage.work() as work:
        work.tickets.follow(number, ["8", "9"], at=NOW)
        work.tickets.leave(number, leaver)
    with storage.work() as work:
        assert work.tickets.get(number).residents == left


def test_the_only_one_stays(storage: Any) -> None:
    """A ticket is never nobody's."""
    number = opened(storage).number
    with storage.work() as work:
        work.tickets.leave(number, RESIDENT)
        assert work.tickets.get(number).residents == (RESIDENT,)


def test_a_ticket_that_was_stepped_in_for_is_open_in_both_areas(storage: Any) -> None:
    """It is listed for the area and for its substitute, until it goes to another area."""
    number = opened(storage).number
    helped = Entry(at=NOW, what="substituted", actor=Actor.SYSTEM)
    with storage.work() as work:
        ticket = work.tickets.record(number, helped, stand_in="south")
        assert (ticket.report.area, ticket.stand_in) == ("north", "south")
        assert [list(work.tickets.open_in(area)) for area in ("north", "south")] == [[ticket], [ticket]]
        moved = work.tickets.record(number, JOINED, area="west")
        assert (moved.report.area, moved.stand_in) == ("west", None)
        assert list(work.tickets.open_in("south")) == []


def test_a_merged_ticket_names_the_one_that_goes_on(storage: Any) -> None:
    """The number comes back with it."""
    number = opened(storage).number
    merged = Entry(at=NOW, what="merged", actor=Actor.CARETAKER)
    with storage.work() as work:
        work.tickets.record(number, merged, status=Status.MERGED, merged_into="QH-2026-00099")
    with storage.work() as work:
        assert work.tickets.get(number).merged_into == "QH-2026-00099"


def test_what_a_resident_changes_replaces_the_report_but_not_who_told_it(storage: Any) -> None:
    """Category, place and what follows from them are new; words, photos and reporter stay."""
    number = opened(storage).number
    place = Place(label="Südweg 2", district="Süd", latitude=51.0, longitude=7.5)
    new = replace(
        report(area="south", carrier=None, kind="noise", category="music", urgent=True, informs=("contact",)),
        place=place,
    )
    told = replace(new, words="anders", reporter="5", photos=())
    with storage.work() as work:
        assert work.tickets.record(number, JOINED, report=told).report == new
    with storage.work() as work:
        assert work.tickets.get(number).report == new
