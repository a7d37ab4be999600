"""The order to walk in: every place once, never longer than as it was given, the same for the same places."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.places import metres_between
from desk.walking import Point, steps, walk

POINTS = st.lists(
    st.tuples(st.floats(51.3, 51.6, allow_nan=False), st.floats(6.8, 7.2, allow_nan=False)), max_size=12
)
STREET: list[Point] = [(51.5, 7.0 + number / 1000) for number in range(8)]


def length(points: list[Point], order: list[int]) -> float:
    return sum(metres_between(points[one], points[other]) for one, other in pairwise(order))


@given(POINTS, st.randoms())
def test_every_place_is_visited_once_and_on_no_longer_way(points: list[Point], random) -> None:
    """With and without a place to begin at it is a permutation, at most as long as the order given."""
    free = walk(points)
    assert sorted(free) == list(range(len(points)))
    assert length(points, free) <= length(points, list(range(len(points)))) + 1e-6
    assert walk(points) == free
    if points:
        start = random.randrange(len(points))
        fixed = walk(points, start=start)
        given_order = [start, *(one for one in range(len(points)) if one != start)]
        assert fixed[0] == start
        assert sorted(fixed) == list(range(len(points)))
        assert length(points, fixed) <= length(points, given_order) + 1e-6


@given(st.permutations(range(8)))
def test_a_street_is_walked_from_end_to_end(shuffled: list[int]) -> None:
    """Whatever order its places come in, the way leads along it once, from the end that came first."""
    order = walk([STREET[one] for one in shuffled])
    walked = [shuffled[one] for one in order]
    assert walked in (list(range(8)), list(range(7, -1, -1)))
    assert order[0] < order[-1]


def test_the_way_begins_where_it_is_told_to() -> None:
    """From the middle of a street the shorter half comes first."""
    order = walk(STREET, start=2)
    assert (order[0], order[3:]) == (2, [3, 4, 5, 6, 7])


def test_places_at_one_point_keep_their_order() -> None:
    """What lies at the same door is not shuffled."""
    assert walk([(51.5, 7.0)] * 5) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("points", [[], STREET[:1]])
def test_there_may_be_nothing_to_walk(points: list[Point]) -> None:
    """No place and a single one have no way between."""
    assert walk(points) == list(range(len(points)))
    assert steps(points) == [0.0] * len(points)


def test_each_step_is_measured() -> None:
    """The distance from the place before, in metres; a thousandth of a degree there is about 69 m."""
    first, *others = steps(STREET[:3])
    assert first == 0
    assert others == pytest.approx([69.3, 69.3], abs=1)
