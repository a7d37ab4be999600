"""What the desk needs to know of caretakers: who works where, is away, has mail, may open a page."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from desk.absences import Absence
from desk.tickets import Link


class Member(NamedTuple):
    """A chat that works for an area, and since when."""

    area: str
    chat: str
    since: datetime


class CaretakerBook(Protocol):
    """Which chats work for which area, and the invitations that let them in."""

    def invite(self, token_hash: str, *, area: str, expires_at: datetime) -> None:
        """Store a one-time invitation."""
        ...

    def redeem(self, token_hash: str, *, chat: str, at: datetime) -> str | None:
        """Use an invitation up and register the chat; the area's id, None when it is not valid (any more)."""
        ...

    def was_invited(self, token_hash: str) -> bool:
        """Tell whether a token is, or was once, an invitation's."""
        ...

    def remove(self, chat: str, *, area: str | None = None) -> Sequence[str]:
        """Take a chat away from an area, or from all; the areas it worked for until now."""
        ...

    def members(self) -> Sequence[Member]:
        """Return every registered chat, by area, the longest there first."""
        ...

    def register(self, area: str, *, chat: str, at: datetime) -> None:
        """Register a chat for an area without an invitation; one that is registered stays as it is."""
        ...

    def chats_of(self, area: str) -> Sequence[str]:
        """Return the chats registered for an area."""
        ...

    def registered(self) -> Mapping[str, Sequence[str]]:
        """Return the chats of every area that has any."""
        ...

    def areas_of(self, chat: str) -> Sequence[str]:
        """Return the areas a chat is registered for; empty for a resident."""
        ...


class AbsenceBook(Protocol):
    """Which chats of caretakers are away."""

    def add(self, absence: Absence) -> Absence | None:
        """Store an absence, return it with its id; None when the chat is away on one of its days already."""
        ...

    def of(self, chats: Sequence[str], since: date) -> Sequence[Absence]:
        """Return the absences of these chats that are not over on a day, in the order of their first days."""
        ...

    def cancel(self, absence_id: int, *, chat: str) -> Absence | None:
        """Forget an absence of a chat and return it; None when the chat has no such one."""
        ...

    def away_on(self, chats: Sequence[str], day: date) -> Mapping[str, str]:
        """Return those of the chats that are away on a day, with the area that steps in for each."""
        ...

    def not_begun(self, day: date) -> Sequence[Absence]:
        """Return the absences a day belongs to whose tickets were not handed on yet."""
        ...

    def begin(self, absence_id: int, *, at: datetime) -> Absence | None:
        """Note that an absence has begun and return it; None when that was noted before, or it is gone."""
        ...

    def over(self, since: date, before: date) -> Sequence[Absence]:
        """Return the absences that have begun and whose last day lies in a span, `before` not included."""
        ...


class MailboxBook(Protocol):
    """The addresses of caretakers who are reached by e-mail; each is a chat, `mail:<number>`."""

    def add(self, address: str) -> str:
        """Keep an address and return its chat; the same address is the same chat."""
        ...

    def address(self, chat: str) -> str | None:
        """Return the address of a chat; None for one that is no mailbox."""
        ...

    def all(self) -> Mapping[str, str]:
        """Return every address by its chat, in the order they came."""
        ...


class LinkBook(Protocol):
    """Links to tickets' pages."""

    def add(self, link: Link) -> None:
        """Store a new link."""
        ...

    def get(self, link_id: str) -> Link | None:
        """Return a link, whether it is still valid or not; None for one that is not known (any more)."""
        ...

    def lasting(self, ticket: str, chat: str, *, until: datetime) -> Link | None:
        """Return a chat's link to a ticket that is not revoked and good until then; None without one."""
        ...

    def revoke(self, *, at: datetime, ticket: str | None = None, chat: str | None = None) -> int:
        """End the links of a ticket, of a chat, of both together or all; return how many were still good."""
        ...
