"""A real SMTP server on this machine for tests: it keeps what arrives, and refuses what it is told to."""

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword


@dataclass
class MailServerForTests:
    """Listens on 127.0.0.1 while it is open; opened again it has the same port."""

    refused: dict[str, str] = field(default_factory=dict)
    """The answer to a recipient that is refused."""
    answers: list[str] = field(default_factory=list)
    """What is answered to the next mails instead of taking them."""
    most_bytes: int = 30_000_000
    login: tuple[str, str] | None = None
    mails: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    port: int = 0

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(self._connection, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        await self.server.wait_closed()

    def url(self, *, account: str = "", options: str = "") -> str:
        return f"smtp://{account}127.0.0.1:{self.port}{options}"

    def _connection(self) -> SMTP:
        return SMTP(
            self,
            data_size_limit=self.most_bytes,
            authenticator=self._authenticate if self.login else None,
            auth_required=self.login is not None,
            auth_require_tls=False,
        )

    def _authenticate(self, *given: Any) -> AuthResult:
        data = given[-1]
        known = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode())
        return AuthResult(success=known == self.login, handled=False)

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        envelope: Envelope = given[2]
        address: str = given[3]
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802
        envelope: Envelope = given[2]
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.senders.append(envelope.mail_from or "")
        return "250 OK"


def plain(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    return _body(mail, "plain")


def html(mail: EmailMessage) -> str:
    """The HTML of a mail."""
    return _body(mail, "html")


def pictures(mail: EmailMessage) -> list[bytes]:
    """The photos attached to a mail."""
    return [part.get_content() for part in mail.iter_attachments() if part.get_content_type() == "image/jpeg"]


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
