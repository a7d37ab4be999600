"""The button "Dublette": what is offered, a number that is written, and everything that is refused."""

import pytest

from desk.drafts import Spot
from desk.tickets import Status
from storage.texts import Texts
from storage.wiring import House
from tests.builders import RESIDENT
from tests.caretakers import COLLEAGUE, DESK, GROUP, NORTH, SOUTH, Team, offered, said

TEXTS = Texts.load()
HERE = Spot(label="Hauptstr. 1", district="Katernberg", latitude=51.5, longitude=7.05)
NEAR = Spot(label="Hauptstr. 5", district="Katernberg", latitude=51.501, longitude=7.05)
FAR = Spot(label="Weg 9", district="Katernberg", latitude=51.51, longitude=7.05)


@pytest.fixture
def team(house: House) -> Team:
    return Team(house)


def two(team: Team) -> tuple[str, str]:
    """Two tickets 111 m from each other."""
    first = team.reported("d1", spot=HERE).number
    return first, team.reported("d2", spot=NEAR, category="litter").number


def test_a_button_merges_into_what_lies_near(team: Team) -> None:
    """The menu names number, category, place and distance; one press closes the one and goes on with the other."""
    first, second = two(team)
    far = team.reported("d3", spot=FAR).number
    menu = team.press(f"t:{second}:merge")
    text = said(menu)
    assert first in text
    assert "Sperrmüll, Hauptstr. 1, 111 m" in text
    assert far not in text
    assert list(offered(menu)) == [
        first,
        TEXTS.get("buttons.merge_number"),
        TEXTS.get("buttons.leave"),
    ]
    assert all(len(data.encode()) <= 64 for data in offered(menu).values())
    done = team.press(offered(menu)[first])
    assert done is not None
    assert (done.notices, done.toast) == ([], TEXTS.get("caretaker.done_merge"))
    assert (team.ticket(second).status, team.ticket(second).merged_into) == (Status.MERGED, first)
    assert team.news()[-1].content["params"]["to"] == first
    told = len(team.news())
    again = team.press(offered(menu)[first], chat=COLLEAGUE)
    assert again is not None
    assert again.toast == TEXTS.get("caretaker.too_late_merged")
    assert len(team.news()) == told


def test_a_number_is_asked_for_at_once_when_nothing_is_near(team: Team) -> None:
    """Then the next words are the number, as /ticket would understand it; the same update again is one merging."""
    first = team.reported("d1", spot=HERE).number
    second = team.reported("d2", spot=FAR).number
    assert "QH-2026-00042" in said(team.press(f"t:{second}:merge"))
    assert said(team.write("qh 2026 1")) == TEXTS.get("caretaker.done_merge")
    assert team.ticket(second).merged_into == first
    assert said(team.again()) == TEXTS.get("caretaker.done_merge")
    assert [entry.what for entry in team.ticket(first).history].count("answer") == 1
    assert team.write("noch etwas") is None


@pytest.mark.parametrize("written", ["1", "00001", "2026-1", "QH-2026-00001", "qh-2026-00001"])
def test_every_spelling_of_a_number_is_understood(team: Team, written: str) -> None:
    """Year, zeros and capitals may be left out."""
    first, second = two(team)
    team.press(offered(team.press(f"t:{second}:merge"))[TEXTS.get("buttons.merge_number")])
    assert said(team.write(written)) == TEXTS.get("caretaker.done_merge")
    assert team.ticket(second).merged_into == first


def test_what_is_no_number_is_asked_for_again(team: Team) -> None:
    """Words or a photo merge nothing; the number may still follow, or be left."""
    first, second = two(team)
    asked = team.press(f"t:{second}:merge:number")
    for answer in (team.write("die von gestern"), team.photo("p1")):
        assert said(answer) == TEXTS.get("caretaker.merge_no_number", example="QH-2026-00042")
    assert team.ticket(second).status is not Status.MERGED
    team.write("1")
    assert team.ticket(second).merged_into == first
    third = team.reported("d3", spot=HERE).number
    asked = team.press(f"t:{third}:merge:number")
    team.press(offered(asked)[TEXTS.get("buttons.leave")])
    assert team.write("1") is None


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("99999", "no_such_ticket"),
        ("2", "same_ticket"),
        ("3", "not_yours"),
        ("4", "other_kind"),
        ("5", "too_late_done"),
    ],
)
def test_what_can_not_be_merged_is_refused_with_a_sentence(team: Team, number: str, why: str) -> None:
    """Unknown, itself, another area's, another kind, ended: pressed or written, nothing changes."""
    _, ticket = two(team)
    team.reported("d3", district="Kray", spot=Spot(label="x", district="Kray"))
    team.reported("d4", kind="noise", category="music")
    team.press(f"t:{team.reported('d5').number}:finish")
    before = team.ticket(ticket)
    team.press(f"t:{ticket}:merge:number")
    assert said(team.write(number)) == TEXTS.get(f"caretaker.{why}")
    pressed = team.press(f"t:{ticket}:into:QH-2026-{int(number):05d}")
    assert pressed is not None
    assert (pressed.notices, pressed.toast) == ([], TEXTS.get(f"caretaker.{why}"))
    assert team.ticket(ticket) == before


@pytest.mark.parametrize("data", ["merge", "merge:number", "into:QH-2026-00001"])
def test_another_areas_chat_merges_nothing(team: Team, data: str) -> None:
    """Neither menu nor question nor deed opens for a chat of another area, or for a resident."""
    _, second = two(team)
    for chat in (SOUTH, RESIDENT):
        refused = team.press(f"t:{second}:{data}", chat=chat)
        assert refused is not None
        assert (refused.notices, refused.toast) == ([], TEXTS.get("caretaker.not_yours"))
    assert team.ticket(second).merged_into is None


def test_a_group_is_offered_no_conflict(team: Team) -> None:
    """Private chats merge neighbours' matters of their area; a group neither sees nor merges them."""
    conflicts = [
        team.reported(draft, spot=spot, kind="conflict", category="quarrel").number
        for draft, spot in (("d1", HERE), ("d2", FAR))
    ]
    assert conflicts[0] in offered(team.press(f"t:{conflicts[1]}:merge", chat=NORTH))
    refused = team.press(f"t:{conflicts[1]}:merge", chat=GROUP)
    assert refused is not None
    assert refused.notices == []
    assert team.press(f"t:{conflicts[1]}:into:{conflicts[0]}", chat=DESK) is not None
    assert team.ticket(conflicts[1]).merged_into == conflicts[0]
