from collections.abc import Mapping

import sqlalchemy as sa

from desk.mailboxes import MAIL, is_mailbox
from storage.tables import mailboxes
from storage.tickets import INSERTS


class SqlMailboxes:
    """The addresses of caretakers who are reached by e-mail, in SQL."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def add(self, address: str) -> str:
        """Keep an address and return its chat; the same address is the same chat."""
        insert = INSERTS[self.connection.dialect.name](mailboxes)
        self.connection.execute(insert.values(address=address).on_conflict_do_nothing())
        known = sa.select(mailboxes.c.id).where(mailboxes.c.address == address)
        return f"{MAIL}{self.connection.execute(known).scalar_one()}"

    def address(self, chat: str) -> str | None:
        """Return the address of a chat; None for one that is no mailbox."""
        number = chat.removeprefix(MAIL)
        if not is_mailbox(chat) or not number.isdecimal():
            return None
        found: str | None = self.connection.scalar(
            sa.select(mailboxes.c.address).where(mailboxes.c.id == int(number))
        )
        return found

    def all(self) -> Mapping[str, str]:
        """Return every address by its chat, in the order they came."""
        rows = self.connection.execute(sa.select(mailboxes).order_by(mailboxes.c.id))
        return {f"{MAIL}{row.id}": row.address for row in rows}
