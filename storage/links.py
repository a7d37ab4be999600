import os
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from secrets import token_hex, token_urlsafe

import itsdangerous
import sqlalchemy as sa

from desk.tickets import Link
from storage.settings import Secret, Settings
from storage.tables import ticket_links

SALT = "ticket-link"
SECRET_BYTES = 32


class SqlLinks:
    """Links to tickets' pages in SQL."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def add(self, link: Link) -> None:
        """Store a new link."""
        self.connection.execute(sa.insert(ticket_links).values(**vars(link)))

    def get(self, link_id: str) -> Link | None:
        """Return a link, whether it is still valid or not; None for one that is not known (any more)."""
        return self._first(sa.select(ticket_links).where(ticket_links.c.id == link_id))

    def lasting(self, ticket: str, chat: str, *, until: datetime) -> Link | None:
        """Return a chat's link to a ticket that is not revoked and good until then; None without one."""
        good = (
            ticket_links.c.ticket == ticket,
            ticket_links.c.chat == chat,
            ticket_links.c.revoked_at.is_(None),
            ticket_links.c.expires_at >= until,
        )
        query = sa.select(ticket_links).where(*good).order_by(ticket_links.c.expires_at.desc()).limit(1)
        return self._first(query)

    def revoke(self, *, at: datetime, ticket: str | None = None, chat: str | None = None) -> int:
        """End the links of a ticket, of a chat, of both together or all; return how many were still good."""
        good = [ticket_links.c.revoked_at.is_(None), ticket_links.c.expires_at > at]
        if ticket is not None:
            good.append(ticket_links.c.ticket == ticket)
        if chat is not None:
            good.append(ticket_links.c.chat == chat)
        return self.connection.execute(sa.update(ticket_links).where(*good).values(revoked_at=at)).rowcount

    def _first(self, query: sa.Select[tuple[object, ...]]) -> Link | None:
        row = self.connection.execute(query).mappings().one_or_none()
        return None if row is None else Link(**row)


class LinkSigner:
    """Signs links with LINK_SECRET, or with a secret of its own that it keeps in `STATE_DIR/link_secret`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def sign(self, link_id: str) -> str:
        """Return what stands in the address: the link's id and a signature."""
        return self._signer.sign(link_id).decode()

    def read(self, token: str) -> str | None:
        """Return the id of the link the token was signed for; None when it is not a token of ours."""
        try:
            link_id = self._signer.unsign(token).decode()
        except (itsdangerous.BadSignature, UnicodeError):
            return None
        # Base64 has several spellings of one signature; only the one we wrote counts.
        return link_id if compare_digest(token.encode(), self.sign(link_id).encode()) else None

    @cached_property
    def _signer(self) -> itsdangerous.Signer:
        secret = self.settings.link_secret or kept_secret(self.settings.state_dir / "link_secret")
        return itsdangerous.Signer(secret, salt=SALT, key_derivation="hmac", digest_method=sha256)


def kept_secret(path: Path) -> Secret:
    """Return the secret in a file only we may read; made at the first call, by whichever process is first."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        mine = path.with_name(f"{path.name}.{token_hex(8)}")
        with os.fdopen(os.open(mine, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(token_urlsafe(SECRET_BYTES))
        try:
            os.link(mine, path)  # unlike a renaming this never takes the place of another process's secret
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return Secret(path.read_text().strip())
