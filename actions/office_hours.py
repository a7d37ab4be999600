"""Answers when and where offices are open and events take place, and what is asked next about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.desk_action import draft_of, payload, said_in
from actions.information import Answer
from actions.later import offer, second_matter
from desk.dates import Asks, When
from desk.offices import Office
from desk.offices_asked import OfficesAsked
from desk.places import Located, Status
from storage.calendars import date_reader
from storage.wiring import House

SLOT = "hours_office"
FOLLOWED = timedelta(minutes=15)  # so long "und morgen?" is about the office that was asked about
MOST_WORDS = 8  # of a message that is read as such a question although it was not understood
FEW_WORDS = 4  # "und in Kray?" asks for the day that was asked about before


class ActionOfficeHours(Answer):
    """Says when an office is open: the one named, asked about just now, or nearest to the resident."""

    stem = "office_hours"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        asked = HoursQuestion(house=self.house, tracker=tracker).answer(dispatcher)
        later = [] if draft_of(tracker) else offer(dispatcher, self.house, second_matter(tracker))
        return [*asked, *later]


def follow_up(house: House, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType] | None:
    """Answer a short message that follows a question about hours and names a time or an office, else None."""
    question = HoursQuestion(house=house, tracker=tracker)
    if question.kept is None or not 0 < len(question.text.split()) <= MOST_WORDS:
        return None
    named = question.when.says_when or question.named.offices
    return question.answer(dispatcher) if named else None


def instead(house: House, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType] | None:
    """Answer what was taken for another question but goes on about hours, or asks where an office is."""
    question = HoursQuestion(house=house, tracker=tracker)
    if Asks.MORE in question.when.asks:
        return follow_up(house, dispatcher, tracker)
    where = {Asks.WHERE, Asks.OFFICE} <= question.when.asks and question.named.offices
    return question.answer(dispatcher) if where else None


@dataclass(frozen=True, kw_only=True)
class HoursQuestion:
    """One question about hours with what was asked before it."""

    house: House
    tracker: Tracker

    @cached_property
    def kept(self) -> dict[str, Any] | None:
        """What was asked about hours just now: `office` (its id or None) and the `text`."""
        kept: dict[str, Any] | None = self.tracker.get_slot(SLOT)
        if not kept or self.house.clock() - datetime.fromisoformat(kept["at"]) > FOLLOWED:
            return None
        return kept

    @cached_property
    def text(self) -> str:
        """The words of this question; of two matters the first."""
        matters = self.tracker.latest_message.get("matters") or ()
        return str(matters[0]["text"]) if matters else said_in(self.tracker).text

    @cached_property
    def timed_text(self) -> str:
        """The words that say when: those of the question before where this one only names an office."""
        inherits = self.kept is not None and not self._read(self.text).says_when
        short = not self.text or (len(self.text.split()) <= FEW_WORDS and self.named.offices)
        return str(self.kept["text"]) if self.kept and inherits and short else self.text

    @cached_property
    def when(self) -> When:
        """The time that is asked about."""
        return self._read(self.timed_text)

    @cached_property
    def named(self) -> OfficesAsked:
        """The offices this question names, by button or in words."""
        entities = self.tracker.latest_message.get("entities") or ()
        pressed = {entity["value"] for entity in entities if entity["entity"] == "office"}
        if pressed:
            return OfficesAsked(offices=tuple(one for one in self.house.city.offices if one.id in pressed))
        place = said_in(self.tracker).place
        located = self.house.reader.locator.find(place) if place else None
        asked = self.house.offices.find(self.text, named=located)
        if asked.offices or asked.nowhere or not place:
            return asked
        return OfficesAsked(nowhere=place)

    def answer(self, dispatcher: CollectingDispatcher) -> list[EventType]:
        """Answer, and keep what was asked about."""
        if Asks.EVENT in self.when.asks or self.house.offices.names_event(self.text):
            self._say(dispatcher, self._events())
            return [self._keep(None)]
        offices = self._offices()
        if len(offices) != 1:
            self._ask_which(dispatcher, offices)
            return [self._keep(None)]
        (office,) = offices
        self._say(dispatcher, self.house.hours.office(office, self.when, at=self.house.clock()))
        if Asks.WHERE in self.when.asks or not self.kept or self.kept["office"] != office.id:
            self._show(dispatcher, office)
        return [self._keep(office)]

    def _offices(self) -> tuple[Office, ...]:
        if self.named.offices or self.named.nowhere:
            return self.named.offices or self.house.city.offices
        before = self.kept and self.kept["office"]
        same = tuple(one for one in self.house.city.offices if one.id == before)
        return same or self._near() or self.house.city.offices

    def _near(self) -> tuple[Office, ...]:
        """Return the offices of the resident's last place: of the report being told, or the newest ticket."""
        draft = draft_of(self.tracker)
        if draft and draft.spot:
            spot = draft.spot
            located = Located(status=Status.UNKNOWN, district=spot.district, candidates=spot.candidates)
            return self.house.offices.offices_at(located)
        tickets = self.house.reports.tickets_of(self.tracker.sender_id)
        if not tickets:
            return ()
        place = tickets[0].report.place
        return self.house.offices.offices_at(Located(status=Status.UNKNOWN, district=place.district))

    def _ask_which(self, dispatcher: CollectingDispatcher, offices: Sequence[Office]) -> None:
        hours = self.house.hours
        if not offices:
            self._say(dispatcher, hours.none())
            return
        said = hours.overview(offices, self.when, at=self.house.clock(), nowhere=self.named.nowhere)
        buttons = [
            {"title": office.name, "payload": payload("ask_office_hours", office=office.id)}
            for office in offices
        ]
        self._say(dispatcher, f"{said}\n\n{hours.which()}", buttons=buttons)

    def _events(self) -> str:
        hours, at = self.house.hours, self.house.clock()
        found = self.house.offices.events(self.text)
        return "\n\n".join(hours.event(event, office, at=at) for event, office in found) or hours.no_event()

    def _show(self, dispatcher: CollectingDispatcher, office: Office) -> None:
        """Send the office's map point where it is known: from the city file, else from the place data."""
        point: tuple[float, float] | None = None
        if office.latitude is not None and office.longitude is not None:
            point = (office.latitude, office.longitude)
        else:
            located = self.house.reader.locator.find(office.address)
            point = located.point if located.status is Status.RESOLVED else None
        if point is None:
            return
        venue = {"latitude": point[0], "longitude": point[1], "title": office.name, "address": office.address}
        dispatcher.utter_message(json_message={"venue": venue})

    def _say(
        self, dispatcher: CollectingDispatcher, hours: str, buttons: list[dict[str, str]] | None = None
    ) -> None:
        offered = {"buttons": buttons} if buttons else {}
        dispatcher.utter_message(response="utter_office_hours", hours=hours, **offered)

    def _keep(self, office: Office | None) -> EventType:
        at = self.house.clock().isoformat()
        return SlotSet(SLOT, {"office": office.id if office else None, "text": self.timed_text, "at": at})

    def _read(self, text: str) -> When:
        today = self.house.clock().astimezone(self.house.city.zone).date()
        return date_reader().read(text, today=today, calendar=self.house.hours.calendar)
