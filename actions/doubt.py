"""What the assistant does when it is not sure: offer the likeliest, say what it can do, offer a person."""

from abc import abstractmethod
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.desk_action import KINDS, DeskAction, draft_of, payload, said_in
from actions.office_hours import follow_up

MOST_OFFERED = 3
WORTH_OFFERING = 0.12  # confidence; below it a guess hardly ever was meant
WORTH_ASKING = 0.5  # what the offered guesses need together; otherwise none of them was meant
LOST_LASTS = timedelta(minutes=10)

# What a guess is offered with: the button's text in texts/buttons.yml and what pressing it says.
OFFERS = {
    "emergency": ("guess_emergency", payload("emergency")),
    "report_other_defect": ("guess_defect", payload("report_other_defect")),
    "ask_office_hours": ("guess_hours", payload("ask_office_hours")),
    "ask_question": ("guess_question", payload("ask_question")),
    "ask_ticket_status": ("guess_status", payload("command_reports")),
    "human": ("human", payload("human")),
}


class Lost(DeskAction):
    """Answers what can't be helped with; from the second time on a person is offered."""

    @property
    @abstractmethod
    def stem(self) -> str:
        """What action and response are named after."""

    def name(self) -> str:
        return f"action_{self.stem}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        if (answered := follow_up(self.house, dispatcher, tracker)) is not None:
            return answered
        contact = self.house.wording.contact()
        times = 1 + self._times(tracker)
        during = draft_of(tracker) is not None
        stem = self.stem if times == 1 else "lost_again"
        dispatcher.utter_message(
            response=f"utter_{stem}_in_report" if during else f"utter_{stem}", contact=contact
        )
        return [SlotSet("lost", {"times": times, "at": self.house.clock().isoformat()})]

    def _times(self, tracker: Tracker) -> int:
        """Return how often in a row it was lost just now."""
        lost = tracker.get_slot("lost")
        if not lost or self.house.clock() - datetime.fromisoformat(lost["at"]) > LOST_LASTS:
            return 0
        return int(lost["times"])


class ActionOutOfScope(Lost):
    stem = "out_of_scope"


class ActionUnclear(Lost):
    """Offers what may have been meant, and keeps the words for the report that may come of it."""

    stem = "unclear"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        if draft_of(tracker) is not None:
            return await super().run(dispatcher, tracker, domain)
        if (answered := follow_up(self.house, dispatcher, tracker)) is not None:
            return answered
        said = said_in(tracker)
        kept: list[EventType] = []
        if said.text:
            at = self.house.clock().isoformat()
            words = {"text": said.text, "message": said.message, "place": said.place, "time": said.since}
            kept = [SlotSet("unclear", {**words, "at": at})]
        offered = list(self._offers(tracker))
        if not offered:
            return kept + await super().run(dispatcher, tracker, domain)
        other = {
            "title": self.house.texts.get("buttons.something_else"),
            "payload": payload("something_else"),
        }
        dispatcher.utter_message(response="utter_unsure", buttons=[*offered, other])
        return kept

    def _offers(self, tracker: Tracker) -> Iterator[dict[str, str]]:
        ranking = tracker.latest_message.get("intent_ranking") or []
        guesses = [one for one in ranking if one["confidence"] >= WORTH_OFFERING]
        guesses = [one for one in guesses if one["name"] in OFFERS or one["name"] in KINDS][:MOST_OFFERED]
        if sum(one["confidence"] for one in guesses) < WORTH_ASKING:
            return
        # An emergency comes first however unlikely it is.
        for one in sorted(guesses, key=lambda one: one["name"] != "emergency"):
            yield self._button(one["name"])

    def _button(self, intent: str) -> dict[str, str]:
        if intent in KINDS:
            kind = self.house.catalogue.categories.kind(KINDS[intent])
            return {
                "title": kind.label if kind else "",
                "payload": payload("begin_report", kind=KINDS[intent]),
            }
        label, said = OFFERS[intent]
        return {"title": self.house.texts.get(f"buttons.{label}"), "payload": said}
