"""How place names are compared: as people type them, not as a register writes them."""

import re
import unicodedata

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_WORD = re.compile(r"[a-z0-9]+")
_LOOSER = (
    ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ck", "k"), ("th", "t"), ("dt", "t"), ("tz", "z"),
    ("ph", "f"), ("y", "i"), ("ie", "i"), ("c", "k"), ("v", "f"), ("ei", "ai"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
LONGEST_NAME = 200
"""Characters of a text that are looked at; a place is never longer."""


def fold(text: str) -> str:
    """Return the text in lower-case ASCII: ä becomes ae, ß becomes ss, other accents fall away."""
    composed = unicodedata.normalize("NFKC", text).lower().translate(_UMLAUTS)
    return unicodedata.normalize("NFKD", composed).encode("ascii", "ignore").decode()


def words(text: str) -> list[str]:
    """Split a text into folded words; hyphens, dots and signs only separate ("Altenessen-Süd" gives two)."""
    return _WORD.findall(fold(text[:LONGEST_NAME]))


def key(text: str) -> str:
    """Return the folded text without any gaps: what two spellings of one name have in common."""
    return "".join(words(text))


def loose(folded: str) -> str:
    """Return a coarser form of a folded word in which usual misspellings meet ("karnapp", "karnap")."""
    for written, heard in _LOOSER:
        folded = folded.replace(written, heard)
    return _DOUBLED.sub(r"\1", folded)
