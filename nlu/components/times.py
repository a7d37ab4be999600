"""Finds since when, how often and at what time, as free text for the card."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from nlu.components.spans import Span

PATTERNS_FILE = Path(__file__).with_name("times.yml")
_REFERENCE = re.compile(r"<(\w+)>")
_BETWEEN = re.compile(r"(?:\s*,?\s*(?:und|immer|meist|oft|besonders|vor allem|ab und zu|auch|schon)?\s*)")


class TimeFinder:
    """Finds time expressions by their shape."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        parts: Mapping[str, str] = content["parts"]
        filled = (_fill(pattern, parts) for pattern in content["times"])
        self._pattern = re.compile(
            r"(?<!\w)(?:" + "|".join(f"(?:{one})" for one in filled) + r")(?!\w)", re.IGNORECASE
        )

    @classmethod
    def read(cls, path: Path = PATTERNS_FILE) -> "TimeFinder":
        """Read the patterns."""
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def find(self, text: str) -> list[Span]:
        """Return the expressions in the order of the text; neighbours are one."""
        found: list[Span] = []
        for match in self._pattern.finditer(text):
            start = match.start()
            if found and _BETWEEN.fullmatch(text[found[-1].end : start]):
                start = found.pop().start
            found.append(Span(start=start, end=match.end(), confidence=0.8))
        return found


def _fill(pattern: str, parts: Mapping[str, str]) -> str:
    """Replace `<name>` by that part, as often as parts name parts; KeyError for a part that is not there."""
    while _REFERENCE.search(pattern):
        pattern = _REFERENCE.sub(lambda found: f"(?:{parts[found[1]]})", pattern)
    return pattern.replace(" ", r"\s+")
