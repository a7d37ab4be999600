"""/karte: which tickets are on the round, in which order, how they are shown and how it goes on."""

from typing import Any

import pytest

import bot.caretaker_walk
from bot.caretaker_walk import distance
from bot.residents import Answer
from desk.drafts import Spot
from desk.notices import Notice, NoticeKind
from desk.tickets import Actor, Entry, Status
from desk.workflow import ENDED
from storage.texts import Texts
from storage.wiring import House
from tests.builders import NOW, RESIDENT, finished_draft
from tests.caretakers import GROUP, NORTH, SOUTH, Team, said

TEXTS = Texts.load()
MORE = TEXTS.get("caretaker.walk_more")


@pytest.fixture
def team(house: House) -> Team:
    return Team(house)


def lying(team: Team, draft: str, longitude: float | None, **changes: Any) -> str:
    """The number of a ticket in a street that runs from west to east."""
    latitude = None if longitude is None else 51.5
    spot = Spot(label=f"Lange Str. {draft}", district="Katernberg", latitude=latitude, longitude=longitude)
    told = finished_draft(**{"id": draft, "category": "bulky_waste", "spot": spot, **changes})
    return team.house.reports.send(told, reporter=RESIDENT, now=team.house.clock()).number


def points(answer: Answer | None) -> list[Notice]:
    assert answer is not None
    return [one for one in answer.notices if one.kind is NoticeKind.MAP_POINT]


def text(answer: Answer | None, at: int = 0) -> str:
    assert answer is not None
    return str([one for one in answer.notices if one.kind is NoticeKind.MESSAGE][at].content["text"])


def go_on(answer: Answer | None) -> str:
    """The data of the button at the end."""
    assert answer is not None
    return dict(answer.notices[-1].content["buttons"])[MORE]


def put_into(team: Team, number: str, status: Status) -> None:
    with team.house.storage.work() as work:
        work.tickets.record(number, Entry(at=NOW, what=status.value, actor=Actor.SYSTEM), status=status)


def test_the_round_leads_along_the_street(team: Team) -> None:
    """However they were reported; each point has number, category and address and is about its ticket."""
    far, near, middle = (lying(team, one, at) for one, at in (("9", 7.002), ("1", 7.0), ("5", 7.001)))
    answer = team.write("/karte")
    assert [one.ticket for one in points(answer)] == [far, middle, near]
    first = points(answer)[0]
    assert first.content["title"] == f"1. Sperrmüll · {far}"
    assert first.content["address"] == "Lange Str. 9, Katernberg"
    assert (first.content["latitude"], first.content["longitude"]) == (51.5, 7.002)
    head, *lines = text(answer).splitlines()
    assert head == TEXTS.get("caretaker.walk_head", count=3, distance="140 m")
    assert [line.partition("(")[2] for line in lines] == ["", "+ 70 m)", "+ 70 m)"]
    assert len({one.key for one in answer.notices}) == 4  # type: ignore[union-attr]


def test_it_begins_at_the_oldest_urgent_one(team: Team) -> None:
    """Though it lies in the middle; its line says why."""
    lying(team, "1", 7.0)
    middle = lying(team, "5", 7.001, category="hazard")
    lying(team, "9", 7.002, category="hazard")
    assert team.ticket(middle).report.urgent
    answer = team.write("/karte")
    assert points(answer)[0].ticket == middle
    assert TEXTS.get("caretaker.walk_urgent") in text(answer).splitlines()[1]
    (ordinary,) = (line for line in text(answer).splitlines() if "Lange Str. 1" in line)
    assert TEXTS.get("caretaker.walk_urgent") not in ordinary


@pytest.mark.parametrize("status", [Status.WAITING, Status.DECLINED, *ENDED])
def test_where_nobody_has_to_go_is_left_out(team: Team, status: Status) -> None:
    """Waiting for the resident, lying at the coordination, or over."""
    put_into(team, lying(team, "1", 7.0), status)
    assert said(team.write("/karte")) == TEXTS.get("caretaker.walk_none")
    stays = lying(team, "2", 7.0)
    assert [one.ticket for one in points(team.write("/karte"))] == [stays]


def test_what_has_no_point_is_listed_below(team: Team) -> None:
    """Named at the end of the list; alone it is all there is."""
    number = lying(team, "3", None)
    alone = team.write("/karte")
    assert said(alone).splitlines()[0] == TEXTS.get("caretaker.walk_unplaced", count=1)
    lying(team, "1", 7.0)
    both = team.write("/karte")
    assert all(part in text(both).splitlines()[-1] for part in (number, "Lange Str. 3"))
    assert text(both).splitlines()[0] == TEXTS.get("caretaker.walk_head_short")
    assert len(points(both)) == 1


def test_a_long_round_comes_in_parts(team: Team) -> None:
    """Ten points, then the next ten; what was settled in between is passed over, the numbering stays."""
    every = [lying(team, str(index), 7 + index / 1000) for index in range(13)]
    first = team.write("/karte")
    assert [one.ticket for one in points(first)] == every[:10]
    assert text(first, -1) == TEXTS.get("caretaker.walk_left", count=3)
    put_into(team, every[10], Status.DONE)
    second = team.press(go_on(first))
    assert [one.ticket for one in points(second)] == every[11:]
    assert points(second)[0].content["title"].startswith("12. ")
    assert "(" not in text(second).splitlines()[1]  # how far it is from where somebody is now, nobody knows
    for number in every[11:]:
        put_into(team, number, Status.DONE)
    assert said(team.press(go_on(first))) == TEXTS.get("caretaker.walk_done")


def test_a_round_that_was_planned_anew_ends_the_old_one(team: Team) -> None:
    """Its button, a forged one and one from another chat are refused with a toast."""
    for index in range(11):
        lying(team, str(index), 7 + index / 1000)
    old, new = go_on(team.write("/karte")), go_on(team.write("/karte"))
    assert len(points(team.press(new))) == 1
    for data, chat in ((old, NORTH), ("k:x", NORTH), ("k:1:1", NORTH), (new, SOUTH), (new, RESIDENT)):
        refused = team.press(data, chat=chat)
        assert refused == Answer(notices=[], toast=TEXTS.get("caretaker.bad_button"))


def test_a_group_has_no_conflicts_on_its_round(team: Team) -> None:
    """A neighbour's trouble is for private chats alone."""
    number = lying(team, "1", 7.0, kind="conflict", category="quarrel")
    assert said(team.write("/karte", chat=GROUP)) == TEXTS.get("caretaker.walk_none")
    assert [one.ticket for one in points(team.write("/karte"))] == [number]


def test_more_than_a_day_can_hold_is_said(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the oldest are planned."""
    monkeypatch.setattr(bot.caretaker_walk, "STOPS", 2)
    every = [lying(team, str(index), 7 + index / 1000) for index in range(3)]
    answer = team.write("/karte")
    assert [one.ticket for one in points(answer)] == every[:2]
    assert TEXTS.get("caretaker.walk_oldest", count=2) in text(answer)


@pytest.mark.parametrize(
    ("metres", "expected"),
    [(0, "0 m"), (14, "10 m"), (994, "990 m"), (996, "1,0 km"), (1249, "1,2 km"), (12_345, "12,3 km")],
)
def test_distances_are_rounded(house: House, metres: float, expected: str) -> None:
    """To ten metres, from a kilometre on to a hundred."""
    assert distance(metres, house) == expected
