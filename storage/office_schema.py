"""The shape of offices and their hours in a city's YAML files."""

from datetime import time
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from desk.offices import Weekday
from storage.city_fields import Entry, FactEntry, Id, Name, Point


def _clock(value: Any) -> time:
    try:
        hour, minute = str(value).split(":")
        return time(int(hour), int(minute))
    except ValueError:
        raise PydanticCustomError("bad_clock", "not a time of day") from None


Clock = Annotated[time, BeforeValidator(_clock)]


class HoursEntry(Entry):
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


class OfficeEntry(FactEntry):
    """A place people can go to."""

    id: Id
    name: Name
    address: Name
    areas: list[Id] = []
    hours: Annotated[list[HoursEntry], Field(min_length=1)] | None = None
    phone: str | None = None
    email: str | None = None
    point: Annotated[Point, Field(strict=False)] | None = None
