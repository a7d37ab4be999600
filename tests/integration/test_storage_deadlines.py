"""Finding what lies around and seeing to it, on real databases."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from desk.assigning import assign, works_on
from desk.caretaking import Act, CaretakerDesk
from desk.city import Referral
from desk.deadline_rules import DeadlineRule, Deadlines, WorkingTime
from desk.deadlines import Step, WorkClock
from desk.errors import NotAllowed
from desk.lying_around import AreaCount, Lookup
from desk.notices import Notice, NoticeKind, card_notices
from desk.overdue import OverdueDesk
from desk.overdue_steps import Taking
from desk.tickets import Actor, Entry, Status, Ticket
from desk.undelivered import UndeliveredDesk
from storage.calendars import calendar_of
from storage.database import connect
from storage.work import SqlStorage
from tests.builders import NOW, RESIDENT, report, small_city
from tests.fakes import FakeClock

BERLIN = ZoneInfo("Europe/Berlin")
RULES = (
    DeadlineRule(urgent=True, accept=1, substitute=2, escalate=3, progress=5, answer=6, close=7),
    DeadlineRule(accept=2, substitute=4, escalate=6, progress=8, answer=10, close=12),
)
CITY = small_city()
CITY = replace(
    CITY,
    areas=(replace(CITY.areas[0], substitute="middle"), replace(CITY.areas[1], unassigned=False)),
    deadlines=Deadlines(rules=RULES),
)
WORK = WorkClock(times=WorkingTime(), zone=BERLIN, calendar=calendar_of("NW"))
DESK, NORTH, MIDDLE = "90", "81", "82"
"""The chats of the coordination desk and the two areas."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)  # a Monday at noon


@pytest.fixture
def storage(ready_database_url: str, clock: FakeClock) -> Iterator[SqlStorage]:
    """An empty storage with a chat for every area."""
    engine = connect(ready_database_url)
    storage = SqlStorage(engine, zone=BERLIN, clock=clock)
    with storage.work() as work:
        for area, chat in (("desk", DESK), ("north", NORTH), ("middle", MIDDLE)):
            work.caretakers.invite(area, area=area, expires_at=NOW + timedelta(days=1))
            work.caretakers.redeem(area, chat=chat, at=NOW)
    yield storage
    engine.dispose()


@pytest.fixture
def overdue(storage: SqlStorage) -> OverdueDesk:
    return OverdueDesk(storage=storage, city=CITY, clock=WORK)


@pytest.fixture
def undelivered(storage: SqlStorage) -> UndeliveredDesk:
    return UndeliveredDesk(storage=storage, city=CITY, clock=WORK)


def opened(storage: SqlStorage, *, at: datetime = NOW, **changes: object) -> Ticket:
    """A ticket whose card is on its way to the chats of its area."""
    with storage.work() as work:
        ticket, _ = work.tickets.open(report(**changes), at=at)
        ticket = assign(ticket, work, now=at)
        work.outbox.put(card_notices(ticket, work.caretakers.chats_of(ticket.report.area)))
    return ticket


def recorded(storage: SqlStorage, number: str, what: str, *, at: datetime, status: Status | None) -> None:
    with storage.work() as work:
        work.tickets.record(number, Entry(at=at, what=what, actor=Actor.SYSTEM), status=status)


def seen_to(overdue: OverdueDesk, now: datetime) -> dict[str, tuple[Step, ...]]:
    """One round: what was done about which ticket."""
    done = {number: overdue.see_to(number, now) for number in overdue.waiting(now)}
    return {number: steps for number, steps in done.items() if steps}


def told(storage: SqlStorage, kind: NoticeKind = NoticeKind.MESSAGE) -> list[Notice]:
    """Take everything out of the outbox as delivered; the notices of one kind."""
    with storage.work() as work:
        letters = work.outbox.open()
        for letter in letters:
            work.outbox.settle(letter.id, message_id=letter.id)
    return [letter.notice for letter in letters if letter.notice.kind is kind]


def pages(storage: SqlStorage, lookup: Lookup, *, limit: int) -> list[Sequence[str]]:
    """Every page of what a lookup finds."""
    found: list[Sequence[str]] = []
    after = None
    while True:
        with storage.look() as work:
            page = work.lookout.page(lookup, after=after, limit=limit)
        if not page:
            return found
        found.append([number for _, number in page])
        after = page[-1]


def test_lookups_find_by_state_time_history_and_area(storage: SqlStorage) -> None:
    """Oldest change first, page after page, also among tickets that changed at the same moment."""
    numbers = [
        opened(storage, draft=f"d{index}", at=NOW + timedelta(minutes=index // 2)).number
        for index in range(6)
    ]
    reminded_before = NOW - timedelta(minutes=1)
    recorded(storage, numbers[0], "reminded", at=NOW + timedelta(hours=1), status=None)
    recorded(storage, numbers[1], "reminded", at=reminded_before, status=None)
    recorded(storage, numbers[2], "done", at=NOW, status=Status.DONE)
    lookup = Lookup(states=(Status.ASSIGNED,), until=NOW + timedelta(minutes=2), without="reminded")
    rest = [numbers[1], *numbers[3:]]
    assert pages(storage, lookup, limit=3) == [rest[:3], rest[3:]]
    assert pages(storage, replace(lookup, until=NOW + timedelta(minutes=1)), limit=9) == [rest[:2]]
    assert pages(storage, replace(lookup, areas=("middle",)), limit=9) == []
    having = replace(lookup, without=None, having="reminded")
    assert pages(storage, having, limit=9) == []  # the entry is later than `until`
    assert pages(storage, replace(having, until=NOW + timedelta(hours=1)), limit=9) == [[numbers[0]]]


def test_reminder_substitute_escalation(storage: SqlStorage, overdue: OverdueDesk, clock: FakeClock) -> None:
    """Each step goes to its own chats once, with the card where it is missing; residents hear nothing."""
    number = opened(storage).number
    told(storage)
    assert seen_to(overdue, NOW + timedelta(hours=1, minutes=59)) == {}
    expected = [
        (2, Step.REMIND, NORTH, "deadlines.remind_accept"),
        (4, Step.SUBSTITUTE, MIDDLE, "deadlines.substitute"),
        (6, Step.ESCALATE, DESK, "deadlines.escalate"),
    ]
    for hours, step, chat, text in expected:
        clock.now = WORK.after(NOW, hours)
        now = clock.now if WORK.working(clock.now) else WORK.after(clock.now, 0.25)
        assert seen_to(overdue, now) == {number: (step,)}
        assert seen_to(overdue, now) == {}  # a second worker, or the next minute
        with storage.look() as work:
            assert (chat in work.outbox.card_chats(number)) is True
            assert works_on(work.tickets.get(number), chat, CITY, work)
        assert [(one.chat, one.content["text_key"]) for one in told(storage)] == [(chat, text)]
    with storage.look() as work:
        history = work.tickets.get(number).history
    assert [entry.what for entry in history] == ["new", "assigned", "reminded", "substituted", "escalated"]


def test_a_substitute_may_act_only_once_it_steps_in(
    storage: SqlStorage, overdue: OverdueDesk, clock: FakeClock
) -> None:
    """Before, the ticket is another area's; afterwards the substitute's chat can accept it."""
    number = opened(storage).number
    desk = CaretakerDesk(storage=storage, city=CITY)
    with pytest.raises(NotAllowed):
        desk.act(number, Act(deed="accept"), chat=MIDDLE, now=NOW)
    now = WORK.after(NOW, 4)
    seen_to(overdue, now)
    assert desk.act(number, Act(deed="accept"), chat=MIDDLE, now=now).status is Status.ACCEPTED
    assert seen_to(overdue, WORK.after(now, 7.9)) == {}
    assert seen_to(overdue, WORK.after(now, 8.1)) == {number: (Step.REMIND,)}


def test_nobody_to_tell_is_no_step(storage: SqlStorage, overdue: OverdueDesk) -> None:
    """Without a chat nothing is written down, so it is done as soon as somebody registers."""
    with storage.work() as work:
        for chat in (DESK, NORTH, MIDDLE):
            work.caretakers.move(chat, chat + "0")
        ticket, _ = work.tickets.open(report(area="gone"), at=NOW)
    with storage.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM caretakers")
    later = WORK.after(NOW, 7)
    assert seen_to(overdue, later) == {}
    with storage.work() as work:
        work.caretakers.invite("again", area="desk", expires_at=NOW + timedelta(days=9))
        work.caretakers.redeem("again", chat=DESK, at=later)
    assert seen_to(overdue, later) == {ticket.number: (Step.REMIND, Step.ESCALATE)}


def test_the_residents_second_question_and_the_end(storage: SqlStorage, overdue: OverdueDesk) -> None:
    """Asked once more with the same question, then closed with a button that opens it again."""
    number = opened(storage).number
    CaretakerDesk(storage=storage, city=CITY).act(
        number, Act(deed="ask", note="In welchem Hof?"), chat=NORTH, now=NOW
    )
    told(storage)
    asked = WORK.after(NOW, 10.5)
    assert seen_to(overdue, asked) == {number: (Step.ASK_AGAIN,)}
    (again,) = told(storage)
    assert (again.chat, again.content["params"]["note"]) == (RESIDENT, "In welchem Hof?")
    assert seen_to(overdue, WORK.after(asked, 11.5)) == {}
    assert seen_to(overdue, WORK.after(asked, 12.5)) == {number: (Step.CLOSE,)}
    (closed,) = told(storage)
    assert (closed.chat, closed.content["text_key"]) == (RESIDENT, "resident.ticket_closed")
    assert closed.content["button_keys"] == [["resident_reopen", f"r:{number}:reopen"]]
    with storage.look() as work:
        assert work.tickets.get(number).status is Status.WITHDRAWN


def lose(storage: SqlStorage, *chats: str) -> None:
    """Cards to these chats can't be delivered; everything else arrives."""
    with storage.work() as work:
        for letter in work.outbox.open():
            lost = letter.notice.kind is NoticeKind.CARD and letter.notice.chat in chats
            work.outbox.settle(
                letter.id, message_id=None if lost else letter.id, failure="Forbidden" if lost else None
            )


def test_a_lost_card_goes_to_the_coordination_desk(storage: SqlStorage, undelivered: UndeliveredDesk) -> None:
    """Nobody else has it: the desk gets alert and card, once."""
    number = opened(storage).number
    lose(storage, NORTH)
    (card,) = undelivered.lost(NOW)
    assert undelivered.see_to(card, NOW)
    assert not undelivered.see_to(card, NOW)
    assert list(undelivered.lost(NOW)) == []
    with storage.look() as work:
        assert list(work.outbox.card_chats(number)) == [DESK]
    assert [(one.chat, one.content["text_key"]) for one in told(storage)] == [
        (DESK, "deadlines.undelivered_taken")
    ]


def test_with_another_chat_of_the_area_an_alert_is_enough(
    storage: SqlStorage, undelivered: UndeliveredDesk
) -> None:
    """The desk is told, and gets no card that a colleague has."""
    with storage.work() as work:
        work.caretakers.invite("two", area="north", expires_at=NOW + timedelta(days=1))
        work.caretakers.redeem("two", chat="83", at=NOW)
    opened(storage)
    lose(storage, NORTH)
    for card in undelivered.lost(NOW):
        assert undelivered.see_to(card, NOW)
    assert [one.content["text_key"] for one in told(storage)] == ["deadlines.undelivered"]


def test_at_night_only_the_urgent_wakes_the_desk(storage: SqlStorage, undelivered: UndeliveredDesk) -> None:
    """Lost cards of ordinary tickets are told in the morning."""
    calm, urgent = opened(storage).number, opened(storage, draft="d2", urgent=True).number
    lose(storage, NORTH)
    night, morning = (NOW + timedelta(hours=hours) for hours in (14, 20))
    assert [card.ticket for card in undelivered.lost(night)] == [urgent]
    found = {card.ticket: card for card in undelivered.lost(morning)}
    assert undelivered.see_to(found[urgent], night)
    assert [card.ticket for card in undelivered.lost(morning)] == [calm]
    assert undelivered.see_to(found[calm], morning)
    assert list(undelivered.lost(morning)) == []


def test_the_desks_own_lost_card_alerts_nobody_in_vain(
    storage: SqlStorage, undelivered: UndeliveredDesk
) -> None:
    """The chat that can't be reached is not told so."""
    opened(storage, area="desk")
    lose(storage, DESK)
    assert list(undelivered.lost(NOW)) == []


def test_counts_per_area(storage: SqlStorage, overdue: OverdueDesk) -> None:
    """Open, reminded in vain since the last change, lost; ended ones and areas without any are left out."""
    first = opened(storage).number
    seen_to(overdue, WORK.after(NOW, 2))
    late = WORK.after(NOW, 3)
    opened(storage, draft="d2", at=late)
    ended = opened(storage, draft="d3", area="middle", at=late).number
    lose(storage, NORTH)
    recorded(storage, ended, "done", at=late, status=Status.DONE)
    with storage.look() as work:
        assert work.lookout.by_area() == [AreaCount(area="north", open=2, overdue=1, undelivered=2)]
    recorded(storage, first, "accepted", at=late, status=Status.ACCEPTED)
    with storage.look() as work:
        assert work.lookout.by_area() == [AreaCount(area="north", open=2, overdue=0, undelivered=2)]


def test_times_are_utc(storage: SqlStorage) -> None:
    """What a page ends with is an aware moment that the next page can begin behind."""
    opened(storage)
    with storage.look() as work:
        lookup = Lookup(states=(Status.ASSIGNED,), until=NOW)
        ((changed, _),) = work.lookout.page(lookup, after=None, limit=1)
    assert changed == NOW
    assert changed.tzinfo is UTC


def test_an_escalation_names_whom_to_turn_to(storage: SqlStorage, clock: FakeClock) -> None:
    """The area's own contact where it has one, the city's otherwise."""
    office = Referral(matter="office", name="Quartiersbüro", phone="0000 2")
    north = replace(CITY.areas[0], escalation="office")
    city = replace(CITY, areas=(north, CITY.areas[1]), referrals=(*CITY.referrals, office))
    assert [getattr(city.escalation_of(area), "name", None) for area in ("north", "middle")] == [
        "Quartiersbüro",
        "Bürgertelefon",
    ]
    with storage.work() as work:
        ticket, _ = work.tickets.open(report(), at=NOW)
        Taking(city=city, work=work, now=clock()).escalate(ticket)
        said = [one.notice.content for one in work.outbox.open() if one.notice.kind is NoticeKind.MESSAGE]
    assert "Quartiersbüro, 0000 2" in said[-1]["params"]["contact"]
