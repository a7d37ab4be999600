"""Caretakers reached by e-mail, for tests: a wired house, mailboxes, a ticket, and the delivery of its mail."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from bot.delivery import Delivery
from bot.limits import Pace
from desk.drafts import Spot
from desk.notices import Notice
from desk.tickets import Photo, Ticket
from staff.mail import MailSender
from staff.mail_contents import Writer
from storage.mail_server import MailServer
from storage.settings import Secret, Settings
from storage.wiring import House
from tests.builders import RESIDENT, finished_draft

SENDER = "Kümmerkasten <post@stadt.example>"
ADDRESS = "team@traeger.example"


def jpeg(width: int = 40, height: int = 30, *, noise: bool = False) -> bytes:
    """A picture; with noise it can hardly be compressed."""
    target = io.BytesIO()
    image = Image.new("RGB", (width, height), "green")
    if noise:
        image = Image.effect_noise((width, height), 90).convert("RGB")
    image.save(target, "JPEG", quality=95)
    return target.getvalue()


def server_at(url: str, *, sender: str = SENDER) -> MailServer:
    """The settings of a mail server."""
    server = MailServer.of(Settings(smtp_url=Secret(url), mail_from=sender))
    assert server is not None
    return server


def page_of(number: str, chat: str) -> str | None:
    """The address of a ticket's page."""
    return f"https://melden.example/t/{number}.{chat[5:]}.geheim"


@dataclass
class Mailing:
    """A house whose area Katernberg is a mailbox, and the sender of its mail."""

    house: House
    server: MailServer | None
    photos: dict[str, bytes] = field(default_factory=lambda: {"photo-1": jpeg()})
    link: Callable[[str, str], str | None] = page_of
    telegram: list[Notice] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chat = self.enlist()
        self.sender = MailSender(
            server=self.server, writer=Writer(house=self.house, link=self.link), photo=self.photo
        )
        self.delivery = Delivery(storage=self.house.storage, sender=self, pace=Pace(), post=self.sender)

    def enlist(self, area: str = "katernberg", address: str = ADDRESS) -> str:
        """Register an address for an area."""
        with self.house.storage.work() as work:
            chat = work.mailboxes.add(address)
            work.caretakers.register(area, chat=chat, at=self.house.clock())
        return chat

    async def photo(self, photo: Photo) -> bytes:
        """The bytes of a photo."""
        if photo.file_id not in self.photos:
            raise FileNotFoundError
        return self.photos[photo.file_id]

    async def send(self, notice: Notice) -> int:
        """Take down what goes to Telegram."""
        self.telegram.append(notice)
        return len(self.telegram)

    def reported(self, draft: str = "d1", **changes: object) -> Ticket:
        """A ticket whose cards are on their way."""
        spot = Spot(label="Hauptstr. 1", district="Katernberg", latitude=51.5, longitude=7.0)
        given = {"id": draft, "spot": spot, "category": "bulky_waste", **changes}
        return self.house.reports.send(finished_draft(**given), reporter=RESIDENT, now=self.house.clock())

    def said(self, ticket: Ticket, text: str | None, *photos: Photo, once: str = "1") -> None:
        """The resident adds something to a ticket."""
        self.house.own_tickets.say(
            ticket.number, chat=RESIDENT, text=text, photos=photos, once=once, now=self.house.clock()
        )

    def waiting(self) -> list[Notice]:
        """What is still to be delivered to mailboxes."""
        with self.house.storage.look() as work:
            return [one.notice for one in work.outbox.open() if one.notice.chat.startswith("mail:")]
