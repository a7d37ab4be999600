from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from desk.redaction import Redactor

FILE = Path(__file__).parent.parent / "desk" / "redaction.yml"


def redact(text: str) -> str:
    """Return the text without personal data (`desk.redaction`)."""
    return _redactor().redact(text)


@cache
def _redactor() -> Redactor:
    """Read the word lists when the first text comes: most processes never see one."""
    content: Mapping[str, object] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return Redactor.of(content)
