"""What every entry of a city file says about itself: where it comes from, and whether it is certain."""

from dataclasses import dataclass
from enum import StrEnum


class Confidence(StrEnum):
    """Where a fact comes from; anything but H and GENERAL is to be checked before it is told as certain."""

    OFFICIAL = "H"
    PRESS = "M"
    OLD = "L"
    PLANNING = "S"
    GENERAL = "G"

    @property
    def certain(self) -> bool:
        """Tell whether a resident may hear this without "bitte prüfen"."""
        return self in (Confidence.OFFICIAL, Confidence.GENERAL)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What every entry of a city file says about itself."""

    confidence: Confidence = Confidence.OFFICIAL
    check: bool = False

    @property
    def certain(self) -> bool:
        """Tell whether it may be said without a caveat."""
        return self.confidence.certain and not self.check
