from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from desk.address_text import read_address
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
    street: str | None = None
    """Official name of the street, where it is known: some areas are streets."""
    border: bool = False
    """A pin so near to a border that the resident says on which side it lies."""
    sides: tuple[str, ...] = ()
    """What stands on each candidate's side of that border, in the candidates' order; empty: not known."""
    latitude: float | None = None
    longitude: float | None = None
    message: int | None = None

    @property
    def number(self) -> int | None:
        """The house number in its label, where the street is known."""
        numbers = read_address(self.label).numbers if self.street else ()
        return numbers[0].number if len(numbers) == 1 else None

    @property
    def lacks_number(self) -> bool:
        """Tell whether a house number would say which district it is: a long street, and nothing but it."""
        if self.street is None or self.latitude is not None or self.border or len(self.candidates) < 2:  # noqa: PLR2004
            return False
        return not any(map(str.isdigit, self.label.replace(self.street, "")))

    def on(self, district: str) -> "Spot":
        """Settle the district; at a border the street stays only if it is on that side."""
        side = dict(zip(self.candidates, self.sides, strict=False)).get(district)
        street = self.street if not side or side.startswith(self.street or side) else None
        return replace(self, district=district, street=street, border=False, sides=())

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Spot":
        """Read what a draft's `as_json` wrote; what an older one does not know keeps its default."""
        lists = {name: tuple(data.get(name, ())) for name in ("candidates", "sides")}
        return cls(**{**data, **lists})


@dataclass(frozen=True, kw_only=True)
class Search:
    """A place that was told and could not be used: what was written, and how often it went wrong.

    `suggestions` are names spelled like it, each one that can be found. `outside`: it is not in this city.
    """

    written: str
    suggestions: tuple[str, ...] = ()
    outside: bool = False
    times: int = 1

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Search":
        """Read what a draft's `as_json` wrote."""
        return cls(**{**data, "suggestions": tuple(data.get("suggestions", ()))})


@dataclass(frozen=True, kw_only=True)
class Guess:
    """How the classifier read the report's words: kind and category None where it was not sure enough.

    `confidence` is its likeliest reading's, 0 to 1, sure enough or not; None when it is not known.
    """

    kind: str | None = None
    category: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True)
class SimilarTicket:
    """An open ticket that may be about the same, as the resident is shown it.

    `metres` is rounded, None for the same address; `created_at` is ISO 8601; `words` carry no personal data.
    """

    number: str
    category: str
    created_at: str
    metres: int | None = None
    words: str | None = None
    own: bool = False


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A report while the resident is still telling it. Every change returns a new draft.

    With a `purpose` it is no report but a question whose answer depends on the place: only that is asked.
    """

    id: str
    words: tuple[Words, ...] = ()
    kind: str | None = None
    category: str | None = None
    spot: Spot | None = None
    search: Search | None = None
    photos: tuple[Photo, ...] = ()
    photos_asked: bool = False
    photos_settled: bool = False
    since: str | None = None
    guess: Guess | None = None
    changing: str | None = None
    outcome: str | None = None
    purpose: str | None = None
    similar: tuple[SimilarTicket, ...] = ()
    similar_to: str | None = None
    """The matter similar tickets were searched for (`matter`)."""
    told_apart: tuple[str, ...] = ()
    """The matters of which the resident said that they are none of the similar tickets."""
    joins: str | None = None
    """The number of the ticket it is added to, once it is "joined"."""

    @property
    def text(self) -> str:
        """All the resident's words, in the order they were said."""
        return "\n".join(piece.text for piece in self.words)

    @property
    def photos_open(self) -> bool:
        """True while photos are to be asked for: whoever sent some before being asked is not asked at all."""
        return not self.photos_settled and (self.photos_asked or not self.photos)

    @property
    def matter(self) -> str | None:
        """What decides which tickets are similar; None while category, place or words are not known."""
        spot = self.spot
        if self.purpose or not self.words or self.category is None or spot is None or spot.district is None:
            return None
        return "/".join(map(str, (self.category, spot.district, spot.label, spot.latitude, spot.longitude)))

    def said(self, text: str, message: int | None = None) -> "Draft":
        """Add a piece of the resident's words."""
        return replace(self, words=(*self.words, Words(text=text, message=message)))

    def missed(self, written: str, *, suggestions: tuple[str, ...] = (), outside: bool = False) -> "Draft":
        """Remember that a place could not be used."""
        times = 1 + (self.search.times if self.search else 0)
        search = Search(written=written, suggestions=suggestions, outside=outside, times=times)
        return replace(self, search=search)

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
        if known.get("spot"):
            known["spot"] = Spot.from_json(known["spot"])
        if known.get("search"):
            known["search"] = Search.from_json(known["search"])
        if known.get("guess"):
            known["guess"] = Guess(**known["guess"])
        known["similar"] = tuple(SimilarTicket(**one) for one in known.get("similar", ()))
        known["told_apart"] = tuple(known.get("told_apart", ()))
        known["words"] = tuple(Words(**piece) for piece in known.get("words", ()))
        known["photos"] = tuple(Photo.from_json(photo) for photo in known.get("photos", ()))
        return cls(**known)
