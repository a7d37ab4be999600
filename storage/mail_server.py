"""The server that takes our mail, as the operator writes it: SMTP_URL and MAIL_FROM."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from desk.errors import SettingError
from desk.mailboxes import mail_address
from storage.settings import Secret, Settings

STARTTLS: dict[str | None, bool | None] = {None: None, "never": False, "always": True}
"""`?starttls=` of the address: None encrypts when the server offers it."""
SMTPS_PORT, SUBMISSION_PORT, SMTP_PORT = 465, 587, 25


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where and how to hand mail in, and whom it comes from."""

    host: str
    port: int
    sender: Address
    user: str | None = None
    password: Secret | None = None
    tls: bool = False
    starttls: bool | None = None

    @classmethod
    def of(cls, settings: Settings) -> "MailServer | None":
        """Read the settings; None without a server. Raises SettingError, which never shows the address."""
        if settings.smtp_url is None:
            return None
        given = settings.mail_from or ""
        name, written = parseaddr(given)
        address = mail_address(written)
        if address is None or not given.isprintable():
            raise SettingError("operator.bad_mail_from")
        try:
            return cls._read(settings.smtp_url, Address(display_name=name, addr_spec=address))
        except (ValueError, KeyError):
            raise SettingError("operator.bad_smtp_url") from None  # the cause names the password

    @classmethod
    def _read(cls, url: str, sender: Address) -> "MailServer":
        parts = urlsplit(url)
        tls = {"smtp": False, "smtps": True}[parts.scheme]
        options = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        starttls = STARTTLS[options.pop("starttls", [None])[-1]]  # type: ignore[list-item]
        if options or parts.path.strip("/") or not parts.hostname or (tls and starttls):
            raise ValueError
        usual = SMTPS_PORT if tls else SUBMISSION_PORT if parts.username else SMTP_PORT
        return cls(
            host=parts.hostname,
            port=parts.port or usual,
            sender=sender,
            user=unquote(parts.username) if parts.username else None,
            password=Secret(unquote(parts.password)) if parts.password else None,
            tls=tls,
            starttls=False if tls else starttls,
        )


def secrets_of(url: str | None) -> tuple[str, ...]:
    """Return what of SMTP_URL must never be written: the address, and the password in both spellings."""
    if url is None:
        return ()
    try:
        password = urlsplit(url).password or ""
    except ValueError:
        return (url,)
    return tuple(filter(None, (url, password, unquote(password))))
