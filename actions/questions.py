"""One action a question: the response of `domain.yml`, what the draft knows, a button for every choice."""

from abc import abstractmethod
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.caretaker_of import MY_CARETAKER
from actions.desk_action import DeskAction, buttons_of, draft_of, payload, said_in
from desk.drafts import Draft
from desk.questions import Question, choices
from storage.similar_wording import similar_lines

PLACE_FOR = {MY_CARETAKER: "utter_ask_report_place_my_caretaker"}
"""How a place is asked for when no report needs it, but the answer to a question."""


class AskQuestion(DeskAction):
    """Asks one question of the report; the subclasses only name it."""

    @property
    @abstractmethod
    def question(self) -> Question:
        """The question this action asks."""

    def name(self) -> str:
        return f"action_ask_{self.question.value}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        draft = draft_of(tracker)
        if draft is None or _more_follows(tracker) or (draft.purpose and _interrupted(tracker)):
            dispatcher.utter_message(json_message={"silent": True})
        elif said_in(tracker).intent == "emergency":
            # Nobody in danger is asked about photos: the report waits behind a button.
            go_on = {"title": self.house.texts.get("buttons.resume"), "payload": payload("resume_report")}
            dispatcher.utter_message(response="utter_report_paused", buttons=[go_on])
        else:
            offered = choices(self.question, draft, self.house.catalogue)
            dispatcher.utter_message(
                response=self.response(draft), buttons=buttons_of(offered, draft), **self.known(draft)
            )
        return []

    def response(self, draft: Draft) -> str:
        """Return the response that asks."""
        return f"utter_ask_{self.question.value}"

    def known(self, draft: Draft) -> dict[str, object]:
        """Return what fills the response's braces."""
        return {}


def _more_follows(tracker: Tracker) -> bool:
    """Tell whether another part of the same message comes at once (an album's caption)."""
    return any(entity["entity"] == "more" for entity in tracker.latest_message.get("entities") or ())


def _interrupted(tracker: Tracker) -> bool:
    """Tell whether this turn was answered by something else: a question is not put again after that."""
    done = {event.get("name") for event in tracker.events if event.get("event") == "action"}
    return bool(done - {"action_listen", "action_answer_question", "report_form"})


class ActionAskReportWords(AskQuestion):
    question = Question.WORDS

    def response(self, draft: Draft) -> str:
        if draft.photos or draft.spot:
            return (
                "utter_ask_report_words_after_photo" if draft.photos else "utter_ask_report_words_after_place"
            )
        return super().response(draft)

    def known(self, draft: Draft) -> dict[str, object]:
        return {"place": self.house.wording.spot_and_district(draft.spot) if draft.spot else ""}


class ActionAskReportKind(AskQuestion):
    question = Question.KIND


class ActionAskReportCategory(AskQuestion):
    question = Question.CATEGORY

    def known(self, draft: Draft) -> dict[str, object]:
        kind = self.house.catalogue.categories.kind(draft.kind or "")
        return {"kind": kind.label if kind else ""}


class ActionAskReportPlace(AskQuestion):
    question = Question.PLACE

    def response(self, draft: Draft) -> str:
        if draft.search and draft.search.suggestions:
            return "utter_ask_report_place_suggested"
        if draft.search:
            return "utter_ask_report_place_again"
        return PLACE_FOR[draft.purpose] if draft.purpose else super().response(draft)

    def known(self, draft: Draft) -> dict[str, object]:
        written = draft.search.written if draft.search else ""
        return {"written": written, "city": self.house.city.name}


class ActionAskReportDistrict(AskQuestion):
    question = Question.DISTRICT

    def response(self, draft: Draft) -> str:
        spot = draft.spot
        if spot is None or not spot.candidates:
            told = spot is not None and bool(spot.label or spot.latitude)
            return "utter_ask_report_district_free" if told else "utter_ask_report_district_only"
        if len(spot.candidates) == 1:
            return "utter_ask_report_district_meant"
        if spot.border:
            return "utter_ask_report_district_border"
        return "utter_ask_report_district_number" if spot.lacks_number else super().response(draft)

    def known(self, draft: Draft) -> dict[str, object]:
        spot = draft.spot
        meant = spot.candidates[0] if spot and spot.candidates else ""
        return {"place": self.house.wording.spot(spot) if spot else "", "district": meant}


class ActionAskReportUncovered(AskQuestion):
    question = Question.UNCOVERED

    def known(self, draft: Draft) -> dict[str, object]:
        district = draft.spot.district if draft.spot else ""
        return {"district": district, "referral": self.house.wording.referrals(draft.category)}


class ActionAskReportSimilar(AskQuestion):
    question = Question.SIMILAR

    def response(self, draft: Draft) -> str:
        return "utter_ask_report_similar_several" if len(draft.similar) > 1 else super().response(draft)

    def known(self, draft: Draft) -> dict[str, object]:
        now = self.house.clock()
        return {"lines": similar_lines(draft.similar, self.house.wording, now=now)}


class ActionAskReportPhotos(AskQuestion):
    question = Question.PHOTOS

    def response(self, draft: Draft) -> str:
        return "utter_ask_report_photos_more" if draft.photos else super().response(draft)

    def known(self, draft: Draft) -> dict[str, object]:
        return {"count": len(draft.photos)}


class ActionAskReportConfirmation(AskQuestion):
    question = Question.CONFIRMATION

    def known(self, draft: Draft) -> dict[str, object]:
        return self.house.wording.summary(draft)


class ActionAskReportChange(AskQuestion):
    question = Question.CHANGE


class ActionAskReportCancel(AskQuestion):
    question = Question.CANCEL
