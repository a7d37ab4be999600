"""The areas' morning digest: when it is due, and what it is about."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time

from desk.city import City
from desk.deadlines import WorkClock
from desk.listing import query_for
from desk.open_tickets import OpenTicket, Tally
from desk.ports import Work

UNTIL = time(12)
"""A worker that was away in the morning sends it until then."""
LINES = 3


@dataclass(frozen=True, kw_only=True)
class Digest:
    """What a chat reads in the morning."""

    tally: Tally
    oldest: tuple[OpenTicket, ...]


def areas_due(city: City, clock: WorkClock, now: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield the areas whose digest is due on this working day, and since when."""
    local = now.astimezone(clock.zone)
    if not clock.works_on(local.date()):
        return
    for area in city.areas:
        at = area.digest_at or city.deadlines.digest_at
        if at is not None and at <= local.time() < UNTIL:
            yield area.id, datetime.combine(local.date(), at, clock.zone)


def digest_key(chat: str, moment: datetime) -> str:
    """Return what names a chat's digest of that day in the outbox."""
    return f"digest/{moment.date().isoformat()}/{chat}"


def digest_for(chat: str, city: City, work: Work, *, moment: datetime) -> Digest | None:
    """Return what a chat's areas have open; None when nothing of it was there when the digest was due.

    What lies at the coordination desk is in its daily report.
    """
    query = query_for(chat, city, work)
    own = set(work.caretakers.areas_of(chat)) - {city.coordination.id}
    query = replace(query, areas=tuple(sorted(own)), partly=(), parts=())
    oldest = tuple(work.open_tickets.page(query, after=None, limit=LINES))
    if not oldest or oldest[0].created_at > moment:
        return None
    return Digest(tally=work.open_tickets.tally(query), oldest=oldest)
