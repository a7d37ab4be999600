"""A found piece of text and how several of them are sorted out."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Span:
    """Text from `start` to `end` (as Python slices it) with how sure the finder is, 0 to 1."""

    start: int
    end: int
    confidence: float

    def overlaps(self, other: "Span") -> bool:
        """Tell whether both share a letter."""
        return self.start < other.end and other.start < self.end


def best_first(spans: Iterable[Span]) -> list[Span]:
    """Keep the surest, then longest of spans that overlap; the surest, then earliest comes first."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (-span.confidence, span.start - span.end, span.start)):
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: (-span.confidence, span.start))
