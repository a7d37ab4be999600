"""Running an action as Rasa does, for tests: the state of a conversation in, slots and messages out."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import all_actions
from desk.questions import Question
from storage.wiring import House
from tests.builders import RESIDENT


def tracker(message: dict[str, Any], **slots: Any) -> Tracker:
    """The state of a conversation as Rasa hands it to an action."""
    known = {question.value: None for question in Question} | {"draft": None, "unclear": None} | slots
    return Tracker(RESIDENT, known, message, [], False, None, {}, "action_listen")


async def run(house: House, name: str, state: Tracker) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Run an action; the slots it sets and what it says."""
    action = next(action for action in all_actions(house) if action.name() == name)
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, state, {})
    slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    return slots, dispatcher.messages
