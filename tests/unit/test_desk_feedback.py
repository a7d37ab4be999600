"""How content residents were: asked once, counted once, shown by area and never by person."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from desk.errors import NotAllowed, NotFound
from desk.feedback import FEWEST, MOST_WORDS, AreaFeedback, Feedback, summed_up
from desk.giving_feedback import LONGEST_WORDS, RATEABLE, SHOWN_FROM, FeedbackDesk
from desk.own_tickets import OwnTickets
from desk.tickets import Actor, Entry, Status, Ticket
from storage.redaction import redact
from storage.texts import Texts
from tests.builders import NOW, RESIDENT
from tests.desk_chats import CITY, texts_for
from tests.fakes import MemoryStorage

FOLLOWER, STRANGER = "4711005", "4711002"


@pytest.fixture
def feedback(storage: MemoryStorage) -> FeedbackDesk:
    return FeedbackDesk(storage=storage, redact=redact)


@pytest.fixture
def done(storage: MemoryStorage, ticket: Ticket) -> Ticket:
    """A ticket that is done and that somebody else follows."""
    with storage.work() as work:
        work.tickets.follow(ticket.number, [FOLLOWER], at=NOW)
        entry = Entry(at=NOW, what="done", actor=Actor.CARETAKER)
        return work.tickets.record(ticket.number, entry, status=Status.DONE)


def confirm(storage: MemoryStorage, ticket: Ticket, chat: str = RESIDENT) -> None:
    OwnTickets(storage=storage, city=CITY).act(ticket.number, "confirm", chat=chat, now=NOW)


def offered(storage: MemoryStorage, chat: str) -> list[str]:
    """The deeds on the buttons of the last message to a chat."""
    last = [one for one in storage.notices if one.chat == chat][-1]
    return [data.rpartition(":")[2] for _, data in last.content.get("button_keys", ())]


def given(area: str, *, good: bool = True, words: str | None = None, at: datetime = NOW) -> Feedback:
    return Feedback(at=at, area=area, category="litter", good=good, words=words)


def test_whoever_confirms_is_asked_and_so_are_the_others(storage, done) -> None:
    """Thumbs stand under the thanks; the others can still say that it is not good."""
    confirm(storage, done)
    assert texts_for(storage.notices, RESIDENT)[-1] == "resident.confirmed"
    assert offered(storage, RESIDENT) == ["good", "bad"]
    assert texts_for(storage.notices, FOLLOWER)[-1] == "resident.confirmed_by_others"
    assert offered(storage, FOLLOWER) == ["good", "bad", "reopen"]


def test_whoever_has_answered_is_not_asked_again(storage, feedback, done) -> None:
    """Opened again and done again it is confirmed with thanks alone; the other is asked, who said nothing yet."""
    confirm(storage, done)
    feedback.rate(done.number, good=True, chat=RESIDENT, now=NOW)
    own = OwnTickets(storage=storage, city=CITY)
    own.act(done.number, "reopen", chat=RESIDENT, now=NOW)
    with storage.work() as work:
        work.tickets.record(
            done.number, Entry(at=NOW, what="done", actor=Actor.CARETAKER), status=Status.DONE
        )
    confirm(storage, done)
    assert texts_for(storage.notices, RESIDENT)[-1] == "resident.confirmed_again"
    assert offered(storage, RESIDENT) == []
    assert offered(storage, FOLLOWER) == ["good", "bad", "reopen"]


def test_a_thumb_counts_once_for_each_resident(storage, feedback, done) -> None:
    """Twice the same or the other later has no effect; everybody it concerns has one."""
    assert feedback.rate(done.number, good=False, chat=RESIDENT, now=NOW) == 1
    thanks = texts_for(storage.notices, RESIDENT)
    assert thanks[-1] == "resident.feedback_thanks"
    for good in (False, True):
        assert feedback.rate(done.number, good=good, chat=RESIDENT, now=NOW) is None
    assert feedback.rate(done.number, good=True, chat=FOLLOWER, now=NOW) == 2
    assert [one.good for one in storage.kept.feedback] == [False, True]
    assert texts_for(storage.notices, RESIDENT) == thanks


def test_who_reports_and_then_leaves_does_not_speak_for_who_follows(storage, feedback, done) -> None:
    """The follower who takes the place has a thumb of their own."""
    feedback.rate(done.number, good=True, chat=RESIDENT, now=NOW)
    with storage.work() as work:
        work.tickets.leave(done.number, RESIDENT)
    assert feedback.rate(done.number, good=True, chat=FOLLOWER, now=NOW) == 2


@pytest.mark.parametrize("status", Status)
def test_only_what_is_done_is_judged(storage, feedback, ticket, status: Status) -> None:
    """Open again it is too early: one sentence, nothing stored."""
    with storage.work() as work:
        entry = Entry(at=NOW, what=status.value, actor=Actor.CARETAKER)
        work.tickets.record(ticket.number, entry, status=status)
    if status in RATEABLE:
        assert feedback.rate(ticket.number, good=True, chat=RESIDENT, now=NOW)
        return
    with pytest.raises(NotAllowed) as refused:
        feedback.rate(ticket.number, good=True, chat=RESIDENT, now=NOW)
    assert refused.value.key in Texts.load().entries
    assert not storage.kept.feedback


def test_a_strangers_thumb_does_not_count(storage, feedback, done) -> None:
    """A forged button is like one for a ticket that does not exist."""
    with pytest.raises(NotFound):
        feedback.rate(done.number, good=True, chat=STRANGER, now=NOW)
    assert not storage.kept.feedback


def test_a_row_tells_nothing_of_the_person(storage, feedback, done) -> None:
    """Area, category, thumb, day and redacted words: no ticket, no chat, no time of day, no name."""
    now = NOW.replace(hour=17, minute=23, second=5)
    row = feedback.rate(done.number, good=True, chat=RESIDENT, now=now)
    assert row is not None
    feedback.add_words(row, "Mein Name ist Erika Mustermann, Tel. 0201 1234567. Danke! " + "x" * 900)
    (kept,) = storage.kept.feedback
    assert (kept.area, kept.category, kept.good) == ("north", "litter", True)
    assert (kept.at.hour, kept.at.minute, kept.at.second) == (0, 0, 0)
    assert kept.words is not None
    assert len(kept.words) == LONGEST_WORDS
    for secret in ("Mustermann", "1234567", RESIDENT, done.number):
        assert secret not in str(kept)


def test_areas_with_few_answers_come_together_without_words() -> None:
    """Whoever is one of two is never shown, in whichever order they answered."""
    rows = [given("a", words="GEHEIM"), given("b", good=False, words="GEHEIM"), given("b")]
    rows += [given("c", words=f"w{index}") for index in range(FEWEST)]
    for order in permutations(rows[:3]):
        c, rest = summed_up([*order, *rows[3:]])
        assert (c.area, c.good, c.bad, c.words) == ("c", FEWEST, 0, ("w2", "w1", "w0"))
        assert rest == AreaFeedback(area=None, good=2, bad=1)


def test_only_the_newest_words_are_shown() -> None:
    """A few of them; answers without words leave no gap."""
    rows = [given("a", words=f"w{index}" if index % 2 else None) for index in range(20)]
    (area,) = summed_up(rows)
    assert area.words == ("w19", "w17", "w15", "w13", "w11")
    assert len(area.words) == MOST_WORDS


def test_old_answers_are_no_longer_shown(storage, feedback) -> None:
    """Only the last 90 days count; without any there is nothing."""
    storage.kept.feedback += [given("a"), given("a"), given("a")]
    assert [one.good for one in feedback.by_area(NOW + SHOWN_FROM)] == [3]
    assert feedback.by_area(NOW + SHOWN_FROM + timedelta(seconds=1)) == []
    storage.kept.feedback[0] = replace(storage.kept.feedback[0], at=NOW + timedelta(days=1))
    assert feedback.by_area(NOW + SHOWN_FROM + timedelta(seconds=1)) == [
        AreaFeedback(area=None, good=1, bad=0)
    ]
