"""Who cares for a place, and how to reach them."""

from desk.drafts import Spot
from desk.questions import area_at
from storage.wiring import House

MY_CARETAKER = "my_caretaker"
NOBODY = ("rubbish", "contact")
"""Whom to turn to where there are no caretakers."""


def caretaker_of(house: House, spot: Spot) -> tuple[str, dict[str, object]]:
    """Return the response that answers for a place whose district is settled, and what fills its braces."""
    wording, district = house.wording, spot.district or ""
    area = area_at(house.city, spot)
    if area is None:
        known: dict[str, object] = {"district": district, "referral": wording.turn_to(*NOBODY)}
        return "utter_answer_question_my_caretaker_nobody", known
    return "utter_answer_question_my_caretaker", {
        "district": district,
        "area": wording.area(area, district),
        "carrier": wording.carrier(area),
        "reach": wording.reach(area),
    }
