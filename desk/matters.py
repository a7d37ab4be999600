"""Matters in which every city's referrals must name somebody, as a city file spells them."""

from desk.referring import CONTACT

DEFECTS = (
    "street_light",
    "traffic_light",
    "street_sign",
    "road_damage",
    "tree",
    "playground",
    "drain",
    "public_building",
)
"""What is broken in public space: the city mends it itself."""
MATTERS = (
    "danger",
    "fire_medical",
    CONTACT,
    "rubbish",
    "private_land",
    "public_order",
    "private_noise",
    "night_noise",
    "business_noise",
    "neighbour_dispute",
    *DEFECTS,
)
