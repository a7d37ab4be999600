"""The locator over a place index."""

from collections.abc import Sequence
from dataclasses import replace

from desk.address_text import AddressText, read_address
from desk.city import City
from desk.nearest_centres import NearestCentres
from desk.places import Located, Status, at_pair, coordinates
from storage.places.index import PlaceIndex
from storage.places.landmarks import LandmarkMention, LandmarkNames
from storage.places.pins import Pins
from storage.places.readings import Found, Readings
from storage.places.streets import StreetMention, StreetNames
from storage.places.suggestions import Suggestions
from storage.texts import Texts

MOST_CHECKED = 2
"""Streets named in one text that are compared with longer names; with more, all are asked about anyway."""


class IndexedPlaces:
    """Locator for a city with place data (`desk.places.Locator`)."""

    def __init__(self, city: City, index: PlaceIndex, texts: Texts) -> None:
        self.city = city
        self.index = index
        self.pins = Pins(city, index, texts)
        self.streets = StreetNames(index)
        self.readings = Readings(index)
        self.suggestions = Suggestions(index)
        self.landmarks = LandmarkNames.of(index)
        self.by_name = NearestCentres(city)
        self.attribution = str(index.meta.get("attribution", ""))

    def at(self, latitude: float, longitude: float) -> Located:
        """Locate a pin by polygon; ambiguous within 30 m of another area, or up to 30 m outside the city."""
        return self.pins.at(latitude, longitude)

    def find(self, text: str) -> Located:
        """Locate an address, a street, a corner, a landmark, a district, coordinates, however spelled."""
        pair = coordinates(text)
        if pair:
            return at_pair(self, pair)
        address, written = read_address(text), text.strip()
        located = self._find_words(address, written)
        if located.status is Status.UNKNOWN:
            parts = self.streets.parts(address, skip=self._districts_in(address))
            return replace(located, suggestions=self.suggestions.of(address, parts))
        return located

    def _find_words(self, address: AddressText, written: str) -> Located:
        mentions = self.streets.mentions(address)
        by_name = self.by_name.find_words(self._beside(address, mentions), label=written)
        if by_name.status is Status.OUTSIDE:
            return by_name
        landmark = self.landmarks.find(address.words)
        if landmark and landmark.exact and self._says_more(landmark, address, mentions):
            return self._at_landmark(landmark, address, written)
        if not mentions and (address.numbers or by_name.status is not Status.RESOLVED):
            mentions = self._misspelt(address)
        if not mentions and landmark:
            return self._at_landmark(landmark, address, written)
        if not mentions:
            return by_name
        found = self._corner(address, mentions)
        if mentions[0].slips:
            by_name = self.by_name.find_words(self._beside(address, mentions), label=written)
        if not mentions[0].slips and len(mentions) <= MOST_CHECKED and not found:
            longer = (self.streets.longer(address, mention) for mention in mentions)
            mentions = [*filter(None, longer), *mentions]
        found = found or self.readings.streets(address, mentions, written=written)
        return self._combine(found, by_name)

    def _misspelt(self, address: AddressText) -> list[StreetMention]:
        found = self.streets.misspelt(address, skip=self._districts_in(address))
        return [found] if found else []

    def _districts_in(self, address: AddressText) -> list[bool]:
        """Tell of every word whether it belongs to a district's name, rightly spelled."""
        covered = [False] * len(address.words)
        for mention in self.by_name.names.districts(list(address.words)):
            if mention.exact:
                covered[mention.start : mention.end] = [True] * (mention.end - mention.start)
        return covered

    @staticmethod
    def _beside(address: AddressText, mentions: Sequence[StreetMention | LandmarkMention]) -> list[str]:
        """Return the words beside the names and house numbers: what may name a district or a city."""
        taken = {at for mention in mentions for at in range(mention.start, mention.end)}
        taken |= {at for number in address.numbers for at in range(number.at, number.at + number.length)}
        return [word for at, word in enumerate(address.words) if at not in taken]

    @staticmethod
    def _says_more(
        landmark: LandmarkMention, address: AddressText, mentions: Sequence[StreetMention]
    ) -> bool:
        """Tell whether a landmark is a nearer description than the streets named: an address is nearer."""
        if mentions and address.number_near(mentions[0].start, mentions[0].end):
            return False
        return landmark.end - landmark.start > max((one.end - one.start for one in mentions), default=0)

    def _at_landmark(self, landmark: LandmarkMention, address: AddressText, written: str) -> Located:
        rows = tuple(row for point in landmark.points for row in self.pins.districts_at(point))
        districts = self.readings.names(rows)
        point = landmark.points[0] if len(landmark.points) == 1 else None
        sure = len(districts) == 1 and landmark.exact
        found = Found(districts=districts, sure=sure, label=landmark.name, point=point)
        beside = self._beside(address, [landmark])
        return self._combine(found, self.by_name.find_words(beside, label=written))

    def _corner(self, address: AddressText, mentions: list[StreetMention]) -> Found | None:
        """Return the corner meant, if any; where only one street was found, the other may be misspelt."""
        if len(mentions) > 1:
            return self.readings.corner(mentions)
        if not address.corner:
            return None
        short = self.streets.mentions(address, short=True)
        if len(short) > 1:
            return self.readings.corner(short)
        skip = self._districts_in(address)
        one = mentions[0]
        skip[one.start : one.end] = [True] * (one.end - one.start)
        other = self.streets.misspelt(address, skip=skip)
        return self.readings.corner([one, other]) if other else None

    @staticmethod
    def _combine(found: Found, by_name: Located) -> Located:
        """Weigh a street or landmark against the district or postcode named beside it."""
        named = by_name.candidates
        if not found.districts:
            return Located(status=Status.UNKNOWN, label=found.label)
        agreed = [one for one in found.districts if one in named]
        if named and not agreed:
            # A house that exists says more than the district named, a word like "Markt" says less.
            return found.in_any((*found.districts, *named) if found.point else (*named, *found.districts))
        if by_name.status is Status.RESOLVED:
            return found.in_one(agreed[0])
        if found.sure:
            return found.in_one(found.districts[0])
        return found.in_any((*agreed, *found.districts))
