"""Eight ways in which people write one address, and how they name a corner."""

import re
from collections.abc import Callable
from random import Random

from places_town import House, Town
from understanding_spelling import spelled_out

from desk.places import metres_between

CORNER = 60.0
"""Metres from one street's house to the other's for the two streets to be named as a corner."""
_KEYS = ("qwertzuiopü", "asdfghjklöä", "yxcvbnm")
_STREET = re.compile(r"(?<=[Ss])tr\.")
_DROPPED = re.compile(r"[- ]?[Ss]tr\.$")
_LETTER = re.compile(r"(?<=\d)(?=[a-z])")

Spelling = Callable[[House, Town, Random], str]


def official(house: House, town: Town, chance: Random) -> str:
    """Write it as the register does."""
    del town, chance
    return f"{house.street} {house.number}"


def joined(house: House, town: Town, chance: Random) -> str:
    """Join the words before "str", and leave dots and hyphens away: "Altendorferstr 120a"."""
    del town, chance
    name = re.sub(r"[- ][Ss]tr\.", "str", house.street).replace("str.", "str")
    return f"{name.replace('-', ' ')} {house.number}"


def lower_case(house: House, town: Town, chance: Random) -> str:
    """Write small letters throughout, the word in full, the letter apart: "altendorfer straße 120 a"."""
    del town, chance
    return f"{_in_full(house.street)} {_LETTER.sub(' ', house.number)}".lower()


def without_street(house: House, town: Town, chance: Random) -> str:
    """Leave "Straße" away: "Altendorfer 120a"; names without it get a "Nr."."""
    del town, chance
    name = _DROPPED.sub("", house.street)
    return f"{name} {house.number}" if name != house.street else f"{name} Nr. {house.number}"


def without_umlauts(house: House, town: Town, chance: Random) -> str:
    """Write ae, oe, ue and ss."""
    del town, chance
    return spelled_out(f"{_in_full(house.street)} {house.number}")


def number_first(house: House, town: Town, chance: Random) -> str:
    """Put the number before the street."""
    del town, chance
    return f"{house.number} {_in_full(house.street)}"


def place_behind(house: House, town: Town, chance: Random) -> str:
    """Put the postcode and the city, or the district, behind."""
    district = house.district or ""
    postcodes = town.postcodes_of.get(district, [])
    place = f"{chance.choice(postcodes)} {town.city.name}" if postcodes else district
    place = chance.choice((place, district))
    return f"{house.street} {house.number}{chance.choice((', ', ' in ', ' '))}{place}"


def mistyped(house: House, town: Town, chance: Random) -> str:
    """Swap, drop, double or miss one letter of the street's name."""
    del town
    name = house.street
    at = chance.choice([at for at, sign in enumerate(name) if sign.isalpha()])
    edits = {
        "swap": name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
        "drop": name[:at] + name[at + 1 :],
        "double": name[: at + 1] + name[at:],
        "neighbour": name[:at] + _beside(name[at], chance) + name[at + 1 :],
    }
    return f"{edits[chance.choice(sorted(edits))]} {house.number}"


def corner(house: House, town: Town, chance: Random) -> tuple[str, set[str]] | None:
    """Name the street and one that meets it here; return the text and the districts that are right."""
    near = [
        (metres_between(house.point, other.point), other)
        for other in town.around(house.point)
        if other.street not in {house.street, ""} and other.district
    ]
    met = min((one for one in near if one[0] <= CORNER), key=lambda one: one[0], default=None)
    if not met:
        return None
    between = chance.choice((", Ecke ", " / ", " Ecke "))
    districts = {one for one in (house.district, met[1].district) if one}
    return f"{house.street}{between}{met[1].street}", districts


def _in_full(street: str) -> str:
    return _STREET.sub("traße", street)


def _beside(sign: str, chance: Random) -> str:
    for row in _KEYS:
        place = row.find(sign.lower())
        if place >= 0:
            key = chance.choice(row[max(place - 1, 0) : place] + row[place + 1 : place + 2])
            return key.upper() if sign.isupper() else key
    return sign + sign  # ß has no neighbours here


SPELLINGS: dict[str, Spelling] = {
    "as official": official,
    "joined and abbreviated": joined,
    "lower case, in full": lower_case,
    "without Straße": without_street,
    "ae, oe, ue, ss": without_umlauts,
    "number before street": number_first,
    "postcode or district behind": place_behind,
    "one typing error": mistyped,
}
CORNERS = "two streets' corner"
