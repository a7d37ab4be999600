"""How a place that was told, found or not, changes the draft."""

from dataclasses import dataclass, replace

from desk.drafts import Draft, Spot
from desk.places import Located, Locator, Status
from desk.questions import Catalogue, Question
from desk.said import Remark, Said, Taken
from desk.spelling import key

SHORT = 6  # words: a place alone is hardly longer
SHORT_NUMBER = 3  # words: "Nr. 12 a"
MOST_PLACE_LETTERS = 80  # of what is kept of a place's or a time's words
FOUND = (Status.RESOLVED, Status.AMBIGUOUS)


@dataclass(frozen=True, kw_only=True)
class PlaceReader:
    """Reads places with what the city and its locator know."""

    catalogue: Catalogue
    locator: Locator

    def pin(self, draft: Draft, said: Said) -> Taken:
        """Take a pin; the street that was written before stays the place's name."""
        if said.point is None:
            return Taken(draft=draft)
        located = self.locator.at(*said.point)
        if located.status not in FOUND:
            return self._outside(draft, located, said.point_label or "")
        known = draft.spot.label if draft.spot and draft.spot.latitude is None else None
        label = said.point_label or located.label or known or ""
        if known and draft.spot and known not in self.catalogue.city.district_names:
            label = known
        spot = replace(spot_of(located), label=label, latitude=said.point[0], longitude=said.point[1])
        return Taken(draft=placed(draft, spot))

    def found(self, draft: Draft, said: Said, text: str, *, quiet: bool) -> Taken:
        """Look the place up; `quiet` while it only stood in the words and nobody asked for it."""
        located = self.locator.find(text)
        if located.status is Status.UNKNOWN and text != said.text:
            whole = self.locator.find(said.text)
            # A short answer is a place as a whole, whatever part of it was recognised as one.
            answer = not quiet and _alone(said.text)
            located = whole if answer or whole.status is not Status.UNKNOWN else located
            text = said.text if answer else text
        if located.status is Status.OUTSIDE:
            return self._outside(draft, located, text)
        if located.status is Status.UNKNOWN:
            return self._unknown(draft, said, text, located, quiet=quiet)
        # The official name shows what was understood; without one the resident's own words do.
        label = located.label if located.street else said.place or located.label or text
        return Taken(draft=placed(draft, replace(spot_of(located), label=label, message=said.message)))

    def suggested(self, draft: Draft, name: str) -> Taken:
        """Take one of the names that were offered."""
        # Written again it counts as meant, so that a name that can't be found is kept all the same.
        draft = replace(draft, search=replace(draft.search, written=name)) if draft.search else draft
        return self.found(draft, Said(text=name, place=name), name, quiet=False)

    def knows(self, text: str) -> bool:
        """Tell whether these few words are nothing but a place, here or in another city."""
        return _alone(text) and self.locator.find(text).status is not Status.UNKNOWN

    def may_be_place(self, said: Said) -> bool:
        """Tell whether these few words are a place, look like an address, or are spelled nearly like one."""
        if self.knows(said.text) or not _alone(said.text):
            return self.knows(said.text)
        shaped = looks_like_place(said.text)
        if said.place is None and not shaped:
            return False
        return (said.place is not None and shaped) or bool(self.locator.find(said.text).suggestions)

    def district(self, draft: Draft, said: Said, *, interrupts: bool) -> Taken | None:
        """Take what settles the district: its name, a side of the border, the house number, another place."""
        spot = draft.spot
        if spot is None:
            return Taken(draft=draft, remarks=(Remark(response="utter_district_unknown"),))
        located = self.locator.find(said.text)
        settled = self._with_number(spot, said.text, located) or _on_side(spot, said.text, located)
        if settled is not None:
            return Taken(draft=placed(draft, settled))
        if located.status not in FOUND:
            outside = located.status is Status.OUTSIDE
            remark = _elsewhere(located) if outside else Remark(response="utter_district_unknown")
            return None if interrupts and not outside else Taken(draft=draft, remarks=(remark,))
        if located.point and spot.latitude is None:
            return self.found(draft, said, said.text, quiet=False)
        narrowed = replace(spot, candidates=located.candidates, border=False, sides=())
        return Taken(draft=replace(draft, spot=replace(narrowed, district=located.district)))

    def _with_number(self, spot: Spot, text: str, located: Located) -> Spot | None:
        """Return the house of the street that was asked about, when the answer is but a number."""
        alone = any(map(str.isdigit, text)) and len(text.split()) <= SHORT_NUMBER
        if not (spot.lacks_number and alone and located.status is Status.UNKNOWN):
            return None
        address = f"{spot.street} {text.strip()}"
        whole = self.locator.find(address)
        found = replace(spot_of(whole), label=whole.label or address, message=spot.message)
        return found if whole.status in FOUND else None

    def _unknown(self, draft: Draft, said: Said, text: str, located: Located, *, quiet: bool) -> Taken:
        insisted = draft.search is not None and key(draft.search.written) == key(text)
        if located.suggestions and not insisted:
            return Taken(draft=draft.missed(_short(text), suggestions=located.suggestions))
        if not (said.place or looks_like_place(text)):
            if quiet:
                return Taken(draft=draft)
            return Taken(draft=draft.missed(_short(text)), remarks=(Remark(response="utter_place_unknown"),))
        if quiet and not any(map(str.isdigit, text)):
            return Taken(draft=draft)
        # A shape like a street's without place data: keep the words, the district is asked for.
        spot = Spot(label=_short(text), candidates=located.candidates, message=said.message)
        return Taken(draft=placed(draft, spot))

    def _outside(self, draft: Draft, located: Located, text: str) -> Taken:
        wanted = draft.spot is None or draft.changing == Question.PLACE
        missed = draft.missed(_short(text), outside=True) if wanted else draft
        return Taken(draft=missed, remarks=(_elsewhere(located),))


def placed(draft: Draft, spot: Spot) -> Draft:
    """Return the draft with its place; whatever was searched for or changed about it is done with."""
    changing = None if draft.changing in (Question.PLACE, Question.DISTRICT) else draft.changing
    return replace(draft, spot=replace(spot, label=_short(spot.label)), search=None, changing=changing)


def looks_like_place(text: str) -> bool:
    """Tell whether a text may be an address: short, with letters and a number."""
    return (
        len(text) <= MOST_PLACE_LETTERS
        and any(sign.isalpha() for sign in text)
        and any(map(str.isdigit, text))
    )


def _alone(text: str) -> bool:
    return len(text.split()) <= SHORT and "?" not in text


def _on_side(spot: Spot, text: str, located: Located) -> Spot | None:
    """Return the place in the one district among those offered that an answer points to."""
    sides = zip(spot.candidates, spot.sides, strict=False)
    by_street = [name for name, side in sides if side and key(text) == key(side.partition(" (")[0])]
    by_name = [name for name in spot.candidates if name in located.candidates]
    fitting = by_street or (by_name if located.point is None or spot.border else [])
    return spot.on(fitting[0]) if len(fitting) == 1 else None


def _elsewhere(located: Located) -> Remark:
    if located.neighbour:
        return Remark(response="utter_place_neighbour", params={"neighbour": located.neighbour})
    return Remark(response="utter_place_outside")


def _short(text: str) -> str:
    return text.strip()[:MOST_PLACE_LETTERS]


def spot_of(located: Located) -> Spot:
    """Return the place a report or a question gets from what was located."""
    latitude, longitude = located.point or (None, None)
    return Spot(
        label=located.label,
        district=located.district,
        candidates=located.candidates,
        street=located.street,
        border=located.confirm,
        sides=located.sides,
        latitude=latitude,
        longitude=longitude,
    )
