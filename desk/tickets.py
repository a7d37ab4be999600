from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

FORGOTTEN = "-"
"""What stands in a ticket for what a resident told, once its time is up."""


class Status(StrEnum):
    """Where a ticket stands; the allowed changes are `desk.workflow.CHANGES`."""

    NEW = "new"  # no chat has its card yet
    ASSIGNED = "assigned"
    HANDED_OVER = "handed_over"
    DECLINED = "declined"  # lies at the coordination desk
    REOPENED = "reopened"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"  # for the resident's answer
    REFERRED = "referred"  # to a body outside
    DONE = "done"
    CONFIRMED = "confirmed"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class Actor(StrEnum):
    """Who caused an entry of a ticket's history; never a person's name."""

    RESIDENT = "resident"
    CARETAKER = "caretaker"
    COORDINATION = "coordination"
    SYSTEM = "system"


@dataclass(frozen=True, kw_only=True)
class Photo:
    """One photo: Telegram's `file_id`, or a file's name in the photo folder (an image sent as a file)."""

    file_id: str | None = None
    stored: str | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Photo":
        """Read what `as_json` wrote."""
        return cls(file_id=data.get("file_id"), stored=data.get("stored"))

    def as_json(self) -> dict[str, str]:
        """Return the part that is set, for a JSON column or slot."""
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where it is: what to show, the district it lies in, and a point in WGS84 degrees where one is known."""

    label: str
    district: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """A finished report, ready to become a ticket.

    `draft` makes sending idempotent: the same draft never becomes two tickets. `reporter` is the
    resident's chat, stored to answer them and shown to nobody. `urgent` and `informs` (matters of the
    city's referrals) are what the area's rules said when it was sent.
    """

    draft: str
    reporter: str
    kind: str
    category: str
    words: str
    place: Place
    area: str
    carrier: str | None
    photos: tuple[Photo, ...] = ()
    since: str | None = None
    urgent: bool = False
    informs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of a ticket's history: what happened, who did it, when."""

    at: datetime
    what: str
    actor: Actor
    note: str | None = None
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A report with its number, state and history.

    `followers` are the chats of further residents it concerns. `stand_in` is the area that has stepped in for
    its own, `merged_into` the number of the ticket that goes on in its place.
    """

    number: str
    created_at: datetime
    status: Status
    report: Report
    history: tuple[Entry, ...] = field(default=())
    followers: tuple[str, ...] = ()
    stand_in: str | None = None
    merged_into: str | None = None

    @property
    def residents(self) -> tuple[str, ...]:
        """The chats of everybody it concerns, the one who reported it first."""
        return (self.report.reporter, *self.followers)


@dataclass(frozen=True, kw_only=True)
class Link:
    """What lets a chat without Telegram open a ticket's page; `id` is random and known to nobody else."""

    id: str
    ticket: str
    chat: str
    expires_at: datetime
    revoked_at: datetime | None = None


def ticket_number(year: int, sequence: int) -> str:
    """Return the public number, e.g. QH-2026-00001."""
    return f"QH-{year}-{sequence:05d}"
