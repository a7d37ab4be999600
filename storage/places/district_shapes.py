"""Checks district polygons: none crosses itself, none lies over another."""

import math
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from desk.errors import PlaceDataError
from desk.places import METRES_PER_DEGREE

REPAIRED_UP_TO = 0.001
"""Share of its area a self-crossing border may gain or lose when it is untangled.

Drawing programs leave loops of a few metres, which no house notices; a border that changes more is not known.
"""
WIDEST_SLIVER = 10.0
"""Metres two districts may lie over each other; neighbours drawn from different sources never fit exactly."""


def polygon_of(geometry: dict[str, Any], file: str, district: str) -> Any:
    """Return a district's polygon in degrees, a slightly self-crossing one untangled.

    Raises PlaceDataError when it is none, is empty, or crosses itself by more than 0.1 % of its area.
    """
    try:
        polygon = shapely.force_2d(shape(geometry))
    except (ShapelyError, KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise PlaceDataError("operator.place_polygon_unreadable", file=file, district=district) from error
    if not np.isfinite(shapely.get_coordinates(polygon)).all():
        raise PlaceDataError("operator.place_not_degrees", file=file)
    if not shapely.is_valid(polygon):
        # The plain area counts a loop with the opposite sign, so the difference shows how much is tangled.
        tangled, polygon = shapely.area(polygon), _areas_only(shapely.make_valid(polygon))
        change = abs(shapely.area(polygon) - tangled)
        if not change <= REPAIRED_UP_TO * shapely.area(polygon):
            raise PlaceDataError("operator.place_bad_polygon", file=file, district=district)
    if polygon.is_empty or not shapely.area(polygon):
        raise PlaceDataError("operator.place_bad_polygon", file=file, district=district)
    return polygon


def _areas_only(geometry: Any) -> Any:
    parts = shapely.get_parts(geometry, return_index=False)
    parts = shapely.get_parts([part for part in parts if part.geom_type.endswith("Polygon")])
    return shapely.union_all(parts)


def check_overlaps(polygons: dict[str, Any]) -> None:
    """Raise PlaceDataError when two districts lie over each other by more than a sliver."""
    names = list(polygons)
    degrees = [polygons[name] for name in names]
    south, north = shapely.total_bounds(degrees)[[1, 3]]
    east = METRES_PER_DEGREE * math.cos(math.radians((south + north) / 2))
    metres = shapely.transform(degrees, lambda corners: corners * (east, METRES_PER_DEGREE))
    for one, other in shapely.STRtree(metres).query(metres, predicate="intersects").T:
        if one < other and _is_wide(shapely.intersection(metres[one], metres[other])):
            raise PlaceDataError("operator.place_overlap", one=names[one], other=names[other])


def _is_wide(shared: Any) -> bool:
    return not shapely.is_empty(shapely.buffer(shared, -WIDEST_SLIVER / 2))
