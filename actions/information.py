"""Answers that are no part of a report: what the bot does, own tickets, hours, whom to turn to."""

from abc import abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.defects import defect_in
from actions.desk_action import DeskAction, draft_of, open_question, payload, reporting, said_in
from actions.later import offer, second_matter
from desk.drafts import Draft
from desk.notices import RESIDENT_BUTTON
from desk.own_tickets import buttons_of
from desk.questions import next_question
from desk.referring import CONTACT
from desk.tickets import Ticket
from storage.own_tickets_wording import own_tickets_text
from storage.wiring import House

ENGLISH = "en"
TICKETS_SHOWN = 5  # own tickets in one message
MOST_DIGITS = 6
OTHER_HELP = frozenset({"self_harm", "child"})  # dangers in which others than police and ambulance help too


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
        if (asking := self.asks_place(tracker)) is not None:
            # The form asks for the place as it does for a report's, and `action_finish_report` answers.
            question = next_question(asking, self.house.catalogue)
            draft = SlotSet("draft", asking.as_json())
            return [draft, *open_question(tracker, question), ActiveLoop("report_form")]
        during = self.has_menu and reporting(tracker)
        response = f"utter_{self.subject(tracker)}" + ("_in_report" if during else "")
        dispatcher.utter_message(response=response, **self.known(tracker))
        self.add(dispatcher, tracker)
        return [] if draft_of(tracker) else offer(dispatcher, self.house, second_matter(tracker))

    def subject(self, tracker: Tracker) -> str:
        """Return what the response is named after; some depend on what was said."""
        return self.stem

    def asks_place(self, tracker: Tracker) -> Draft | None:
        """Return the draft that asks for a place when the answer depends on one that is not known."""
        return None

    def known(self, tracker: Tracker) -> dict[str, object]:
        """Return what fills the response's braces."""
        return {}

    def add(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        """Say what else belongs to the answer."""


class ActionStart(Answer):
    stem = "start"
    has_menu = True

    def known(self, tracker: Tracker) -> dict[str, object]:
        return {"city": self.house.city.name}


class ActionEmergency(Answer):
    """Names the numbers to call, those first that help in this danger."""

    stem = "emergency"

    def subject(self, tracker: Tracker) -> str:
        call = (tracker.latest_message.get("emergency") or {}).get("call")
        return f"{self.stem}_{call}" if call in OTHER_HELP else self.stem

    def add(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        if language := tracker.latest_message.get("language"):
            line = self.house.texts.get(f"languages.{_written(self.house, language)}_emergency")
            dispatcher.utter_message(response="utter_emergency_foreign", line=line)


class ActionForeignLanguage(Answer):
    """Answers in the language that was written in: that German is understood, emergency numbers, a person."""

    stem = "foreign_language"
    has_menu = True

    def known(self, tracker: Tracker) -> dict[str, object]:
        house, district = self.house, _district(self.house, tracker)
        area = house.city.area_of(district) if district else None
        near = area is not None and house.city.offices_of(area.id)
        offices = house.hours.answer(district, at=house.clock()) if near else ""
        contact = "\n\n".join(filter(None, (offices, house.wording.contact())))
        language = _written(house, tracker.latest_message.get("language"))
        return {"answer": house.texts.get(f"languages.{language}", contact=contact)}


class ActionTalkToHuman(Answer):
    stem = "talk_to_human"

    def known(self, tracker: Tracker) -> dict[str, object]:
        return {"contact": self.house.wording.contact()}


class ActionPrivacy(Answer):
    """Says what is kept, and whose place data is shown."""

    stem = "privacy"

    def known(self, tracker: Tracker) -> dict[str, object]:
        source = getattr(self.house.reader.locator, "attribution", "")
        return {"sources": self.house.texts.get("resident.place_sources", source=source) if source else ""}


class ActionReferDefect(Answer):
    """Names who repairs it: for that damage where the city file knows it, else the city's contact."""

    stem = "refer_defect"

    def known(self, tracker: Tracker) -> dict[str, object]:
        matter = defect_in(said_in(tracker).text)
        return {"referral": self.house.wording.turn_to(*filter(None, (matter, CONTACT)))}


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


class ActionOwnTickets(DeskAction):
    """Lists the resident's own tickets, a few at a time: what happened to them, what can be done to them."""

    def name(self) -> str:
        return "action_own_tickets"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        tickets = self.house.reports.tickets_of(tracker.sender_id)
        start = _start(tracker, len(tickets))
        shown = tickets[start : start + TICKETS_SHOWN]
        if shown:
            chat = tracker.sender_id
            buttons = [button for ticket in shown for button in self._buttons(ticket, chat)]
            if len(tickets) > start + TICKETS_SHOWN:
                older = payload("command_reports", value=str(start + TICKETS_SHOWN))
                buttons.append({"title": self.house.texts.get("buttons.older"), "payload": older})
            lines = own_tickets_text(shown, self.house.wording, chat=chat, every=tickets)
            dispatcher.utter_message(response="utter_own_tickets", lines=lines, buttons=buttons)
        else:
            during = reporting(tracker)
            dispatcher.utter_message(response="utter_own_tickets_none" + ("_in_report" if during else ""))
        return []

    def _buttons(self, ticket: Ticket, chat: str) -> list[dict[str, str]]:
        """Return what can be done to a ticket; each label names it, as several stand in one message."""
        texts = self.house.texts
        return [
            {
                "title": texts.get(
                    "resident.own_button", label=texts.get(f"buttons.resident_{label}"), number=ticket.number
                ),
                "payload": f"{RESIDENT_BUTTON}{ticket.number}:{deed}",
            }
            for label, deed in buttons_of(ticket, chat)
        ]


def _start(tracker: Tracker, count: int) -> int:
    """Return from which of the tickets on the list is shown; a forged or old place in it is the first."""
    entities = tracker.latest_message.get("entities") or ()
    value = str(next((entity["value"] for entity in entities if entity["entity"] == "value"), 0))
    start = int(value) if value.isascii() and value.isdecimal() and len(value) < MOST_DIGITS else 0
    return start if start < count else 0


def _district(house: House, tracker: Tracker) -> str | None:
    """Return the district that was named, else the one the report is in."""
    draft = draft_of(tracker)
    named = house.reader.locator.find(said_in(tracker).place or "").district
    return named or (draft.spot.district if draft and draft.spot else None)


def _written(house: House, language: str | None) -> str:
    """Return the language to answer in: English for those there are no texts in."""
    return language if language and f"languages.{language}" in house.texts.entries else ENGLISH
