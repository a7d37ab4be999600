"""Finds districts, their colloquial names and neighbouring cities in what people write."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from desk.city import City
from desk.spelling import key, loose

LONGEST_NAME_WORDS = 4
FUZZY_FROM = 7
"""Letters; shorter names ("Horst", "Kray") are too near to everyday words ("Forst") to guess."""
FUZZY_TWO_FROM = 10
STREET_ENDINGS = (
    "str", "strasse", "str.", "weg", "platz",
    "allee", "gasse", "ring", "ufer", "damm", "pfad", "steig", "chaussee",
)  # fmt: skip
_ADDRESS_WORDS = frozenset({*STREET_ENDINGS, "nr"})
_ARTICLES = frozenset({"am", "im", "an", "auf", "zur", "zum", "der"})
_HOUSE_NUMBER = re.compile(r"\d{1,4}[a-z]?")
_BEFORE_A_PLACE = frozenset({"in", "stadtteil", "nach", "aus", "von"})


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A name found in a text: what it may mean, and the words it covers (from `start`, before `end`)."""

    meanings: tuple[str, ...]
    start: int
    end: int
    exact: bool = True


class NameTable:
    """Looks up names word by word: longest first, exactly, then in the looser spelling."""

    def __init__(self, names: dict[str, tuple[str, ...]]) -> None:
        self.exact = {key(name): meanings for name, meanings in names.items()}
        self.loose: dict[str, tuple[str, ...]] = {}
        for folded, meanings in self.exact.items():
            coarse = loose(folded)
            self.loose[coarse] = tuple(dict.fromkeys((*self.loose.get(coarse, ()), *meanings)))

    def mentions(self, tokens: Sequence[str]) -> Iterator[Mention]:
        """Yield the names in a text, left to right, without overlaps."""
        start = 0
        while start < len(tokens):
            found = self._longest_at(tokens, start)
            if found:
                yield found
            start = found.end if found else start + 1

    def _longest_at(self, tokens: Sequence[str], start: int) -> Mention | None:
        for end in range(min(len(tokens), start + LONGEST_NAME_WORDS), start, -1):
            joined = "".join(tokens[start:end])
            meanings = self.exact.get(joined) or self.loose.get(loose(joined))
            if meanings:
                return Mention(meanings=meanings, start=start, end=end)
        return None

    def nearest(self, folded: str) -> tuple[str, ...]:
        """Return what a misspelt name most likely means; empty when it is no name, or not clear which."""
        coarse = loose(folded)
        if len(folded) < FUZZY_FROM or folded.endswith(STREET_ENDINGS):
            return ()
        # "Katernberger" is half of a street's or a market's name, not a misspelt Katernberg.
        adjective = folded.endswith("er")
        limit = 2 if len(folded) >= FUZZY_TWO_FROM else 1
        near: dict[str, int] = {}
        for name in self.loose:
            if adjective and not name.endswith("er"):
                continue
            distance = OSA.distance(coarse, name, score_cutoff=limit)
            if distance <= limit:
                near[name] = distance
        best = min(near.values(), default=0)
        closest = [name for name, distance in near.items() if distance == best]
        return self.loose[closest[0]] if len(closest) == 1 else ()


class DistrictNames:
    """All names of one city's districts and of the cities around it."""

    def __init__(self, city: City) -> None:
        self.city = city
        own: dict[str, tuple[str, ...]] = {name: (name,) for name in city.district_names}
        own |= {nickname.name: nickname.districts for nickname in city.nicknames}
        around: dict[str, tuple[str, ...]] = {
            name: (one.name,) for one in city.neighbours for name in (one.name, *one.places)
        }
        self.own = NameTable(own)
        self.around = NameTable(around)
        self._all = NameTable(around | own)
        self._before_a_place = _BEFORE_A_PLACE | {key(city.name)}
        self._everyday = {key(district.name) for district in city.districts if district.common_word}
        self._shared = {(one.name, district) for one in city.neighbours for district in one.shared}
        self._around = {one.name for one in city.neighbours}

    def districts(self, tokens: Sequence[str]) -> list[Mention]:
        """Return the districts named in a text; a misspelt one only when no other is there."""
        found = [
            one
            for one in self.own.mentions(tokens)
            if not self._is_everyday(tokens, one) and not self._is_a_street(tokens, one)
        ]
        return found or list(self._misspelt(tokens))

    def neighbour(self, tokens: Sequence[str]) -> str | None:
        """Return the other city a text is about, or None.

        "Horst" is ours unless Gelsenkirchen stands beside it; "Karnap, Grenze Gelsenkirchen" stays ours.
        """
        for mention in self.around.mentions(tokens):
            name = mention.meanings[0]
            ours = {one for own in self.own.mentions(tokens) for one in own.meanings}
            if all((name, one) in self._shared for one in ours) and key(self.city.name) not in tokens:
                return name
        return self._misspelt_neighbour(tokens)

    def _misspelt_neighbour(self, tokens: Sequence[str]) -> str | None:
        """Return the city whose misspelt name stands in a text that names no district of ours."""
        if next(self.own.mentions(tokens), None) or key(self.city.name) in tokens:
            return None
        for at, token in enumerate(tokens):
            meanings = self._all.nearest(token)
            if meanings and meanings[0] in self._around and not self._in_an_address(tokens, at, at + 1):
                return meanings[0]
        return None

    def _is_everyday(self, tokens: Sequence[str], mention: Mention) -> bool:
        if "".join(tokens[mention.start : mention.end]) not in self._everyday:
            return False
        alone = mention.end - mention.start == len(tokens)
        return not alone and (mention.start == 0 or tokens[mention.start - 1] not in self._before_a_place)

    @staticmethod
    def _is_a_street(tokens: Sequence[str], mention: Mention) -> bool:
        """Tell "Am Stadtwald" and "Auf der Höhe 3" from the districts: they have no "am" and no numbers."""
        before, after = tokens[: mention.start][-1:], tokens[mention.end : mention.end + 1]
        if not before or before[0] not in _ARTICLES:
            return False
        return before[0] == "am" or any(map(_HOUSE_NUMBER.fullmatch, after))

    @staticmethod
    def _in_an_address(tokens: Sequence[str], start: int, end: int) -> bool:
        """Tell whether words beside a house number or "Str." are a street's name rather than a district's."""
        while start and tokens[start - 1] in _ARTICLES:
            start -= 1
        beside = (*tokens[max(0, start - 1) : start], *tokens[end : end + 1])
        return any(word in _ADDRESS_WORDS or _HOUSE_NUMBER.fullmatch(word) for word in beside)

    def _misspelt(self, tokens: Sequence[str]) -> Iterator[Mention]:
        for length in (2, 1):
            for start in range(len(tokens) - length + 1):
                part = tokens[start : start + length]
                meanings = self._all.nearest("".join(part))
                mention = Mention(meanings=meanings, start=start, end=start + length, exact=False)
                if self._is_a_street(tokens, mention) or self._in_an_address(tokens, start, mention.end):
                    continue
                if meanings and not self._around.intersection(meanings):
                    yield mention
                    return
