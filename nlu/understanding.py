"""What was understood, in the form that stays put: `kuemmerkasten understand` prints it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

OUT_OF_SCOPE = "out_of_scope"
REPORTS = ("dirt", "noise", "conflict")
KIND_OF_INTENT = {
    "report_dirt": "dirt",
    "report_noise": "noise",
    "report_conflict": "conflict",
    "report_other_defect": "other_defect",
    "emergency": "emergency",
    "ask_office_hours": "office_hours",
    "ask_question": "question",
    "ask_ticket_status": "ticket_status",
    "smalltalk": "smalltalk",
    "affirm": "smalltalk",
    "deny": "smalltalk",
    "cancel": "smalltalk",
    "change": "smalltalk",
    "start_over": "smalltalk",
    "human": "smalltalk",
    "out_of_scope": OUT_OF_SCOPE,
    "foreign_language": OUT_OF_SCOPE,
    "nlu_fallback": OUT_OF_SCOPE,
}
"""Every intent that text can have; the dialogue's moves count as smalltalk."""


@dataclass(frozen=True, kw_only=True)
class Understanding:
    """One message: `confidence` is the likeliest intent's, 0 to 1; `category` only for reports."""

    text: str
    kind: str
    intent: str
    confidence: float
    category: str | None
    place: str | None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON, in the contract's order."""
        return {**asdict(self), "confidence": round(self.confidence, 4)}


def nothing(text: str) -> Understanding:
    """Return what is understood of a message without words."""
    return Understanding(
        text=text, kind=OUT_OF_SCOPE, intent="nlu_fallback", confidence=0.0, category=None, place=None
    )


def understanding(text: str, parse_data: Mapping[str, Any]) -> Understanding:
    """Read the pipeline's parse data of `text`; an intent without a kind counts as out of scope.

    Where the dialogue would ask because it is unsure, the likeliest intent stands.
    """
    intent = parse_data.get("intent") or {}
    if parse_data.get("doubt") == "unsure":
        intent = next(iter(parse_data.get("intent_ranking") or ()), intent)
    name = intent.get("name") or "nlu_fallback"
    kind = KIND_OF_INTENT.get(name, OUT_OF_SCOPE)
    category = parse_data.get("category") or {}
    places = (found["value"] for found in parse_data.get("entities") or () if found["entity"] == "place")
    return Understanding(
        text=text,
        kind=kind,
        intent=name,
        confidence=float(intent.get("confidence") or 0.0),
        category=category.get("name") if kind in REPORTS else None,
        place=next(places, None),
    )
