"""Whom else somebody should know of who reports something: matters of the city's referral table."""

from datetime import datetime

from desk.area_rules import NIGHT

# Reports that go to the caretakers as always, though somebody else can do more about them.
MATTER_OF = {
    "pub_or_shop": "business_noise",
    "machines": "business_noise",
    "construction": "business_noise",
    "music": "private_noise",
    "animal_noise": "private_noise",
    "group_noise": "private_noise",
    "noise_other": "private_noise",
    "dirty_stairwell": "private_land",
}
NIGHT_NOISE = "night_noise"
CONTACT = "contact"
"""The referral "for anything else" of every city file."""


def is_night(local: datetime) -> bool:
    """Tell whether it is night's rest on the city's clocks."""
    begins, ends = NIGHT
    return local.time() >= begins or local.time() < ends


def matters_beside(kind: str, category: str, *, night: bool) -> tuple[str, ...]:
    """Return the matters to name beside a report; the one about noise at night comes first."""
    at_night = (NIGHT_NOISE,) if kind == "noise" and night else ()
    own = (MATTER_OF[category],) if category in MATTER_OF else ()
    return (*at_night, *own)
