"""Words a caretaker is asked for: whose they are, what they do, and when they are no longer awaited."""

import pytest

from desk.notices import NoticeKind
from desk.tickets import Photo, Status
from storage.texts import Texts
from storage.wiring import House
from tests.builders import RESIDENT
from tests.caretakers import COLLEAGUE, GROUP, NORTH, Team, offered, said
from tests.fakes import FakeClock

TEXTS = Texts.load()


@pytest.fixture
def team(house: House) -> Team:
    return Team(house)


def test_a_question_reaches_the_resident(team: Team) -> None:
    """The next words are the question: the ticket waits, the resident reads it and can answer."""
    number = team.reported().number
    asked = team.press(f"t:{number}:ask")
    assert number in said(asked)
    assert team.ticket(number).status is not Status.WAITING
    assert said(team.write("Vorne oder im Hof?")) == TEXTS.get("caretaker.done_ask")
    after = team.ticket(number)
    assert (after.status, after.history[-1].note) == (Status.WAITING, "Vorne oder im Hof?")
    news = team.news()[-1]
    assert news.content["params"]["note"] == "Vorne oder im Hof?"
    assert "31" not in str(news.content["params"])
    assert team.write("Noch etwas") is None


def test_photos_before_the_question_go_along(team: Team) -> None:
    """A photo alone is no question: the words are asked for, then both are passed on together."""
    number = team.reported().number
    team.press(f"t:{number}:ask")
    assert number in said(team.photo("p1"))
    assert team.ticket(number).status is not Status.WAITING
    team.photo("p2", caption="Ist es das?")
    assert team.ticket(number).history[-1].photos == (Photo(file_id="p1"), Photo(file_id="p2"))
    passed_on = [one for one in team.news() if one.kind is NoticeKind.PHOTOS]
    assert [photo["file_id"] for photo in passed_on[-1].content["photos"]] == ["p1", "p2"]


def test_an_album_is_one_question(team: Team) -> None:
    """The photos of an album and its caption are taken together."""
    number = team.reported().number
    team.press(f"t:{number}:ask")
    pictures = [
        team.message(
            None, chat=NORTH, photo=[{"file_id": one, "file_unique_id": one, "width": 1, "height": 1}]
        )
        for one in ("a", "b")
    ]
    pictures[0]["caption"] = "Welches?"
    team.answer(*({"message": picture} for picture in pictures), chat=NORTH)
    last = team.ticket(number).history[-1]
    assert (last.note, len(last.photos)) == ("Welches?", 2)


@pytest.mark.parametrize("deed", ["ask", "decline:other", "note"])
def test_the_same_words_again_have_one_effect(team: Team, deed: str) -> None:
    """An update that Telegram or a restart brings a second time is answered alike and changes nothing."""
    number = team.reported().number
    team.press(f"t:{number}:{deed}")
    first = team.write("Vorne oder im Hof?")
    after, news = team.ticket(number), len(team.news())
    assert team.again() == first
    assert team.ticket(number) == after
    assert len(team.news()) == news


def test_an_own_reason_declines(team: Team) -> None:
    """The words behind "Anderer Grund" are the reason; the ticket lies at the coordination."""
    number = team.reported().number
    menu = team.press(f"t:{number}:decline")
    asked = team.press(offered(menu)[TEXTS.get("caretaker.reason_other")])
    assert number in said(asked)
    assert said(team.write("Gehört der Bahn.")) == TEXTS.get("caretaker.done_decline")
    after = team.ticket(number)
    assert after.status is Status.DECLINED
    assert str(after.history[-1].note).endswith("Gehört der Bahn.")


def test_a_note_stays_inside(team: Team) -> None:
    """Words and photos of a note stand in the history; the resident hears nothing of them."""
    ticket = team.reported()
    before = len(team.news())
    team.press(f"t:{ticket.number}:note")
    team.photo("p1")
    assert said(team.write("Schlüssel hat Haus 4.")) == TEXTS.get("caretaker.noted", number=ticket.number)
    after = team.ticket(ticket.number)
    assert [(entry.what, entry.note, len(entry.photos)) for entry in after.history[-2:]] == [
        ("note", None, 1),
        ("note", "Schlüssel hat Haus 4.", 0),
    ]
    assert after.status is ticket.status
    assert len(team.news()) == before


def test_what_follows_done_goes_to_the_resident(team: Team) -> None:
    """After "Erledigt" words and photos may be added; pressing it twice does not end that."""
    number = team.reported().number
    asked = team.press(f"t:{number}:finish")
    assert number in said(asked)
    assert list(offered(asked).values())[-1] == f"t:{number}:close"
    team.press(f"t:{number}:finish")
    assert said(team.photo("p1", caption="Ist weg.")) == TEXTS.get("caretaker.note_passed_on", number=number)
    notes = [one.content["params"].get("note") for one in team.news() if one.kind is NoticeKind.MESSAGE]
    assert "Ist weg." in notes


@pytest.mark.parametrize("deed", ["finish", "ask", "decline:other", "note"])
@pytest.mark.parametrize(
    "other", ["{n}:leave", "{n}:close", "{n}:show", "{n}:hand_over", "o:2026-00001::", "/deny"]
)
def test_another_button_drops_what_was_awaited(team: Team, deed: str, other: str) -> None:
    """After "Doch nicht", or any other button, words are the dialogue's again and change nothing."""
    number = team.reported().number
    team.press(f"t:{number}:{deed}")
    team.press(other.replace("{n}", f"t:{number}"))
    before = team.ticket(number)
    assert team.write("Vorne oder im Hof?") is None
    assert team.ticket(number) == before


@pytest.mark.parametrize("deed", ["ask", "decline:other", "note"])
def test_pressed_twice_asks_once(team: Team, deed: str) -> None:
    """The same button again is a toast without a second message; the words still count."""
    number = team.reported().number
    team.press(f"t:{number}:{deed}")
    again = team.press(f"t:{number}:{deed}")
    assert again is not None
    assert again.notices == []
    assert number in str(again.toast)
    team.write("Gehört der Bahn.")
    assert "Gehört der Bahn." in str(team.ticket(number).history[-1].note)


def test_words_are_awaited_of_one_person_in_one_chat_for_half_an_hour(team: Team, clock: FakeClock) -> None:
    """A colleague in the group, another chat and words after half an hour are not the question."""
    number = team.reported().number
    team.press(f"t:{number}:ask", chat=GROUP, person=5)
    before = team.ticket(number)
    assert team.write("Wo?", chat=GROUP, person=6) is None
    assert team.write("Wo?", chat=COLLEAGUE, person=5) is None
    assert team.write("/offen", chat=GROUP, person=5) is not None
    clock.forward(minutes=29)
    team.photo("p1", chat=GROUP)
    clock.forward(minutes=2)
    assert team.write("Wo?", chat=GROUP, person=5) is None
    assert team.ticket(number) == before


def test_a_ticket_that_moved_on_meanwhile_is_said_to_have(team: Team) -> None:
    """When a colleague finished it before the words came, they are not passed on, and nothing is awaited."""
    number = team.reported().number
    team.press(f"t:{number}:ask")
    team.press(f"t:{number}:finish", chat=COLLEAGUE)
    before = len(team.news())
    assert said(team.write("Wo?")) == TEXTS.get("caretaker.too_late_done")
    assert len(team.news()) == before
    assert team.write("Wo?") is None


def test_words_of_nobody_who_was_asked_are_left_alone(team: Team) -> None:
    """Without a button before them words, photos and commands of residents are no caretaker's matter."""
    team.reported()
    assert team.write("Hier liegt Müll") is None
    assert team.photo("p1") is None
    assert team.write("/start", chat=RESIDENT) is None
