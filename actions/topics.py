"""Answers chosen by a message's topic: smalltalk and questions about the service."""

from dataclasses import replace
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.caretaker_of import MY_CARETAKER, caretaker_of
from actions.desk_action import draft_of, reporting, said_in
from actions.information import Answer
from actions.office_hours import instead
from desk.drafts import Draft
from desk.places import Located, Status
from desk.placing import spot_of
from desk.said import Said

SURE = 0.5  # calibrated: from here on the topic is rather right than wrong
MATTERS = {
    "bulky_waste_pickup": ("rubbish_hotline", "contact"),
    "contacts": ("contact", "public_order", "rubbish", "rubbish_hotline"),
    "maengelmelder": ("rubbish", "rubbish_hotline", "contact"),
    "schiedsperson": ("neighbour_dispute", "contact"),
}
"""Whom the city file names for a topic; what it does not name is left out."""


class AnswerByTopic(Answer):
    """Answers with the response of the message's topic, with the general one when it is not sure of any."""

    topics: ClassVar[frozenset[str]]  # those with a response of their own
    endings: ClassVar[tuple[str, ...]] = ()  # topics whose answer also depends on something else

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        if (answered := instead(self.house, dispatcher, tracker)) is not None:
            return answered
        return await super().run(dispatcher, tracker, domain)

    def topic(self, tracker: Tracker) -> str | None:
        """Return what the message is about, or None when that is not sure or has no answer of its own."""
        said = said_in(tracker)
        return said.category if said.category in self.topics and said.category_confidence >= SURE else None

    def subject(self, tracker: Tracker) -> str:
        topic = self.topic(tracker)
        return f"{self.stem}_{topic}" if topic else self.stem


class ActionSmalltalk(AnswerByTopic):
    stem = "smalltalk"
    has_menu = True
    topics = frozenset({"greeting", "goodbye", "thanks", "praise", "mood", "identity", "insult"})

    def known(self, tracker: Tracker) -> dict[str, object]:
        return {"city": self.house.city.name, "contact": self.house.wording.contact()}


class ActionAnswerQuestion(AnswerByTopic):
    stem = "answer_question"
    topics = frozenset({"what_is_caretaker", "privacy", "costs", "languages", MY_CARETAKER, *MATTERS})
    endings = ("my_caretaker_nobody", "my_caretaker_open", "my_caretaker_elsewhere")

    def subject(self, tracker: Tracker) -> str:
        subject = super().subject(tracker)
        if self.topic(tracker) != MY_CARETAKER:
            return subject
        located = self._where(tracker)
        if located.neighbour:
            return f"{subject}_elsewhere"
        if located.district is None:
            return f"{subject}_open"
        response, _ = caretaker_of(self.house, spot_of(located))
        return response.removeprefix("utter_")

    def known(self, tracker: Tracker) -> dict[str, object]:
        topic, wording = self.topic(tracker), self.house.wording
        return {
            "city": self.house.city.name,
            "contact": wording.contact(),
            "referral": wording.turn_to(*MATTERS.get(topic or "", ())),
            **(self._caretaker(tracker) if topic == MY_CARETAKER else {}),
        }

    def asks_place(self, tracker: Tracker) -> Draft | None:
        if self.topic(tracker) != MY_CARETAKER or reporting(tracker):
            return None
        located = self._where(tracker)
        if located.district or located.neighbour:
            return None
        draft = Draft(id=self.house.new_draft_id(), purpose=MY_CARETAKER)
        if located.status is Status.AMBIGUOUS:
            return replace(draft, spot=spot_of(located))
        return draft.missed(located.label, suggestions=located.suggestions) if located.suggestions else draft

    def _caretaker(self, tracker: Tracker) -> dict[str, object]:
        located, city = self._where(tracker), self.house.city
        if located.neighbour:
            return {
                "neighbour": located.neighbour,
                "referral": self.house.wording.neighbour(located.neighbour),
            }
        if located.district is None:
            return {"example": (*located.candidates, *city.cared_for, *city.district_names)[0]}
        _, known = caretaker_of(self.house, spot_of(located))
        return known

    def _where(self, tracker: Tracker) -> Located:
        """Locate the place that was named, or else the place of the report that is being told."""
        said, draft = said_in(tracker), draft_of(tracker)
        found = [self.house.reader.locator.find(text) for text in _places_named(said)]
        named = next((place for place in found if place.status is not Status.UNKNOWN), None)
        spot = draft.spot if draft else None
        if named is None and spot:
            return Located(
                status=Status.UNKNOWN,
                district=spot.district,
                candidates=spot.candidates,
                street=spot.street,
                label=spot.label,
            )
        # Of a place that is not known only the words found to be one may be looked for further.
        return named or (found[0] if said.place else Located(status=Status.UNKNOWN))


def _places_named(said: Said) -> list[str]:
    return [text for text in (said.place, said.text) if text]
