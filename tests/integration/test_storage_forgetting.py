"""What is deleted in its time, and what stays."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from desk.audit import Attempt, AuditEntry
from desk.drafts import Guess
from desk.feedback import Feedback
from desk.notices import Notice, NoticeKind, card_notices
from desk.tickets import FORGOTTEN, Actor, Entry, Photo, Status
from desk.training_candidates import TrainingCandidate
from desk.workflow import ENDED
from storage.conversations import IDLE, SqlConversations
from storage.retention import (
    AUDIT_KEPT,
    CANDIDATES_KEPT,
    FEEDBACK_WORDS_KEPT,
    RECEIPTS_KEPT,
    TICKET_KEPT,
    forget,
)
from storage.tables import metadata
from storage.work import SqlStorage
from tests.builders import NOW, RESIDENT, report
from tests.fakes import FakeClock

BERLIN = ZoneInfo("Europe/Berlin")


class TestForgetting:
    def finish(self, storage: SqlStorage, clock: FakeClock, draft: str) -> str:
        """A ticket with words, photos and a note, done now, everything delivered."""
        with storage.work() as work:
            ticket, _ = work.tickets.open(
                report(draft=draft, photos=(Photo(stored=f"{draft}.jpg"),)), at=clock()
            )
            note = Entry(
                at=clock(),
                what="note",
                actor=Actor.CARETAKER,
                note="Vertraulich",
                photos=(Photo(stored=f"{draft}-after.jpg"), Photo(file_id="x")),
            )
            work.tickets.record(ticket.number, note)
            work.tickets.record(
                ticket.number, Entry(at=clock(), what="done", actor=Actor.CARETAKER), status=Status.DONE
            )
            work.outbox.put(card_notices(ticket, ["8"]))
            for letter in work.outbox.open():
                work.outbox.settle(letter.id, message_id=5)
        return ticket.number

    def test_a_done_ticket_loses_what_the_resident_told(
        self, engine, storage: SqlStorage, clock: FakeClock
    ) -> None:
        """After its time number, place, category and states stay; words, photos, notes and chat are gone everywhere."""
        number = self.finish(storage, clock, "old")
        before = clock.now
        clock.forward(seconds=TICKET_KEPT.total_seconds() + 1)
        assert sorted(forget(engine, now=clock())) == ["old-after.jpg", "old.jpg"]
        with storage.work() as work:
            bare = work.tickets.get(number)
            assert not work.tickets.of_resident(RESIDENT)
        assert (bare.report.words, bare.report.reporter, bare.report.photos, bare.report.since) == (
            FORGOTTEN,
            FORGOTTEN,
            (),
            None,
        )
        assert [(entry.what, entry.note, entry.photos) for entry in bare.history] == [
            ("new", None, ()),
            ("note", None, ()),
            ("done", None, ()),
        ]
        assert (bare.report.category, bare.report.place.district, bare.created_at) == (
            "litter",
            "Nord",
            before,
        )
        with engine.connect() as connection:
            everything = str(
                [connection.execute(sa.select(table)).all() for table in metadata.tables.values()]
            )
        for secret in (RESIDENT, "Vertraulich", "Hier liegt viel herum"):
            assert secret not in everything
        assert forget(engine, now=clock()) == []

    @pytest.mark.parametrize("status", Status)
    def test_whatever_has_ended_is_forgotten_in_its_time(
        self, engine, storage: SqlStorage, clock: FakeClock, status: Status
    ) -> None:
        """Confirmed, withdrawn, merged and referred tickets lose their words as done ones do; open ones never."""
        number = self.finish(storage, clock, "x")
        with storage.work() as work:
            last = Entry(at=clock(), what=status.value, actor=Actor.SYSTEM)
            work.tickets.record(number, last, status=status)
        forget(engine, now=clock() + TICKET_KEPT + timedelta(seconds=1))
        with storage.work() as work:
            assert (work.tickets.get(number).report.words == FORGOTTEN) is (status in ENDED)

    def test_what_is_young_or_open_stays(self, engine, storage: SqlStorage, clock: FakeClock) -> None:
        """A ticket that is not done is kept however old it is; a done one until its time is up."""
        with storage.work() as work:
            waiting, _ = work.tickets.open(report(draft="open"), at=clock())
        clock.forward(days=1)
        done = self.finish(storage, clock, "done")
        clock.forward(seconds=TICKET_KEPT.total_seconds() - 1)
        assert forget(engine, now=clock()) == []
        with storage.work() as work:
            assert work.tickets.get(waiting.number) == waiting
            assert work.tickets.get(done).report.words == report().words

    def test_idle_conversations_and_receipts_go(self, engine, storage: SqlStorage, clock: FakeClock) -> None:
        """Conversations, finished updates and settled messages go in their time; unfinished ones stay."""
        conversations = SqlConversations(engine, clock=clock)
        conversations.save("idle", b"x")
        with storage.work() as work:
            work.inbox.take([{"update_id": 1}, {"update_id": 2}])
            work.inbox.done([1])
            work.outbox.put([Notice(key=key, chat="7", kind=NoticeKind.MESSAGE) for key in ("a", "b")])
            work.outbox.settle(work.outbox.open()[0].id, message_id=1)
        clock.forward(seconds=RECEIPTS_KEPT.total_seconds() + 1)
        conversations.save("busy", b"x")
        forget(engine, now=clock())
        assert (conversations.load("idle"), conversations.load("busy")) == (None, b"x")
        with storage.work() as work:
            assert work.inbox.open() == [{"update_id": 2}]
            assert [letter.notice.key for letter in work.outbox.open()] == ["b"]
            assert not work.outbox.has("a")
            assert work.inbox.take([{"update_id": 1}]) == [{"update_id": 1}]

    def test_training_candidates_are_kept_for_a_year(
        self, engine, storage: SqlStorage, clock: FakeClock
    ) -> None:
        """A correction stays up to the last moment of its year, then it is gone."""
        about = {"read": Guess(), "kind": "dirt", "category": "litter", "city": "small"}
        with storage.work() as work:
            for days in (0, 1):
                at = NOW + timedelta(days=days)
                work.training_candidates.add(TrainingCandidate(text=str(days), at=at, **about))
        forget(engine, now=NOW + CANDIDATES_KEPT)
        with storage.work() as work:
            assert [one.text for one in work.training_candidates.all()] == ["0", "1"]
        forget(engine, now=NOW + CANDIDATES_KEPT + timedelta(seconds=1))
        with storage.work() as work:
            assert [one.text for one in work.training_candidates.all()] == ["1"]

    def test_attempts_and_old_invitations_are_kept_as_long(
        self, engine, storage: SqlStorage, clock: FakeClock
    ) -> None:
        """An entry of the audit log, and the hash of an invitation that ran out, go after 180 days."""
        with storage.work() as work:
            work.audit.add(AuditEntry(at=NOW, what=Attempt.BAD_INVITATION, who="w"))
            work.caretakers.invite("h", area="north", expires_at=NOW)
        for late, kept in ((timedelta(0), True), (timedelta(seconds=1), False)):
            forget(engine, now=NOW + AUDIT_KEPT + late)
            with storage.work() as work:
                assert bool(work.audit.since(NOW)) is kept
                assert work.caretakers.was_invited("h") is kept

    def test_words_of_feedback_are_kept_for_a_year(
        self, engine, storage: SqlStorage, clock: FakeClock
    ) -> None:
        """Up to the last moment of their year they are there; after it the thumb alone is."""
        with storage.work() as work:
            work.feedback.add(Feedback(at=NOW, area="north", category="litter", good=True, words="Danke"))
        for passed, words in ((timedelta(0), "Danke"), (timedelta(seconds=1), None)):
            forget(engine, now=NOW + FEEDBACK_WORDS_KEPT + passed)
            with storage.work() as work:
                assert [(one.good, one.words) for one in work.feedback.since(NOW)] == [(True, words)]

    def test_a_conversation_is_kept_until_it_is_idle_long_enough(self, engine, clock: FakeClock) -> None:
        """Up to the last moment an unfinished report is still there."""
        conversations = SqlConversations(engine, clock=clock)
        conversations.save("7", b"x")
        forget(engine, now=NOW + IDLE)
        assert conversations.load("7") == b"x"
        forget(engine, now=NOW + IDLE + timedelta(seconds=1))
        assert conversations.load("7") is None
