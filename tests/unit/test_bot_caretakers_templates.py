"""Reply templates in the chat: all of them to read, and as buttons that stand for words."""

from dataclasses import replace

import pytest

from desk.reply_templates import PURPOSES, ReplyTemplate
from desk.tickets import Status
from storage.texts import Texts
from storage.wiring import House
from tests.caretakers import COLLEAGUE, GROUP, NORTH, SOUTH, Team, offered, said
from tests.fakes import FakeClock

TEXTS = Texts.load()
WHERE = "where-exactly"


@pytest.fixture
def team(house: House) -> Team:
    return Team(house)


def text_of(team: Team, name: str) -> str:
    return next(one.text for one in team.house.city.templates if one.id == name)


def used(number: str, name: str = WHERE) -> str:
    return f"t:{number}:use:{name}"


def test_templates_can_be_read(team: Team) -> None:
    """Each under what it is for, with label and text."""
    shown = said(team.write("/vorlagen"))
    for purpose in PURPOSES:
        assert TEXTS.get(f"caretaker.templates_{purpose}") in shown
    for one in team.house.city.templates:
        assert shown.count(one.text) == len(one.purposes)
        assert one.label in shown


def test_many_templates_are_several_messages(team: Team) -> None:
    """None is longer than Telegram takes, and nothing is left out."""
    long = tuple(
        ReplyTemplate(id=f"t{index}", purposes=("ask",), label=f"L{index}", text=f"<{index}>" + "ä" * 590)
        for index in range(20)
    )
    team.house = replace(team.house, city=replace(team.house.city, templates=long))
    answer = team.write("/vorlagen")
    assert answer is not None
    texts = [str(one.content["text"]) for one in answer.notices]
    assert len(texts) > 1
    assert max(map(len, texts)) <= 4096
    assert all(f"<{index}>" in "".join(texts) for index in range(20))


def test_a_city_without_templates_says_so(team: Team) -> None:
    """And nothing but the usual is under a prompt."""
    team.house = replace(team.house, city=replace(team.house.city, templates=()))
    assert said(team.write("/vorlagen")) == TEXTS.get("caretaker.templates_none")
    number = team.reported().number
    assert list(offered(team.press(f"t:{number}:ask")).values()) == [f"t:{number}:leave"]


def test_a_question_is_asked_by_button(team: Team) -> None:
    """The template's text is the question; what was for the category stands first."""
    number = team.reported().number
    buttons = list(offered(team.press(f"t:{number}:ask")).values())
    assert buttons[0] == used(number, "how-much")
    assert buttons[-1] == f"t:{number}:leave"
    assert used(number, "when-loud") not in buttons
    assert said(team.press(used(number))) == TEXTS.get("caretaker.done_ask")
    after = team.ticket(number)
    assert (after.status, after.history[-1].note) == (Status.WAITING, text_of(team, WHERE))
    assert team.news()[-1].content["params"]["note"] == text_of(team, WHERE)


@pytest.mark.parametrize(
    ("before", "name", "key"),
    [
        (("finish",), "cleared", "note_passed_on"),
        (("note",), "no-access", "noted"),
        (("decline", "decline:other"), "no-access", "done_decline"),
    ],
)
def test_a_template_goes_the_way_of_written_words(team: Team, before, name: str, key: str) -> None:
    """After "Erledigt", as a note, as the reason of a refusal."""
    number = team.reported().number
    for deed in before:
        prompt = team.press(f"t:{number}:{deed}")
    assert used(number, name) in offered(prompt).values()
    assert said(team.press(used(number, name))) == TEXTS.get(f"caretaker.{key}", number=number)
    assert text_of(team, name) in (team.ticket(number).history[-1].note or "")


def test_pressed_twice_it_has_one_effect(team: Team) -> None:
    """The same update again says the same; another press is told that nothing is awaited."""
    number = team.reported().number
    team.press(f"t:{number}:ask")
    first = team.press(used(number))
    entries = len(team.ticket(number).history)
    assert team.again() == first
    again = team.press(used(number))
    assert (again.notices, again.toast) == ([], TEXTS.get("caretaker.template_too_late"))  # type: ignore[union-attr]
    assert len(team.ticket(number).history) == entries


def test_photos_before_it_go_along(team: Team) -> None:
    """A photo that came before the button belongs to the question."""
    number = team.reported().number
    team.press(f"t:{number}:ask")
    team.photo("p1")
    team.press(used(number))
    assert [photo.file_id for photo in team.ticket(number).history[-1].photos] == ["p1"]


@pytest.mark.parametrize("name", ["no-access", "unicorn"])
def test_a_template_for_something_else_is_refused(team: Team, name: str) -> None:
    """A reason is no question, and one that does not exist is none at all."""
    number = team.reported().number
    team.press(f"t:{number}:ask")
    assert team.press(used(number, name)).toast == TEXTS.get("caretaker.bad_button")  # type: ignore[union-attr]
    assert team.ticket(number).status is not Status.WAITING
    assert said(team.write("Wo?")) == TEXTS.get("caretaker.done_ask")  # it is still awaited


def test_it_is_for_the_one_who_was_asked(team: Team, clock: FakeClock) -> None:
    """Neither another chat's nor another person's, nor for another ticket, nor half an hour later."""
    number, other = team.reported().number, team.reported("d2").number
    team.press(f"t:{number}:ask", chat=GROUP, person=1)
    team.press(f"t:{other}:ask", chat=NORTH)
    for chat, person in ((GROUP, 2), (COLLEAGUE, 0), (SOUTH, 0), (NORTH, 0)):
        refused = team.press(used(number), chat=chat, person=person)
        assert refused.toast == TEXTS.get("caretaker.template_too_late")  # type: ignore[union-attr]
    clock.forward(minutes=31)
    late = team.press(used(number), chat=GROUP, person=1)
    assert late.toast == TEXTS.get("caretaker.template_too_late")  # type: ignore[union-attr]
    assert team.ticket(number).status is not Status.WAITING


def test_a_ticket_that_ended_meanwhile_is_left_as_it_is(team: Team) -> None:
    """Somebody was faster: one sentence, no effect."""
    number = team.reported().number
    team.press(f"t:{number}:ask")
    team.press(f"t:{number}:finish", chat=COLLEAGUE)
    assert said(team.press(used(number))) == TEXTS.get("caretaker.too_late_done")
    assert team.ticket(number).status is Status.DONE
