from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from desk.caretaker_ports import Member
from storage.tables import caretakers, invitations
from storage.tickets import INSERTS


class SqlCaretakers:
    """Which chats work for which area, and the invitations that let them in, in SQL."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def invite(self, token_hash: str, *, area: str, expires_at: datetime) -> None:
        """Store a one-time invitation."""
        row = {"token_hash": token_hash, "area": area, "expires_at": expires_at}
        self.connection.execute(sa.insert(invitations).values(**row))

    def redeem(self, token_hash: str, *, chat: str, at: datetime) -> str | None:
        """Use an invitation up and register the chat; the area's id, None when it is not valid (any more)."""
        valid = (
            invitations.c.token_hash == token_hash,
            invitations.c.used_at.is_(None),
            invitations.c.expires_at > at,
        )
        use = sa.update(invitations).where(*valid).values(used_at=at).returning(invitations.c.area)
        area: str | None = self.connection.execute(use).scalar_one_or_none()
        if area is not None:
            self.register(area, chat=chat, at=at)
        return area

    def was_invited(self, token_hash: str) -> bool:
        """Tell whether a token is, or was once, an invitation's."""
        known = sa.select(invitations.c.area).where(invitations.c.token_hash == token_hash)
        return self.connection.scalar(known) is not None

    def remove(self, chat: str, *, area: str | None = None) -> Sequence[str]:
        """Take a chat away from an area, or from all; the areas it worked for until now."""
        here = [caretakers.c.chat == chat, *([caretakers.c.area == area] if area is not None else [])]
        gone = sa.delete(caretakers).where(*here).returning(caretakers.c.area)
        return sorted(self.connection.scalars(gone))

    def members(self) -> Sequence[Member]:
        """Return every registered chat, by area, the longest there first."""
        query = sa.select(caretakers).order_by(caretakers.c.area, caretakers.c.since, caretakers.c.chat)
        return [Member(row.area, row.chat, row.since) for row in self.connection.execute(query)]

    def register(self, area: str, *, chat: str, at: datetime) -> None:
        """Register a chat for an area without an invitation; one that is registered stays as it is."""
        insert = INSERTS[self.connection.dialect.name](caretakers)
        self.connection.execute(insert.values(area=area, chat=chat, since=at).on_conflict_do_nothing())

    def move(self, chat: str, new: str) -> None:
        """Register the chat `new` in the place of `chat`."""
        for area in self.areas_of(chat):
            insert = INSERTS[self.connection.dialect.name](caretakers)
            row = insert.from_select(
                ["area", "chat", "since"],
                sa.select(caretakers.c.area, sa.literal(new), caretakers.c.since).where(
                    caretakers.c.area == area, caretakers.c.chat == chat
                ),
            )
            self.connection.execute(row.on_conflict_do_nothing())
        self.connection.execute(sa.delete(caretakers).where(caretakers.c.chat == chat))

    def chats_of(self, area: str) -> Sequence[str]:
        """Return the chats registered for an area."""
        query = sa.select(caretakers.c.chat).where(caretakers.c.area == area).order_by(caretakers.c.since)
        return self.connection.scalars(query).all()

    def registered(self) -> Mapping[str, Sequence[str]]:
        """Return the chats of every area that has any."""
        query = sa.select(caretakers.c.area, caretakers.c.chat).order_by(caretakers.c.since)
        found: dict[str, list[str]] = {}
        for row in self.connection.execute(query):
            found.setdefault(row.area, []).append(row.chat)
        return found

    def areas_of(self, chat: str) -> Sequence[str]:
        """Return the areas a chat is registered for; empty for a resident."""
        query = sa.select(caretakers.c.area).where(caretakers.c.chat == chat).order_by(caretakers.c.area)
        return self.connection.scalars(query).all()
