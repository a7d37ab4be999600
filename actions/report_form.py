from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.desk_action import DeskAction, draft_of, said_in
from actions.later import offer, second_matter
from desk.drafts import Draft, Guess
from desk.questions import Question, next_question
from desk.said import Said

UNCLEAR_LASTS = timedelta(minutes=10)
ANSWERED = "answered"
STALE = ""  # a choice no question has


class ValidateReportForm(DeskAction):
    """Reads every turn of a report. Sets nothing when the turn was no answer: then Rasa's rules answer it."""

    def name(self) -> str:
        return "validate_report_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        said = said_in(tracker)
        later = None if draft_of(tracker) else second_matter(tracker)
        if later:
            said = replace(said, text=str(tracker.latest_message["matters"][0]["text"]))
            dispatcher.utter_message(response="utter_two_matters")
        draft = draft_of(tracker) or self._fresh(said, tracker.get_slot("unclear"))
        if said.choice is not None and _pressed_draft(tracker) != draft.id:
            said = replace(said, choice=STALE)
        taken = self.house.reader.take(draft, said)
        if taken is None:
            return []
        for remark in taken.remarks:
            dispatcher.utter_message(response=remark.response, **remark.params)
        question = next_question(taken.draft, self.house.catalogue)
        if tracker.get_slot("requested_slot") == Question.PLACE and question is not Question.PLACE:
            # The message that takes the place's keyboard away: one with buttons can't.
            done = "utter_place_taken" if taken.draft.spot != draft.spot else "utter_all_right"
            place = self.house.wording.spot(taken.draft.spot) if taken.draft.spot else ""
            dispatcher.utter_message(response=done, place=place)
        draft = replace(taken.draft, photos_asked=taken.draft.photos_asked or question is Question.PHOTOS)
        return [
            SlotSet("draft", draft.as_json()),
            SlotSet("unclear", None),
            *([SlotSet("lost", None)] if tracker.get_slot("lost") else []),
            *([SlotSet("later", later)] if later else []),
            *_open_questions(tracker, question),
        ]

    def _fresh(self, said: Said, unclear: dict[str, Any] | None) -> Draft:
        """Return a new draft; its words are those not understood a moment ago, once a kind is chosen."""
        draft = Draft(id=self.house.new_draft_id())
        if unclear is None or said.intent != "begin_report":
            return draft
        recent = self.house.clock() - datetime.fromisoformat(unclear["at"]) < UNCLEAR_LASTS
        if not recent:
            return draft
        told = Said(
            text=unclear["text"],
            message=unclear["message"],
            place=unclear.get("place"),
            since=unclear.get("time"),
        )
        taken = self.house.reader.take(draft, told)
        return replace(taken.draft, guess=Guess()) if taken else draft


class ActionFinishReport(DeskAction):
    """Ends a report: sends it, or says that it was dropped."""

    def name(self) -> str:
        return "action_finish_report"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        draft = draft_of(tracker)
        if draft is None:
            return []
        if draft.outcome == "sent":
            house = self.house
            ticket = house.reports.send(draft, reporter=tracker.sender_id, now=house.clock())
            place = ticket.report.place
            dispatcher.utter_message(
                response="utter_report_sent", number=ticket.number, district=place.district
            )
        else:
            dispatcher.utter_message(response=f"utter_report_{draft.outcome}")
        later = offer(dispatcher, self.house, tracker.get_slot("later"))
        return [SlotSet("draft", None), *later, *(SlotSet(question.value, None) for question in Question)]


def _open_questions(tracker: Tracker, question: Question | None) -> list[EventType]:
    """Leave exactly the slot of the next question empty: the form asks for the first empty slot, or ends."""
    wanted = {each.value: None if each is question else ANSWERED for each in Question}
    return [SlotSet(slot, value) for slot, value in wanted.items() if tracker.get_slot(slot) != value]


def _pressed_draft(tracker: Tracker) -> str | None:
    entities = tracker.latest_message.get("entities") or ()
    return next((entity["value"] for entity in entities if entity["entity"] == "id"), None)
