"""Streets that are spelled most like one that does not exist."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from desk.address_text import AddressText, HouseNumber
from desk.spelling import loose
from storage.places.houses import find_house
from storage.places.index import PlaceIndex
from storage.places.streets import KINDS

MOST = 3
LOOKED_AT = 8
LIKE, LIKE_ANY = 0.5, 0.7
"""Share of letters that must be right, "…str" and its like left out: in a street's shape, in any word."""
EXISTS = 0.05
"""What it counts that the street has a house of that number."""


class Suggestions:
    """Looks for likely names among the streets of one index."""

    def __init__(self, index: PlaceIndex) -> None:
        self.index = index

    @cached_property
    def _stems(self) -> list[str]:
        return [loose(_stem(key)) for key in self.index.keys]

    def of(self, address: AddressText, parts: Sequence[tuple[int, int]]) -> tuple[str, ...]:
        """Return up to three addresses like the text's, likest first; `parts` are words (from, before)."""
        if not parts:
            return ()
        written = [loose(_stem("".join(address.words[start:end]))) for start, end in parts]
        likeness = process.cdist(written, self._stems, scorer=OSA.normalized_similarity, dtype=np.float32)
        found: dict[str, float] = {}
        for (start, end), row in zip(parts, likeness, strict=True):
            wanted = address.number_near(start, end)
            least = LIKE if wanted or address.words[end - 1].endswith(KINDS) else LIKE_ANY
            for street in np.argsort(-row, kind="stable")[:LOOKED_AT].tolist():
                if row[street] >= least:
                    label, exists = self._label(street, wanted)
                    found[label] = max(found.get(label, 0.0), float(row[street]) + exists * EXISTS)
        return tuple(sorted(found, key=lambda label: (-found[label], label))[:MOST])

    def _label(self, street: int, wanted: HouseNumber | None) -> tuple[str, bool]:
        """Return the address, without its number where the street has no such house."""
        name = self.index.streets[street]
        exists = wanted is not None and find_house(self.index, street, wanted).point is not None
        return (f"{name} {wanted}", True) if exists else (name, False)


def _stem(key: str) -> str:
    """Leave out what most streets have in common ("…str"), where something else remains."""
    kind = next((kind for kind in KINDS if key.endswith(kind) and key != kind), "")
    return key.removesuffix(kind)
