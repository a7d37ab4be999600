"""The shape of a city's YAML files; says what is wrong by message key, `city_files` says it in German."""

from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from storage.area_schema import AreaEntry, RuleEntry
from storage.city_fields import Entry, FactEntry, Id, Name, Point
from storage.deadlines_schema import DeadlineEntry, QuietEntry, WorkingTimeEntry
from storage.office_schema import Clock, EventEntry, OfficeEntry
from storage.place_data_schema import PlaceDataEntry
from storage.templates_schema import TemplateEntry


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise PydanticCustomError("bad_zone", "unknown time zone")
    return name


class DistrictEntry(Entry):
    """One Stadtteil."""

    name: Name
    centre: Annotated[Point, Field(strict=False)] | None = None
    common_word: bool = False


class NicknameEntry(Entry):
    """A name that is no Stadtteil, and what it may mean."""

    name: Name
    districts: Annotated[list[Name], Field(min_length=1)]


class CarrierEntry(FactEntry):
    """A Träger."""

    id: Id
    name: Name
    short: Name
    address: str | None = None
    phone: str | None = None
    web: str | None = None
    email: str | None = None
    areas_unknown: bool = False


class ReferralEntry(FactEntry):
    """Whom else to turn to."""

    matter: Id
    name: Name
    covers: list[Id] = []
    categories: list[Id] = []
    phone: str | None = None
    address: str | None = None
    web: str | None = None
    note: str | None = None


class NeighbourEntry(Entry):
    """A city next door."""

    name: Name
    places: list[Name] = []
    shared: list[Name] = []
    turn_to: list[ReferralEntry] = []


class CoordinationEntry(Entry):
    """The desk for reports nobody else gets."""

    id: Id
    name: Name


Postcode = Annotated[str, Field(pattern=r"^\d{5}$")]


class CityFile(Entry):
    """All files of one city's folder, merged by their top-level keys."""

    id: Id
    name: Name
    land: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    timezone: Annotated[str, AfterValidator(_zone)]
    reach: Annotated[int, Field(ge=500, le=50_000)] | None = None
    coordination: CoordinationEntry
    districts: Annotated[list[DistrictEntry], Field(min_length=1)]
    without_caretakers: list[Name] = []
    areas: list[AreaEntry] = []
    rules: list[RuleEntry] = []
    carriers: list[CarrierEntry] = []
    offices: list[OfficeEntry] = []
    events: list[EventEntry] = []
    referrals: list[ReferralEntry] = []
    nicknames: list[NicknameEntry] = []
    neighbours: list[NeighbourEntry] = []
    postcodes: dict[Postcode, list[Name]] = {}
    place_data: PlaceDataEntry | None = None
    working_time: WorkingTimeEntry | None = None
    deadlines: list[DeadlineEntry] = []
    report_at: Clock | None = None
    digest_at: Clock | None = None
    quiet: QuietEntry | None = None
    templates: list[TemplateEntry] = []
