"""The shape of a city's YAML files; says what is wrong by message key, `city_files` says it in German."""

from datetime import time
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from desk.city import Confidence, Weekday


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise PydanticCustomError("bad_zone", "unknown time zone")
    return name


def _clock(value: Any) -> time:
    try:
        hour, minute = str(value).split(":")
        return time(int(hour), int(minute))
    except ValueError:
        raise PydanticCustomError("bad_clock", "not a time of day") from None


def _centre(value: tuple[float, float]) -> tuple[float, float]:
    if not (-90 <= value[0] <= 90 and -180 <= value[1] <= 180):  # noqa: PLR2004
        raise PydanticCustomError("bad_point", "not latitude, longitude")
    return value


Id = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=40)]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Clock = Annotated[time, BeforeValidator(_clock)]
Point = Annotated[tuple[float, float], AfterValidator(_centre)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _FactEntry(_Entry):
    confidence: Annotated[Confidence, Field(strict=False)]
    check: bool = False

    @model_validator(mode="after")
    def _uncertain_facts_are_marked(self) -> "_FactEntry":
        if not self.confidence.certain and not self.check:
            raise PydanticCustomError("unmarked", "needs check: true")
        return self


class DistrictEntry(_Entry):
    """One Stadtteil."""

    name: Name
    centre: Annotated[Point, Field(strict=False)]
    common_word: bool = False


class NicknameEntry(_Entry):
    """A name that is no Stadtteil, and what it may mean."""

    name: Name
    districts: Annotated[list[Name], Field(min_length=1)]


class NeighbourEntry(_Entry):
    """A city next door."""

    name: Name
    places: list[Name] = []
    shared: list[Name] = []


class CarrierEntry(_FactEntry):
    """A Träger."""

    id: Id
    name: Name
    short: Name
    address: str | None = None
    phone: str | None = None
    web: str | None = None
    email: str | None = None


class AreaEntry(_FactEntry):
    """What one team looks after."""

    id: Id
    name: Name
    districts: Annotated[list[Name], Field(min_length=1)]
    carrier: Id | None = None
    unassigned: bool = False

    @model_validator(mode="after")
    def _has_a_carrier_or_says_not(self) -> "AreaEntry":
        if (self.carrier is None) != self.unassigned:
            raise PydanticCustomError("carrier_or_unassigned", "carrier or unassigned: true")
        return self


class HoursEntry(_Entry):
    """One opening, weekly or on the nth weekday of a month."""

    day: Annotated[Weekday, Field(strict=False)]
    from_: Annotated[Clock, Field(alias="from")]
    to: Clock
    nth: Annotated[int, Field(ge=-1, le=5)] | None = None
    purpose: str | None = None

    @model_validator(mode="after")
    def _spans_time(self) -> "HoursEntry":
        if self.from_ == self.to:
            raise PydanticCustomError("empty_hours", "from and to are the same")
        if self.nth == 0:
            raise PydanticCustomError("bad_nth", "nth counts from 1")
        return self


class OfficeEntry(_FactEntry):
    """A place people can go to."""

    id: Id
    name: Name
    address: Name
    areas: list[Id] = []
    hours: Annotated[list[HoursEntry], Field(min_length=1)] | None = None
    phone: str | None = None
    email: str | None = None
    point: Annotated[Point, Field(strict=False)] | None = None


class ReferralEntry(_FactEntry):
    """Whom else to turn to."""

    matter: Id
    name: Name
    categories: list[Id] = []
    phone: str | None = None
    address: str | None = None
    web: str | None = None
    note: str | None = None


class CoordinationEntry(_Entry):
    """The desk for reports nobody else gets."""

    id: Id
    name: Name


class PlaceDataEntry(_Entry):
    """Columns of the official place data."""

    street: Name
    house_number: Name
    addition: Name | None = None
    district: Name
    attribution: Annotated[str, Field(min_length=1, max_length=600)]


Postcode = Annotated[str, Field(pattern=r"^\d{5}$")]


class CityFile(_Entry):
    """All files of one city's folder, merged by their top-level keys."""

    id: Id
    name: Name
    land: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    timezone: Annotated[str, AfterValidator(_zone)]
    reach: Annotated[int, Field(ge=500, le=50_000)]
    coordination: CoordinationEntry
    districts: Annotated[list[DistrictEntry], Field(min_length=1)]
    areas: list[AreaEntry] = []
    carriers: list[CarrierEntry] = []
    offices: list[OfficeEntry] = []
    referrals: list[ReferralEntry] = []
    nicknames: list[NicknameEntry] = []
    neighbours: list[NeighbourEntry] = []
    postcodes: dict[Postcode, list[Name]] = {}
    place_data: PlaceDataEntry | None = None
