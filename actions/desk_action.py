import json
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet

from desk.drafts import Draft
from desk.questions import Choice, Question
from desk.said import Said
from desk.tickets import Photo
from storage.wiring import House, house_from_environment

ANSWERED = "answered"
KINDS = {"report_dirt": "dirt", "report_noise": "noise", "report_conflict": "conflict"}


class DeskAction(Action, ABC):
    """Base of all actions: knows the house; without one (`rasa run actions`) builds it when first needed."""

    def __init__(self, house: House | None = None) -> None:
        self._house = house

    @property
    def house(self) -> House:
        """The wired house."""
        return self._house or house_from_environment()

    @abstractmethod
    def name(self) -> str:
        """Return the action's name, which stands in domain.yml."""


def draft_of(tracker: Tracker) -> Draft | None:
    """Return the report that is being told, or None."""
    data = tracker.get_slot("draft")
    return Draft.from_json(data) if data else None


def reporting(tracker: Tracker) -> bool:
    """Tell whether a report is being told; a question that only waits for a place is none."""
    draft = draft_of(tracker)
    return draft is not None and draft.purpose is None


def open_question(tracker: Tracker, question: Question | None) -> list[EventType]:
    """Leave exactly the slot of the next question empty: the form asks for the first empty slot, or ends."""
    wanted = {each.value: None if each is question else ANSWERED for each in Question}
    return [SlotSet(slot, value) for slot, value in wanted.items() if tracker.get_slot(slot) != value]


def said_in(tracker: Tracker) -> Said:
    """Return the latest turn in the desk's terms, whether it was typed, pressed, pinned or photographed."""
    message = tracker.latest_message
    intent = message.get("intent") or {}
    name = str(intent.get("name") or "")
    given = _structured(message)
    category = message.get("category") or {}
    point = given.get("point") or {}
    return Said(
        intent=name,
        confidence=float(intent.get("confidence") or 0.0),
        text=str(given.get("text") or message.get("text") or ""),
        message=given.get("message"),
        kind=given.get("kind") or KINDS.get(name),
        category=category.get("name"),
        category_confidence=float(category.get("confidence") or 0.0),
        place=given.get("place"),
        since=given.get("time"),
        choice=given.get("value"),
        point=(point["latitude"], point["longitude"]) if point else None,
        point_label=point.get("label"),
        photos=tuple(Photo.from_json(photo) for photo in given.get("photos", ())),
    )


def buttons_of(choices: Iterable[Choice], draft: Draft) -> list[dict[str, str]]:
    """Return a question's buttons; each names its draft, so that an old one is known as stale."""
    return [
        {"title": choice.label, "payload": payload("choose", id=draft.id, value=choice.code)}
        for choice in choices
    ]


def payload(intent: str, **entities: str) -> str:
    """Return a button's payload in Rasa's notation; at most 64 bytes (Bot API, callback_data)."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False, separators=(',', ':')) if entities else ''}"


def _structured(message: dict[str, Any]) -> dict[str, Any]:
    """Return the entities by name; the first of a name counts (the extractors put the likeliest first)."""
    found: dict[str, Any] = {}
    for entity in message.get("entities") or ():
        found.setdefault(entity["entity"], entity["value"])
    return found
