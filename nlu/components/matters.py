"""Two matters in one message: what stands in which part of it."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

MATTERS = frozenset(
    {
        "report_dirt",
        "report_noise",
        "report_conflict",
        "report_other_defect",
        "ask_office_hours",
    }
)
"""Intents that want something of their own; other questions in a report are mostly part of the complaint."""

SURE = 0.8
"""Confidence a part needs: a doubtful second matter is worse than one taken together with the first."""

HINT = 0.1
"""Confidence in the whole message from which a matter is looked for in its parts."""

FEWEST_WORDS = 3
_JOINS = r"außerdem|ausserdem|zweitens|übrigens|und dann noch"
_BREAK = re.compile(rf"(?<=[.!?;])\s+|\s+(?=(?:{_JOINS})\b)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One matter of a message: its intent, its finer class if it has one, and its words."""

    intent: str
    category: str | None
    text: str


def might_hold_two(ranking: Sequence[dict[str, Any]]) -> bool:
    """Tell whether the message as a whole hints at two: reading all messages in parts costs too much."""
    hinted = [one for one in ranking if one["name"] in MATTERS and one["confidence"] >= HINT]
    return len(hinted) > 1


def parts(text: str) -> list[str]:
    """Return the sentences of at least `FEWEST_WORDS` words; shorter ones belong to the one before."""
    found: list[str] = []
    for piece in _BREAK.split(text):
        if found and len(piece.split()) < FEWEST_WORDS:
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def matters(pieces: Sequence[str], outcomes: Sequence[dict[str, Any]]) -> list[Matter]:
    """Gather what the parts were understood as; what is no sure matter belongs to the one before it."""
    found: list[Matter] = []
    opening = ""
    for piece, outcome in zip(pieces, outcomes, strict=True):
        name = outcome["intent"]["name"]
        own = name in MATTERS and outcome["intent"]["confidence"] >= SURE
        if own and not any(matter.intent == name for matter in found):
            category = (outcome.get("category") or {}).get("name")
            found.append(Matter(intent=name, category=category, text=f"{opening} {piece}".strip()))
            opening = ""
        elif found:
            same = next((n for n, matter in enumerate(found) if own and matter.intent == name), -1)
            last = found[same]
            found[same] = Matter(intent=last.intent, category=last.category, text=f"{last.text} {piece}")
        else:
            opening = f"{opening} {piece}".strip()
    return found


def as_json(found: Sequence[Matter], *, first: str) -> list[dict[str, Any]]:
    """Return two matters as plain JSON, the one with the intent `first` before the other; else nothing."""
    if len(found) < 2:  # noqa: PLR2004 -- one matter is the usual case
        return []
    ordered = sorted(found, key=lambda matter: matter.intent != first)
    return [asdict(matter) for matter in ordered[:2]]
