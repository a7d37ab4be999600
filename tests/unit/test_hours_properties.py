"""What must hold of hours whatever an office's rules are, by generated rules, calendars and moments."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from desk.hours import Reason, opening, openings_on, upcoming
from desk.hours_calendar import Calendar, SchoolHolidays
from desk.offices import Closure, Exceptional, OpenTime, Timed, Weekday

BERLIN = ZoneInfo("Europe/Berlin")
SECOND = timedelta(seconds=1)
FIRST = date(2024, 1, 1)


def clock(minutes: int) -> time:
    """A time of day, counted from midnight, from the next one too."""
    return time(minutes // 60 % 24, minutes % 60)


DAYS = st.integers(0, 1500).map(lambda ahead: FIRST + timedelta(days=ahead))
SPANS = st.tuples(st.integers(0, 1439), st.integers(1, 1200))
RULES = st.lists(
    st.builds(
        lambda day, span, nth, term_only: OpenTime(
            day=day, start=clock(span[0]), until=clock(sum(span)), nth=nth, term_only=term_only
        ),
        st.sampled_from(list(Weekday)),
        SPANS,
        st.sampled_from([None, None, 1, 2, 4, 5, -1]),
        st.sampled_from([False, False, True]),
    ),
    max_size=5,
)
CLOSURES = st.lists(
    st.builds(
        lambda day, length: Closure(first=day, last=day + timedelta(days=length), reason="Umbau"),
        DAYS,
        st.integers(0, 30),
    ),
    max_size=3,
)
EXCEPTIONS = st.lists(
    st.builds(
        lambda day, span: Exceptional(day=day, start=clock(span[0]), until=clock(sum(span))), DAYS, SPANS
    ),
    max_size=4,
)
PLACES = st.builds(
    lambda rules, closures, exceptions, on_holidays: Timed(
        hours=tuple(rules),
        closures=tuple(closures),
        exceptions=tuple(exceptions),
        open_on_holidays=on_holidays,
    ),
    RULES,
    CLOSURES,
    EXCEPTIONS,
    st.booleans(),
)
CALENDARS = st.builds(
    lambda every, first: Calendar(
        holiday=lambda day: "Feiertag" if day.toordinal() % every == 0 else None,
        school_holidays=(
            SchoolHolidays(name="Frühferien", first=first, last=first + timedelta(days=14)),
            SchoolHolidays(
                name="Spätferien", first=first + timedelta(days=90), last=first + timedelta(days=120)
            ),
        ),
    ),
    st.integers(5, 90),
    DAYS,
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(PLACES, CALENDARS, MOMENTS)
def test_the_next_opening_is_open_and_nothing_before_it(
    place: Timed, calendar: Calendar, moment: datetime
) -> None:
    """At the next opening it is open; just before it, it is not."""
    following = opening(place, moment, zone=BERLIN, calendar=calendar).next_opening
    assume(following is not None)
    assert following is not None
    assert following > moment
    assert opening(place, following, zone=BERLIN, calendar=calendar).open
    just_before = following.astimezone(UTC) - SECOND
    assert not opening(place, just_before, zone=BERLIN, calendar=calendar).open


@given(PLACES, CALENDARS, MOMENTS)
def test_closing_time_really_is_a_change(place: Timed, calendar: Calendar, moment: datetime) -> None:
    """Until closing time it is open, at closing time it is not."""
    first = next(upcoming(place, moment, zone=BERLIN, calendar=calendar), None)
    assume(first is not None)
    assert first is not None
    closes = opening(place, first.start, zone=BERLIN, calendar=calendar).closes_at
    assert closes == first.end
    assert opening(place, first.end - SECOND, zone=BERLIN, calendar=calendar).open
    assert not opening(place, first.end, zone=BERLIN, calendar=calendar).open


@given(PLACES, CALENDARS, MOMENTS, st.integers(-14, 14))
def test_the_answer_does_not_depend_on_the_askers_zone(
    place: Timed, calendar: Calendar, moment: datetime, offset: int
) -> None:
    """The same moment in another zone gives the same answer."""
    elsewhere = moment.astimezone(timezone(timedelta(hours=offset)))
    here = opening(place, moment, zone=BERLIN, calendar=calendar)
    assert here == opening(place, elsewhere, zone=BERLIN, calendar=calendar)


@given(PLACES, MOMENTS, st.integers(0, 86_399), st.sampled_from(["closure", "holiday"]))
def test_nothing_is_open_on_a_closed_day(place: Timed, moment: datetime, second: int, why: str) -> None:
    """Whatever its rules, at no second of a closed day it is open, even when it began the evening before."""
    today = moment.astimezone(BERLIN).date()
    at = datetime.combine(today, time(0), tzinfo=BERLIN) + timedelta(seconds=second)
    assume(at.astimezone(UTC).astimezone(BERLIN).date() == today)
    closed = replace(place, exceptions=(), open_on_holidays=False)
    calendar = Calendar(holiday=lambda day: "Fest" if day == today else None)
    if why == "closure":
        closed = replace(closed, closures=(Closure(first=today, last=today, reason="Fest"),))
        calendar = Calendar()
    assert opening(closed, at, zone=BERLIN, calendar=calendar).open is False
    assert openings_on(closed, today, zone=BERLIN, calendar=calendar) == ()


@given(RULES, MOMENTS)
def test_a_rule_of_the_school_term_is_never_open_while_nobody_knows_the_holidays(
    rules: list[OpenTime], moment: datetime
) -> None:
    """Without known holidays such an opening is unknown: never open, never the next opening."""
    place = Timed(hours=tuple(replace(one, term_only=True) for one in rules))
    state = opening(place, moment, zone=BERLIN)
    assert state.open is not True
    assert state.next_opening is None
    assert (state.open is None) == (state.reason == Reason.SCHOOL_UNKNOWN)


@given(RULES, MOMENTS)
def test_without_closed_days_a_weekly_office_opens_again(rules: list[OpenTime], moment: datetime) -> None:
    """Every rule that needs no school comes round within the days that are looked at."""
    usual = tuple(one for one in rules if not one.term_only)
    assume(usual)
    long = tuple(replace(one, start=time(6), until=time(20)) for one in usual)  # no hour the clocks skip
    assert opening(Timed(hours=long), moment, zone=BERLIN).next_opening is not None
