"""A mail as it goes over the wire: headers that make one thread of a ticket, plain text, HTML, photos."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from desk.notices import Notice
from staff.mail_contents import Contents
from storage.wording import shortened

TEMPLATES = Path(__file__).parent / "templates"
LONGEST_SUBJECT = 120  # characters


def message(
    notice: Notice,
    contents: Contents,
    photos: Sequence[bytes],
    *,
    sender: Address,
    recipient: str,
    at: datetime,
) -> EmailMessage:
    """Return the mail for a notice. The same notice has the same Message-ID however often it is tried."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = Address(addr_spec=recipient)
    mail["Subject"] = shortened(_one_line(contents.subject), LONGEST_SUBJECT)
    mail["Date"] = format_datetime(at)
    own, first = _message_id(notice, notice.key, sender), _message_id(notice, _first_key(notice), sender)
    mail["Message-ID"] = own
    if notice.ticket and own != first:
        mail["In-Reply-To"] = first
        mail["References"] = first
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answer, please
    if contents.urgent:
        mail["Importance"] = "high"
    missing = len(contents.photos) - len(photos)
    # Quoted-printable survives every server, also one that takes seven bits only.
    plain = _template("mail.txt").render(contents=contents, photos=len(photos), missing=missing)
    mail.set_content(f"{plain.strip()}\n", cte="quoted-printable")
    html = _template("mail.html").render(contents=contents, photos=len(photos), missing=missing)
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    for place, photo in enumerate(photos, 1):
        name = f"{notice.ticket}-{place}.jpg"
        mail.add_attachment(photo, maintype="image", subtype="jpeg", filename=name)
    return mail


def _first_key(notice: Notice) -> str:
    """Return the key of a chat's first card of the ticket, which everything about it refers to."""
    return f"{notice.ticket}/{notice.chat}/card"


def _message_id(notice: Notice, key: str, sender: Address) -> str:
    about = f"{notice.ticket}." if notice.ticket else ""
    return f"<{about}{sha256(key.encode()).hexdigest()[:24]}@{sender.domain}>"


def _one_line(text: str) -> str:
    """Return a text without line breaks and control characters: a header is one line."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
