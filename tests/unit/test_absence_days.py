"""Which days somebody is away: as people write them behind the command, and which can be."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.absence_days import AbsenceDays
from desk.absences import AHEAD, LONGEST, Absence, check_days, check_free
from desk.errors import NotAllowed
from storage.calendars import calendar_of, date_reader
from storage.texts import Texts

TODAY = date(2026, 11, 22)  # a Sunday
READER = AbsenceDays(reader=date_reader(), calendar=calendar_of("NW"))
CHRISTMAS = (date(2026, 12, 24), date(2027, 1, 2))
LAST_WEEK = (date(2026, 12, 24), date(2026, 12, 31))
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("24.12. 2.1.", CHRISTMAS),
        ("24.12 2.1", CHRISTMAS),
        ("24.12.2026 bis 02.01.2027", CHRISTMAS),
        ("24.12.26 2.1.27", CHRISTMAS),
        ("24.12. - 2.1.", CHRISTMAS),
        ("24.12.–2.1.", CHRISTMAS),
        ("vom 24.12. bis zum 2.1.", CHRISTMAS),
        ("24.12. bis 2.1.2027", CHRISTMAS),
        ("24. Dezember bis 2. Januar", CHRISTMAS),
        ("24. bis 2.1.", CHRISTMAS),
        ("24.-31.12.", LAST_WEEK),
        ("24. bis 31. Dezember", LAST_WEEK),
        ("2026-12-24 2026-12-31", LAST_WEEK),
        ("2026-12-24 bis 2026-12-31", LAST_WEEK),
        ("morgen", (TODAY + ONE_DAY,) * 2),
        ("heute bis freitag", (TODAY, date(2026, 11, 27))),
        ("bis Freitag", (TODAY, date(2026, 11, 27))),
        ("ab morgen bis übermorgen", (TODAY + ONE_DAY, TODAY + 2 * ONE_DAY)),
        ("Freitag bis Montag", (date(2026, 11, 27), date(2026, 11, 30))),
        ("nächste Woche", (date(2026, 11, 23), date(2026, 11, 29))),
        ("2.1. bis 5.1.2028", (date(2028, 1, 2), date(2028, 1, 5))),
        ("24.12.", (date(2026, 12, 24),) * 2),
        ("Weihnachten", (date(2026, 12, 24), date(2026, 12, 26))),
    ],
)
def test_days_are_read(text: str, days: tuple[date, date]) -> None:
    """Numbers, words, with and without year and "bis"; a day without a year is the next such day."""
    assert READER.read(text, today=TODAY) == days


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-",
            "bis",
            "bis bis",
            "blabla",
            "morgen um 8",
            "gestern",
            "31.2.",
            "99.99.",
            "30.2. bis 1.3.",
        ),
        *("24.12.2026 02.01.2027 05.01.2027", "Montag Freitag", "١.١.", "24.12. bis", "0.0.0000", "1" * 5000),
        *("'; DROP TABLE absences; --", "24.12. bis 2.1. bis 3.1.", "heute bis gestern"),
    ],
)
def test_anything_but_days_is_not_read(text: str) -> None:
    """Nonsense, days that do not exist, days that are over and more than two of them are no absence."""
    assert READER.read(text, today=TODAY) is None


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=90),
        st.text("0123456789.- bis", max_size=25),
        st.lists(st.sampled_from(["heute", "bis", "24.", "12.", "morgen", "-", "2.1.", "freitag"])).map(
            " ".join
        ),
    )
)
def test_no_text_breaks_it(text: str) -> None:
    """Whatever is written, the answer is two days or none."""
    days = READER.read(text, today=TODAY)
    assert days is None or all(isinstance(day, date) for day in days)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 364), st.integers(1, 200), st.sampled_from([" ", " bis ", "-", " – "]))
def test_dates_without_years_are_the_next(ahead: int, days: int, between: str) -> None:
    """The first is the next such day from today on, the last the next one behind it."""
    first = TODAY + ahead * ONE_DAY
    last = first + days * ONE_DAY
    text = between.join(f"{day.day}.{day.month}." for day in (first, last))
    assert READER.read(text, today=TODAY) == (first, last)


@pytest.mark.parametrize(
    ("first", "last", "key"),
    [
        (0, 0, None),
        (0, LONGEST - 1, None),
        (AHEAD, AHEAD, None),
        (-1, 3, "absence.past"),
        (3, 2, "absence.backwards"),
        (0, LONGEST, "absence.too_long"),
        (AHEAD + 1, AHEAD + 1, "absence.too_far"),
    ],
)
def test_only_some_days_can_be(first: int, last: int, key: str | None) -> None:
    """Not over, in their order, at most 60 of them, beginning within a year; else one sentence says why."""
    days = (TODAY + first * ONE_DAY, TODAY + last * ONE_DAY)
    if key is None:
        check_days(*days, today=TODAY)
        return
    with pytest.raises(NotAllowed) as refused:
        check_days(*days, today=TODAY)
    assert refused.value.key == key
    said = Texts.load().get(key, **refused.value.params)
    assert days[0].strftime("%d.%m.%Y") in said
    assert len(said) <= 200  # as a toast too (Telegram Bot API)


@pytest.mark.parametrize(
    ("first", "last", "free"), [(1, 3, True), (1, 4, False), (5, 6, False), (8, 9, False), (9, 9, True)]
)
def test_absences_of_a_chat_do_not_overlap(first: int, last: int, *, free: bool) -> None:
    """A day that belongs to another absence is refused, the days beside it are free."""
    other = Absence(chat="1", first=TODAY + 4 * ONE_DAY, last=TODAY + 8 * ONE_DAY, substitute="x")
    days = (TODAY + first * ONE_DAY, TODAY + last * ONE_DAY)
    if free:
        check_free(*days, [other])
        return
    with pytest.raises(NotAllowed) as refused:
        check_free(*days, [other])
    assert "26.11.2026 – 30.11.2026" in Texts.load().get(refused.value.key, **refused.value.params)
