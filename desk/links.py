"""Links that let caretakers without Telegram open a ticket's page: signed, for one chat, for a while."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from desk.assigning import works_on
from desk.city import City
from desk.errors import NotAllowed
from desk.ports import Storage
from desk.tickets import Link

LINK_LASTS = timedelta(days=30)
LASTS_AT_LEAST = LINK_LASTS / 2
"""How long a link that is sent once more must still be good; else there is a new one."""
PAGES = "/t/"
"""What the path of a ticket's page begins with; the token follows."""


class Signer(Protocol):
    """Makes tokens that nobody else can make."""

    def sign(self, link_id: str) -> str:
        """Return the token of a link."""
        ...

    def read(self, token: str) -> str | None:
        """Return the id of the link a token was made for; None when it is not a token of ours."""
        ...


@dataclass(frozen=True, kw_only=True)
class TicketLinks:
    """The use cases of links; each is one transaction. `base` is where pages are served, None for nowhere."""

    storage: Storage
    city: City
    signer: Signer
    base: str | None
    new_id: Callable[[], str]

    def url_for(self, number: str, *, chat: str, now: datetime) -> str | None:
        """Return an address of the ticket's page for a chat, good for 15 days or more; None without pages."""
        if self.base is None:
            return None
        with self.storage.work() as work:
            link = work.links.lasting(number, chat, until=now + LASTS_AT_LEAST)
            if link is None:
                link = Link(id=self.new_id(), ticket=number, chat=chat, expires_at=now + LINK_LASTS)
                work.links.add(link)
        return f"{self.base}{PAGES}{self.signer.sign(link.id)}"

    def open(self, token: str, *, now: datetime) -> tuple[str, str]:
        """Return the ticket's number and the chat a token stands for.

        Raises NotAllowed for a token that was altered, is expired or revoked, or whose chat does not work for
        the ticket any more.
        """
        link_id = self.signer.read(token)
        if link_id is None:
            raise NotAllowed("page.link_altered")
        with self.storage.work() as work:
            link = work.links.get(link_id)
            if link and link.revoked_at:
                raise NotAllowed("page.link_revoked")
            if link is None or link.expires_at <= now:  # what expired long ago is forgotten
                raise NotAllowed("page.link_expired")
            if not works_on(work.tickets.get(link.ticket), link.chat, self.city, work):
                raise NotAllowed("page.link_ended")
        return link.ticket, link.chat

    def known(self, token: str) -> Link | None:
        """Return whose link a token is, valid or not; None when it was altered."""
        link_id = self.signer.read(token)
        if link_id is None:
            return None
        with self.storage.work() as work:
            return work.links.get(link_id)

    def revoke(self, chat: str | None = None, *, now: datetime, ticket: str | None = None) -> int:
        """End every link of a chat, or those to one ticket, or all; return how many were still good.

        Raises NotFound for a ticket that does not exist.
        """
        with self.storage.work() as work:
            if ticket is not None:
                work.tickets.get(ticket)
            return work.links.revoke(at=now, ticket=ticket, chat=chat)
