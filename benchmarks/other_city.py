from dataclasses import replace

from desk.city import City
from storage.wiring import House


def in_city(house: House, city: City) -> House:
    """Return the house with another city in it and in every part that knows the city."""
    knowing = {
        name: replace(part, city=city)
        for name, part in vars(house).items()
        if "city" in getattr(part, "__dataclass_fields__", {})
    }
    return replace(house, city=city, **knowing)
