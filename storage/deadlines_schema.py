"""The shape of working time and deadlines in a city's YAML files, and what they become."""

from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from desk.deadline_rules import DeadlineRule, Deadlines, WorkingTime
from desk.offices import Weekday
from desk.quiet_hours import QuietHours
from storage.city_fields import Entry, Id, fields_of
from storage.office_schema import Clock

Hours = Annotated[float, Field(ge=0.25, le=1000)]


class WorkingTimeEntry(Entry):
    """When deadlines run."""

    days: Annotated[list[Annotated[Weekday, Field(strict=False)]], Field(min_length=1)]
    from_: Annotated[Clock, Field(alias="from")]
    to: Clock

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "WorkingTimeEntry":
        if self.from_ >= self.to:
            raise PydanticCustomError("work_backwards", "to is not after from")
        return self


class QuietEntry(Entry):
    """When caretakers' phones stay silent; `to` before `from` reaches over midnight."""

    from_: Annotated[Clock, Field(alias="from")]
    to: Clock

    @model_validator(mode="after")
    def _has_a_length(self) -> "QuietEntry":
        if self.from_ == self.to:
            raise PydanticCustomError("empty_hours", "from and to are the same")
        return self


class DeadlineEntry(Entry):
    """Conditions, and within how many working hours what has to happen when all of them hold."""

    categories: Annotated[list[Id], Field(min_length=1)] | None = None
    areas: Annotated[list[Id], Field(min_length=1)] | None = None
    urgent: bool | None = None
    accept: Hours
    substitute: Hours | None = None
    escalate: Hours
    progress: Hours
    answer: Hours
    close: Hours

    @model_validator(mode="after")
    def _steps_follow_each_other(self) -> "DeadlineEntry":
        steps = [one for one in (self.accept, self.substitute, self.escalate) if one is not None]
        if steps != sorted(steps):
            raise PydanticCustomError("deadline_order", "accept, substitute, escalate")
        return self


def deadlines_of(
    working_time: WorkingTimeEntry | None,
    rules: list[DeadlineEntry],
    report_at: Any,
    *,
    digest_at: Any = None,
    quiet: QuietEntry | None = None,
) -> Deadlines:
    """Return a city's deadlines; what its files do not say is as usual."""
    known: dict[str, Any] = {"digest_at": digest_at}
    if quiet is not None:
        known["quiet"] = QuietHours(start=quiet.from_, until=quiet.to)
    if working_time is not None:
        days = tuple(working_time.days)
        known["working_time"] = WorkingTime(days=days, start=working_time.from_, until=working_time.to)
    if rules:
        known["rules"] = tuple(map(rule_of, rules))
    if report_at is not None:
        known["report_at"] = report_at
    return Deadlines(**known)


def rule_of(entry: DeadlineEntry) -> DeadlineRule:
    """Return the rule; a condition that is not given is empty and always holds."""
    fields = fields_of(entry)
    return DeadlineRule(**fields | {"categories": fields["categories"] or (), "areas": fields["areas"] or ()})
