"""What residents correct teaches the classifier: their words without personal data, and what was right."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from desk.drafts import Draft, Guess
from desk.redaction import has_words

LONGEST = 4096
"""Characters of a report that are kept for training: what the classifier reads of a message."""


@dataclass(frozen=True, kw_only=True)
class TrainingCandidate:
    """Redacted words with how they were understood (`read`) and the kind and category the resident chose.

    Nothing in it leads back to the ticket or the chat: `at` is only the day's beginning (UTC), the exact time
    would be the ticket's.
    """

    text: str
    read: Guess
    kind: str
    category: str
    at: datetime
    city: str


def candidate_from(
    draft: Draft, *, redact: Callable[[str], str], city: str, now: datetime
) -> TrainingCandidate | None:
    """Return what a finished draft teaches; None when it was understood rightly, or never read."""
    read = draft.guess
    if read is None or draft.kind is None or draft.category is None:
        return None
    if (read.kind, read.category) == (draft.kind, draft.category):
        return None
    text = redact(_shortened(draft.text))
    if not has_words(text):
        return None
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return TrainingCandidate(
        text=text, read=read, kind=draft.kind, category=draft.category, at=day, city=city
    )


def _shortened(text: str) -> str:
    """Return the beginning of a long text, cut between words: half a name would not be known as one."""
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0]
