from dataclasses import dataclass

from desk.errors import NotAllowed
from desk.tickets import Status


@dataclass(frozen=True, kw_only=True)
class Change:
    """One allowed change of state and the sentence the resident hears (a key of `texts/resident.yml`)."""

    to: Status
    resident_text: str


# (state, what the caretaker does) -> what it leads to. Whatever is not here is not allowed.
CHANGES: dict[tuple[Status, str], Change] = {
    (Status.NEW, "accept"): Change(to=Status.ACCEPTED, resident_text="resident.ticket_accepted"),
    (Status.NEW, "finish"): Change(to=Status.DONE, resident_text="resident.ticket_done"),
    (Status.ACCEPTED, "finish"): Change(to=Status.DONE, resident_text="resident.ticket_done"),
}


def change_for(status: Status, deed: str) -> Change:
    """Return what `deed` does to a ticket in `status`; raises NotAllowed when the table has no such row."""
    change = CHANGES.get((status, deed))
    if change is None:
        raise NotAllowed(f"caretaker.too_late_{status.value}")
    return change


def deeds_open(status: Status) -> tuple[str, ...]:
    """Return what a caretaker may do to a ticket in this state, in the order of its buttons."""
    return tuple(deed for (state, deed) in CHANGES if state is status)
