"""Quiet hours: which times of day they cover, and whose phones they concern."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.quiet_hours import QuietHours, is_silent

NIGHT = QuietHours(start=time(20), until=time(6, 30))
NOON = QuietHours(start=time(12), until=time(13))


@pytest.mark.parametrize(
    ("quiet", "clock", "covered"),
    [
        (NIGHT, time(19, 59), False),
        (NIGHT, time(20), True),
        (NIGHT, time(0), True),
        (NIGHT, time(6, 29), True),
        (NIGHT, time(6, 30), False),
        (NOON, time(11, 59), False),
        (NOON, time(12), True),
        (NOON, time(13), False),
    ],
)
def test_the_first_moment_is_quiet_and_the_last_is_not(
    quiet: QuietHours, clock: time, *, covered: bool
) -> None:
    """Over midnight and within a day."""
    assert quiet.cover(clock) is covered


@given(st.times(), st.times(), st.times())
def test_a_time_is_in_quiet_hours_or_in_the_rest_of_the_day(start: time, until: time, clock: time) -> None:
    """Turned around they cover exactly what they did not."""
    if start == until:
        return
    there, back = QuietHours(start=start, until=until), QuietHours(start=until, until=start)
    assert there.cover(clock) is not back.cover(clock)


@pytest.mark.parametrize("caretaker", [True, False])
@pytest.mark.parametrize("urgent", [True, False])
@pytest.mark.parametrize("clock", [time(3), time(10)])
@pytest.mark.parametrize("quiet", [NIGHT, None])
def test_only_ordinary_matters_of_caretakers_rest(
    *, quiet: QuietHours | None, clock: time, urgent: bool, caretaker: bool
) -> None:
    """What is urgent rings, residents are not concerned, and without quiet hours everything rings."""
    expected = quiet is NIGHT and clock == time(3) and caretaker and not urgent
    assert is_silent(quiet, clock, caretaker=caretaker, urgent=urgent) is expected
