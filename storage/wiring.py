"""The one place where adapters are plugged into the desk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from secrets import token_hex, token_urlsafe

import redis

from desk.answers import Reader, plain
from desk.audit import AuditEntry
from desk.caretaking import CaretakerDesk
from desk.changing import ChangeDesk
from desk.city import City
from desk.giving_feedback import FeedbackDesk
from desk.leaving import LeavingDesk
from desk.links import TicketLinks
from desk.listing import OpenLists
from desk.nearest_centres import NearestCentres
from desk.offices_asked import OfficeFinder
from desk.own_tickets import OwnTickets
from desk.ports import ConversationStore
from desk.questions import Catalogue
from desk.reporting import ReportDesk
from desk.similar import SimilarDesk
from desk.stepping_in import AbsenceDesk
from desk.suspicion import write_down
from storage.audit import AUDIT_SECRET, Pseudonyms
from storage.calendars import calendar_of, office_words
from storage.categories import load_categories
from storage.city_files import load_city
from storage.conversations import RedisConversations, SqlConversations
from storage.database import connect
from storage.hours_wording import HoursWording
from storage.links import LinkSigner
from storage.places import locator_for
from storage.places.geocoded import GeocodedPlaces
from storage.redaction import redact
from storage.settings import Settings
from storage.texts import Texts
from storage.wording import Wording
from storage.work import SqlStorage

LINK_ID_BYTES = 18


@dataclass(frozen=True, kw_only=True)
class House:
    """Everything the front doors need, built once per process."""

    settings: Settings
    texts: Texts
    city: City
    catalogue: Catalogue
    storage: SqlStorage
    conversations: ConversationStore
    reader: Reader
    reports: ReportDesk
    similar: SimilarDesk
    caretakers: CaretakerDesk
    leaving: LeavingDesk
    open_lists: OpenLists
    own_tickets: OwnTickets
    absences: AbsenceDesk
    changing: ChangeDesk
    feedback: FeedbackDesk
    links: TicketLinks
    wording: Wording
    hours: HoursWording
    offices: OfficeFinder
    pseudonyms: Pseudonyms
    clock: Callable[[], datetime]
    new_draft_id: Callable[[], str]

    async def look_up(self, place: str | None) -> None:
        """Ask the geocoder, where one is set, about a named place before it is located."""
        if isinstance(self.reader.locator, GeocodedPlaces):
            await self.reader.locator.look_up(place)

    def audit(self, what: str, *, chat: str, ticket: str | None = None) -> None:
        """Write down an attempt that smells of abuse (`desk.audit.Attempt`); what is none leaves no entry."""
        who = self.pseudonyms.of(chat)
        with self.storage.work() as work:
            write_down(AuditEntry(at=self.clock(), what=what, who=who, ticket=ticket), work)


def utc_now() -> datetime:
    """Return the present as an aware time."""
    return datetime.now(UTC)


def build(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> House:
    """Build the house from the settings; raises the errors of `desk.errors` for what can't be used."""
    texts = Texts.load()
    city = load_city(settings.city)
    categories = load_categories()
    catalogue = Catalogue(
        city=city, categories=categories, labels=texts.section("buttons"), typed=_typed(texts)
    )
    engine = connect(settings.database_url)
    storage = SqlStorage(engine, zone=city.zone, clock=clock)
    locator = locator_for(city, settings)
    conversations: ConversationStore = SqlConversations(engine, clock=clock)
    if settings.redis_url:
        conversations = RedisConversations(redis.Redis.from_url(settings.redis_url))
    return House(
        settings=settings,
        texts=texts,
        city=city,
        catalogue=catalogue,
        wording=Wording(texts=texts, city=city, categories=categories),
        hours=HoursWording(texts=texts, city=city, calendar=calendar_of(city.land)),
        offices=OfficeFinder(city=city, words=office_words(), districts=NearestCentres(city)),
        storage=storage,
        conversations=conversations,
        reader=Reader(catalogue=catalogue, locator=locator),
        reports=ReportDesk(storage=storage, city=city, redact=redact),
        similar=SimilarDesk(storage=storage, city=city, categories=categories, redact=redact),
        caretakers=CaretakerDesk(storage=storage, city=city),
        leaving=LeavingDesk(storage=storage, city=city),
        pseudonyms=Pseudonyms(settings.state_dir / AUDIT_SECRET),
        open_lists=OpenLists(storage=storage, city=city),
        own_tickets=OwnTickets(storage=storage, city=city),
        absences=AbsenceDesk(storage=storage, city=city),
        changing=ChangeDesk(storage=storage, city=city, categories=categories, locator=locator),
        feedback=FeedbackDesk(storage=storage, redact=redact),
        links=TicketLinks(
            storage=storage,
            city=city,
            signer=LinkSigner(settings),
            base=settings.public_url,
            new_id=lambda: token_urlsafe(LINK_ID_BYTES),
        ),
        clock=clock,
        new_draft_id=lambda: token_hex(6),
    )


def _typed(texts: Texts) -> dict[str, frozenset[str]]:
    return {value: frozenset(map(plain, words.split(","))) for value, words in texts.section("typed").items()}


@cache
def house_from_environment() -> House:
    """Build the house once, for an action server of its own (`rasa run actions`)."""
    return build(Settings.from_environment())
