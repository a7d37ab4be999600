"""One contract over every implementation of the desk's ports: in memory, SQLite, PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from desk.drafts import Guess
from desk.errors import NotFound
from desk.notices import Notice, NoticeKind, card_notices
from desk.tickets import Actor, Entry, Photo, Place, Status
from desk.training_candidates import TrainingCandidate
from desk.workflow import OPEN
from tests.builders import NOW, RESIDENT, report

BERLIN = ZoneInfo("Europe/Berlin")
ACCEPTED = Entry(at=NOW, what="accepted", actor=Actor.CARETAKER)


@pytest.fixture
def storage(every_storage: Any) -> Any:
    """An empty storage of each kind in turn."""
    return every_storage


def opened(storage: Any, *, at: datetime = NOW, **changes: object):
    """Store a report and return its ticket."""
    with storage.work() as work:
        ticket, fresh = work.tickets.open(report(**changes), at=at)
    assert fresh
    return ticket


def message(key: str, chat: str = "7", **content: object) -> Notice:
    return Notice(key=key, chat=chat, kind=NoticeKind.MESSAGE, content=content or {"text": key})


class TestTickets:
    def test_a_ticket_comes_back_as_it_was_stored(self, storage: Any) -> None:
        """Everything a report says is there again, with number, state, time and first entry."""
        ticket = opened(storage)
        with storage.work() as work:
            again = work.tickets.get(ticket.number)
        assert again == ticket
        assert again.report == report()
        assert (again.number, again.status, again.created_at) == ("QH-2026-00001", Status.NEW, NOW)
        assert [(entry.what, entry.actor, entry.at) for entry in again.history] == [
            ("new", Actor.RESIDENT, NOW)
        ]

    def test_a_bare_ticket_too(self, storage: Any) -> None:
        """Nothing optional is needed, and what is missing stays missing."""
        bare = {"photos": (), "since": None, "carrier": None, "place": Place(label="Nord", district="Nord")}
        assert opened(storage, **bare).report == report(**bare)

    def test_any_words_are_kept(self, storage: Any) -> None:
        """Emoji, quotes, markup and long messages come back letter for letter."""
        words = "Müll 🗑️ 'x' \"y\"; DROP TABLE tickets; <b>%s {0}\n" + "ä" * 4000
        assert opened(storage, words=words).report.words == words

    def test_numbers_count_up_within_the_citys_year(self, storage: Any) -> None:
        """The year is the city's: half an hour before midnight UTC it is already next year there."""
        december = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
        numbers = [
            opened(storage, draft=f"d{index}", at=at).number
            for index, at in enumerate(
                (NOW, december, december + timedelta(hours=1), december + timedelta(days=2))
            )
        ]
        assert numbers == ["QH-2026-00001", "QH-2026-00002", "QH-2027-00001", "QH-2027-00002"]

    def test_a_draft_is_one_ticket(self, storage: Any) -> None:
        """The same draft again is the same ticket and uses up no number."""
        ticket = opened(storage)
        with storage.work() as work:
            assert work.tickets.open(report(words="anders"), at=NOW) == (ticket, False)
        assert opened(storage, draft="d2").number == "QH-2026-00002"

    def test_unknown_numbers_are_not_found(self, storage: Any) -> None:
        """A number nobody has is an error, locked or not."""
        for lock in (True, False):
            with pytest.raises(NotFound), storage.work() as work:
                work.tickets.get("QH-2026-00009", lock=lock)

    def test_history_grows_in_order_and_the_state_follows(self, storage: Any) -> None:
        """Entries stay in the order they were made; a note leaves the state alone."""
        number = opened(storage).number
        later = NOW + timedelta(hours=1)
        note = Entry(
            at=later, what="note", actor=Actor.CARETAKER, note="Ist weg.", photos=(Photo(file_id="p"),)
        )
        with storage.work() as work:
            work.tickets.get(number, lock=True)
            assert work.tickets.record(number, ACCEPTED, status=Status.ACCEPTED).status is Status.ACCEPTED
            ticket = work.tickets.record(number, note)
        assert ticket.status is Status.ACCEPTED
        assert ticket.history[1:] == (ACCEPTED, note)
        with storage.work() as work:
            assert work.tickets.get(number) == ticket

    def test_own_tickets_newest_first(self, storage: Any) -> None:
        """A chat sees its own tickets only, the newest first."""
        times = [NOW, NOW + timedelta(minutes=5), NOW + timedelta(minutes=9)]
        numbers = [opened(storage, draft=f"d{index}", at=at).number for index, at in enumerate(times)]
        opened(storage, draft="other", reporter="5")
        with storage.work() as work:
            assert [ticket.number for ticket in work.tickets.of_resident(RESIDENT)] == numbers[::-1]
            assert list(work.tickets.of_resident("nobody")) == []

    def test_a_ticket_may_move_to_another_area(self, storage: Any) -> None:
        """It lies where it was handed over to, with everything else as it was; later entries leave it there."""
        number = opened(storage).number
        handed_over = Entry(at=NOW, what="handed_over", actor=Actor.COORDINATION, note="Süd")
        with storage.work() as work:
            moved = work.tickets.record(number, handed_over, status=Status.HANDED_OVER, area="south")
            after = work.tickets.record(number, ACCEPTED, status=Status.ACCEPTED)
        assert (moved.report, moved.status) == (report(area="south"), Status.HANDED_OVER)
        assert (after.report, after.history[1:]) == (report(area="south"), (handed_over, ACCEPTED))
        with storage.work() as work:
            assert work.tickets.get(number) == after
            assert list(work.tickets.open_in("south")) == [after]
            assert list(work.tickets.open_in("north")) == []

    @pytest.mark.parametrize("status", Status)
    def test_open_is_what_somebody_has_to_see_to(self, storage: Any, status: Status) -> None:
        """A ticket of any state that is not an end is listed."""
        number = opened(storage).number
        with storage.work() as work:
            ticket = work.tickets.record(
                number, Entry(at=NOW, what=status.value, actor=Actor.SYSTEM), status=status
            )
            assert list(work.tickets.open_in("north")) == ([ticket] if status in OPEN else [])

    def test_open_tickets_of_an_area_oldest_first(self, storage: Any) -> None:
        """What is new or accepted is open; what is done or elsewhere is not listed."""
        numbers = [
            opened(storage, draft=f"d{index}", at=NOW + timedelta(minutes=index)).number for index in range(3)
        ]
        opened(storage, draft="south", area="south")
        with storage.work() as work:
            work.tickets.record(numbers[0], ACCEPTED, status=Status.ACCEPTED)
            work.tickets.record(
                numbers[1], Entry(at=NOW, what="done", actor=Actor.CARETAKER), status=Status.DONE
            )
            assert [ticket.number for ticket in work.tickets.open_in("north")] == [numbers[0], numbers[2]]

    def test_what_raises_is_not_stored(self, storage: Any) -> None:
        """A transaction that breaks leaves no ticket, no notice, no caretaker, and no gap in the numbers."""
        with pytest.raises(RuntimeError), storage.work() as work:
            ticket, _ = work.tickets.open(report(), at=NOW)
            work.caretakers.invite("h", area="north", expires_at=NOW + timedelta(days=1))
            work.caretakers.redeem("h", chat="8", at=NOW)
            work.outbox.put(card_notices(ticket, ["8"]))
            raise RuntimeError
        with storage.work() as work:
            assert work.outbox.open() == []
            assert list(work.caretakers.chats_of("north")) == []
            with pytest.raises(NotFound):
                work.tickets.get(ticket.number)
        assert opened(storage).number == ticket.number


class TestCaretakers:
    def test_an_invitation_is_good_once(self, storage: Any) -> None:
        """The first chat is registered; nobody after it."""
        with storage.work() as work:
            work.caretakers.invite("h", area="north", expires_at=NOW + timedelta(days=1))
        with storage.work() as work:
            assert work.caretakers.redeem("h", chat="8", at=NOW) == "north"
        with storage.work() as work:
            assert work.caretakers.redeem("h", chat="9", at=NOW) is None
            assert list(work.caretakers.chats_of("north")) == ["8"]

    @pytest.mark.parametrize(("seconds", "area"), [(-1, "north"), (0, None), (1, None)])
    def test_an_invitation_runs_out(self, storage: Any, seconds: int, area: str | None) -> None:
        """Up to its end it is good, from then on it is not."""
        end = NOW + timedelta(days=7)
        with storage.work() as work:
            work.caretakers.invite("h", area="north", expires_at=end)
            assert work.caretakers.redeem("h", chat="8", at=end + timedelta(seconds=seconds)) == area
            assert list(work.caretakers.chats_of("north")) == (["8"] if area else [])

    def test_a_chat_may_work_for_several_areas_and_an_area_have_several_chats(self, storage: Any) -> None:
        """Both directions are listed, each once, however often a chat was invited."""
        with storage.work() as work:
            for index, (area, chat) in enumerate(
                (("north", "8"), ("south", "8"), ("north", "-1"), ("north", "8"))
            ):
                work.caretakers.invite(str(index), area=area, expires_at=NOW + timedelta(days=1))
                assert (
                    work.caretakers.redeem(str(index), chat=chat, at=NOW + timedelta(seconds=index)) == area
                )
            assert list(work.caretakers.areas_of("8")) == ["north", "south"]
            assert list(work.caretakers.chats_of("north")) == ["8", "-1"]
            assert list(work.caretakers.areas_of(RESIDENT)) == []


class TestOutbox:
    def test_notices_wait_in_their_order(self, storage: Any) -> None:
        """What was put first is first, with everything it says."""
        notices = [message("a"), message("b", "8", text="ü", buttons=[["x", "y"]]), message("c")]
        with storage.work() as work:
            work.outbox.put(notices[:2])
            work.outbox.put(notices[2:])
        with storage.work() as work:
            letters = work.outbox.open()
        assert [letter.notice for letter in letters] == notices
        assert [(letter.attempts, letter.due_at) for letter in letters] == [(0, NOW)] * 3

    def test_a_key_is_put_once(self, storage: Any) -> None:
        """The same key again, in the same or another transaction, waiting or settled, changes nothing."""
        with storage.work() as work:
            assert not work.outbox.has("a")
            work.outbox.put([message("a"), message("a", text="anders")])
            work.outbox.put([message("a")])
            work.outbox.put([])
        with storage.work() as work:
            (letter,) = work.outbox.open()
            work.outbox.settle(letter.id, message_id=3)
            work.outbox.put([message("a")])
        with storage.work() as work:
            assert work.outbox.open() == []
            assert work.outbox.has("a")

    def test_a_message_leads_to_its_ticket(self, storage: Any) -> None:
        """A message that arrived is found in its chat by its number; one about no ticket leads to none."""
        about = Notice(
            key="a", chat="7", kind=NoticeKind.MESSAGE, content={"text": "a"}, ticket="QH-2026-00001"
        )
        with storage.work() as work:
            work.outbox.put([about, message("b")])
            first, second = work.outbox.open()
            work.outbox.settle(first.id, message_id=3)
            work.outbox.settle(second.id, message_id=4)
            found = [work.outbox.ticket_of_message(*one) for one in (("7", 3), ("8", 3), ("7", 4), ("7", 5))]
        assert found == ["QH-2026-00001", None, None, None]

    def test_settled_letters_leave(self, storage: Any) -> None:
        """Arrived and given up ones are not open any more; the others stay."""
        with storage.work() as work:
            work.outbox.put([message("a"), message("b"), message("c")])
            first, second, _ = work.outbox.open()
            work.outbox.settle(first.id, message_id=1)
            work.outbox.settle(second.id, failure="Forbidden")
            assert [letter.notice.key for letter in work.outbox.open()] == ["c"]

    def test_postponed_letters_count_their_attempts(self, storage: Any) -> None:
        """Each postponing counts and moves the time; the letter stays first of its chat."""
        until = NOW + timedelta(seconds=30)
        with storage.work() as work:
            work.outbox.put([message("a"), message("b")])
            first, _ = work.outbox.open()
            work.outbox.postpone(first.id, until=NOW)
            work.outbox.postpone(first.id, until=until)
            found = work.outbox.open()
        assert [(one.notice.key, one.attempts, one.due_at) for one in found] == [
            ("a", 2, until),
            ("b", 0, NOW),
        ]

    def test_who_has_a_card_is_known(self, storage: Any) -> None:
        """Chats with a card, sent or on its way, are listed; one it could not be delivered to is not."""
        ticket = opened(storage)
        with storage.work() as work:
            work.outbox.put(card_notices(ticket, ["7", "8", "9"]))
            cards = {
                letter.notice.chat: letter.id
                for letter in work.outbox.open()
                if letter.notice.kind is NoticeKind.CARD
            }
            work.outbox.settle(cards["7"], message_id=70)
            work.outbox.settle(cards["9"], failure="Forbidden")
            assert list(work.outbox.card_chats(ticket.number)) == ["7", "8"]
            assert [work.outbox.card_message(ticket.number, chat) for chat in ("7", "8", "9", "1")] == [
                70,
                None,
                None,
                None,
            ]
            assert list(work.outbox.card_chats("QH-2026-00009")) == []

    def test_the_newest_card_of_a_chat_counts(self, storage: Any) -> None:
        """A card sent again is the one to be updated; one that could not be delivered is not. A chat counts once."""
        ticket = opened(storage)

        def sent(once: str, **outcome: Any) -> int | None:
            with storage.work() as work:
                work.outbox.put(card_notices(ticket, ["7"], once=once))
                card = next(one for one in work.outbox.open() if one.notice.kind is NoticeKind.CARD)
                message: int | None = work.outbox.card_message(ticket.number, "7")
                work.outbox.settle(card.id, **outcome)
                return message

        assert sent("a", message_id=70) is None
        assert sent("b", message_id=80) is None  # on its way: the update waits for it
        assert sent("c", failure="Forbidden") is None
        with storage.work() as work:
            assert work.outbox.card_message(ticket.number, "7") == 80
            work.outbox.put(card_notices(ticket, ["6"], once="d"))
            assert list(work.outbox.card_chats(ticket.number)) == ["7", "6"]


def candidate(**changes: Any) -> TrainingCandidate:
    """A correction from noise to dirt."""
    known = {
        "text": "Hier liegt 🗑️ bei [Name]",
        "read": Guess(kind="noise", category="music", confidence=0.5),
        "kind": "dirt",
        "category": "litter",
        "at": NOW,
        "city": "small",
    }
    return TrainingCandidate(**{**known, **changes})


class TestTrainingCandidates:
    def test_candidates_come_back_in_their_order(self, storage: Any) -> None:
        """Everything a correction says is there again, what was not read as such; twice the same is two."""
        put = [candidate(), candidate(read=Guess()), candidate(text="ä" * 4000), candidate()]
        for one in put:
            with storage.work() as work:
                work.training_candidates.add(one)
        with storage.work() as work:
            assert list(work.training_candidates.all()) == put

    def test_what_raises_teaches_nothing(self, storage: Any) -> None:
        """A transaction that breaks leaves no candidate."""
        with pytest.raises(RuntimeError), storage.work() as work:
            work.training_candidates.add(candidate())
            raise RuntimeError
        with storage.work() as work:
            assert list(work.training_candidates.all()) == []


def test_a_chat_with_a_pile_of_letters_does_not_hide_the_others(storage: Any) -> None:
    """However many letters wait for one chat, the next chat's first letter is among those looked at."""
    with storage.work() as work:
        work.outbox.put([message(f"pile/{index}", "-100") for index in range(700)])
        work.outbox.put([message("mine", "7")])
    with storage.work() as work:
        found = work.outbox.open()
    assert "mine" in {letter.notice.key for letter in found}
    pile = [letter.notice.key for letter in found if letter.notice.chat == "-100"]
    assert pile == [f"pile/{index}" for index in range(len(pile))]
    assert pile
