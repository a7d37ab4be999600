"""Actions of the engine's test project; they run in process and on a stock action server alike."""

from typing import Any

from rasa_sdk import Action, FormValidationAction
from rasa_sdk.events import AllSlotsReset, SlotSet

SIZES = ("small", "large")


class ValidateOrderForm(FormValidationAction):
    def name(self) -> str:
        return "validate_order_form"

    async def extract_size(self, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        chosen = [e["value"] for e in tracker.latest_message.get("entities", []) if e["entity"] == "choice"]
        return {"size": chosen[0]} if chosen and tracker.get_slot("requested_slot") == "size" else {}

    def validate_size(self, value: Any, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        if value in SIZES:
            return {"size": value}
        dispatcher.utter_message(text=f"no such size: {value}")
        return {"size": None}

    def validate_place(self, value: Any, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        return {"place": value}

    def validate_wish(self, value: Any, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        if "boom" in str(value):
            raise ValueError(value)
        return {"wish": value}

    def validate_confirmed(self, value: Any, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        return {"confirmed": value}


class ActionAskSize(Action):
    def name(self) -> str:
        return "action_ask_size"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        buttons = [{"title": size, "payload": f'/choose{{"choice":"{size}"}}'} for size in SIZES]
        dispatcher.utter_message(response="utter_ask_size", name="you", buttons=buttons)
        return []


class ActionSubmit(Action):
    def name(self) -> str:
        return "action_submit"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(response="utter_done", json_message={"sent": True})
        return [AllSlotsReset(), SlotSet("counter", tracker.get_slot("counter"))]


class ActionCount(Action):
    def name(self) -> str:
        return "action_count"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        count = (tracker.get_slot("counter") or 0) + 1
        dispatcher.utter_message(response="utter_counted", count=count)
        return [SlotSet("counter", count)]


class ActionBreakDown(Action):
    def name(self) -> str:
        return "action_break_down"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        raise RuntimeError(tracker.latest_message["text"])


class ActionHush(Action):
    def name(self) -> str:
        return "action_hush"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(json_message={"silent": True})
        return []


ALL = (ValidateOrderForm, ActionAskSize, ActionSubmit, ActionCount, ActionBreakDown, ActionHush)
