"""/abwesend in caretakers' chats: what is asked, entered, listed and cancelled, and nonsense."""

from datetime import date

import pytest

from bot.caretaker_absence import chosen_data
from bot.clockwork import Clockwork
from desk.notices import Notice
from desk.stepping_in import AbsenceDesk
from storage.city_files import known_cities, load_city
from storage.texts import Texts
from storage.wiring import House
from tests.builders import RESIDENT
from tests.caretakers import COLLEAGUE, DESK, GROUP, NORTH, SOUTH, Team, offered, said
from tests.fakes import FakeClock

TEXTS = Texts.load()
COORDINATION = load_city("essen").coordination


@pytest.fixture
def team(house: House) -> Team:
    return Team(house)


def entered(team: Team, chat: str = NORTH, days: str = "24.12. 2.1.") -> Notice:
    """Go through all of it; the confirmation."""
    team.press(offered(team.write(f"/abwesend {days}", chat=chat))[COORDINATION.name], chat=chat)
    return waiting(team, chat)[-1]


def waiting(team: Team, chat: str) -> list[Notice]:
    """What waits to be delivered to a chat."""
    with team.house.storage.look() as work:
        return [letter.notice for letter in work.outbox.open() if letter.notice.chat == chat]


def toast(team: Team, data: str, chat: str = NORTH) -> str | None:
    """Press a button; its toast, and nothing else comes of it directly."""
    answer = team.press(data, chat=chat)
    assert answer is not None
    assert answer.notices == []
    return answer.toast


def test_days_then_who_then_a_confirmation(team: Team) -> None:
    """Two taps: the days as understood, who steps in, and both once more when it is entered."""
    asked = team.write("/abwesend 24.12. 2.1.")
    assert "24.12.2026 – 02.01.2027" in said(asked)
    assert list(offered(asked)) == [COORDINATION.name, TEXTS.get("buttons.leave")]
    pressed = offered(asked)[COORDINATION.name]
    assert pressed == f"a:20261224:20270102:{COORDINATION.id}"
    assert toast(team, pressed) == TEXTS.get("absence.done_enter")
    (told,) = waiting(team, NORTH)
    text = TEXTS.get(told.content["text_key"], **told.content["params"])
    assert "24.12.2026 – 02.01.2027" in text
    assert COORDINATION.name in text
    assert toast(team, pressed) == TEXTS.get("absence.known")
    assert waiting(team, NORTH) == [told]


def test_areas_of_the_same_carrier_are_offered(team: Team) -> None:
    """Those with a chat stand before the coordination."""
    for chat, area in (("61", "karnap"), ("62", "altenessen-sued")):
        team.house.caretakers.invite(area, token=chat, now=team.house.clock())
        team.house.caretakers.redeem(chat, chat=chat, now=team.house.clock())
    assert list(offered(team.write("/abwesend morgen", chat="61")))[:2] == [
        "Altenessen-Süd",
        COORDINATION.name,
    ]


def test_doch_nicht_enters_nothing(team: Team) -> None:
    """The last button leaves everything as it is."""
    menu = offered(team.write("/abwesend morgen"))
    assert toast(team, menu[TEXTS.get("buttons.leave")]) == TEXTS.get("caretaker.note_closed")
    assert team.house.absences.coming(NORTH, now=team.house.clock()) == []


@pytest.mark.parametrize(
    ("days", "key"),
    [
        ("blabla", "unclear"),
        ("31.2.", "unclear"),
        ("99.99.2026 bis 1.1.", "unclear"),
        ("1.1.2020 bis 3.1.2020", "past"),
        ("6.5.2026 bis 5.5.2026", "backwards"),
        ("10.5.2026 bis 20.12.2026", "too_long"),
        ("1.1.2030", "too_far"),
        ("'; DROP TABLE absences; --", "unclear"),
        ("1" * 4000, "unclear"),
    ],
)
def test_nonsense_gets_one_sentence(team: Team, days: str, key: str) -> None:
    """It says what is wrong and shows how; no button, no effect."""
    answer = team.write(f"/abwesend {days}")
    assert said(answer).startswith(TEXTS.get(f"absence.{key}").split("{", maxsplit=1)[0])
    assert "/abwesend" in said(answer)
    assert answer is not None
    assert "buttons" not in answer.notices[0].content
    assert team.house.absences.coming(NORTH, now=team.house.clock()) == []


def test_alone_it_lists_and_explains(team: Team) -> None:
    """Each absence has its days, who steps in and a button to cancel it; without any there is the example."""
    empty = said(team.write("/abwesend"))
    assert empty == f"{TEXTS.get('absence.none')}\n{TEXTS.get('absence.how')}"
    entered(team)
    entered(team, days="1.6.")
    listed = team.write("/abwesend")
    lines = said(listed).splitlines()
    assert [line.split(",")[0] for line in lines[1:3]] == ["🌴 01.06.2026", "🌴 24.12.2026 – 02.01.2027"]
    assert all(COORDINATION.name in line for line in lines[1:3])
    assert lines[-1] == TEXTS.get("absence.how")
    first, *_ = offered(listed).values()
    assert toast(team, first) == TEXTS.get("absence.cancelled")
    assert toast(team, first) == TEXTS.get("absence.gone")
    assert len(team.house.absences.coming(NORTH, now=team.house.clock())) == 1


def test_days_that_overlap_are_refused(team: Team) -> None:
    """The sentence names the absence that is there already; so does a button pressed too late."""
    late = offered(team.write("/abwesend 30.12. 5.1."))[COORDINATION.name]
    entered(team)
    assert "24.12.2026 – 02.01.2027" in said(team.write("/abwesend 2.1. bis 9.1."))
    assert "24.12.2026 – 02.01.2027" in str(toast(team, late))
    assert len(team.house.absences.coming(NORTH, now=team.house.clock())) == 1


def test_in_a_group_it_is_the_whole_groups(team: Team) -> None:
    """The question, the confirmation and the empty list say so."""
    assert "Gruppe" in said(team.write("/abwesend", chat=GROUP))
    assert "Gruppe" in said(team.write("/abwesend morgen", chat=GROUP))
    assert entered(team, GROUP, "morgen").content["text_key"] == "absence.entered_group"


def test_the_coordinations_only_chat_stays(team: Team) -> None:
    """It is told why, with what to do about it."""
    assert said(team.write("/abwesend morgen", chat=DESK)) == TEXTS.get("absence.last_at_desk")


@pytest.mark.parametrize(
    "data",
    [
        *("a:", "a:20261224", "a:20261399:20270102:koordination", "a:20261224:20270102:unicorn", "a:cancel:"),
        *(
            "a:cancel:1",
            "a:cancel:999999999",
            "a:cancel:9999999999",
            "a:cancel:x",
            "a:20200101:20200102:kray",
        ),
        *("a:20261224:20270102:katernberg", "a:20270102:20261224:koordination", "a:٢٠٢٦١٢٢٤:20270102:kray"),
    ],
)
def test_forged_buttons_have_no_effect(team: Team, data: str) -> None:
    """Whatever no button of ours says gets one sentence; another chat's absence stays, strangers get nothing."""
    entered(team, COLLEAGUE, "1.6.")
    before = waiting(team, NORTH)
    assert toast(team, data)
    assert toast(team, data, chat=RESIDENT) == TEXTS.get("caretaker.bad_button")
    assert waiting(team, NORTH) == before
    assert team.house.absences.coming(NORTH, now=team.house.clock()) == []
    assert len(team.house.absences.coming(COLLEAGUE, now=team.house.clock())) == 1


def test_a_residents_chat_has_no_such_command(team: Team) -> None:
    """What a resident writes is left to the residents' side."""
    assert team.write("/abwesend morgen", chat=RESIDENT) is None


def test_the_worker_begins_it_and_welcomes_back(team: Team, clock: FakeClock) -> None:
    """The clockwork looks after absences too: everybody of the team is away, the coordination steps in."""
    number = team.reported().number
    for chat in (NORTH, COLLEAGUE, GROUP):
        entered(team, chat, "morgen")
    clockwork = Clockwork(house=team.house, wake_delivery=lambda: None)
    clockwork.round()
    assert team.ticket(number).stand_in is None
    clock.forward(days=1)
    clockwork.round()
    clockwork.round()
    assert team.ticket(number).stand_in == COORDINATION.id
    steps = [one for one in waiting(team, DESK) if one.content.get("text_key") == "absence.steps_in"]
    assert [one.content["params"]["count"] for one in steps] == [1]
    assert number in said(team.write("/offen", chat=DESK))
    assert "🤝" in _card(team, number)
    clock.forward(days=1)
    clockwork.round()
    clockwork.round()
    welcomes = [one for one in waiting(team, NORTH) if one.content.get("text_key") == "absence.welcome_back"]
    assert [one.content["params"]["count"] for one in welcomes] == [1]


def _card(team: Team, number: str) -> str:
    from storage.card_wording import card_text

    return card_text(team.ticket(number), team.house.wording)


@pytest.mark.parametrize("city", [load_city(name) for name in known_cities()], ids=lambda city: city.id)
def test_the_data_of_every_area_fits(city) -> None:
    """Whatever area is offered, Telegram takes the button."""
    for area in (*city.areas, city.coordination):
        assert len(chosen_data(date(2026, 12, 24), date(2027, 1, 2), area.id).encode()) <= 64


def test_every_text_is_filled(team: Team) -> None:
    """All sentences about absences have what stands in their braces."""
    desk: AbsenceDesk = team.house.absences
    entered(team, SOUTH, "heute")
    for chat in (SOUTH, DESK):
        for notice in waiting(team, chat):
            assert "{" not in TEXTS.get(notice.content["text_key"], **notice.content["params"])
    assert desk.due(team.house.clock()) == ()
