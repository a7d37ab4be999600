from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from desk.categories import Categories
from desk.city import Area, Carrier, City, Referral
from desk.drafts import Draft, Spot
from desk.offices import Office
from desk.questions import area_at
from desk.referring import CONTACT, NIGHT_NOISE, is_night, matters_beside
from desk.tickets import Place, Report
from storage.texts import Texts

WORDS_SHOWN = 900  # characters of the resident's words in a summary: the whole message stays below 4,096


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Puts what the desk knows into the German of `texts/`, for residents and caretakers alike."""

    texts: Texts
    city: City
    categories: Categories

    def category(self, category_id: str) -> str:
        """Return a category's label; the id itself when the category no longer exists."""
        category = self.categories.get(category_id)
        return category.label if category else category_id

    def kind(self, kind_id: str) -> str:
        """Return a kind's label; the id itself when the kind no longer exists."""
        kind = self.categories.kind(kind_id)
        return kind.label if kind else kind_id

    def summary(self, draft: Draft) -> dict[str, object]:
        """Return what fills `utter_ask_report_confirmation`."""
        spot = draft.spot or Spot(label="")
        return {
            "kind": self.kind(draft.kind or ""),
            "category": self.category(draft.category or ""),
            "words": shortened(draft.text, WORDS_SHOWN),
            "place": self.spot(spot),
            "district": spot.district,
            "carrier": self.carrier(area_at(self.city, spot)),
            "photos": len(draft.photos) or self.texts.get("resident.pictures_none"),
        }

    def spot(self, spot: Spot | Place) -> str:
        """Return how a place is shown: its label, or that it is a marked spot."""
        if spot.label and spot.label != spot.district:
            return spot.label
        return self.texts.get("resident.place_pin") if spot.latitude is not None else spot.district or ""

    def spot_and_district(self, spot: Spot) -> str:
        """Return how a place is repeated to whoever told it, with its district once that is settled."""
        shown = self.spot(spot)
        return f"{shown}, {spot.district}" if spot.district and shown != spot.district else shown

    def carrier(self, area: Area | None) -> str:
        """Return who is responsible; what the city file marks as unsure is never said as certain."""
        carrier = self.city.carrier_of(area) if area else None
        if area is None or carrier is None:
            return self.texts.get("resident.carrier_unknown", coordination=self.city.coordination.name)
        return self.texts.get(
            "resident.carrier" if area.certain else "resident.carrier_uncertain", carrier=carrier.short
        )

    def area(self, area: Area, district: str) -> str:
        """Return an area's name, with the district where that is called something else."""
        if area.name == district:
            return area.name
        return self.texts.get("resident.area_within", area=area.name, district=district)

    def reach(self, area: Area) -> str:
        """Return how to reach an area's caretakers: offices, carrier; the city where neither has a number."""
        offices = self.city.offices_of(area.id)
        carrier = self.city.carrier_of(area)
        entries: list[Office | Carrier] = [*offices, *([carrier] if carrier else [])]
        lines = [self._contact_line(one) for one in entries]
        if not any(one.phone or one.email for one in entries):
            lines.append(self.contact())
        return _bullets(lines)

    def date(self, at: datetime) -> str:
        """Return a day as the city writes it."""
        return at.astimezone(self.city.zone).strftime("%d.%m.%Y")

    def date_and_time(self, at: datetime) -> str:
        """Return day and time of day as the city's clocks show them."""
        return at.astimezone(self.city.zone).strftime("%d.%m.%Y %H:%M")

    def contact(self) -> str:
        """Return whom to turn to with anything else."""
        entry = self.city.referral(CONTACT)
        return self.referral(entry) if entry else ""

    def referrals(self, category_id: str | None) -> str:
        """Return whom to turn to with a category, and the contact for anything else."""
        return _bullets([*map(self.referral, self.city.referrals_for(category_id or "")), self.contact()])

    def turn_to(self, *matters: str) -> str:
        """Return whom the city names for these matters, each once; the contact when it names nobody."""
        entries = dict.fromkeys(entry for matter in matters if (entry := self.city.referral(matter)))
        return _bullets(map(self.referral, entries)) or _bullets([self.contact()])

    def neighbour(self, name: str) -> str:
        """Return whom to turn to in another city; its city hall where the city file knows nobody."""
        known = _bullets(map(self.referral, self.city.turn_to(name)))
        return known or _bullets([self.texts.get("resident.city_hall", city=name)])

    def hints(self, report: Report, *, at: datetime) -> str:
        """Return who else can help with a report that was sent at this time; empty where nobody else can.

        It is about the night when it is sent then, and when its words say so.
        """
        night_words = self.texts.get("resident.night_words").split(", ")
        told = any(word in report.words.casefold() for word in night_words)
        night = told or is_night(at.astimezone(self.city.zone))
        matters = matters_beside(report.kind, report.category, night=night)
        known = [matter for matter in matters if self.city.referral(matter)]
        text = "resident.hints_night" if NIGHT_NOISE in matters else "resident.hints"
        return self.texts.get(text, lines=self.turn_to(*known)) if known else ""

    def referral(self, entry: Referral) -> str:
        """Return one contact in a line, with "bitte prüfen" where it is not certain."""
        return self._line(entry, entry.note, entry.address, entry.phone, entry.web)

    def _contact_line(self, entry: Office | Carrier) -> str:
        web = entry.web if isinstance(entry, Carrier) else None
        return self._line(entry, entry.address, entry.phone, entry.email, web)

    def _line(self, entry: Referral | Office | Carrier, *details: str | None) -> str:
        known = [detail for detail in details if detail]
        line = f"{entry.name}: {', '.join(known)}" if known else entry.name
        return line if entry.certain else f"{line} {self.texts.get('resident.please_check')}"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"• {line}" for line in lines if line)


def shortened(text: str, most: int) -> str:
    """Return at most `most` characters, with an ellipsis where something is left out."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
