"""Who gets a ticket while chats are away, and that trouble between neighbours never reaches a group."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.caretaking import Act
from desk.deadlines import Step
from desk.errors import KuemmerkastenError, NotAllowed
from desk.notices import Notice, NoticeKind
from desk.overdue_steps import STEPS, Taking
from desk.tickets import Photo, Status
from tests.away_city import CITY, COLLEAGUE, DESK, GROUP, MIDDLE, NORTH, SOUTH, Town, said
from tests.builders import NOW, RESIDENT, finished_draft

ACCEPT = Act(deed="accept")


def taken(town: Town, number: str, step: Step) -> bool:
    """Take a step about a ticket nobody sees to."""
    with town.storage.work() as work:
        return STEPS[step](Taking(city=CITY, work=work, now=town.clock()), work.tickets.get(number))


@pytest.mark.parametrize(
    ("away", "gets", "stand_in"),
    [
        ({}, {NORTH, COLLEAGUE}, None),
        ({NORTH: "south"}, {COLLEAGUE}, None),
        ({NORTH: "south", COLLEAGUE: "south"}, {SOUTH}, "south"),
        ({NORTH: "middle", COLLEAGUE: "south"}, {MIDDLE}, "middle"),
        ({NORTH: "south", COLLEAGUE: "south", SOUTH: "desk"}, {DESK}, "desk"),
        ({NORTH: "middle", COLLEAGUE: "south", MIDDLE: "desk"}, {SOUTH}, "south"),
        ({NORTH: "desk", COLLEAGUE: "desk"}, {DESK}, "desk"),
        ({NORTH: "south", COLLEAGUE: "south", SOUTH: "desk", DESK: "desk"}, {DESK}, "desk"),
    ],
)
def test_who_is_there_gets_it(away: dict[str, str], gets: set[str], stand_in: str | None) -> None:
    """Colleagues first, then the substitute that is there, then the coordination desk, away or not."""
    town = Town()
    town.storage.kept.chats.append(("north", COLLEAGUE))
    for chat, substitute in away.items():
        town.away(chat, substitute=substitute)
    ticket = town.sent()
    assert town.with_card(ticket.number) == gets
    assert (ticket.status, ticket.stand_in) == (Status.ASSIGNED, stand_in)
    noted = [(one.what, one.note) for one in ticket.history[2:]]
    assert noted == ([("substituted", CITY.area(stand_in).name)] if stand_in else [])
    (who, *_) = gets
    assert town.caretakers.act(ticket.number, ACCEPT, chat=who, now=NOW).status is Status.ACCEPTED
    assert ticket.number in town.listed(who)
    others = {SOUTH, MIDDLE} - gets
    for chat in others:
        with pytest.raises(NotAllowed):
            town.caretakers.act(ticket.number, Act(deed="finish"), chat=chat, now=NOW)


def test_only_today_counts() -> None:
    """Before the first day and after the last one the chat gets its tickets, by the city's midnight."""
    town = Town()
    town.away(NORTH, 1, 2)
    got = []
    for index, hours in enumerate((11, 2, 46, 3)):  # 23:00, 1:00 the next day, 23:00 two days later, 2:00
        town.clock.forward(hours=hours)
        got.append(town.with_card(town.sent(f"d{index}").number))
    assert got == [{NORTH}, {SOUTH}, {SOUTH}, {NORTH}]


def test_nobody_is_left_without_an_answer() -> None:
    """When the only chat there is is away, it gets the ticket all the same."""
    town = Town(chats=(("north", NORTH),))
    town.away(NORTH)
    ticket = town.sent()
    assert town.with_card(ticket.number) == {NORTH}
    assert (ticket.status, ticket.stand_in) == (Status.ASSIGNED, None)


def test_a_ticket_handed_over_to_an_area_that_is_away_goes_to_its_substitute() -> None:
    """It lies there, the substitute has the card and may work on it, and the area keeps its right to act."""
    town = Town()
    town.away(NORTH)
    number = town.sent().number
    town.caretakers.act(number, Act(deed="hand_over", area="middle"), chat=SOUTH, now=NOW)
    town.caretakers.act(number, Act(deed="hand_over", area="north"), chat=MIDDLE, now=NOW)
    ticket = town.ticket(number)
    assert (ticket.report.area, ticket.stand_in) == ("north", "south")
    assert town.caretakers.act(number, ACCEPT, chat=NORTH, now=NOW).status is Status.ACCEPTED


def test_a_reopened_ticket_goes_to_who_is_there() -> None:
    """The substitute gets the card and is told; the one who is away keeps theirs."""
    town = Town()
    number = town.sent().number
    town.caretakers.act(number, Act(deed="finish"), chat=NORTH, now=NOW)
    town.away(NORTH)
    town.new()
    town.own_tickets.act(number, "reopen", chat=RESIDENT, now=NOW)
    fresh = town.new()
    assert town.with_card(number) == {NORTH, SOUTH}
    assert said(fresh, SOUTH) == said(fresh, NORTH) == ["caretaker.resident_reopened"]
    assert town.ticket(number).stand_in == "south"


def test_reminders_go_to_who_is_there() -> None:
    """The substitute is reminded, with the card; a substitute that is away itself is not asked to step in."""
    town = Town()
    number = town.sent().number
    town.away(NORTH)
    town.new()
    assert taken(town, number, Step.REMIND)
    fresh = town.new()
    assert said(fresh, SOUTH) == ["deadlines.remind_accept"]
    assert said(fresh, NORTH) == []
    assert SOUTH in town.with_card(number)
    other = Town()
    other.away(SOUTH)
    number = other.sent().number
    assert not taken(other, number, Step.SUBSTITUTE)
    assert taken(other, number, Step.ESCALATE)
    assert other.with_card(number) == {NORTH, DESK}


def test_who_has_accepted_as_a_substitute_keeps_it() -> None:
    """Another absence with another substitute does not take a ticket from who works on it."""
    town = Town()
    town.away(NORTH, substitute="middle")
    number = town.sent().number
    town.caretakers.act(number, ACCEPT, chat=MIDDLE, now=NOW)
    town.storage.kept.absences.clear()
    town.away(NORTH, substitute="south")
    assert taken(town, number, Step.REMIND)
    assert town.ticket(number).stand_in == "middle"
    assert said(town.new(), MIDDLE)[-1] == "deadlines.remind_progress"


# --- trouble between neighbours ---------------------------------------------------------------------------

CONFLICT: dict[str, Any] = {"kind": "conflict", "photos": (Photo(file_id="p"),)}
GROUPS = (("north", GROUP), ("south", "-44"), ("middle", "-55"), ("desk", "-99"))
ALERT = "absence.nobody_may_read"


def for_groups(notices: list[Notice]) -> list[Notice]:
    """What would go to groups."""
    return [one for one in notices if one.chat.startswith("-")]


def test_a_conflict_of_an_area_with_a_group_goes_to_the_coordination() -> None:
    """Its private chat gets the card, has the ticket in its list and may work on it; the group may not."""
    town = Town(chats=(("north", GROUP), ("desk", DESK), ("desk", "-99")))
    number = town.sent(**CONFLICT).number
    assert town.with_card(number) == {DESK}
    assert for_groups(town.new()) == []
    assert town.listed(DESK) == [number]
    assert town.listed(GROUP) == town.listed("-99") == []
    for chat in (GROUP, "-99"):
        with pytest.raises(NotAllowed):
            town.caretakers.ticket(number, chat=chat)
    assert town.caretakers.act(number, ACCEPT, chat=DESK, now=NOW).status is Status.ACCEPTED


def test_a_conflict_nobody_may_read_waits_and_the_coordination_hears_its_number() -> None:
    """Once, with number and area alone; the first private chat there gets it."""
    town = Town(chats=(("north", GROUP), ("desk", "-99")))
    number = town.sent(**CONFLICT).number
    assert town.ticket(number).status is Status.NEW
    for step in (Step.REMIND, Step.ESCALATE):
        assert not taken(town, number, step)
    (alert,) = for_groups(town.new())
    assert (alert.chat, alert.content) == (
        "-99",
        {"text_key": ALERT, "params": {"number": number, "area": "Nord"}},
    )
    town.caretakers.invite("desk", token="a", now=NOW)
    town.caretakers.redeem("a", chat=DESK, now=NOW)
    assert town.with_card(number) == {DESK}
    assert town.ticket(number).status is Status.ASSIGNED
    assert town.listed(DESK) == [number]
    assert for_groups(town.new()) == []


def test_a_private_chat_of_the_area_gets_its_conflicts_when_it_comes_in() -> None:
    """A group that comes in gets none of them, and they stay in the coordination's list."""
    town = Town(chats=(("desk", DESK),))
    number = town.sent(**CONFLICT).number
    town.caretakers.invite("north", token="a", now=NOW)
    town.caretakers.redeem("a", chat=GROUP, now=NOW)
    assert town.with_card(number) == {DESK}
    assert town.listed(DESK) == [number]
    town.caretakers.invite("north", token="b", now=NOW)
    town.caretakers.redeem("b", chat=NORTH, now=NOW)
    assert town.with_card(number) == {DESK, NORTH}
    assert for_groups(town.new()) == []


_ACTS = [
    *(Act(deed=deed) for deed in ("accept", "start", "finish")),
    Act(deed="ask", note="Wo?"),
    Act(deed="decline", note="Nein", photos=(Photo(file_id="q"),)),
    Act(deed="refer", matter="contact"),
    *(Act(deed="hand_over", area=area) for area in ("north", "south", "middle", "desk")),
    Act(deed="merge", into="QH-2026-00002"),
    *("reopen", "withdraw", "confirm", "say", "join", "note", "redeem", "absent", "round"),
    *(Step.REMIND, Step.SUBSTITUTE, Step.ESCALATE),
]
_PRIVATE = (("north", NORTH), ("south", SOUTH), ("desk", DESK))


def _done(town: Town, number: str, deed: Any, chat: str, once: int) -> None:
    """Do one thing somebody could do; what is refused is refused."""
    now = town.clock()
    doing = {
        "say": lambda: town.own_tickets.say(
            number, chat=RESIDENT, text="Noch da", photos=(Photo(file_id="x"),), once=str(once), now=now
        ),
        "join": lambda: town.reports.join(
            number, finished_draft(id=f"j{once}", **CONFLICT), reporter=f"5{once}", now=now
        ),
        "note": lambda: town.caretakers.add(
            number, chat=chat, note="x", photos=(Photo(file_id="y"),), once=str(once), now=now
        ),
        "absent": lambda: town.away(chat, substitute="south"),
        "round": town.round,
    }
    if isinstance(deed, Act):
        town.caretakers.act(number, deed, chat=chat, now=now)
    elif isinstance(deed, Step):
        taken(town, number, deed)
    elif deed == "redeem":
        area = ("north", "desk", "south")[once % 3]
        town.caretakers.invite(area, token=f"t{once}", now=now)
        town.caretakers.redeem(f"t{once}", chat=f"{'-' if once % 2 else ''}7{once}", now=now)
    elif deed in doing:
        doing[deed]()
    else:
        town.own_tickets.act(number, deed, chat=RESIDENT, now=now)


@settings(max_examples=150, deadline=None)
@given(
    st.sets(st.sampled_from(_PRIVATE)),
    st.lists(
        st.tuples(
            st.sampled_from(_ACTS), st.sampled_from([NORTH, SOUTH, DESK, *(chat for _, chat in GROUPS)])
        ),
        max_size=12,
    ),
)
def test_a_conflict_never_reaches_a_group(
    private: set[tuple[str, str]], deeds: list[tuple[Any, str]]
) -> None:
    """Whoever does whatever to it, in every order: groups hear that one waits, and nothing else of it."""
    town = Town(chats=(*GROUPS, *sorted(private)))
    number = town.sent(**CONFLICT).number
    town.sent("d2", **CONFLICT)
    for once, (deed, chat) in enumerate(deeds):
        try:
            _done(town, number, deed, chat, once)
        except KuemmerkastenError:
            continue
    for notice in for_groups(town.storage.notices):
        if notice.ticket is None:
            assert notice.content["text_key"].startswith("absence.")
            continue
        assert (notice.kind, notice.content["text_key"]) == (NoticeKind.MESSAGE, ALERT)
        assert set(notice.content["params"]) == {"number", "area"}
    for _, chat in GROUPS:
        assert town.listed(chat) == []
