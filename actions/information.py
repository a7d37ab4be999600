"""Answers that are no part of a report: what the bot does, own tickets, hours, whom to turn to."""

from abc import abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.desk_action import DeskAction, draft_of, said_in


class Answer(DeskAction):
    """Answers with one response of domain.yml and what the city knows for it."""

    @property
    @abstractmethod
    def stem(self) -> str:
        """What action and response are named after."""

    has_menu: ClassVar[bool] = False  # then there is a second response without it, for use during a report

    def name(self) -> str:
        return f"action_{self.stem}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        during = self.has_menu and draft_of(tracker) is not None
        response = f"utter_{self.stem}_in_report" if during else f"utter_{self.stem}"
        dispatcher.utter_message(response=response, **self.known(tracker))
        return []

    def known(self, tracker: Tracker) -> dict[str, object]:
        """Return what fills the response's braces."""
        return {}


class ActionStart(Answer):
    stem = "start"
    has_menu = True

    def known(self, tracker: Tracker) -> dict[str, object]:
        return {"city": self.house.city.name}


class ActionEmergency(Answer):
    stem = "emergency"


class ActionOfficeHours(Answer):
    """Says when the office is open: of the district that was named, where the report is, or all."""

    stem = "office_hours"

    def known(self, tracker: Tracker) -> dict[str, object]:
        house, draft = self.house, draft_of(tracker)
        named = house.reader.locator.find(said_in(tracker).place or "").district
        reported = draft.spot.district if draft and draft.spot else None
        hours = house.hours.answer(named or reported, at=house.clock())
        return {"hours": hours, "contact": house.wording.contact()}


class ActionAnswerQuestion(Answer):
    stem = "answer_question"

    def known(self, tracker: Tracker) -> dict[str, object]:
        return {"city": self.house.city.name, "contact": self.house.wording.contact()}


class ActionTalkToHuman(Answer):
    stem = "talk_to_human"

    def known(self, tracker: Tracker) -> dict[str, object]:
        return {"contact": self.house.wording.contact()}


class ActionReferDefect(Answer):
    stem = "refer_defect"

    def known(self, tracker: Tracker) -> dict[str, object]:
        return {"contact": self.house.wording.contact()}


class ActionOutOfScope(Answer):
    stem = "out_of_scope"
    has_menu = True

    def known(self, tracker: Tracker) -> dict[str, object]:
        return {"contact": self.house.wording.contact()}


class ActionUnsupported(Answer):
    """Says what can't be read here (voice, video, a file that is no picture) and what works instead."""

    stem = "unsupported"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        entities = tracker.latest_message.get("entities") or ()
        what = next((entity["value"] for entity in entities if entity["entity"] == "what"), "unknown")
        known = self.house.texts.section("unsupported")
        dispatcher.utter_message(response="utter_unsupported", reason=known.get(what, known["unknown"]))
        return []


class ActionUnclear(DeskAction):
    """Says that it was not understood, offers the kinds, and keeps the words for the one that is chosen."""

    def name(self) -> str:
        return "action_unclear"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        said = said_in(tracker)
        if draft_of(tracker) is not None:
            dispatcher.utter_message(response="utter_unclear_in_report")
            return []
        dispatcher.utter_message(response="utter_unclear")
        if not said.text:
            return []
        at = self.house.clock().isoformat()
        return [SlotSet("unclear", {"text": said.text, "message": said.message, "at": at})]


class ActionOwnTickets(DeskAction):
    """Lists the resident's own tickets and where they stand."""

    def name(self) -> str:
        return "action_own_tickets"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        tickets = self.house.reports.tickets_of(tracker.sender_id)
        if tickets:
            dispatcher.utter_message(
                response="utter_own_tickets", lines=self.house.wording.own_tickets(tickets)
            )
        else:
            during = draft_of(tracker) is not None
            dispatcher.utter_message(response="utter_own_tickets_none" + ("_in_report" if during else ""))
        return []
