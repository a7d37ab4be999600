"""Takes out of residents' words what points to a person; rather a word too many than one too few."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from desk import personal_data
from desk.personal_data import Words

_PLACEHOLDER = re.compile(r"\[[^\[\]\s]*\]")
_BLANKS, _LINES = re.compile(r"[^\S\n]+"), re.compile(r" ?\n\s*")
_REPEATED = re.compile(r"(\[[^\[\]\s]*\])(?:[\s,/&-]*\1)+")


@dataclass(frozen=True)
class Redactor:
    """Puts neutral placeholders in the place of names, numbers, addresses and accounts.

    `steps` are patterns, in their order, with the placeholder each puts in; what a pattern calls `keep` stays
    before it.
    """

    steps: tuple[tuple[re.Pattern[str], str], ...]

    @classmethod
    def of(cls, content: Mapping[str, object]) -> "Redactor":
        """Build from the word lists; KeyError or TypeError when they are broken."""
        placeholders = content["placeholders"]
        if not isinstance(placeholders, Mapping):
            raise TypeError
        words = {name: _entries(entries) for name, entries in content.items() if name != "placeholders"}
        return cls(
            tuple(
                (pattern, str(placeholders[what])) for what, pattern in personal_data.patterns(Words(words))
            )
        )

    def redact(self, text: str) -> str:
        """Return the text without personal data; what was redacted once stays as it is."""
        # NFKC: letters and digits in disguise (full width, bold, umlauts in two signs) look like the others.
        before, after = None, _one_blank(unicodedata.normalize("NFKC", text))
        # Again until nothing is found: what stood beside something taken out may now be recognised itself.
        while after != before:
            before, after = after, _one_blank(self._once(after))
        return after

    def _once(self, text: str) -> str:
        for pattern, placeholder in self.steps:
            text = pattern.sub(partial(_replaced, placeholder), text)
        return _REPEATED.sub(r"\1", text)


def has_words(redacted: str) -> bool:
    """Tell whether a redacted text still says anything besides its placeholders."""
    return any(sign.isalpha() for sign in _PLACEHOLDER.sub("", redacted))


def _one_blank(text: str) -> str:
    """Return the text with one blank or one line break between words: patterns need not look for more."""
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()


def _replaced(placeholder: str, match: re.Match[str]) -> str:
    keep = match.groupdict().get("keep") or ""
    return f"{keep}{placeholder}"


def _entries(value: object) -> list[str]:
    if not isinstance(value, list):
        raise TypeError
    return [str(entry) for entry in value]
