"""What may happen to a ticket: every deed, the states it starts from, where it leads, who may do it."""

from dataclasses import dataclass

from desk.errors import NotAllowed
from desk.tickets import Actor, Status

TO_ACCEPT = (Status.NEW, Status.ASSIGNED, Status.HANDED_OVER, Status.DECLINED, Status.REOPENED)
"""Nobody has taken it on yet."""
AT_WORK = (Status.ACCEPTED, Status.IN_PROGRESS, Status.WAITING)
OPEN = (*TO_ACCEPT, *AT_WORK)
ENDED = tuple(status for status in Status if status not in OPEN)
CARETAKERS = frozenset({Actor.CARETAKER, Actor.COORDINATION})
RESIDENT = frozenset({Actor.RESIDENT})
SYSTEM = frozenset({Actor.SYSTEM})


@dataclass(frozen=True, kw_only=True)
class Change:
    """One allowed change of state.

    `resident_text` is the key of `texts/resident.yml` the resident hears, None where they did it themselves.
    `sends_card` tells that the chats it goes to get the card anew.
    """

    to: Status
    who: frozenset[Actor]
    resident_text: str | None = None
    sends_card: bool = False


@dataclass(frozen=True, kw_only=True)
class Deed:
    """A row of the table: what it leads to from each of some states."""

    starts: tuple[Status, ...]
    change: Change


DEEDS: dict[str, Deed] = {
    "assign": Deed(starts=(Status.NEW,), change=Change(to=Status.ASSIGNED, who=SYSTEM)),
    "accept": Deed(
        starts=TO_ACCEPT,
        change=Change(to=Status.ACCEPTED, who=CARETAKERS, resident_text="resident.ticket_accepted"),
    ),
    "hand_over": Deed(
        starts=OPEN,
        change=Change(
            to=Status.HANDED_OVER,
            who=CARETAKERS,
            resident_text="resident.ticket_handed_over",
            sends_card=True,
        ),
    ),
    "ask": Deed(
        starts=OPEN,
        change=Change(to=Status.WAITING, who=CARETAKERS, resident_text="resident.ticket_asked"),
    ),
    "finish": Deed(
        starts=OPEN,
        change=Change(to=Status.DONE, who=CARETAKERS, resident_text="resident.ticket_done"),
    ),
    "start": Deed(
        starts=(*TO_ACCEPT, Status.ACCEPTED),
        change=Change(to=Status.IN_PROGRESS, who=CARETAKERS, resident_text="resident.ticket_in_progress"),
    ),
    "decline": Deed(
        # A declined ticket lies at the coordination desk, which has nobody to decline it to.
        starts=tuple(status for status in OPEN if status is not Status.DECLINED),
        change=Change(
            to=Status.DECLINED, who=CARETAKERS, resident_text="resident.ticket_declined", sends_card=True
        ),
    ),
    "refer": Deed(
        starts=OPEN,
        change=Change(to=Status.REFERRED, who=CARETAKERS, resident_text="resident.ticket_referred"),
    ),
    "merge": Deed(
        starts=OPEN,
        change=Change(to=Status.MERGED, who=CARETAKERS, resident_text="resident.ticket_merged"),
    ),
    "reroute": Deed(
        # Another place or category is another team's: said by the resident, after sending.
        starts=OPEN,
        change=Change(
            to=Status.HANDED_OVER,
            who=RESIDENT,
            resident_text="resident.ticket_rerouted",
            sends_card=True,
        ),
    ),
    "answer": Deed(starts=(Status.WAITING,), change=Change(to=Status.IN_PROGRESS, who=RESIDENT)),
    "confirm": Deed(starts=(Status.DONE,), change=Change(to=Status.CONFIRMED, who=RESIDENT)),
    "reopen": Deed(
        starts=(Status.DONE, Status.REFERRED, Status.CONFIRMED, Status.WITHDRAWN),
        change=Change(to=Status.REOPENED, who=RESIDENT, sends_card=True),
    ),
    "withdraw": Deed(starts=OPEN, change=Change(to=Status.WITHDRAWN, who=RESIDENT)),
    "close": Deed(
        starts=(Status.WAITING,),
        change=Change(to=Status.WITHDRAWN, who=SYSTEM, resident_text="resident.ticket_closed"),
    ),
}

# (state, deed) -> what it leads to. Whatever is not here is not allowed.
CHANGES: dict[tuple[Status, str], Change] = {
    (status, name): deed.change for name, deed in DEEDS.items() for status in deed.starts
}

ON_THE_CARD = ("accept", "hand_over", "ask", "finish", "start", "decline", "merge")
"""What a caretaker's card offers, in the order of its buttons; `refer` comes behind `hand_over`."""


def change_for(status: Status, deed: str, actor: Actor) -> Change:
    """Return what `deed` does to a ticket in `status`; NotAllowed when the table has no such row."""
    change = CHANGES.get((status, deed))
    if change is None or actor not in change.who:
        mine = actor is Actor.RESIDENT
        raise NotAllowed("resident.too_late" if mine else f"caretaker.too_late_{status.value}")
    return change


def deeds_open(status: Status) -> tuple[str, ...]:
    """Return what a caretaker may do to a ticket in this state, in the order of its buttons."""
    return tuple(deed for deed in ON_THE_CARD if (status, deed) in CHANGES)
