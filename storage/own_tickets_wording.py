"""The list of somebody's own tickets in words: what happened to each, and what is none of their business."""

from collections.abc import Iterable, Sequence

from desk.changing import CHANGED
from desk.deadlines import STATES, Step
from desk.tickets import Actor, Entry, Status, Ticket
from storage.wording import Wording, shortened

ENTRIES_SHOWN = 5  # of a ticket's history ...
NOTE_SHOWN = 60  # ... characters of a question, an answer or a change ...
PLACE_SHOWN = 150  # ... and of the place: five tickets fit into a message
SHARING = frozenset({"joined", "left"})
"""Entries that tell of further residents: since then nobody knows whose words are whose."""
SHOWN = frozenset({*STATES, "answer", CHANGED, Step.ASK_AGAIN.value})
"""Entries residents see. Of notes it is not known which were for them, all others are among us."""


def own_tickets_text(
    shown: Iterable[Ticket], wording: Wording, *, chat: str, every: Sequence[Ticket] = ()
) -> str:
    """Return a list of a chat's own tickets, in this order, each with what happened to it.

    `every` are all tickets of the chat: one that was merged points to where it goes on.
    """
    known = {ticket.number: ticket for ticket in every}
    return "\n\n".join(_own_ticket(ticket, wording, chat=chat, known=known) for ticket in shown)


def _own_ticket(ticket: Ticket, wording: Wording, *, chat: str, known: dict[str, Ticket]) -> str:
    texts, place = wording.texts, ticket.report.place
    happened = [entry for entry in ticket.history if entry.what in SHOWN]
    mine = _is_alone(ticket, chat)
    lines = [_happened(entry, wording, mine=mine) for entry in reversed(happened[-ENTRIES_SHOWN:])]
    if len(happened) > ENTRIES_SHOWN:
        lines.append(texts.get("resident.history_more"))
    people = len(ticket.residents)
    return texts.get(
        "resident.own_ticket",
        number=ticket.number,
        category=wording.category(ticket.report.category),
        place=shortened(f"{wording.spot(place)}, {place.district}", PLACE_SHOWN),
        people=f"\n{texts.get('resident.people', count=people)}" if people > 1 else "",
        status=_standing(ticket, happened[-1], wording, chat=chat),
        date=wording.date(happened[-1].at),
        goes_on=_goes_on(ticket, wording, chat=chat, known=known),
        history="\n".join(lines),
    )


def _goes_on(ticket: Ticket, wording: Wording, *, chat: str, known: dict[str, Ticket]) -> str:
    """Return where a merged ticket goes on, through however many steps; empty for any other."""
    into = ticket
    while into.merged_into in known:
        into = known[into.merged_into]
    if into is ticket:
        return ""
    state = _standing(into, into.history[-1], wording, chat=chat)
    return f"\n{wording.texts.get('resident.goes_on', number=into.number, status=state)}"


def _is_alone(ticket: Ticket, chat: str) -> bool:
    """Tell whether all that was asked and answered was between this chat and the caretakers."""
    shared = any(entry.what in SHARING for entry in ticket.history) or len(ticket.residents) > 1
    return chat == ticket.report.reporter and not shared


def _happened(entry: Entry, wording: Wording, *, mine: bool) -> str:
    """Return one line of a ticket's history for a resident: no caretaker's reasons, nobody else's words."""
    note, count = shortened(entry.note or "", NOTE_SHOWN) if mine else "", len(entry.photos)
    texts = wording.texts
    if entry.what == "answer" and not mine:
        what = texts.get("resident.history_answer_others")
    elif entry.what == "answer":
        key = "resident.history_answer" if note else "resident.history_answer_photos"
        what = texts.get(key, note=note, count=count)
    elif entry.what == CHANGED:
        key = "resident.history_changed" if note else "resident.history_changed_others"
        what = texts.get(key, note=note)
    elif entry.what == Status.WAITING and note:
        what = texts.get("resident.history_waiting", note=note)
    elif entry.what == Step.ASK_AGAIN:
        what = texts.get("resident.history_asked_again")
    else:
        what = _state(Status(entry.what), entry, wording, mine=mine)
    return texts.get("resident.history", date=wording.date_and_time(entry.at), what=what)


def _standing(ticket: Ticket, entry: Entry, wording: Wording, *, chat: str) -> str:
    """Return where a ticket stands, as the chat is concerned."""
    asked = ticket.status is Status.WAITING and chat == ticket.report.reporter
    return _state(ticket.status, entry, wording, mine=asked or _is_alone(ticket, chat))


def _state(status: Status, entry: Entry, wording: Wording, *, mine: bool) -> str:
    """Return a state in words; closed by us is not withdrawn by the resident, a question is for one alone."""
    if status is Status.WITHDRAWN and entry.actor is Actor.SYSTEM:
        return wording.texts.get("resident.history_closed")
    others = status in (Status.WAITING, Status.CONFIRMED) and not mine
    return wording.texts.get(f"resident.status_{status.value}" + ("_others" if others else ""))
