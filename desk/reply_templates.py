"""Ready texts for caretakers: a city's own words for a question, a note, a reason."""

from collections.abc import Iterable
from dataclasses import dataclass

PURPOSES = ("ask", "finish", "decline", "note")
"""What words of a caretaker can be for: the deed they are awaited for."""
OFFERED = 6  # buttons under a prompt


@dataclass(frozen=True, kw_only=True)
class ReplyTemplate:
    """A ready text: for which purposes, and only for some categories where it names any."""

    id: str
    purposes: tuple[str, ...]
    label: str
    text: str
    categories: tuple[str, ...] = ()


def fitting(templates: Iterable[ReplyTemplate], purpose: str, category: str) -> tuple[ReplyTemplate, ...]:
    """Return what to offer for a purpose and category: what was written for the category comes first."""
    found = [
        one
        for one in templates
        if purpose in one.purposes and (not one.categories or category in one.categories)
    ]
    return tuple(sorted(found, key=lambda one: not one.categories)[:OFFERED])
