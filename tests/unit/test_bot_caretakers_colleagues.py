"""Handing a ticket to the colleagues of one's own team, and the menu of where else it can go."""

import pytest

from bot import caretaker_menus as menus
from desk.notices import NoticeKind
from desk.tickets import Status
from storage.city_files import load_city
from storage.texts import Texts
from storage.wiring import House
from tests.caretakers import COLLEAGUE, DESK, GROUP, NORTH, SOUTH, Team, offered
from tests.unit.test_bot_cards import ticket as ticket_of

TEXTS = Texts.load()
COLLEAGUES = TEXTS.get("buttons.colleagues")
ESSEN = load_city("essen")


@pytest.fixture
def team(house: House) -> Team:
    return Team(house)


def heard(team: Team, chat: str) -> list[str]:
    """The keys of the texts that wait for a chat."""
    with team.house.storage.look() as work:
        notices = [letter.notice for letter in work.outbox.open() if letter.notice.chat == chat]
    return [one.content["text_key"] for one in notices if one.kind is NoticeKind.MESSAGE]


def test_colleagues_get_it_and_the_resident_hears_where_it_lies(team: Team) -> None:
    """The others of the team are told, who gave it away is not; a second press only says where it lies."""
    number = team.reported().number
    menu = offered(team.press(f"t:{number}:hand_over"))
    assert next(iter(menu)) == COLLEAGUES
    pressed = team.press(menu[COLLEAGUES])
    assert pressed is not None
    assert pressed.toast == TEXTS.get("caretaker.done_hand_over")
    assert (team.ticket(number).status, team.ticket(number).report.area) == (Status.HANDED_OVER, "katernberg")
    assert [heard(team, chat) for chat in (NORTH, COLLEAGUE, GROUP)] == [
        [],
        ["caretaker.again_handed_over"],
        ["caretaker.again_handed_over"],
    ]
    (news,) = team.news()
    assert (news.content["text_key"], news.content["params"]["to"]) == (
        "resident.ticket_handed_over",
        "Katernberg",
    )
    again = team.press(menu[COLLEAGUES], chat=COLLEAGUE)
    assert again is not None
    assert again.toast == TEXTS.get("caretaker.lies_there_already")
    assert COLLEAGUES not in offered(team.press(f"t:{number}:hand_over", chat=COLLEAGUE))
    assert len(team.news()) == 1


def test_who_has_no_colleague_is_not_offered_one(team: Team) -> None:
    """Alone in a team, from another team, or with colleagues who are all away there is no such button."""
    alone = team.reported("d1", district="Kray").number
    team.press(f"t:{alone}:to:kray", chat=DESK)
    team.press(f"t:{alone}:accept", chat=SOUTH)
    assert COLLEAGUES not in offered(team.press(f"t:{alone}:hand_over", chat=SOUTH))
    number = team.reported("d2").number
    assert COLLEAGUES not in offered(team.press(f"t:{number}:hand_over", chat=DESK))
    for chat in (COLLEAGUE, GROUP):
        team.press(offered(team.write("/abwesend heute", chat=chat))[ESSEN.coordination.name], chat=chat)
    assert COLLEAGUES not in offered(team.press(f"t:{number}:hand_over"))
    refused = team.press(f"t:{number}:to:katernberg")
    assert refused is not None
    assert refused.toast == TEXTS.get("caretaker.lies_there_already")


def test_a_conflict_is_not_given_to_a_group(team: Team) -> None:
    """A colleague who may read it gets it; a team whose other chat is a group has no colleague for it."""
    number = team.reported(kind="conflict", category="music").number
    team.press(offered(team.press(f"t:{number}:hand_over"))[COLLEAGUES])
    assert (heard(team, COLLEAGUE), heard(team, GROUP)) == (["caretaker.again_handed_over"], [])
    other = team.reported("d2", kind="conflict", category="music").number
    team.press(
        offered(team.write("/abwesend heute", chat=COLLEAGUE))[ESSEN.coordination.name], chat=COLLEAGUE
    )
    assert COLLEAGUES not in offered(team.press(f"t:{other}:hand_over"))


def test_areas_stand_by_carrier() -> None:
    """Its own carrier's first without a name, then the others' in order with theirs, unknown ones last."""
    labels = [label for label, _ in menus.areas(ticket_of(area="frohnhausen"), ESSEN, TEXTS)]
    assert labels[:3] == ["Altendorf", "Bochold", "Katernberg (AWO)"]
    assert labels[3] == "Altenessen-Süd (CSE)"
    cse = [index for index, label in enumerate(labels) if label.endswith("(CSE)")]
    assert cse == list(range(3, 3 + len(cse)))
    assert labels.index("Kray") > max(cse)
    assert "Frohnhausen" not in labels
    at_desk = [label for label, _ in menus.areas(ticket_of(area=ESSEN.coordination.id), ESSEN, TEXTS)]
    assert at_desk[0] == "Katernberg (AWO)"
    assert ESSEN.coordination.name not in at_desk
