"""The shape of areas, their streets and rules in a city's YAML files."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from desk.area_rules import Side
from desk.offices import Weekday
from storage.city_fields import Entry, FactEntry, Id, Name
from storage.office_schema import Clock, EndClock

HouseNumber = Annotated[int, Field(ge=1, le=9999)]


class _StreetEntry(Entry):
    name: Name
    district: Name | None = None
    from_: Annotated[HouseNumber | None, Field(alias="from")] = None
    to: HouseNumber | None = None
    side: Annotated[Side, Field(strict=False)] | None = None

    @model_validator(mode="after")
    def _counts_upwards(self) -> "_StreetEntry":
        if self.from_ is not None and self.to is not None and self.from_ > self.to:
            raise PydanticCustomError("bad_range", "from is above to")
        return self


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


StreetEntry = Annotated[_StreetEntry, BeforeValidator(_named)]
"""A street or part of one; a name alone stands for the whole street."""


class RuleEntry(Entry):
    """Conditions, and what follows when all of them hold."""

    categories: Annotated[list[Id], Field(min_length=1)] | None = None
    districts: Annotated[list[Name], Field(min_length=1)] | None = None
    streets: Annotated[list[StreetEntry], Field(min_length=1)] | None = None
    days: Annotated[list[Annotated[Weekday, Field(strict=False)]], Field(min_length=1)] | None = None
    from_: Annotated[Clock | None, Field(alias="from")] = None
    to: EndClock | None = None
    hours_night: bool = False
    recipient: Id | None = None
    urgent: bool = False
    inform: Annotated[list[Id], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _has_times_and_an_effect(self) -> "RuleEntry":
        timed = self.from_ is not None or self.to is not None
        if timed and self.hours_night:
            raise PydanticCustomError("night_and_hours", "hours_night or from and to")
        if timed and self.from_ == self.to:
            raise PydanticCustomError("empty_hours", "from and to are the same")
        if not (self.recipient or self.urgent or self.inform):
            raise PydanticCustomError("no_effect", "nothing follows")
        return self


class AreaEntry(FactEntry):
    """What one team looks after."""

    id: Id
    name: Name
    districts: list[Name] = []
    streets: list[StreetEntry] = []
    carrier: Id | None = None
    unassigned: bool = False
    caretakers: Name | None = None
    substitute: Id | None = None
    escalation: Id | None = None
    rules: list[RuleEntry] = []
    digest_at: Clock | None = None

    @model_validator(mode="after")
    def _has_a_carrier_or_says_not(self) -> "AreaEntry":
        if (self.carrier is None) != self.unassigned:
            raise PydanticCustomError("carrier_or_unassigned", "carrier or unassigned: true")
        return self

    @model_validator(mode="after")
    def _covers_something(self) -> "AreaEntry":
        if not self.districts and not self.streets:
            raise PydanticCustomError("covers_nothing", "districts or streets")
        return self
