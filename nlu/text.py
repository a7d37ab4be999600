"""What residents write, made safe for everything behind it."""

import re
import unicodedata

UNDERSTOOD_LENGTH = 4096
"""Characters the pipeline looks at: the length of the longest Telegram message."""

_SURROGATES = re.compile("[\ud800-\udfff]")
_JOINERS = {"\u200d", "\ufe0f"}  # hold emoji together
_KEPT_CONTROLS = {"\n", "\t"}
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """Return the resident's words as they are stored and shown.

    Lone surrogates, NUL and other control characters, zero-width and direction marks go; line breaks become
    a newline; nothing is cut. The result can always be encoded as UTF-8.
    """
    lines = _LINE_BREAKS.sub("\n", _SURROGATES.sub("", text))
    return "".join(sign for sign in lines if _is_visible(sign)).strip()


def for_understanding(text: str) -> str:
    """Return what the pipeline reads: tidy, one line, at most `UNDERSTOOD_LENGTH` characters."""
    plain = "".join(sign for sign in tidy(text) if sign not in _JOINERS)
    return _SPACES.sub(" ", plain)[:UNDERSTOOD_LENGTH].strip()


def _is_visible(sign: str) -> bool:
    # Cc: control characters, Cf: zero-width and direction marks, soft hyphen; Cs: what is left of surrogates.
    if sign.isascii() and sign.isprintable():
        return True
    return sign in _KEPT_CONTROLS or sign in _JOINERS or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}
