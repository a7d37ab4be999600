"""In which order to walk to some places: the nearest next, then untangled (2-opt), an open path."""

from collections.abc import Sequence
from itertools import pairwise

from desk.places import metres_between

Point = tuple[float, float]
"""Latitude and longitude in degrees, WGS84."""
Table = list[list[float]]
GAIN = 1e-6  # metres; less than that is rounding, and would be gained for ever


def walk(points: Sequence[Point], *, start: int | None = None) -> list[int]:
    """Return the places' positions in the order to walk in; `start` is the one to begin at.

    The path is never longer than the order given (with `start` moved to its front). Without a `start` it
    begins at whichever of its ends comes first in that order. The same places give the same path.
    """
    if not points:
        return []
    table = [[metres_between(one, other) for other in points] for one in points]
    first = 0 if start is None else start
    given = [first, *(one for one in range(len(points)) if one != first)]
    begins = [first] if start is not None else [first, len(points) - 1]
    tries = [given, *(_nearest_next(table, begin) for begin in begins)]
    fixed = start is not None
    paths = [given, *(_untangled(one, table, fixed=fixed) for one in tries)]
    best = min(paths, key=lambda path: _length(path, table))
    return best[::-1] if not fixed and best[0] > best[-1] else best


def steps(points: Sequence[Point]) -> list[float]:
    """Return how far each place is from the one before it, in metres as the crow flies; 0 for the first."""
    return [0.0, *(metres_between(one, other) for one, other in pairwise(points))][: len(points)]


def _nearest_next(table: Table, begin: int) -> list[int]:
    path, left = [begin], [one for one in range(len(table)) if one != begin]
    while left:
        here = table[path[-1]]
        path.append(min(left, key=lambda one: here[one]))
        left.remove(path[-1])
    return path


def _untangled(path: list[int], table: Table, *, fixed: bool) -> list[int]:
    """Turn parts of the path around for as long as that makes it shorter; `fixed`: its first place stays."""
    path, last = list(path), len(path) - 1
    shorter = True
    while shorter:
        shorter = False
        for begin in range(1 if fixed else 0, last):
            for end in range(begin + 1, last + 1):
                if _gain(path, begin, end, table) > GAIN:
                    path[begin : end + 1] = path[begin : end + 1][::-1]
                    shorter = True
    return path


def _gain(path: list[int], begin: int, end: int, table: Table) -> float:
    """Return how much shorter the path is with the part from `begin` to `end` turned around."""
    gain = 0.0
    if begin > 0:
        before = table[path[begin - 1]]
        gain += before[path[begin]] - before[path[end]]
    if end < len(path) - 1:
        behind = table[path[end + 1]]
        gain += behind[path[end]] - behind[path[begin]]
    return gain


def _length(path: list[int], table: Table) -> float:
    return sum(table[one][other] for one, other in pairwise(path))
