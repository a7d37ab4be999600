import re
from typing import Any

# What Telegram's server marks up by itself in messages people write.
_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("url", re.compile(r"\bhttps?://[^\s<>]+")),
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}\b")),
)
_CONTROL = {code: " " for code in range(32) if code not in (9, 10, 13)} | {13: None}


def units(text: str) -> int:
    """Length in UTF-16 code units, the unit of every limit and entity offset of the Bot API."""
    return len(text) + sum(character > "\uffff" for character in text)


def clean(text: str) -> str:
    """Drop what Telegram's server drops: control characters become spaces, the ends are trimmed."""
    return text.translate(_CONTROL).strip()


def found_entities(text: str) -> list[dict[str, Any]]:
    """Commands, links, addresses and mentions in a person's text, as MessageEntity objects."""
    entities = [
        {"type": kind, "offset": units(text[: match.start()]), "length": units(match.group())}
        for kind, pattern in _FOUND
        for match in pattern.finditer(text)
    ]
    return sorted(entities, key=lambda entity: int(entity["offset"]))  # type: ignore[call-overload]


def pieces(text: str, limit: int) -> list[str]:
    """Cut a text as Telegram's apps do before they send it: parts of at most `limit` code units."""
    parts: list[str] = []
    part: list[str] = []
    length = 0
    for character in text:
        size = units(character)
        if length + size > limit:
            parts.append("".join(part))
            part, length = [], 0
        part.append(character)
        length += size
    return [*parts, "".join(part)]
