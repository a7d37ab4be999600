"""The shapes places have in messages, as patterns built from the word lists of places.yml."""

import re
from collections.abc import Iterable, Mapping

Words = Mapping[str, list[str]]

_LETTER = r"[^\W\d_]"
_CAPITAL = r"[A-ZÄÖÜ]"
_NAME = f"{_CAPITAL}{_LETTER}+"
_DASH = r"\s?[-/+\u2013]\s?"
_ONE_NUMBER = r"\d{1,3}(?:\s?[a-h](?!\w))?"
_NUMBERS = f"{_ONE_NUMBER}(?:{_DASH}{_ONE_NUMBER})?"


def any_of(words: Iterable[str]) -> str:
    """Alternatives, the longest first, blanks of any kind between their words, in any case."""
    ordered = sorted(words, key=len, reverse=True)
    return "(?i:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered) + ")"


def exactly(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words as a whole; `*` stands for any letters."""
    return re.compile("|".join(re.escape(word).replace(r"\*", r"[\w-]*") for word in words), re.IGNORECASE)


def number(words: Words) -> re.Pattern[str]:
    """A house number after a street: "12", "12a", "120 a", "3-5", "Nr. 7"; not "12 Uhr"."""
    return re.compile(
        rf"\s*,?\s*(?:{any_of(words['house_number_words'])}\.?\s*)?(?i:{_NUMBERS})"
        rf"(?![\w:]|[.,]\d|\.\s*{_no_number(words)}|\s*{_no_number(words)})"
    )


def _no_number(words: Words) -> str:
    return rf"{any_of(words['no_house_numbers'])}(?!\w)"


def street(words: Words) -> re.Pattern[str]:
    """Match "Altendorfer Straße", "Theodor-Heuss-Straße", "Lindenstr.", "Karl Meyer Platz"."""
    end = rf"(?:(?i:str)\.|{any_of(words['street_ends'])}(?!\w))"
    full_end = rf"(?:(?i:str)\.|{any_of(words['full_ends'])}(?!\w))"
    shapes = (
        rf"(?:{_NAME}[ -])?(?P<adjective>{_LETTER}+er)\s+{end}",
        rf"(?:{_LETTER}+\.?-)+{end}",
        rf"(?P<compound>{_LETTER}{{3,}}{end})",
        rf"(?P<first>{_NAME})[ -](?:{_NAME}[ -])?(?={_CAPITAL}){full_end}",
    )
    return re.compile(rf"(?<![\w-])(?:{'|'.join(shapes)})")


def weak_street(words: Words) -> re.Pattern[str]:
    """Match a word like "Weinberg" after "im", "am", "in der"; the word is group 1."""
    word = rf"{_CAPITAL}?{_LETTER}{{2,}}{any_of(words['weak_ends'])}"
    return re.compile(rf"(?<!\w){any_of(words['prepositions'])}\s+({word})(?!\w)")


def named_street(words: Words) -> re.Pattern[str]:
    """Match "Am Freistein 3": a preposition, a name, a house number."""
    name = rf"(?:{_NAME}[ -])?{_CAPITAL}{_LETTER}{{2,}}"
    return re.compile(
        rf"(?<!\w){any_of(words['name_starts'])}\s+{name}\s+(?i:{_NUMBERS})(?![\w:]|[.,]\d|\s*{_no_number(words)})"
    )


def crossing(words: Words) -> re.Pattern[str]:
    """Match "Ecke Altendorfer/Haedenkamp" (names in group 1) or "Heinestr. Ecke Ringstr." (group 2)."""
    name = rf"{_CAPITAL}[\w.-]+(?:\s(?:{any_of(words['full_ends'])}(?!\w)\.?))?"
    word = any_of(words["crossing_words"])
    join = rf"(?:\s*[/\u2013]\s*|\s-\s|\s{any_of(words['crossing_joins'])}\s|\s{word}\s)(?:der\s+)?"
    return re.compile(rf"(?<!\w)(?:{word}\s+(?:der\s+)?({name}{join}{name})|({name}\s+{word}\s+{name}))")


def landmark(words: Words) -> re.Pattern[str]:
    """Match "dem Rewe", "Spielplatz am Rathaus", "Haltestelle Karlsplatz" after a preposition (group 1)."""
    found = rf"{any_of([*words['shops'], *words['unique']])}(?!\w)"
    noun = rf"{any_of([*words['shops'], *words['unique'], *words['landmarks']])}(?!\w)"
    more = rf"\s+{any_of(words['landmark_joins'])}\s+{_CAPITAL}[\w.-]+|\s+{_CAPITAL}{_LETTER}{{3,}}"
    shapes = rf"{_NAME}er\s+{noun}(?:{more})?|{noun}(?:{more})|{found}"
    return re.compile(rf"(?<!\w){any_of(words['prepositions'])}\s+({shapes})")


def district(words: Words, names: Iterable[str]) -> re.Pattern[str] | None:
    """Match a district (group 2) with the preposition before it (group 1), also without umlauts."""
    spelled = {spelling for name in names for spelling in (name, _plain(name))}
    if not spelled:
        return None
    before = any_of(words["district_prepositions"])
    return re.compile(rf"(?<!\w)({before}[\s-]+)?({any_of(spelled)})(?!\w)")


def _plain(name: str) -> str:
    for umlaut, spelled in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        name = name.replace(umlaut, spelled)
    return name
