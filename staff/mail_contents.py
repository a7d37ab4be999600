"""What a mail to a caretaker says, for each kind of notice, in a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from desk.assigning import PRIVATE_KINDS, works_on
from desk.notices import Notice, NoticeKind
from desk.tickets import Photo, Place, Ticket
from storage.card_wording import history_lines, inform_lines, people_line
from storage.wiring import House

MAP = "https://www.openstreetmap.org"
ENTRIES_SHOWN = 12
HARMLESS = frozenset({"number", "area", "district", "since"})
"""What a text about trouble between neighbours may be filled with: nothing anybody said."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """A ticket as a mail shows it; of trouble between neighbours only what its subject says too."""

    number: str
    category: str
    district: str
    urgent: bool = False
    private: bool = False
    kind: str = ""
    words: str = ""
    place: str = ""
    map: str = ""
    since: str = ""
    date: str = ""
    people: str = ""
    informs: tuple[str, ...] = ()
    history: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a mail says: a card or a text, photos, and the address of the ticket's page where there is one."""

    subject: str
    card: Card | None = None
    text: str = ""
    photos: tuple[Photo, ...] = ()
    link: str | None = None
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Writes what mails say; `link` gives the address of a ticket's page for a chat, None without one."""

    house: House
    link: Callable[[str, str], str | None]

    def contents(self, notice: Notice) -> Contents | None:
        """Return what the mail for a notice says; None when there is nothing to send."""
        write = _WRITERS.get(notice.kind)
        return write(self, notice) if write else None

    def _card(self, notice: Notice) -> Contents | None:
        ticket, works_here = self._ticket(notice)
        if not works_here:  # handed over before it was sent: it is for others now
            return None
        photos = (*ticket.report.photos, *(photo for entry in ticket.history for photo in entry.photos))
        return Contents(
            subject=self._subject(ticket),
            card=self._shown(ticket),
            photos=() if _private(ticket) else photos,
            link=self.link(ticket.number, notice.chat),
            urgent=ticket.report.urgent,
        )

    def _message(self, notice: Notice) -> Contents:
        content = notice.content
        params: Mapping[str, object] = content.get("params", {})
        text = content.get("text") or self.house.texts.get(content["text_key"], **params)
        if notice.ticket is None:
            return Contents(subject=text.partition("\n")[0], text=text)
        ticket, works_here = self._ticket(notice)
        if _private(ticket) and ("text" in content or not HARMLESS.issuperset(params)):
            text = self.house.texts.get("mail.news_private", number=ticket.number)
        return self._news(ticket, notice.chat if works_here else None, text)

    def _photos(self, notice: Notice) -> Contents | None:
        with self.house.storage.look() as work:
            if work.outbox.has(f"{notice.key.rpartition('/photos/')[0]}/card"):
                return None  # the card has them
        ticket, works_here = self._ticket(notice)
        if not works_here:
            return None
        private = _private(ticket)
        key = "mail.news_private" if private else "mail.photos"
        photos = () if private else tuple(map(Photo.from_json, notice.content["photos"]))
        text = self.house.texts.get(key, number=ticket.number)
        return self._news(ticket, notice.chat, text, photos=photos)

    def _news(
        self, ticket: Ticket, chat: str | None, text: str, *, photos: tuple[Photo, ...] = ()
    ) -> Contents:
        """Return news about a ticket, with its link for a chat that works on it."""
        subject = self.house.texts.get("mail.subject_reply", subject=self._subject(ticket))
        link = self.link(ticket.number, chat) if chat else None
        return Contents(subject=subject, text=text, photos=photos, link=link)

    def _ticket(self, notice: Notice) -> tuple[Ticket, bool]:
        """Return the ticket as it is now, and whether the chat works on it."""
        with self.house.storage.look() as work:
            ticket = work.tickets.get(notice.ticket or "")
            return ticket, works_on(ticket, notice.chat, self.house.city, work)

    def _subject(self, ticket: Ticket) -> str:
        report = ticket.report
        return self.house.texts.get(
            "mail.subject_urgent" if report.urgent else "mail.subject",
            number=ticket.number,
            category=self.house.wording.category(report.category),
            district=report.place.district,
        )

    def _shown(self, ticket: Ticket) -> Card:
        report, wording = ticket.report, self.house.wording
        bare = Card(
            number=ticket.number,
            category=wording.category(report.category),
            district=report.place.district,
            urgent=report.urgent,
            private=_private(ticket),
        )
        if bare.private:
            return bare
        shown = ticket.history[-ENTRIES_SHOWN:]
        return replace(
            bare,
            kind=wording.kind(report.kind),
            words=report.words,
            place=wording.spot(report.place),
            map=_map(report.place, self.house.city.name),
            since=report.since or "",
            date=wording.date_and_time(ticket.created_at),
            people=people_line(ticket, wording.texts).strip(),
            informs=tuple(inform_lines(report, wording)),
            history=tuple(line for entry in shown for line in history_lines(entry, wording)),
        )


def _private(ticket: Ticket) -> bool:
    return ticket.report.kind in PRIVATE_KINDS


def _map(place: Place, city: str) -> str:
    """Return the address of OpenStreetMap at a place: its point, or the search for what it is called."""
    if place.latitude is None or place.longitude is None:
        return f"{MAP}/search?{urlencode({'query': f'{place.label}, {city}'})}"
    point = urlencode({"mlat": f"{place.latitude:.5f}", "mlon": f"{place.longitude:.5f}"})
    return f"{MAP}/?{point}#map=18/{place.latitude:.5f}/{place.longitude:.5f}"


# ruff: noqa: SLF001 -- the table names the methods of the class above
_WRITERS: dict[NoticeKind, Callable[[Writer, Notice], Contents | None]] = {
    NoticeKind.MESSAGE: Writer._message,
    NoticeKind.PHOTOS: Writer._photos,
    NoticeKind.CARD: Writer._card,
}
"""What is not here is not sent: the map is in the card, and the ticket's page is always up to date."""
