from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from desk.categories import Categories
from desk.city import Area, City, Referral
from desk.drafts import Draft, Spot
from desk.reporting import ReportDesk
from desk.tickets import Place, Ticket
from storage.texts import Texts

WORDS_SHOWN = 900  # characters of the resident's words in a summary: the whole message stays below 4,096
CONTACT = "contact"  # the referral "for anything else" of a city file


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

    def summary(self, draft: Draft, reports: ReportDesk) -> dict[str, object]:
        """Return what fills `utter_ask_report_confirmation`."""
        spot = draft.spot or Spot(label="")
        carrier, recipient = reports.carrier_name(spot.district or "")
        return {
            "kind": self.kind(draft.kind or ""),
            "category": self.category(draft.category or ""),
            "words": shortened(draft.text, WORDS_SHOWN),
            "place": self.spot(spot),
            "district": spot.district,
            "carrier": self.carrier(carrier, recipient, district=spot.district or ""),
            "photos": len(draft.photos) or self.texts.get("resident.pictures_none"),
        }

    def spot(self, spot: Spot | Place) -> str:
        """Return how a place is shown: its label, or that it is a marked spot."""
        if spot.label and spot.label != spot.district:
            return spot.label
        return self.texts.get("resident.place_pin") if spot.latitude is not None else spot.district or ""

    def carrier(self, carrier: str | None, recipient: Area | None, *, district: str) -> str:
        """Return who is responsible; what the city file marks as unsure is never said as certain."""
        area = self.city.area_of(district)
        if carrier is None or area is None:
            desk = recipient.name if recipient else self.city.coordination.name
            return self.texts.get("resident.carrier_unknown", coordination=desk)
        return self.texts.get(
            "resident.carrier" if area.certain else "resident.carrier_uncertain", carrier=carrier
        )

    def own_tickets(self, tickets: Iterable[Ticket]) -> str:
        """Return the list of somebody's own tickets, newest first, the ten newest."""
        return "\n\n".join(self._own_ticket(ticket) for ticket in list(tickets)[:10])

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
        lines = [*map(self.referral, self.city.referrals_for(category_id or "")), self.contact()]
        return "\n".join(f"• {line}" for line in lines if line)

    def referral(self, entry: Referral) -> str:
        """Return one contact in a line, with "bitte prüfen" where it is not certain."""
        details = [detail for detail in (entry.note, entry.address, entry.phone, entry.web) if detail]
        line = f"{entry.name}: {', '.join(details)}" if details else entry.name
        return line if entry.certain else f"{line} {self.texts.get('resident.please_check')}"

    def _own_ticket(self, ticket: Ticket) -> str:
        place = ticket.report.place
        return self.texts.get(
            "resident.own_ticket",
            number=ticket.number,
            category=self.category(ticket.report.category),
            place=f"{self.spot(place)}, {place.district}",
            status=self.texts.get(f"resident.status_{ticket.status.value}"),
            date=self.date(ticket.history[-1].at),
        )


def shortened(text: str, most: int) -> str:
    """Return at most `most` characters, with an ellipsis where something is left out."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
