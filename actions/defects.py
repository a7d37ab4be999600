"""Which damage a message is about, so that the one who repairs it can be named."""

from functools import cache
from pathlib import Path

import yaml

WORDS_FILE = Path(__file__).with_name("defects.yml")


def defect_in(text: str) -> str | None:
    """Return the matter of the city's referrals these words are about; None when it is not clear."""
    written = f"{text.casefold()} "
    return next((matter for matter, words in _words().items() if any(one in written for one in words)), None)


@cache
def _words() -> dict[str, tuple[str, ...]]:
    content = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))
    return {matter: tuple(str(word).casefold() for word in words) for matter, words in content.items()}
