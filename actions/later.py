"""The second of two matters in one message: kept until the first one is done with, then offered."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.desk_action import KINDS, payload
from storage.wiring import House

MOST_QUOTED = 120  # letters


def second_matter(tracker: Tracker) -> dict[str, Any] | None:
    """Return the second matter of the latest message, or None."""
    matters: list[dict[str, Any]] = tracker.latest_message.get("matters") or []
    return dict(matters[1]) if len(matters) > 1 else None


def offer(dispatcher: CollectingDispatcher, house: House, later: dict[str, Any] | None) -> list[EventType]:
    """Ask whether to go on with what was left for later; does nothing when there is nothing."""
    if not later:
        return []
    kind = KINDS.get(later["intent"])
    said = payload("begin_report", kind=kind) if kind else payload(later["intent"])
    text = str(later["text"])
    quoted = text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED].rsplit(' ', 1)[0]} …"
    dispatcher.utter_message(
        response="utter_later",
        text=quoted,
        buttons=[
            {"title": house.texts.get("buttons.later_yes"), "payload": said},
            {"title": house.texts.get("buttons.later_no"), "payload": payload("deny")},
        ],
    )
    kept = {"text": text, "message": None, "at": house.clock().isoformat()} if kind else None
    return [SlotSet("later", None), SlotSet("unclear", kept)]
