"""How people spell the same message otherwise; the same text always gives the same variant."""

from collections.abc import Callable, Iterator
from random import Random

WRONG_KEYS = 0.08
"""Share of letters that get a typing error."""

_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"}
)
_DROPPED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "Ä": "A", "Ö": "O", "Ü": "U", "ß": "ss", "ẞ": "SS"})
_KEYBOARD = ("qwertzuiopü", "asdfghjklöä", "yxcvbnm")


def spelled_out(text: str) -> str:
    """Write ae, oe, ue and ss."""
    return text.translate(_SPELLED_OUT)


def without_umlauts(text: str) -> str:
    """Drop the dots, as on a keyboard that has none; ß becomes ss there, too."""
    return text.translate(_DROPPED)


def with_typing_errors(text: str) -> str:
    """Swap, drop, double or miss `WRONG_KEYS` of the letters, by chance that depends on the text alone."""
    return "".join(_typed(text, Random(text)))  # noqa: S311 -- chance that can be repeated, no secret


def _typed(text: str, chance: Random) -> Iterator[str]:
    letters = iter(range(len(text)))
    for position in letters:
        sign = text[position]
        if not sign.isalpha() or chance.random() >= WRONG_KEYS:
            yield sign
            continue
        mistake = chance.choice(("swap", "drop", "double", "neighbour"))
        following = text[position + 1 : position + 2]
        if mistake == "swap" and following.isalpha():
            next(letters)
            yield following + sign
        elif mistake == "double":
            yield sign + sign
        elif mistake != "drop":
            yield _neighbour(sign, chance)


def _neighbour(sign: str, chance: Random) -> str:
    for row in _KEYBOARD:
        place = row.find(sign.lower())
        if place >= 0:
            key = chance.choice(row[max(place - 1, 0) : place] + row[place + 1 : place + 2])
            return key.upper() if sign.isupper() else key
    return sign + sign  # ß and letters of other alphabets have no neighbours here


VARIANTS: dict[str, Callable[[str], str]] = {
    "ae/oe/ue": spelled_out,
    "dropped umlauts": without_umlauts,
    "lower case": str.lower,
    "8 % typing errors": with_typing_errors,
}
"""Label of each variant and what it does to a message."""
