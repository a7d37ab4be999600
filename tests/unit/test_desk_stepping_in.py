"""Being away: entering it, what happens when it begins and when it is over, and cancelling it."""

from datetime import timedelta

import pytest

from desk.caretaking import Act
from desk.errors import NotAllowed, NotFound
from desk.notices import NoticeKind
from desk.tickets import Photo, Status
from storage.texts import Texts
from tests.away_city import (
    CITY,
    COLLEAGUE,
    DESK,
    GROUP,
    MIDDLE,
    NORTH,
    ONE_DAY,
    SOUTH,
    TODAY,
    Town,
    said,
)
from tests.builders import NOW

TEXTS = Texts.load()
TOMORROW, LAST = TODAY + ONE_DAY, TODAY + 3 * ONE_DAY


def entered(town: Town, chat: str = NORTH, *, substitute: str = "south", first: int = 1) -> None:
    """The chat is away from tomorrow on, or from another day."""
    assert town.absences.enter(chat, TODAY + first * ONE_DAY, LAST, substitute, now=town.clock())


def refused(town: Town, chat: str, substitute: str = "south") -> str:
    """Try to be away; the key of the sentence, after checking that nothing happened."""
    before, notices = list(town.storage.kept.absences), list(town.storage.notices)
    with pytest.raises(NotAllowed) as error:
        town.absences.enter(chat, TOMORROW, LAST, substitute, now=NOW)
    assert (town.storage.kept.absences, town.storage.notices) == (before, notices)
    TEXTS.get(error.value.key, **error.value.params)
    return error.value.key


@pytest.mark.parametrize(
    ("chat", "area", "offered"),
    [
        (NORTH, "north", ["south", "desk"]),
        (SOUTH, "south", ["north", "desk"]),
        (MIDDLE, "middle", ["desk"]),
        ("91", "desk", ["desk"]),
    ],
)
def test_who_can_step_in(chat: str, area: str, offered: list[str]) -> None:
    """The substitute of the city's file, areas of the same carrier, the coordination desk; never an empty team."""
    town = Town()
    if (area, chat) not in town.storage.kept.chats:
        town.storage.kept.chats.append((area, chat))
    found = town.absences.substitutes(chat, TOMORROW, LAST, now=NOW)
    assert [one.id for one in found] == offered
    town.storage.kept.chats.remove(("south", SOUTH))
    if chat == NORTH:
        assert [one.id for one in town.absences.substitutes(chat, TOMORROW, LAST, now=NOW)] == ["desk"]


def test_it_is_confirmed_with_its_days_and_a_button() -> None:
    """One message says the days and who steps in; the same again is known and says nothing."""
    town = Town()
    entered(town)
    (told,) = town.new()
    text = TEXTS.get(told.content["text_key"], **told.content["params"])
    assert told.chat == NORTH
    assert all(part in text for part in ("05.05.2026", "07.05.2026", "Süd"))
    (absence,) = town.absences.coming(NORTH, now=NOW)
    assert told.content["button_keys"] == [["absence_cancel", f"a:cancel:{absence.id}"]]
    assert not town.absences.enter(NORTH, TOMORROW, LAST, "desk", now=NOW)
    assert town.new() == []
    assert refused_overlap(town) == "absence.overlaps"


def refused_overlap(town: Town) -> str:
    with pytest.raises(NotAllowed) as error:
        town.absences.enter(NORTH, LAST, LAST + ONE_DAY, "south", now=NOW)
    return error.value.key


def test_a_groups_absence_is_said_to_be_the_whole_groups() -> None:
    """In a group the confirmation says whom it is about."""
    town = Town(chats=(("north", GROUP), ("south", SOUTH), ("desk", DESK)))
    entered(town, GROUP)
    assert said(town.new(), GROUP) == ["absence.entered_group"]


def test_who_does_not_fit_cannot_step_in() -> None:
    """An area that was not offered, has no chat or does not exist is refused without effect."""
    for area in ("middle", "north", "unicorn", ""):
        assert refused(Town(), NORTH, area) == "absence.nobody_there"


def test_the_coordination_is_never_without_anybody() -> None:
    """Its only chat can't be away, nor the last one that is there; a second one can."""
    town = Town()
    assert refused(town, DESK, "desk") == "absence.last_at_desk"
    town.storage.kept.chats.append(("desk", "91"))
    entered(town, DESK, substitute="desk")
    assert refused(town, "91", "desk") == "absence.last_at_desk"


def test_one_from_today_on_begins_at_once() -> None:
    """Open tickets go to the substitute with one message; the round finds nothing left to do."""
    town = Town()
    first, second = town.sent("d1").number, town.sent("d2").number
    town.new()
    entered(town, first=0)
    fresh = town.new()
    assert said(fresh, SOUTH) == ["absence.steps_in"]
    assert {one.ticket for one in fresh if one.chat == SOUTH and one.kind is NoticeKind.CARD} == {
        first,
        second,
    }
    (told,) = [one for one in fresh if one.content.get("text_key") == "absence.steps_in"]
    assert told.content["params"] == {"areas": "Nord", "last": "07.05.2026", "count": 2}
    assert said(fresh, NORTH) == ["absence.entered"]
    assert town.round() == 0
    assert town.new() == []


def test_it_begins_in_the_morning_of_its_first_day_and_ends_in_the_morning_after() -> None:
    """Looked at every hour: nothing before its day and at night, each message once, with two workers too."""
    town = Town()
    number = town.sent().number
    town.caretakers.act(number, Act(deed="accept"), chat=NORTH, now=NOW)
    entered(town)
    town.new()
    heard = []
    for _ in range(24 * 6):
        town.clock.forward(hours=1)
        town.round()
        town.round()
        local = town.clock.now.astimezone(CITY.zone).strftime("%d. %H")
        heard += [
            (local, one.chat, one.content["text_key"]) for one in town.new() if "text_key" in one.content
        ]
    assert heard == [
        ("05. 07", SOUTH, "absence.steps_in"),
        ("05. 07", NORTH, "absence.begun"),
        ("08. 07", NORTH, "absence.welcome_back"),
    ]
    ticket = town.ticket(number)
    assert (ticket.status, ticket.stand_in) == (Status.ACCEPTED, "south")
    assert town.listed(SOUTH) == [number]
    for chat in (NORTH, SOUTH):  # whoever was away may still act
        town.caretakers.add(number, chat=chat, note="x", photos=(), once=chat, now=town.clock())


def test_the_welcome_counts_what_is_open() -> None:
    """Tickets of the chat's areas that nobody has settled meanwhile."""
    town = Town()
    numbers = [town.sent(f"d{index}").number for index in range(3)]
    entered(town, first=0)
    town.caretakers.act(numbers[0], Act(deed="finish"), chat=SOUTH, now=NOW)
    town.clock.forward(days=4)
    assert town.round() == 1
    assert town.new()[-1].content == {"text_key": "absence.welcome_back", "params": {"count": 2}}


def test_a_team_that_is_there_needs_nobody() -> None:
    """With a colleague present nothing is handed on; when the last one leaves too, all of it is."""
    town = Town()
    town.storage.kept.chats.append(("north", COLLEAGUE))
    number = town.sent().number
    entered(town)
    entered(town, COLLEAGUE, first=2)
    town.new()
    town.clock.forward(days=1)
    assert town.round() == 1
    assert [(one.chat, one.content["text_key"]) for one in town.new()] == [(NORTH, "absence.begun_team")]
    assert town.ticket(number).stand_in is None
    town.clock.forward(days=1)
    assert town.round() == 1
    fresh = town.new()
    assert (said(fresh, COLLEAGUE), said(fresh, SOUTH)) == (["absence.begun"], ["absence.steps_in"])
    assert town.ticket(number).stand_in == "south"


def test_a_substitute_that_goes_away_too_hands_on_what_it_stepped_in_for() -> None:
    """The coordination desk gets it when nobody else is there."""
    town = Town()
    number = town.sent().number
    entered(town, first=0)
    entered(town, SOUTH, substitute="north", first=0)
    assert town.ticket(number).stand_in == "desk"
    assert DESK in town.with_card(number)


def test_a_conflict_is_handed_on_although_the_group_is_there() -> None:
    """The private chat is away: the substitute's private chat gets it, the group learns nothing."""
    town = Town(
        chats=(("north", NORTH), ("north", GROUP), ("south", SOUTH), ("south", "-44"), ("desk", DESK))
    )
    conflict = town.sent("d1", kind="conflict", photos=(Photo(file_id="p"),)).number
    plain = town.sent("d2").number
    town.new()
    entered(town, first=0)
    fresh = town.new()
    assert (town.ticket(conflict).stand_in, town.ticket(plain).stand_in) == ("south", None)
    assert town.with_card(conflict) == {NORTH, SOUTH}
    assert [one for one in fresh if one.chat in (GROUP, "-44")] == []
    assert said(fresh, SOUTH) == ["absence.steps_in"]


def test_cancelling_brings_the_chat_back() -> None:
    """Who stepped in hears of it, new tickets come again; another chat, or a second press, cancels nothing."""
    town = Town()
    entered(town, first=0)
    (absence,) = town.absences.coming(NORTH, now=NOW)
    for chat in (SOUTH, DESK):
        with pytest.raises(NotFound):
            town.absences.cancel(absence.id, chat=chat, now=NOW)
    town.new()
    town.absences.cancel(absence.id, chat=NORTH, now=NOW)
    assert [(one.chat, one.content["text_key"]) for one in town.new()] == [(SOUTH, "absence.back_early")]
    with pytest.raises(NotFound) as gone:
        town.absences.cancel(absence.id, chat=NORTH, now=NOW)
    assert TEXTS.get(gone.value.key)
    assert town.with_card(town.sent().number) == {NORTH}


def test_the_same_days_can_be_entered_again_after_cancelling() -> None:
    """Everything is said anew, though the database gives the new absence the old one's number."""
    town = Town()
    told = []
    for _ in range(2):
        entered(town, first=0)
        told.append(sorted((one.chat, one.content["text_key"]) for one in town.new()))
        (absence,) = town.absences.coming(NORTH, now=town.clock())
        town.absences.cancel(absence.id, chat=NORTH, now=town.clock())
        town.new()
        town.clock.forward(minutes=1)
    assert told[0] == told[1]


def test_a_chat_that_works_nowhere_any_more_hears_nothing() -> None:
    """Removed while away: neither beginning nor end troubles it."""
    for first, days in ((0, 4), (1, 1)):
        town = Town()
        entered(town, first=first)
        town.storage.kept.chats.remove(("north", NORTH))
        town.new()
        town.clock.now += timedelta(days=days)
        assert town.round() == 0
        assert town.new() == []
