from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from desk.absences import Absence
from storage.tables import absences, caretakers


class SqlAbsences:
    """Which chats of caretakers are away, in SQL."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def add(self, absence: Absence) -> Absence | None:
        """Store an absence, return it with its id; None when the chat is away on one of its days already."""
        # Two pressing the button of a group at once wait for one another here.
        own = sa.select(caretakers.c.area).where(caretakers.c.chat == absence.chat)
        self.connection.execute(own.with_for_update()).all()
        if any(one.overlaps(absence.first, absence.last) for one in self.of([absence.chat], absence.first)):
            return None
        row = {"chat": absence.chat, "first": absence.first, "last": absence.last}
        insert = sa.insert(absences).values(**row, substitute=absence.substitute, begun_at=absence.begun_at)
        return self._get(self.connection.execute(insert.returning(absences.c.id)).scalar_one())

    def of(self, chats: Sequence[str], since: date) -> Sequence[Absence]:
        """Return the absences of these chats that are not over on a day, in the order of their first days."""
        query = sa.select(absences).where(absences.c.chat.in_(chats), absences.c.last >= since)
        return self._found(query)

    def cancel(self, absence_id: int, *, chat: str) -> Absence | None:
        """Forget an absence of a chat and return it; None when the chat has no such one."""
        here = (absences.c.id == absence_id, absences.c.chat == chat)
        row = self.connection.execute(sa.delete(absences).where(*here).returning(*absences.c)).one_or_none()
        return _absence(row) if row else None

    def away_on(self, chats: Sequence[str], day: date) -> Mapping[str, str]:
        """Return those of the chats that are away on a day, with the area that steps in for each."""
        if not chats:
            return {}
        where = (absences.c.chat.in_(chats), absences.c.first <= day, absences.c.last >= day)
        rows = self.connection.execute(sa.select(absences.c.chat, absences.c.substitute).where(*where))
        return {row.chat: row.substitute for row in rows}

    def not_begun(self, day: date) -> Sequence[Absence]:
        """Return the absences a day belongs to whose tickets were not handed on yet."""
        where = (absences.c.begun_at.is_(None), absences.c.first <= day, absences.c.last >= day)
        return self._found(sa.select(absences).where(*where))

    def begin(self, absence_id: int, *, at: datetime) -> Absence | None:
        """Note that an absence has begun and return it; None when that was noted before, or it is gone."""
        where = (absences.c.id == absence_id, absences.c.begun_at.is_(None))
        begin = sa.update(absences).where(*where).values(begun_at=at).returning(*absences.c)
        row = self.connection.execute(begin).one_or_none()
        return _absence(row) if row else None

    def over(self, since: date, before: date) -> Sequence[Absence]:
        """Return the absences that have begun and whose last day lies in a span, `before` not included."""
        where = (absences.c.begun_at.is_not(None), absences.c.last >= since, absences.c.last < before)
        return self._found(sa.select(absences).where(*where))

    def move(self, chat: str, new: str) -> None:
        """Let the chat `new` be away in the place of `chat`."""
        self.connection.execute(sa.update(absences).where(absences.c.chat == chat).values(chat=new))

    def _get(self, absence_id: int) -> Absence:
        return _absence(self.connection.execute(sa.select(absences).where(absences.c.id == absence_id)).one())

    def _found(self, query: sa.Select[Any]) -> list[Absence]:
        rows = self.connection.execute(query.order_by(absences.c.first, absences.c.id))
        return [_absence(row) for row in rows]


def _absence(row: sa.Row[Any]) -> Absence:
    return Absence(
        id=row.id,
        chat=row.chat,
        first=row.first,
        last=row.last,
        substitute=row.substitute,
        begun_at=row.begun_at,
    )
