"""A team's chat signs off, or can't be reached any more; and several caretakers at one ticket at once."""

from threading import Barrier, Thread

import pytest

from bot.caretakers import CaretakerChat
from bot.residents import Answer
from desk.notices import Notice, NoticeKind
from desk.tickets import Status
from storage.texts import Texts
from storage.wiring import House
from tests.builders import RESIDENT
from tests.caretakers import COLLEAGUE, DESK, GROUP, NORTH, Team, offered, said
from tests.fakes import FakeClock

TEXTS = Texts.load()
YES, NO = TEXTS.get("buttons.leave_team"), TEXTS.get("buttons.stay_team")


@pytest.fixture
def team(house: House) -> Team:
    return Team(house)


def waiting(team: Team, chat: str) -> list[Notice]:
    """What is on its way to a chat."""
    with team.house.storage.look() as work:
        return [letter.notice for letter in work.outbox.open() if letter.notice.chat == chat]


def test_signing_off_asks_back_first(team: Team) -> None:
    """The command alone changes nothing; "Nein" leaves it so."""
    asked = team.write("/abmelden")
    assert "Katernberg" in said(asked)
    assert list(offered(asked)) == [YES, NO]
    stays = team.press(offered(asked)[NO])
    assert stays is not None
    assert stays.toast == TEXTS.get("caretaker.stays")
    assert team.house.caretakers.areas_of(NORTH) == ("katernberg",)


def test_who_signs_off_gets_nothing_more(team: Team) -> None:
    """A "Ja" takes the chat out, closes its cards and says so once; pressed again it is one toast."""
    number = team.reported().number
    yes = offered(team.write("/abmelden@ein_bot", chat=GROUP))[YES]
    left = team.press(yes, chat=GROUP)
    assert left == Answer(notices=[], toast=TEXTS.get("caretaker.left_toast"))
    assert team.house.caretakers.areas_of(GROUP) == ()
    told = waiting(team, GROUP)
    assert [one.ticket for one in told if one.kind is NoticeKind.CARD_UPDATE] == [number]
    again = team.press(yes, chat=GROUP)
    assert again == Answer(notices=[], toast=TEXTS.get("caretaker.left_already"))
    assert waiting(team, GROUP) == told
    other = team.reported("d2").number
    assert other not in {one.ticket for one in waiting(team, GROUP)}
    assert team.write("/abmelden", chat=GROUP) is None


def test_an_old_question_signs_nobody_off(team: Team, clock: FakeClock) -> None:
    """A button found again after half an hour is out of date."""
    yes = offered(team.write("/abmelden"))[YES]
    clock.forward(minutes=31)
    late = team.press(yes)
    assert late is not None
    assert late.toast == TEXTS.get("caretaker.bad_button")
    assert team.house.caretakers.areas_of(NORTH) == ("katernberg",)


def test_the_coordinations_only_chat_stays(team: Team) -> None:
    """It hears why in one sentence, and nothing changes."""
    yes = offered(team.write("/abmelden", chat=DESK))[YES]
    refused = team.press(yes, chat=DESK)
    assert refused is not None
    assert (refused.notices, refused.toast) == ([], TEXTS.get("caretaker.last_one"))
    assert team.house.caretakers.areas_of(DESK) == (team.house.city.coordination.id,)


def test_residents_have_nothing_to_sign_off_from(team: Team) -> None:
    """The command is left to the dialogue in a chat that works for no area."""
    assert team.write("/abmelden", chat=RESIDENT) is None


def standing(team: Team, chat: str, status: str) -> Answer | None:
    """Telegram tells the bot's new standing in a chat."""
    kind = "group" if chat.startswith("-") else "private"
    bot = {"id": 1, "is_bot": True, "first_name": "Bot"}
    more = {"until_date": 0} if status == "kicked" else {}
    change = {
        "chat": {"id": int(chat), "type": kind},
        "from": {"id": 5, "is_bot": False, "first_name": "Karla"},
        "date": 1_767_000_000,
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": {"user": bot, "status": status, **more},
    }
    return team.answer({"my_chat_member": change}, chat=chat)


@pytest.mark.parametrize(("chat", "status"), [(GROUP, "kicked"), (GROUP, "left"), (NORTH, "kicked")])
def test_the_coordination_hears_of_a_lost_chat(team: Team, chat: str, status: str) -> None:
    """A team that has blocked the bot or thrown it out is reported, by area alone; it stays registered."""
    told = standing(team, chat, status)
    assert told is not None
    (notice,) = told.notices
    assert notice.chat == DESK
    assert notice.content == {"text_key": "caretaker.unreachable", "params": {"areas": "Katernberg"}}
    again = team.again(chat=chat)
    assert again is not None
    assert [one.key for one in again.notices] == [notice.key]
    assert team.house.caretakers.areas_of(chat) == ("katernberg",)


@pytest.mark.parametrize(("chat", "status"), [(GROUP, "member"), (RESIDENT, "kicked"), ("-99", "left")])
def test_other_changes_are_nobodys_business(team: Team, chat: str, status: str) -> None:
    """A bot that comes in, a resident who blocks it, a strange group: nobody hears of it."""
    assert standing(team, chat, status) is None


def test_a_lost_chat_of_the_coordination_is_told_to_the_others(team: Team) -> None:
    """The lost chat itself gets no message about it."""
    told = standing(team, DESK, "kicked")
    assert told is not None
    assert told.notices == []


def test_two_press_the_same_button_at_once(team: Team) -> None:
    """Of two colleagues one accepts, the other reads that it is accepted; the resident hears it once."""
    number = team.reported().number
    together, toasts = Barrier(2), []

    def press(chat: str) -> None:
        update = team.last[0]
        together.wait()
        answer = CaretakerChat(house=team.house).press(f"t:{number}:accept", update=update, chat=chat)
        toasts.append(answer and answer.toast)

    team.write("Hallo")  # any update to press with
    threads = [Thread(target=press, args=(chat,)) for chat in (NORTH, COLLEAGUE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = [TEXTS.get("caretaker.done_accept"), TEXTS.get("caretaker.too_late_accepted")]
    assert sorted(map(str, toasts)) == sorted(expected)
    assert [one.what for one in team.ticket(number).history].count("accepted") == 1
    assert len(team.news()) == 1


def test_a_second_question_while_one_waits(team: Team) -> None:
    """It reaches the resident too, in its own words; the ticket waits on, and each question counts once."""
    number = team.reported().number
    for chat, words in ((NORTH, "Welcher Hof?"), (COLLEAGUE, "Seit wann?")):
        team.press(f"t:{number}:ask", chat=chat)
        assert said(team.write(words, chat=chat)) == TEXTS.get("caretaker.done_ask")
        team.again(chat=chat)
    assert team.ticket(number).status is Status.WAITING
    assert [one.content["params"]["note"] for one in team.news()] == ["Welcher Hof?", "Seit wann?"]


def test_work_can_not_begin_while_a_question_waits(team: Team) -> None:
    """Annehmen and In Arbeit are answered with one sentence as long as the resident has not answered."""
    number = team.reported().number
    team.press(f"t:{number}:ask")
    team.write("Welcher Hof?")
    before = team.ticket(number)
    for deed in ("accept", "start"):
        refused = team.press(f"t:{number}:{deed}", chat=COLLEAGUE)
        assert refused is not None
        assert (refused.notices, refused.toast) == ([], TEXTS.get("caretaker.too_late_waiting"))
    assert team.ticket(number) == before


def test_words_for_a_ticket_that_was_handed_on(team: Team) -> None:
    """Asked, then handed on by a colleague: the words are refused in one sentence, and the new team sees none."""
    number = team.reported().number
    team.press(f"t:{number}:ask")
    team.press(f"t:{number}:to:kray", chat=COLLEAGUE)
    before = team.ticket(number)
    assert said(team.write("Welcher Hof?")) == TEXTS.get("caretaker.not_yours")
    assert team.ticket(number) == before
