from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from desk.tickets import Photo

MOST_PHOTOS = 10  # one album (Telegram Bot API, sendMediaGroup)


@dataclass(frozen=True, kw_only=True)
class Words:
    """A piece of the resident's own words; `message` is the chat message it came in, so an edit finds it."""

    text: str
    message: int | None = None


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where the trouble is, as far as it is known: `district` is None until it is certain.

    `candidates` are the districts to choose from, likeliest first; latitude and longitude are WGS84 degrees.
    """

    label: str
    district: str | None = None
    candidates: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    message: int | None = None


@dataclass(frozen=True, kw_only=True)
class Guess:
    """How the classifier read the report's words: kind and category None where it was not sure enough.

    `confidence` is its likeliest reading's, 0 to 1, sure enough or not; None when it is not known.
    """

    kind: str | None = None
    category: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A report while the resident is still telling it. Every change returns a new draft."""

    id: str
    words: tuple[Words, ...] = ()
    kind: str | None = None
    category: str | None = None
    spot: Spot | None = None
    photos: tuple[Photo, ...] = ()
    photos_asked: bool = False
    photos_settled: bool = False
    since: str | None = None
    guess: Guess | None = None
    changing: str | None = None
    outcome: str | None = None

    @property
    def text(self) -> str:
        """All the resident's words, in the order they were said."""
        return "\n".join(piece.text for piece in self.words)

    @property
    def photos_open(self) -> bool:
        """True while photos are to be asked for: whoever sent some before being asked is not asked at all."""
        return not self.photos_settled and (self.photos_asked or not self.photos)

    def said(self, text: str, message: int | None = None) -> "Draft":
        """Add a piece of the resident's words."""
        return replace(self, words=(*self.words, Words(text=text, message=message)))

    def edited(self, text: str, message: int) -> "Draft":
        """Put `text` in the place of what that message said; unchanged when the message is not part of it."""
        words = tuple(
            replace(piece, text=text) if piece.message == message else piece for piece in self.words
        )
        return replace(self, words=words)

    def with_photos(self, photos: tuple[Photo, ...]) -> "Draft":
        """Add photos, each once, up to `MOST_PHOTOS`."""
        fresh = tuple(photo for photo in dict.fromkeys(photos) if photo not in self.photos)
        return replace(self, photos=(*self.photos, *fresh)[:MOST_PHOTOS])

    def as_json(self) -> dict[str, Any]:
        """Return the draft as plain JSON, for the slot that keeps it."""
        return {name: value for name, value in asdict(self).items() if value not in (None, (), False)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Draft":
        """Read what `as_json` wrote."""
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        spot = known.get("spot")
        if spot:
            known["spot"] = Spot(**{**spot, "candidates": tuple(spot.get("candidates", ()))})
        if known.get("guess"):
            known["guess"] = Guess(**known["guess"])
        known["words"] = tuple(Words(**piece) for piece in known.get("words", ()))
        known["photos"] = tuple(Photo.from_json(photo) for photo in known.get("photos", ()))
        return cls(**known)
