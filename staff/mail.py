"""Sends caretakers' mail: the second way of the outbox."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import aiosmtplib
from aiosmtplib import (
    SMTPConnectResponseError,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from desk.notices import Notice, Undeliverable
from desk.tickets import Photo
from staff.mail_contents import Contents, Writer
from staff.mail_message import message
from staff.mail_photos import fitting
from storage.mail_server import MailServer
from storage.wiring import House

log = logging.getLogger(__name__)

AT_ONCE = 4  # connections to the mail server
TIMEOUT = 30.0  # seconds for each answer of the server
PERMANENT = frozenset(range(500, 600)) - {530, 534, 535, 538}  # those are about our login (RFC 4954, 6)
TOO_LARGE = (
    552  # RFC 5321, 4.2.2: exceeded storage allocation; also what a server says to a size it won't take
)
NOT_THE_MAIL = (SMTPConnectResponseError, SMTPHeloError)
"""Refusals before there is any mail: the server's trouble, or the operator's to put right."""


class MailRefused(Undeliverable):
    """The server will never take this mail."""


class NoMailServer(Undeliverable):
    """No server is set that would take mail."""


class NoMailbox(Undeliverable):
    """The chat is no mailbox (any more)."""


@dataclass(frozen=True, kw_only=True)
class MailSender:
    """Turns notices for mailboxes into mails.

    `photo` returns the bytes of a photo; FileNotFoundError when it is gone for good.
    """

    server: MailServer | None
    writer: Writer
    photo: Callable[[Photo], Awaitable[bytes]]
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def send(self, notice: Notice) -> int | None:
        """Send one notice; a mail has no number, so it returns None.

        Raises Undeliverable when it will never arrive; whatever else it raises may be over the next time.
        """
        if self.server is None:
            raise NoMailServer
        address = await asyncio.to_thread(self._address, notice.chat)
        contents = await asyncio.to_thread(self.writer.contents, notice)
        if contents is None:
            return None
        async with self.slots:
            photos = await self._photos(contents)
            try:
                await self._hand_in(notice, contents, photos, server=self.server, address=address)
            except MailRefused as error:
                if not photos or error.args != (TOO_LARGE,):
                    raise
                # Better the card without its photos than no card; the mail says how many are missing.
                await self._hand_in(notice, contents, (), server=self.server, address=address)
        return None

    def _address(self, chat: str) -> str:
        with self.writer.house.storage.look() as work:
            address = work.mailboxes.address(chat)
        if address is None:
            raise NoMailbox
        return address

    async def _photos(self, contents: Contents) -> Sequence[bytes]:
        found = []
        for photo in contents.photos:
            try:
                found.append(await self.photo(photo))
            except FileNotFoundError:
                log.warning("a photo for a mail is gone")
        return await asyncio.to_thread(fitting, found)

    async def _hand_in(
        self,
        notice: Notice,
        contents: Contents,
        photos: Sequence[bytes],
        *,
        server: MailServer,
        address: str,
    ) -> None:
        """Give the mail to the server; raises MailRefused with the code of its answer."""
        at = self.writer.house.clock()
        mail = message(notice, contents, photos, sender=server.sender, recipient=address, at=at)
        try:
            await aiosmtplib.send(
                mail,
                sender=server.sender.addr_spec,
                recipients=[address],
                hostname=server.host,
                port=server.port,
                username=server.user,
                password=server.password,
                use_tls=server.tls,
                start_tls=server.starttls,
                timeout=TIMEOUT,
            )
        except NOT_THE_MAIL:
            raise
        except SMTPRecipientsRefused as error:
            _refuse([one.code for one in error.recipients], error)
        except SMTPResponseException as error:
            _refuse([error.code], error)


def mail_office(
    house: House, *, link: Callable[[str, str], str | None]
) -> Callable[[Callable[[Photo], Awaitable[bytes]]], MailSender]:
    """Return what makes the sender out of how to get a photo's bytes; SettingError for a bad server.

    `link` gives the address of a ticket's page (its number) for a chat, None where there is none.
    """
    server, writer = MailServer.of(house.settings), Writer(house=house, link=link)
    return lambda photo: MailSender(server=server, writer=writer, photo=photo)


def _refuse(codes: Sequence[int], error: Exception) -> None:
    """Raise what a server's refusal means: MailRefused for good, or the error itself, to be tried again."""
    final = [code for code in codes if code in PERMANENT]
    if not final:
        raise error
    raise MailRefused(final[0]) from None  # the server's sentence names the address
