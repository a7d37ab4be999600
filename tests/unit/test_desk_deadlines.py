"""Deadlines: working time by generated moments, what is due by history, and what city files say of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desk.deadline_rules import DeadlineRule, Deadlines, WorkingTime
from desk.deadlines import INTERNAL, Step, WorkClock, current_period, due
from desk.errors import CityFileError
from desk.hours_calendar import Calendar
from desk.offices import Weekday
from desk.tickets import Actor, Entry, Status, Ticket
from desk.workflow import OPEN
from storage.calendars import calendar_of
from storage.city_files import known_cities, load_city
from storage.texts import Texts
from tests.builders import report

BERLIN = ZoneInfo("Europe/Berlin")
CLOCK = WorkClock(times=WorkingTime(), zone=BERLIN, calendar=calendar_of("NW"))
RULE = DeadlineRule(accept=4, substitute=8, escalate=12, progress=22, answer=11, close=33)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001
HOURS = st.floats(0.25, 200)
CLOCKS = st.builds(
    lambda days, start, length, every: WorkClock(
        times=WorkingTime(
            days=tuple(sorted(days)),
            start=time(start),
            until=time(min(start + length, 23), 30),
        ),
        zone=BERLIN,
        calendar=Calendar(holiday=lambda day: "Fest" if day.toordinal() % every == 0 else None),
    ),
    st.sets(st.sampled_from(list(Weekday)), min_size=1),
    st.integers(0, 22),
    st.integers(1, 23),
    st.integers(3, 60).filter(lambda every: every % 7 != 0),
)


def local(text: str) -> datetime:
    """A moment by the city's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-05-04 10:00", 4, "2026-05-04 14:00"),
        ("2026-05-04 16:00", 4, "2026-05-05 09:00"),
        ("2026-05-08 17:00", 2, "2026-05-11 08:00"),  # over a weekend
        ("2026-05-09 12:00", 1, "2026-05-11 08:00"),  # from a weekend on
        ("2026-12-23 17:00", 13, "2026-12-28 08:00"),  # Christmas Eve counts, the two holidays don't
        ("2026-05-13 17:00", 2, "2026-05-15 08:00"),  # Ascension Day
        ("2026-03-27 17:30", 1, "2026-03-30 07:30"),  # the clocks go forward that Sunday
        ("2026-05-04 05:00", 0.5, "2026-05-04 07:30"),
    ],
)
def test_hours_count_only_in_working_time(start: str, hours: float, end: str) -> None:
    """Nights, weekends and public holidays don't count, by the wall clock on both sides of a clock change."""
    assert CLOCK.after(local(start), hours) == local(end)
    assert CLOCK.before(local(end), hours) >= local(start)


@given(CLOCKS, MOMENTS, HOURS, HOURS)
def test_adding_goes_forward_and_is_monotone(
    clock: WorkClock, start: datetime, hours: float, more: float
) -> None:
    """More hours, or a later start, never end earlier."""
    end = clock.after(start, hours)
    assert end >= start + timedelta(hours=hours) - timedelta(microseconds=10)
    assert clock.after(start, hours + more) >= end
    assert clock.after(start + timedelta(hours=more), hours) >= end


@given(CLOCKS, MOMENTS, HOURS, HOURS)
def test_hours_add_up(clock: WorkClock, start: datetime, first: float, second: float) -> None:
    """Two spans after each other end where their sum does, to a few microseconds of rounding."""
    both = clock.after(clock.after(start, first), second)
    one = clock.after(start, first + second)
    apart = min(both, one), max(both, one)
    rounding = timedelta(microseconds=10)
    assert apart[1] - apart[0] <= rounding or clock.after(apart[0] - rounding, 0.0001) >= apart[1] - rounding


@given(CLOCKS, MOMENTS, MOMENTS, HOURS)
def test_looking_back_finds_just_what_is_due(
    clock: WorkClock, start: datetime, now: datetime, hours: float
) -> None:
    """A start is early enough for a deadline to be past exactly when `before` says so."""
    assert (clock.after(start, hours) <= now) == (start <= clock.before(now, hours))


@given(CLOCKS, MOMENTS, HOURS, st.integers(-14, 14))
def test_the_zone_of_a_moment_does_not_matter(
    clock: WorkClock, start: datetime, hours: float, offset: int
) -> None:
    """The same moment in another zone gives the same end, and the same answer whether it is working time."""
    elsewhere = start.astimezone(timezone(timedelta(hours=offset)))
    assert clock.after(elsewhere, hours) == clock.after(start, hours)
    assert clock.before(elsewhere, hours) == clock.before(start, hours)
    assert clock.working(elsewhere) == clock.working(start)


def ticket(status: Status, *entries: tuple[str, Actor, datetime], **changes: object) -> Ticket:
    """A ticket in a state with these entries."""
    history = tuple(Entry(at=at, what=what, actor=actor) for what, actor, at in entries)
    return Ticket(
        number="QH-2026-00001",
        created_at=history[0].at,
        status=status,
        report=report(**changes),
        history=history,
    )


@given(CLOCKS, MOMENTS, MOMENTS, st.sampled_from(list(Status)))
def test_nothing_is_due_outside_working_time(
    clock: WorkClock, since: datetime, now: datetime, status: Status
) -> None:
    """However long a ticket waits, at night, on weekends and holidays nobody is troubled."""
    assume(not clock.working(now))
    waiting = ticket(status, (status.value, Actor.CARETAKER, since), ("asked_again", Actor.SYSTEM, since))
    assert due(waiting, RULE, clock, now) == ()


@given(CLOCKS, MOMENTS, HOURS, st.sampled_from(OPEN))
def test_something_is_due_once_all_deadlines_are_past(
    clock: WorkClock, since: datetime, longer: float, status: Status
) -> None:
    """In working time every open ticket that waited long enough has something due: none lies around."""
    now = clock.after(since, RULE.progress + longer)
    assume(clock.working(now))
    found = due(ticket(status, (status.value, Actor.CARETAKER, since)), RULE, clock, now)
    assert found
    assert set(found) <= set(Step)


MONDAY = local("2026-05-04 08:00")
NEW = ("new", Actor.RESIDENT, MONDAY)
ASSIGNED = ("assigned", Actor.SYSTEM, MONDAY)


def at(hours: float) -> datetime:
    """So many working hours after Monday, a moment later."""
    return CLOCK.after(MONDAY, hours)


@pytest.mark.parametrize(
    ("hours", "steps"),
    [
        (3.9, ()),
        (4, (Step.REMIND,)),
        (8, (Step.REMIND, Step.SUBSTITUTE)),
        (12.5, (Step.REMIND, Step.SUBSTITUTE, Step.ESCALATE)),
    ],
)
def test_a_ticket_nobody_accepts(hours: float, steps: tuple[Step, ...]) -> None:
    """First a reminder, then the substitute, then the coordination desk; what was done is not due again."""
    waiting = ticket(Status.ASSIGNED, NEW, ASSIGNED)
    assert due(waiting, RULE, CLOCK, at(hours)) == steps
    done = [(step.value, Actor.SYSTEM, at(hours)) for step in steps]
    assert due(ticket(Status.ASSIGNED, NEW, ASSIGNED, *done), RULE, CLOCK, at(hours)) == ()


def test_without_substitute_hours_nobody_steps_in() -> None:
    """A rule may leave the substitute out."""
    rule = replace(RULE, substitute=None)
    assert due(ticket(Status.ASSIGNED, NEW, ASSIGNED), rule, CLOCK, at(9)) == (Step.REMIND,)


def test_a_new_state_begins_anew() -> None:
    """After a change of state the hours count from there, and what was done before counts no more."""
    handed = ("handed_over", Actor.CARETAKER, at(10))
    moved = ticket(Status.HANDED_OVER, NEW, ASSIGNED, ("reminded", Actor.SYSTEM, at(5)), handed)
    assert [entry.what for entry in current_period(moved)] == ["handed_over"]
    assert due(moved, RULE, CLOCK, at(13)) == ()
    assert due(moved, RULE, CLOCK, at(14.5)) == (Step.REMIND,)


def test_news_of_a_caretaker_put_the_reminder_off_and_a_residents_words_do_not() -> None:
    """In progress, the hours count from the last thing a caretaker did."""
    accepted = ("accepted", Actor.CARETAKER, at(1))
    silent = (NEW, ASSIGNED, accepted, ("answer", Actor.RESIDENT, at(10)))
    assert due(ticket(Status.ACCEPTED, *silent), RULE, CLOCK, at(23.5)) == (Step.REMIND,)
    busy = (*silent, ("note", Actor.CARETAKER, at(12)))
    assert due(ticket(Status.ACCEPTED, *busy), RULE, CLOCK, at(23.5)) == ()
    assert due(ticket(Status.ACCEPTED, *busy), RULE, CLOCK, at(34.5)) == (Step.REMIND,)


def test_an_unanswered_question_is_asked_once_more_then_closed() -> None:
    """The resident is asked again, and it is closed only when nothing comes for as long as the rule says."""
    asked = (NEW, ASSIGNED, ("waiting", Actor.CARETAKER, at(1)))
    assert due(ticket(Status.WAITING, *asked), RULE, CLOCK, at(60)) == (Step.ASK_AGAIN,)
    again = (*asked, ("asked_again", Actor.SYSTEM, at(60)))
    assert due(ticket(Status.WAITING, *again), RULE, CLOCK, at(92)) == ()
    assert due(ticket(Status.WAITING, *again), RULE, CLOCK, at(93.5)) == (Step.CLOSE,)


def test_an_answer_is_a_change_of_state_only_while_one_is_awaited() -> None:
    """Answering brings the ticket back to work; further words leave its period alone."""
    asked = (NEW, ASSIGNED, ("waiting", Actor.CARETAKER, at(1)), ("answer", Actor.RESIDENT, at(9)))
    more = (*asked, ("answer", Actor.RESIDENT, at(12)))
    assert [entry.at for entry in current_period(ticket(Status.IN_PROGRESS, *more))] == [at(9), at(12)]


def test_the_first_rule_that_holds_counts() -> None:
    """Category, area and urgency decide, in the order of the file."""
    rules = (
        replace(RULE, urgent=True, accept=1),
        replace(RULE, categories=("glass",), areas=("north",), accept=2),
        replace(RULE, urgent=False, areas=("north",), accept=3),
        RULE,
    )
    deadlines = Deadlines(rules=rules)
    found = [
        deadlines.rule_for(report(**changes)).accept
        for changes in (
            {"urgent": True, "category": "glass"},
            {"category": "glass"},
            {"category": "litter"},
            {"category": "glass", "area": "middle"},
        )
    ]
    assert found == [1, 2, 3, 4]


@pytest.mark.parametrize("what", [*(step.value for step in Step if step is not Step.CLOSE)])
def test_every_kind_of_entry_has_a_line_on_the_card(what: str) -> None:
    """Caretakers read what happened by itself, with its date."""
    assert "4.5." in Texts.load().get(f"caretaker.history_{what}", date="4.5.", note="")
    assert Step.ASK_AGAIN.value not in INTERNAL


CITY = """\
id: klein
name: Kleinstadt
land: NW
timezone: Europe/Berlin
coordination: {id: desk, name: Leitstelle}
districts: [{name: Nord}]
areas: [{id: north, name: Nord, districts: [Nord], unassigned: true, confidence: H}]
"""
DEADLINES = """\
working_time: {days: [mo, sa], from: "08:00", to: "12:30"}
report_at: "09:00"
deadlines:
  - {urgent: true, accept: 0.5, escalate: 2, progress: 4, answer: 5, close: 6}
  - {categories: [hazard], areas: [north], accept: 1, substitute: 2, escalate: 3, progress: 4, answer: 5, close: 6}
  - {accept: 2, substitute: 4, escalate: 6, progress: 8, answer: 10, close: 12}
"""
LAST = "  - {accept: 2"


def mistakes_of(folder: Path, old: str, new: str) -> tuple[str, ...]:
    """Load the city with the first `old` replaced, and return what is wrong with it."""
    with pytest.raises(CityFileError) as caught:
        written(folder, old, new)
    return caught.value.mistakes


def written(folder: Path, old: str = "", new: str = "") -> Deadlines:
    """Write the city's files and return its deadlines."""
    assert old in DEADLINES
    (folder / "klein").mkdir()
    (folder / "klein" / "city.yml").write_text(CITY, encoding="utf-8")
    (folder / "klein" / "deadlines.yml").write_text(DEADLINES.replace(old, new, 1), encoding="utf-8")
    return load_city("klein", folder=folder).deadlines


def test_deadlines_are_read(tmp_path: Path) -> None:
    """Working time, the report's time and the rules arrive as the desk knows them."""
    found = written(tmp_path)
    assert found.working_time == WorkingTime(
        days=(Weekday.MONDAY, Weekday.SATURDAY), start=time(8), until=time(12, 30)
    )
    assert found.report_at == time(9)
    assert found.rules[0] == DeadlineRule(urgent=True, accept=0.5, escalate=2, progress=4, answer=5, close=6)
    assert (found.rules[1].categories, found.rules[1].areas) == (("hazard",), ("north",))
    assert found.rules[2].substitute == 4


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[mo, sa]", "[mo, Samstag]", "Erlaubt"),
        ("[mo, sa]", "[]", "Liste ist leer"),
        ('"12:30"', '"08:00"', "nicht nach"),
        ('"12:30"', '"25:30"', "keine Uhrzeit"),
        ('"09:00"', '"12:30"', "nach dem Ende der Arbeitszeit"),
        ("accept: 0.5", "accept: 0", "zu klein"),
        ("accept: 0.5", "accept: 5000", "zu groß"),
        ("accept: 0.5", 'accept: "1"', "keine Zahl"),
        ("accept: 0.5", "accept: 3", "Reihenfolge"),
        ("close: 6", "cloze: 6", "gibt es hier nicht"),
        (", close: 6", "", "fehlt"),
        ("[hazard]", "[hazzard]", "Gemeint ist vielleicht „hazard“"),
        ("[north]", "[nord]", "Gemeint ist vielleicht „north“"),
        ("urgent: true", "urgent: sometimes", "true oder false"),
        (LAST, "  - {urgent: false, accept: 2", "gilt nicht für alle"),
        ("urgent: true, ", "", "kommt nie zum Zug"),
    ],
)
def test_a_mistake_says_what_to_write_instead(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Every kind of mistake about deadlines is found in its file and line, and explained."""
    found = mistakes_of(tmp_path, old, new)
    assert any(one.startswith("deadlines.yml, Zeile ") and said in one for one in found)


@pytest.mark.parametrize("city", known_cities())
def test_in_every_city_that_ships_the_urgent_is_quicker(city: str) -> None:
    """Whatever is urgent has no deadline longer than the same report without hurry."""
    deadlines = load_city(city).deadlines
    calm, urgent = (deadlines.rule_for(report(urgent=one)) for one in (False, True))
    for name in ("accept", "substitute", "escalate", "progress", "answer", "close"):
        assert getattr(urgent, name) < getattr(calm, name)


def test_a_calendar_without_working_days_is_an_error() -> None:
    """Counting does not go on for ever when every day is off."""
    clock = replace(CLOCK, calendar=Calendar(holiday=lambda day: "Fest"))
    with pytest.raises(ValueError, match=str(date.today().year)[:2]):  # noqa: DTZ011
        clock.after(MONDAY, 1)
