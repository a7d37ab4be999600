"""Answers chosen by a message's topic: smalltalk and questions about the service."""

from typing import ClassVar

from rasa_sdk import Tracker

from actions.desk_action import draft_of, said_in
from actions.information import Answer
from desk.places import Located, Status

SURE = 0.5  # calibrated: from here on the topic is rather right than wrong
MY_CARETAKER = "my_caretaker"
MATTERS = {
    "bulky_waste_pickup": ("rubbish_hotline", "contact"),
    "contacts": ("contact", "public_order", "rubbish", "rubbish_hotline"),
    "maengelmelder": ("rubbish", "rubbish_hotline", "contact"),
    MY_CARETAKER: ("rubbish", "contact"),
    "schiedsperson": ("neighbour_dispute", "contact"),
}
"""Whom the city file names for a topic; what it does not name is left out."""


class AnswerByTopic(Answer):
    """Answers with the response of the message's topic, with the general one when it is not sure of any."""

    topics: ClassVar[frozenset[str]]  # those with a response of their own
    endings: ClassVar[tuple[str, ...]] = ()  # topics whose answer also depends on something else

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
    topics = frozenset({"what_is_caretaker", "privacy", "costs", "languages", *MATTERS})
    endings = ("my_caretaker_nobody", "my_caretaker_open")

    def subject(self, tracker: Tracker) -> str:
        subject = super().subject(tracker)
        if self.topic(tracker) != MY_CARETAKER:
            return subject
        district = self._where(tracker).district
        if district is None:
            return f"{subject}_open"
        return subject if self.house.city.area_of(district) else f"{subject}_nobody"

    def known(self, tracker: Tracker) -> dict[str, object]:
        topic, wording = self.topic(tracker), self.house.wording
        entries = map(self.house.city.referral, MATTERS.get(topic or "", ()))
        return {
            "city": self.house.city.name,
            "contact": wording.contact(),
            "referral": "\n".join(f"• {wording.referral(entry)}" for entry in entries if entry),
            **(self._caretaker(tracker) if topic == MY_CARETAKER else {}),
        }

    def _caretaker(self, tracker: Tracker) -> dict[str, object]:
        located = self._where(tracker)
        district = located.district or ""
        carrier, recipient = self.house.reports.carrier_name(district)
        city = self.house.city
        covered = [name for area in city.areas for name in area.districts]
        examples = (*located.candidates, *covered, *city.district_names)
        return {
            "district": district,
            "carrier": self.house.wording.carrier(carrier, recipient, district=district),
            "example": examples[0],
        }

    def _where(self, tracker: Tracker) -> Located:
        """Locate the place that was named, or else the place of the report that is being told."""
        said, draft = said_in(tracker), draft_of(tracker)
        found = map(self.house.reader.locator.find, filter(None, (said.place, said.text)))
        named = next((place for place in found if place.status is not Status.UNKNOWN), None)
        spot = draft.spot if draft else None
        if named is None and spot:
            return Located(status=Status.UNKNOWN, district=spot.district, candidates=spot.candidates)
        return named or Located(status=Status.UNKNOWN)
