"""District polygons in metres: which one a point lies in, and which are near."""

import math

import numpy as np
import shapely

from desk.places import METRES_PER_DEGREE
from storage.places.index import PlaceIndex


class Borders:
    """The districts' polygons, scaled so that distances are metres."""

    def __init__(self, index: PlaceIndex) -> None:
        polygons = shapely.from_wkb(list(index.polygons))
        south, north = shapely.total_bounds(polygons)[[1, 3]]
        self.scale = np.array(
            [METRES_PER_DEGREE * math.cos(math.radians((south + north) / 2)), METRES_PER_DEGREE]
        )
        self.polygons = shapely.transform(polygons, lambda corners: corners * self.scale)
        shapely.prepare(self.polygons)
        self.tree = shapely.STRtree(self.polygons)

    def within(self, latitude: float, longitude: float, metres: float) -> list[tuple[float, int]]:
        """Return (distance in metres, number) of the districts around a point; distance 0 means inside."""
        point = shapely.points(longitude * self.scale[0], latitude * self.scale[1])
        near = self.tree.query(point, predicate="dwithin", distance=metres)
        if not len(near):
            return []
        distances = shapely.distance(self.polygons[near], point)
        return sorted(zip(distances.tolist(), near.tolist(), strict=True))
