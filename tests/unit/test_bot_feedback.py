"""Feedback around the chat: who is asked by the clockwork, and what the coordination reads."""

from datetime import UTC, datetime, timedelta

import pytest
from telegram.constants import MessageLimit

from bot.clockwork import Clockwork
from desk.feedback import Feedback
from desk.giving_feedback import ASKED_AFTER, ASKED_UNTIL
from desk.tickets import Actor, Entry, Status
from storage.texts import Texts
from storage.wiring import House
from tests.builders import NOW, RESIDENT, report
from tests.caretakers import DESK, NORTH, Team, said
from tests.fakes import FakeClock

FOLLOWER = "4711005"
TEXTS = Texts.load()


def done(house: House, *, followers: tuple[str, ...] = (), draft: str = "d1") -> str:
    """The number of a ticket that was done just now."""
    with house.storage.work() as work:
        number = work.tickets.open(report(draft=draft, area="katernberg"), at=house.clock())[0].number
        work.tickets.follow(number, followers, at=house.clock())
        entry = Entry(at=house.clock(), what="done", actor=Actor.CARETAKER)
        work.tickets.record(number, entry, status=Status.DONE)
    return number


def asked(house: House) -> list[str]:
    """Look once at everything; the chats that are asked how content they are."""
    Clockwork(house=house, wake_delivery=lambda: None).round()
    with house.storage.work() as work:
        letters = work.outbox.open()
        for letter in letters:
            work.outbox.settle(letter.id, message_id=letter.id)
    return [
        one.notice.chat for one in letters if one.notice.content.get("text_key") == "resident.feedback_asked"
    ]


def give(house: House, area: str, *, good: bool = True, words: str | None = None) -> None:
    with house.storage.work() as work:
        work.feedback.add(Feedback(at=NOW, area=area, category="litter", good=good, words=words))


def test_whoever_does_not_answer_is_asked_once(house: House, clock: FakeClock) -> None:
    """Everybody it concerns, some days after it was done, in working time, and never again."""
    number = done(house, followers=(FOLLOWER,))
    clock.now += ASKED_AFTER - timedelta(minutes=1)
    assert asked(house) == []
    clock.now = datetime(2026, 5, 7, 22, 0, tzinfo=UTC)
    assert asked(house) == []
    clock.now = datetime(2026, 5, 8, 9, 0, tzinfo=UTC)
    assert sorted(asked(house)) == [RESIDENT, FOLLOWER]
    clock.forward(minutes=1)
    assert asked(house) == []
    house.own_tickets.act(number, "reopen", chat=RESIDENT, now=clock())
    with house.storage.work() as work:
        work.tickets.record(number, Entry(at=clock(), what="done", actor=Actor.CARETAKER), status=Status.DONE)
    clock.forward(days=4)
    assert asked(house) == []


def test_nobody_is_asked_about_what_is_long_past_or_confirmed(house: House, clock: FakeClock) -> None:
    """Nor whoever has said so already."""
    done(house)
    clock.now += ASKED_UNTIL + timedelta(minutes=1)
    assert asked(house) == []
    house.own_tickets.act(done(house, draft="d2"), "confirm", chat=RESIDENT, now=clock())
    rated = done(house, followers=(FOLLOWER,), draft="d3")
    house.feedback.rate(rated, good=True, chat=RESIDENT, now=clock())
    clock.forward(days=4)
    assert asked(house) == [FOLLOWER]


def test_the_coordination_reads_feedback_by_area(house: House) -> None:
    """Thumbs and words of an area with enough answers; the others together and without words."""
    team = Team(house)
    for words in ("Schnell da", None, "Sehr nett"):
        give(house, "katernberg", words=words)
    give(house, "karnap", good=False, words="GEHEIM")
    text = said(team.write("/rueckmeldungen", chat=DESK))
    assert "Katernberg: 👍 3 · 👎 0\n· „Sehr nett“\n· „Schnell da“" in text
    assert f"{TEXTS.get('caretaker.feedback_rest')}: 👍 0 · 👎 1" in text
    assert "GEHEIM" not in text
    assert "Karnap" not in text


def test_without_feedback_it_says_so(house: House) -> None:
    """One sentence."""
    assert said(Team(house).write("/rueckmeldungen", chat=DESK)) == TEXTS.get("caretaker.feedback_none")


def test_teams_and_residents_do_not_read_it(house: House) -> None:
    """A team gets one sentence, a resident's message is left to the dialogue; only the desk's help names it."""
    team = Team(house)
    for _ in range(3):
        give(house, "katernberg")
    assert said(team.write("/rueckmeldungen", chat=NORTH)) == TEXTS.get("caretaker.feedback_not_yours")
    assert team.write("/rueckmeldungen", chat=RESIDENT) is None
    assert "/rueckmeldungen" in said(team.write("/hilfe", chat=DESK))
    assert "/rueckmeldungen" not in said(team.write("/hilfe", chat=NORTH))


@pytest.mark.parametrize("length", [40, 5000])
def test_much_feedback_comes_in_several_messages(house: House, length: int) -> None:
    """Each fits into a message of Telegram's, and no area is missing."""
    team = Team(house)
    areas = [area.id for area in house.city.areas]
    for area in areas:
        for _ in range(5):
            give(house, area, words="w" * length)
    answer = team.write("/rueckmeldungen", chat=DESK)
    assert answer is not None
    texts = [str(one.content["text"]) for one in answer.notices]
    assert len({one.key for one in answer.notices}) == len(texts)
    assert all(len(text) <= MessageLimit.MAX_TEXT_LENGTH for text in texts)
    assert "\n".join(texts).count("👍 5") == len(areas)
