"""A desk with caretakers' chats in memory, for the tests of what caretakers do."""

from desk.caretaking import Act, CaretakerDesk
from desk.city import City
from desk.listing import OpenLists
from desk.notices import Notice, NoticeKind
from desk.reporting import ReportDesk
from desk.tickets import Photo, Ticket
from storage.redaction import redact
from tests.builders import NOW, RESIDENT, finished_draft, small_city
from tests.fakes import FakeClock, MemoryStorage

CITY = small_city()
NORTH, COLLEAGUE, SOUTH, DESK = "-100", "8", "9", "99"
AFTER = Photo(file_id="after")
ACTS = {
    "accept": Act(deed="accept"),
    "start": Act(deed="start"),
    "finish": Act(deed="finish"),
    "ask": Act(deed="ask", note="Welcher Hof?"),
    "decline": Act(deed="decline", note="Privatgrund"),
    "hand_over": Act(deed="hand_over", area="middle"),
    "refer": Act(deed="refer", matter="contact"),
}
"""Every deed of a caretaker with what it needs, for a ticket of the north."""


def staffed_storage() -> MemoryStorage:
    """Two chats in the north, one in the middle, one at the coordination desk."""
    storage = MemoryStorage(zone=CITY.zone, clock=FakeClock(NOW))
    storage.kept.chats += [("north", NORTH), ("north", COLLEAGUE), ("middle", SOUTH), ("desk", DESK)]
    return storage


def caretaker_desk(storage: MemoryStorage) -> CaretakerDesk:
    return CaretakerDesk(storage=storage, city=CITY)


def sent_ticket(storage: MemoryStorage, **changes: object) -> Ticket:
    """A ticket of the north, just sent; its cards are on their way."""
    reports = ReportDesk(storage=storage, city=CITY, redact=redact)
    return reports.send(finished_draft(**changes), reporter=RESIDENT, now=NOW)


def listed(storage: MemoryStorage, city: City, chat: str) -> list[str]:
    """The numbers of the open tickets a chat's list shows."""
    page = OpenLists(storage=storage, city=city).page(chat, limit=50)
    return [ticket.number for ticket in page.tickets]


def to_chat(notices: list[Notice], chat: str) -> list[NoticeKind]:
    """What kinds of notices a chat gets, in their order."""
    return [notice.kind for notice in notices if notice.chat == chat]


def texts_for(notices: list[Notice], chat: str) -> list[str]:
    """The keys of the texts a chat gets, in their order."""
    return [
        notice.content["text_key"]
        for notice in notices
        if notice.chat == chat and notice.kind is NoticeKind.MESSAGE
    ]
