import hashlib
import hmac
import logging
import os
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from secrets import token_bytes
from tempfile import mkstemp

import sqlalchemy as sa

from desk.audit import AuditEntry
from storage.tables import audit_log

log = logging.getLogger(__name__)

AUDIT_SECRET = "audit_secret"  # noqa: S105 -- a file's name
SECRET_BYTES = 32
PSEUDONYM_DIGITS = 16


class SqlAuditLog:
    """Attempts that smell of abuse, in SQL."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def add(self, entry: AuditEntry) -> None:
        """Store an entry."""
        row = {"at": entry.at, "what": entry.what, "who": entry.who, "ticket": entry.ticket}
        self.connection.execute(sa.insert(audit_log).values(**row))

    def since(self, moment: datetime) -> Sequence[AuditEntry]:
        """Return the entries from a moment on, in the order they came."""
        query = sa.select(audit_log).where(audit_log.c.at >= moment).order_by(audit_log.c.id)
        return [
            AuditEntry(at=row.at, what=row.what, who=row.who, ticket=row.ticket)
            for row in self.connection.execute(query)
        ]

    def count(self, who: str, *, since: datetime) -> int:
        """Return how many entries somebody has from a moment on."""
        here = (audit_log.c.at >= since, audit_log.c.who == who)
        return self.connection.execute(sa.select(sa.func.count()).where(*here)).scalar_one()


class Pseudonyms:
    """Names for chats that stay the same in one installation and lead nobody back to the chat's number.

    The secret behind them lies in a file that is made when the first pseudonym is asked for. Where it can't
    be written, the names hold until the process ends.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def of(self, chat: str) -> str:
        """Return 16 hexadecimal digits: the beginning of HMAC-SHA256 over the chat's number."""
        digest = hmac.new(self._secret, chat.encode(), hashlib.sha256).hexdigest()
        return digest[:PSEUDONYM_DIGITS]

    @cached_property
    def _secret(self) -> bytes:
        try:
            return _kept_secret(self.path)
        except OSError as error:
            log.warning("the audit log's secret can't be kept (%s)", type(error).__name__)
            return token_bytes(SECRET_BYTES)


def _kept_secret(path: Path) -> bytes:
    """Return what the file holds; made first, readable for its owner alone, where it does not exist."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = mkstemp(dir=path.parent, prefix=f"{path.name}.")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(token_bytes(SECRET_BYTES))
            # A link appears whole or not at all: of two processes that begin at once one secret stays.
            path.hardlink_to(part)
        except FileExistsError:
            pass
        finally:
            Path(part).unlink()
    return path.read_bytes()
