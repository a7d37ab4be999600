import re

from desk.tickets import ticket_number
from storage.wiring import House

EXAMPLE = 42
_NUMBER = re.compile(r"(?:(?:qh[\s-]*)?(\d{4})[\s-]+)?(\d{1,9})", re.IGNORECASE)


def number_in(words: str, house: House) -> str | None:
    """Return the ticket's number somebody wrote, of this year where none is said; None: it is none."""
    match = _NUMBER.fullmatch(words)
    return ticket_number(int(match[1] or _year(house)), int(match[2])) if match else None


def example_number(house: House) -> str:
    """Return what a ticket's number looks like this year."""
    return ticket_number(_year(house), EXAMPLE)


def _year(house: House) -> int:
    return house.clock().astimezone(house.city.zone).year
