"""What residents write, made safe for everything behind it."""

import re
import unicodedata
from collections.abc import Callable

UNDERSTOOD_LENGTH = 4096
"""Characters the pipeline looks at: the length of the longest Telegram message."""

_SURROGATES = re.compile("[\ud800-\udfff]")
_JOINERS = {"\u200d", "\ufe0f"}  # hold emoji together
_NO_JOINERS = dict.fromkeys(map(ord, _JOINERS))
_KEPT_CONTROLS = {"\n", "\t"}
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")


class Without(dict[int, str | None]):
    """A table for `str.translate` that drops the signs for which `goes` holds; each is asked about once."""

    def __init__(self, goes: Callable[[str], object]) -> None:
        super().__init__()
        self._goes = goes

    def __missing__(self, code: int) -> str | None:
        """Decide about a sign nobody has written so far."""
        sign = chr(code)
        self[code] = found = None if self._goes(sign) else sign
        return found


WITHOUT_MARKS = Without(unicodedata.combining)
"""Drops accents and other marks set on a letter, once they are signs of their own (NFKD)."""


def tidy(text: str) -> str:
    """Return the resident's words as they are stored and shown.

    Lone surrogates, NUL and other control characters, zero-width and direction marks go; line breaks become
    a newline; nothing is cut. The result can always be encoded as UTF-8.
    """
    lines = _LINE_BREAKS.sub("\n", _SURROGATES.sub("", text))
    return lines.translate(_VISIBLE).strip()


def for_understanding(text: str) -> str:
    """Return what the pipeline reads: tidy, one line, at most `UNDERSTOOD_LENGTH` characters."""
    return _SPACES.sub(" ", tidy(text).translate(_NO_JOINERS))[:UNDERSTOOD_LENGTH].strip()


def _is_invisible(sign: str) -> bool:
    # Cc: control characters, Cf: zero-width and direction marks, soft hyphen; Cs: what is left of surrogates.
    kept = sign in _KEPT_CONTROLS or sign in _JOINERS
    return not kept and unicodedata.category(sign) in {"Cc", "Cf", "Cs"}


_VISIBLE = Without(_is_invisible)
