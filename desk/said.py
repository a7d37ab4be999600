from dataclasses import dataclass, field

from desk.drafts import Draft
from desk.tickets import Photo


@dataclass(frozen=True, kw_only=True)
class Said:
    """One turn of the resident, understood: words, a pressed button, a pin or photos."""

    intent: str = ""
    confidence: float = 1.0
    text: str = ""
    message: int | None = None
    kind: str | None = None
    category: str | None = None
    category_confidence: float = 0.0
    place: str | None = None
    since: str | None = None
    choice: str | None = None
    point: tuple[float, float] | None = None
    point_label: str | None = None
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something to say before the next question: a response of `domain.yml` and what fills its braces."""

    response: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The draft after an answer, and what to remark on it."""

    draft: Draft
    remarks: tuple[Remark, ...] = ()
