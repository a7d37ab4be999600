from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.caretaker_of import caretaker_of
from actions.desk_action import DeskAction, draft_of, open_question, said_in
from actions.later import offer, second_matter
from desk.drafts import Draft, Guess
from desk.questions import Question, next_question
from desk.said import Remark, Said

UNCLEAR_LASTS = timedelta(minutes=10)
STALE = ""  # a choice no question has


class ValidateReportForm(DeskAction):
    """Reads every turn of a report. Sets nothing when the turn was no answer: then Rasa's rules answer it."""

    def name(self) -> str:
        return "validate_report_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        said = said_in(tracker)
        await self.house.look_up(said.place)
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
            dispatcher.utter_message(response=remark.response, **self._known(remark))
        told = self.house.similar.look_for(taken.draft, chat=tracker.sender_id, now=self.house.clock())
        question = next_question(told, self.house.catalogue)
        left_place = tracker.get_slot("requested_slot") == Question.PLACE and question is not Question.PLACE
        if left_place and not draft.purpose:
            # The message that takes the place's keyboard away: one with buttons can't.
            spot = told.spot
            settled = spot is not None and spot.district is not None and spot != draft.spot
            done = "utter_place_taken" if settled else "utter_all_right"
            place = self.house.wording.spot_and_district(spot) if spot else ""
            dispatcher.utter_message(response=done, place=place)
        draft = replace(told, photos_asked=told.photos_asked or question is Question.PHOTOS)
        return [
            SlotSet("draft", draft.as_json()),
            SlotSet("unclear", None),
            *([SlotSet("lost", None)] if tracker.get_slot("lost") else []),
            *([SlotSet("later", later)] if later else []),
            *open_question(tracker, question),
        ]

    def _known(self, remark: Remark) -> dict[str, object]:
        """Return what fills a remark's braces; whom to turn to in another city the desk can't word."""
        neighbour = remark.params.get("neighbour")
        if neighbour is None:
            return remark.params
        contact = self.house.wording.neighbour(str(neighbour))
        return {**remark.params, "contact": contact, "city": self.house.city.name}

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
    """Ends a report: sends it, adds it to a ticket that is about the same, or says that it was dropped."""

    def name(self) -> str:
        return "action_finish_report"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        draft = draft_of(tracker)
        if draft is None:
            return []
        if draft.purpose:
            self._answer(dispatcher, draft)
        elif draft.outcome in ("sent", "joined"):
            self._send(dispatcher, draft, reporter=tracker.sender_id)
        else:
            dispatcher.utter_message(response=f"utter_report_{draft.outcome}")
        later = offer(dispatcher, self.house, tracker.get_slot("later"))
        return [SlotSet("draft", None), *later, *(SlotSet(question.value, None) for question in Question)]

    def _answer(self, dispatcher: CollectingDispatcher, draft: Draft) -> None:
        """Answer what only the place was missing for."""
        if draft.spot is None or draft.outcome is not None:
            dispatcher.utter_message(response="utter_all_right")
            return
        response, known = caretaker_of(self.house, draft.spot)
        dispatcher.utter_message(response=response, **known)

    def _send(self, dispatcher: CollectingDispatcher, draft: Draft, *, reporter: str) -> None:
        now = self.house.clock()
        reports = self.house.reports
        if draft.joins:
            ticket = reports.join(draft.joins, draft, reporter=reporter, now=now)
        else:
            ticket = reports.send(draft, reporter=reporter, now=now)
        if ticket.report.draft != draft.id:  # joined: the ticket's news says so
            dispatcher.utter_message(json_message={"silent": True})
            return
        hints = self.house.wording.hints(ticket.report, at=now)
        dispatcher.utter_message(
            response="utter_report_sent",
            number=ticket.number,
            district=ticket.report.place.district,
            hints=f"\n\n{hints}" if hints else "",
        )


def _pressed_draft(tracker: Tracker) -> str | None:
    entities = tracker.latest_message.get("entities") or ()
    return next((entity["value"] for entity in entities if entity["entity"] == "id"), None)
