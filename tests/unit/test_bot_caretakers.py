"""The buttons of the cards: every deed, its menus, and what is pressed twice, too late or was forged."""

import pytest

from bot import caretaker_menus as menus
from desk.card_choices import REASONS, referable
from desk.city import City
from desk.tickets import Status
from storage.city_files import known_cities, load_city
from storage.texts import Texts
from storage.wiring import House
from tests.builders import report
from tests.caretakers import COLLEAGUE, DESK, GROUP, NORTH, SOUTH, Team, offered, said
from tests.unit.test_bot_cards import ticket as ticket_of

TEXTS = Texts.load()
TOAST = 200  # characters a toast may have (Telegram Bot API, answerCallbackQuery)
DEEDS = {
    "accept": Status.ACCEPTED,
    "start": Status.IN_PROGRESS,
    "finish": Status.DONE,
    "to:kray": Status.HANDED_OVER,
    "refer:regulatory_office": Status.REFERRED,
    "decline:private": Status.DECLINED,
}


@pytest.fixture
def team(house: House) -> Team:
    return Team(house)


@pytest.mark.parametrize(("deed", "status"), DEEDS.items())
def test_a_button_does_its_deed_once(team: Team, deed: str, status: Status) -> None:
    """The first press changes the state and says so; again, or by a colleague, is one toast and no effect."""
    number = team.reported().number
    first = team.press(f"t:{number}:{deed}")
    assert first is not None
    assert first.toast == TEXTS.get(
        f"caretaker.done_{ {'to': 'hand_over'}.get(deed.split(':', maxsplit=1)[0], deed.split(':', maxsplit=1)[0]) }"
    )
    after, told = team.ticket(number), len(team.news())
    assert after.status is status
    for chat in (NORTH, COLLEAGUE, GROUP):
        late = team.press(f"t:{number}:{deed}", chat=chat)
        assert late is not None
        assert late.notices == []
        assert late.toast in {
            text
            for key, text in TEXTS.section("caretaker").items()
            if key.startswith(("too_late", "not_yours"))
        }
    assert team.ticket(number) == after
    assert len(team.news()) == told


@pytest.mark.parametrize(
    "deed", [*DEEDS, "ask", "note", "hand_over", "outside", "decline", "decline:other", "show"]
)
def test_another_areas_chat_can_press_nothing(team: Team, deed: str) -> None:
    """What does not belong to the chat's area is refused with a toast, whatever is pressed."""
    ticket = team.reported()
    refused = team.press(f"t:{ticket.number}:{deed}", chat=SOUTH)
    assert refused is not None
    assert (refused.notices, refused.toast) == ([], TEXTS.get("caretaker.not_yours"))
    assert team.ticket(ticket.number).status is ticket.status


@pytest.mark.parametrize(
    "deed", ["hand_over", "outside", "decline", "decline:other", "ask", "note", "to:kray"]
)
def test_a_button_of_an_ended_ticket_only_says_so(team: Team, deed: str) -> None:
    """After "Erledigt" no menu opens and nothing is asked any more."""
    number = team.reported().number
    team.press(f"t:{number}:finish", chat=COLLEAGUE)
    late = team.press(f"t:{number}:{deed}")
    assert late is not None
    assert (late.notices, late.toast) == ([], TEXTS.get("caretaker.too_late_done"))
    assert team.write("Wo genau?") is None


@pytest.mark.parametrize(
    "data",
    [
        *("t:", "t:QH-2026-00001", "{n}:unicorn", "{n}:accept:x", "{n}:accept\n", "{n}:show:x"),
        *("{n}:to", "{n}:to:", "{n}:to:mond", "{n}:refer", "{n}:refer:danger", "{n}:refer:fire_medical"),
        *(
            "{n}:decline:laune",
            "{n}:assign",
            "{n}:withdraw",
            "{n}:merge:x",
            "{n}:into",
            "{n}:into:",
            "{n}:add",
        ),
        *("o:", "o:2026-00001", "o:x:Katernberg:", "t:'; DROP TABLE tickets; --"),
    ],
)
def test_forged_data_has_no_effect(team: Team, data: str) -> None:
    """Whatever no card of ours says gets one sentence and changes nothing."""
    ticket = team.reported()
    before = team.ticket(ticket.number)
    answer = team.press(data.replace("{n}", f"t:{ticket.number}"))
    assert answer is not None
    assert (answer.notices, answer.toast) == ([], TEXTS.get("caretaker.bad_button"))
    assert team.ticket(ticket.number) == before


def test_unknown_numbers_and_bodies_are_named_as_such(team: Team) -> None:
    """A ticket nobody has, and a body the city file has no more, are said to be gone."""
    number = team.reported().number
    unknown = team.press("t:QH-2026-99999:accept")
    gone = team.press(f"t:{number}:refer:retired")
    assert unknown is not None
    assert gone is not None
    assert unknown.toast == TEXTS.get("caretaker.no_such_ticket")
    assert gone.toast == TEXTS.get("caretaker.no_such_body")


def test_a_ticket_goes_where_it_is_sent(team: Team) -> None:
    """The menu names the other areas, the same carrier's first; the chosen one gets it and works on it."""
    number = team.reported().number
    menu = team.press(f"t:{number}:hand_over")
    assert number in said(menu)
    labels = list(offered(menu))
    assert "Katernberg" not in labels
    city = team.house.city
    named = {data.split(":")[-1] for data in offered(menu).values()}
    assert {area.id for area in (*city.areas, city.coordination)} < named
    assert {TEXTS.get("buttons.outside"), TEXTS.get("buttons.leave")} < set(labels)
    team.press(offered(menu)["Kray"])
    assert team.ticket(number).report.area == "kray"
    assert team.news()[-1].content["params"]["to"] == "Kray"
    team.press(f"t:{number}:accept", chat=SOUTH)
    assert team.ticket(number).status is Status.ACCEPTED


def test_a_body_outside_comes_with_its_ready_text(team: Team) -> None:
    """Those for the category come first, emergency numbers never; the text has all that can be passed on."""
    ticket = team.reported()
    menu = team.press(f"t:{ticket.number}:outside")
    bodies = list(offered(menu).values())[:-1]
    assert 0 < len(bodies) <= menus.BODIES_SHOWN
    for_category = [one.matter for one in team.house.city.referrals_for("bulky_waste")]
    assert [data.split(":")[-1] for data in bodies][: len(for_category)] == for_category
    ready = team.press(f"t:{ticket.number}:refer:rubbish_hotline")
    for part in ("Hotline", "0201 88-88888", ticket.number, "Sperrmüll", "Hauptstr. 1", ticket.report.words):
        assert part in said(ready)
    assert ticket.report.reporter not in said(ready)


@pytest.mark.parametrize("reason", REASONS)
def test_a_declined_ticket_lies_at_the_coordination(team: Team, reason: str) -> None:
    """The reason that was chosen stands in the history; the coordination can go on with the ticket."""
    number = team.reported().number
    menu = team.press(f"t:{number}:decline")
    label = TEXTS.get(f"caretaker.reason_{reason}")
    team.press(offered(menu)[label])
    after = team.ticket(number)
    assert (after.status, after.report.area) == (Status.DECLINED, team.house.city.coordination.id)
    assert str(after.history[-1].note).endswith(label)
    there = team.press(f"t:{number}:decline", chat=DESK)
    assert there is not None
    assert there.toast == TEXTS.get("caretaker.too_late_declined")
    assert team.press(f"t:{number}:accept", chat=DESK).toast == TEXTS.get("caretaker.done_accept")  # type: ignore[union-attr]


@pytest.mark.parametrize("city", [load_city(name) for name in known_cities()], ids=lambda city: city.id)
def test_the_data_of_every_button_fits(city: City) -> None:
    """Whatever area, body or reason is offered, Telegram takes the button; no number for emergencies is among them."""
    for area in (*city.areas, city.coordination):
        ticket = ticket_of(area=area.id)
        for menu in (
            menus.areas(ticket, city, TEXTS),
            menus.outside(ticket, city, TEXTS),
            menus.reasons(ticket, TEXTS),
        ):
            assert all(len(data.encode()) <= 64 for _, data in menu)
            assert len({data for _, data in menu}) == len(menu)
            assert len(menu) <= 100
        assert not any(
            f":to:{area.id}" == data[-len(area.id) - 4 :] for _, data in menus.areas(ticket, city, TEXTS)
        )
    phones = {body.phone for body in referable(city)}
    assert not phones & {"110", "112"}


def test_toasts_fit() -> None:
    """Telegram shows at most 200 characters in a toast."""
    for name, text in TEXTS.section("caretaker").items():
        if name.startswith(
            ("done_", "too_late_", "not_yours", "no_such", "bad_", "lies_", "nobody_", "note_closed")
        ):
            assert len(text) <= TOAST
        if name in ("ask_question", "ask_internal", "ask_other_reason"):
            assert len(text.format(number=report().draft)) <= TOAST - 15


def test_a_button_of_a_resident_is_left_alone(team: Team) -> None:
    """What is no caretaker's button goes on to the residents' side."""
    assert team.press("/ask_question") is None
    assert team.press("r:QH-2026-00001:confirm") is None


def test_what_the_coordination_has_is_not_declined_to_it(team: Team) -> None:
    """A ticket handed over to the coordination can't be declined there: it would go where it lies."""
    number = team.reported().number
    team.press(f"t:{number}:to:{team.house.city.coordination.id}")
    for deed in ("decline", "decline:other", "decline:private"):
        refused = team.press(f"t:{number}:{deed}", chat=DESK)
        assert refused is not None
        assert (refused.notices, refused.toast) == ([], TEXTS.get("caretaker.lies_there_already"))
