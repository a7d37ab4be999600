"""The clockwork: the daily report, errors, and a week of 200 tickets with caretakers who are late or gone."""

import asyncio
import logging
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

import bot.clockwork
from bot.clockwork import Clockwork
from desk.assigning import assign
from desk.caretaking import Act
from desk.deadline_rules import DeadlineRule, Deadlines
from desk.notices import NoticeKind, card_notices
from desk.own_tickets import OwnTickets
from desk.tickets import Actor, Entry, Status, Ticket
from desk.workflow import ENDED
from storage.own_tickets_wording import own_tickets_text
from storage.wiring import House
from tests.builders import NOW, report, small_city
from tests.fakes import FakeClock

DESK = "90"


def registered(house: House, **chats: str) -> House:
    """The house with these chats registered."""
    with house.storage.work() as work:
        for area, chat in chats.items():
            token = f"{area}{chat}"
            work.caretakers.invite(token, area=area, expires_at=NOW + timedelta(days=30))
            work.caretakers.redeem(token, chat=chat, at=NOW - timedelta(days=1))
    return house


def sent(house: House) -> list[tuple[str, str]]:
    """Deliver everything; chat and text (or its key) of the messages."""
    with house.storage.work() as work:
        letters = work.outbox.open()
        for letter in letters:
            work.outbox.settle(letter.id, message_id=letter.id)
    messages = [one.notice for one in letters if one.notice.kind is NoticeKind.MESSAGE]
    return [(one.chat, one.content.get("text") or one.content["text_key"]) for one in messages]


def opened(house: House, area: str, **changes: object) -> Ticket:
    """A ticket whose card is on its way to the chats of its area, or to the coordination desk's."""
    with house.storage.work() as work:
        ticket, _ = work.tickets.open(report(area=area, **changes), at=house.clock())
        chats = work.caretakers.chats_of(area) or work.caretakers.chats_of(house.city.coordination.id)
        if chats:
            ticket = assign(ticket, work, now=house.clock())
        work.outbox.put(card_notices(ticket, chats))
    return ticket


def test_the_daily_report_comes_once_a_day(house: House, clock: FakeClock) -> None:
    """At its time on working days, once however often the worker starts, later when it was away."""
    registered(house, koordination=DESK, katernberg="81")
    clock.now = datetime(2026, 5, 8, 4, 0, tzinfo=NOW.tzinfo)  # a Friday, six in the morning there
    opened(house, "katernberg")
    sent(house)
    reports = []
    for _ in range(6 * 24 * 4):
        clock.forward(minutes=15)
        worked = Clockwork(house=house, wake_delivery=lambda: None).round()
        found = [text for chat, text in sent(house) if chat == DESK and "Stand" in text]
        assert worked or not found
        reports += [(clock.now.astimezone(house.city.zone).strftime("%a %H:%M"), text) for text in found]
    # Thursday that week is Ascension Day.
    assert [when for when, _ in reports] == ["Fri 07:30", "Mon 07:30", "Tue 07:30", "Wed 07:30"]
    assert "Offen: 1 · überfällig: 0" in reports[0][1]
    assert "• Katernberg: 1 offen, 1 überfällig" in reports[-1][1]


def test_a_chat_that_registers_later_gets_its_first_report_on_the_next_day(
    house: House, clock: FakeClock
) -> None:
    """Whoever has just come in is not greeted with this morning's report."""
    with house.storage.work() as work:
        work.caretakers.invite("late", area="koordination", expires_at=NOW + timedelta(days=1))
        work.caretakers.redeem("late", chat=DESK, at=NOW)
    clockwork = Clockwork(house=house, wake_delivery=lambda: None)
    assert not clockwork.round()
    clock.forward(days=1)
    assert clockwork.round()
    assert [chat for chat, _ in sent(house)] == [DESK]


def test_many_areas_still_fit_into_one_message(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst come first, and how many are left out is said."""
    monkeypatch.setattr(bot.clockwork, "AREAS_SHOWN", 2)
    registered(house, koordination=DESK)
    for index, area in enumerate(("katernberg", "kray", "kray", "karnap", "gone", "gone")):
        opened(house, area, draft=f"d{index}")
    sent(house)
    Clockwork(house=house, wake_delivery=lambda: None).round()
    (text,) = (text for _, text in sent(house))
    head, *lines = text.split("\n")[1:]
    assert head == "Offen: 6 · überfällig: 0 · nicht zugestellt: 0"
    assert sorted(lines[:2]) == ["• Kray: 2 offen", "• gone: 2 offen"]
    assert lines[2:] == ["… und 2 weitere Gebiete"]


def test_one_ticket_that_fails_does_not_stop_the_others(
    house: House, clock: FakeClock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error's type is logged, the rest is done, and the next round tries again."""
    registered(house, koordination=DESK, katernberg="81")
    first, second = (opened(house, "katernberg", draft=draft).number for draft in ("a", "b"))
    sent(house)
    clock.forward(days=2)
    see_to = bot.clockwork.OverdueDesk.see_to

    def failing(desk: object, number: str, now: datetime) -> object:
        if number == first:
            raise RuntimeError("secret words")
        return see_to(desk, number, now)

    work = Clockwork(house=house, wake_delivery=lambda: None)
    with monkeypatch.context() as patched, caplog.at_level(logging.WARNING):
        patched.setattr(bot.clockwork.OverdueDesk, "see_to", failing)
        assert work.round()
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text
    assert {first, second} == {first, *_reminded(house)}
    work.round()
    assert set(_reminded(house)) == {first, second}


def _reminded(house: House) -> list[str]:
    with house.storage.look() as work:
        every = work.tickets.all()
    return [one.number for one in every if any(entry.what == "reminded" for entry in one.history)]


async def test_it_wakes_the_delivery_and_goes_on(house: House, clock: FakeClock) -> None:
    """The loop looks at once, wakes the delivery when there is something, and ends when it is cancelled."""
    registered(house, koordination=DESK)
    woken = asyncio.Event()
    task = asyncio.create_task(Clockwork(house=house, wake_delivery=woken.set).run())
    await asyncio.wait_for(woken.wait(), timeout=20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [chat for chat, _ in sent(house)] == [DESK]


def test_residents_see_the_second_question_and_nothing_internal(house: House, clock: FakeClock) -> None:
    """Reminders and escalations are no matter of theirs; their list of tickets works with all entries."""
    number = opened(house, "katernberg").number
    with house.storage.work() as work:
        for what in ("reminded", "substituted", "escalated", "asked_again", "withdrawn"):
            work.tickets.record(number, Entry(at=clock.now, what=what, actor=Actor.SYSTEM))
        ticket = work.tickets.get(number)
    shown = own_tickets_text([ticket], house.wording, chat=ticket.report.reporter)
    history = [line for line in shown.split("\n") if "04.05.2026 12:00" in line]
    texts = [house.texts.get(f"resident.{key}") for key in ("history_asked_again", "history_closed")]
    assert [any(text in line for line in history) for text in texts] == [True, True]
    assert len(history) == 3  # sent, asked again, closed


# --- a simulated week -------------------------------------------------------------------------------------

STEP = timedelta(minutes=30)
DAYS = 8
RULE = DeadlineRule(accept=4, substitute=8, escalate=12, progress=16, answer=10, close=10)
TICKETS = 200


@dataclass
class Week:
    """What happened, by ticket."""

    house: House
    clock: FakeClock
    chance: random.Random
    accepts_at: dict[str, datetime | None] = field(default_factory=dict)
    messages: list[tuple[datetime, str, str, str]] = field(default_factory=list)

    def deliver(self) -> None:
        """Everything arrives, but cards at the chat that has blocked the bot."""
        with self.house.storage.work() as work:
            for letter in work.outbox.open():
                notice = letter.notice
                lost = notice.chat == "blocked"
                work.outbox.settle(
                    letter.id, message_id=None if lost else letter.id, failure="Forbidden" if lost else None
                )
                if notice.kind is NoticeKind.MESSAGE and not lost:
                    text = notice.content.get("text_key", "report")
                    self.messages.append((self.clock.now, notice.chat, notice.ticket or "", text))

    def act(self) -> None:
        """Caretakers accept when their time has come: a third asks, a third finishes, a third forgets."""
        for number, at in list(self.accepts_at.items()):
            if at is None or at > self.clock.now:
                continue
            del self.accepts_at[number]
            deeds = (("accept",), ("accept", "finish"), ("ask",))[int(number[-5:]) % 3]
            for deed in deeds:
                note = "Wo genau?" if deed == "ask" else None
                self.house.caretakers.act(number, Act(deed=deed, note=note), chat=DESK, now=self.clock.now)


@pytest.fixture
def week(house: House, clock: FakeClock) -> Week:
    """A small city: north has a substitute, middle's only chat has blocked the bot."""
    city = small_city()
    north = replace(city.areas[0], substitute="south")
    south = replace(north, id="south", name="Süd", districts=("Wald",), substitute=None)
    middle = replace(city.areas[1], unassigned=False)
    city = replace(city, areas=(north, middle, south), deadlines=Deadlines(rules=(RULE,)))
    house = replace(
        house,
        city=city,
        caretakers=replace(house.caretakers, city=city),
        own_tickets=OwnTickets(storage=house.storage, city=house.city),
    )
    registered(house, desk=DESK, north="81", south="83", middle="blocked")
    return Week(house=house, clock=clock, chance=random.Random(7))  # noqa: S311 -- seeded on purpose


def working(city_time: datetime) -> bool:
    """Working time of that week, told without the code under test: Monday to Friday, 7 to 18."""
    return city_time.weekday() < 5 and 7 <= city_time.hour < 18


def test_a_week_in_which_nothing_lies_around(week: Week) -> None:
    """Every ticket ends with somebody who answers for it; nobody is troubled off duty or twice."""
    begins = datetime(2026, 6, 8, 4, 0, tzinfo=NOW.tzinfo)  # a Monday of a week without holidays
    arrivals = sorted(begins + week.chance.randrange(4 * 24) * timedelta(hours=1) for _ in range(TICKETS))
    week.clock.now = begins
    numbers: list[str] = []
    rounds = [Clockwork(house=week.house, wake_delivery=lambda: None) for _ in range(2)]
    while week.clock.now < begins + timedelta(days=DAYS):
        while arrivals and arrivals[0] <= week.clock.now:
            arrivals.pop(0)
            area = ("north", "middle", "south")[len(numbers) % 3]
            ticket = opened(week.house, area, draft=f"d{len(numbers)}", reporter=f"r{len(numbers)}")
            numbers.append(ticket.number)
            late = week.chance.choice((None, 1, 6, 30, 50))
            week.accepts_at[ticket.number] = late and week.clock.now + timedelta(hours=late)
        week.deliver()
        week.act()
        for each in rounds[: 1 + (week.clock.now.hour % 4 == 0)]:  # now and then a second worker
            each.round()
        week.clock.now += STEP
    week.deliver()
    tickets = _tickets(week.house)
    assert len(tickets) == TICKETS
    _check_times(week)
    _check_no_notice_twice(week)
    _check_steps(week, tickets)


def _tickets(house: House) -> dict[str, Ticket]:
    with house.storage.look() as work:
        return {ticket.number: ticket for ticket in work.tickets.all()}


def _check_times(week: Week) -> None:
    """Nothing that comes by itself comes at night or on the weekend."""
    by_itself = [one for one in week.messages if one[3].startswith("deadlines.") or one[3] == "report"]
    assert by_itself
    for at, *_ in by_itself:
        # Delivered with the next step at the latest.
        local = (at - STEP).astimezone(week.house.city.zone)
        assert working(local), at


def _check_no_notice_twice(week: Week) -> None:
    """The same text about the same ticket comes to a chat once a state, and here no state comes twice."""
    counted = Counter((chat, number, text) for _, chat, number, text in week.messages if text != "report")
    assert {key: count for key, count in counted.items() if count > 1} == {}
    days = Counter(at.date() for at, *_, text in week.messages if text == "report")
    assert set(days.values()) == {1}
    assert len(days) == 6


def _minutes(start: datetime, end: datetime, week: Week) -> int:
    """Working minutes between two moments, counted one half hour after the other."""
    count, at = 0, start
    while at < end:
        count += 30 * working(at.astimezone(week.house.city.zone))
        at += STEP
    return count


def _check_steps(week: Week, tickets: dict[str, Ticket]) -> None:
    """Each step was taken exactly when the rule's hours were over before somebody took the ticket on."""
    end = week.clock.now
    seen = Counter()
    for ticket in tickets.values():
        whats = [entry.what for entry in ticket.history]
        taken = next(
            (entry.at for entry in ticket.history if entry.what in ("accepted", "waiting")), end - STEP
        )
        waited = _minutes(ticket.created_at, taken, week) / 60
        until_accepted = whats[: whats.index("accepted")] if "accepted" in whats else whats
        assert ("escalated" in whats) == (waited > RULE.escalate), (ticket.number, waited)
        assert ("substituted" in whats) == (ticket.report.area == "north" and waited > RULE.substitute)
        reminded = "reminded" in until_accepted
        assert reminded == (waited > RULE.accept)
        lost = ticket.report.area == "middle"
        told = {text for _, chat, number, text in week.messages if number == ticket.number and chat == DESK}
        assert ("deadlines.undelivered_taken" in told) == lost
        seen.update(whats)
        if ticket.status in (Status.ASSIGNED, Status.REOPENED):
            assert "escalated" in whats
        elif ticket.status not in ENDED:
            assert ticket.status in (Status.ACCEPTED, Status.WAITING)
    # All of it has happened in this week, not only the quiet cases.
    for what in ("reminded", "substituted", "escalated", "asked_again", "withdrawn", "done"):
        assert seen[what] > 5, what
