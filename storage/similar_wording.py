"""Similar tickets in words: for the resident who may mean the same, for the caretaker who merges."""

from collections.abc import Sequence
from datetime import datetime

from desk.drafts import SimilarTicket
from desk.places import metres_between
from desk.tickets import Place, Ticket
from storage.wording import Wording, shortened

PLACE_SHOWN = 60  # characters


def similar_lines(found: Sequence[SimilarTicket], wording: Wording, *, now: datetime) -> str:
    """Return what a resident may know of each: category, distance, age; its words where they are shown."""
    several = len(found) > 1
    return "\n".join(
        _similar(one, wording, now=now, head=f"{index}. " if several else "")
        for index, one in enumerate(found, start=1)
    )


def merge_lines(ticket: Ticket, others: Sequence[Ticket], wording: Wording, *, now: datetime) -> str:
    """Return a line for each ticket another one may be merged into."""
    return "\n".join(
        wording.texts.get(
            "caretaker.merge_line",
            number=other.number,
            category=wording.category(other.report.category),
            place=shortened(wording.spot(other.report.place), PLACE_SHOWN),
            distance=_away(ticket.report.place, other.report.place, wording),
            age=_age(other.created_at, wording, now=now),
        )
        for other in others
    )


def _similar(one: SimilarTicket, wording: Wording, *, now: datetime, head: str) -> str:
    texts = wording.texts
    where = (
        texts.get("resident.similar_address")
        if one.metres is None
        else texts.get("resident.similar_near", metres=one.metres)
    )
    return texts.get(
        "resident.similar_line",
        head=head,
        category=wording.category(one.category),
        where=where,
        age=_age(datetime.fromisoformat(one.created_at), wording, now=now),
        own=texts.get("resident.similar_own") if one.own else "",
        words=f"\n{texts.get('resident.similar_words', words=one.words)}" if one.words else "",
    )


def _age(at: datetime, wording: Wording, *, now: datetime) -> str:
    """Return for how many days, as the city's calendar counts them, it has been known."""
    zone = wording.city.zone
    days = (now.astimezone(zone).date() - at.astimezone(zone).date()).days
    key = {0: "age_today", 1: "age_day"}.get(days, "age_days")
    return wording.texts.get(f"caretaker.{key}", days=days)


def _away(here: Place, there: Place, wording: Wording) -> str:
    """Return how far apart two places are, empty where that is not known."""
    if None in (here.latitude, here.longitude, there.latitude, there.longitude):
        return ""
    points = ((one.latitude or 0.0, one.longitude or 0.0) for one in (here, there))
    return wording.texts.get("caretaker.merge_distance", metres=round(metres_between(*points)))
