"""What all entries of a city's YAML files are made of."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from desk.facts import Confidence


def _centre(value: tuple[float, float]) -> tuple[float, float]:
    if not (-90 <= value[0] <= 90 and -180 <= value[1] <= 180):  # noqa: PLR2004
        raise PydanticCustomError("bad_point", "not latitude, longitude")
    return value


Id = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=40)]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Point = Annotated[tuple[float, float], AfterValidator(_centre)]


class Entry(BaseModel):
    """Anything in a city file: no unknown keys, no guessed types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FactEntry(Entry):
    """A fact with its source; what is not certain has to be marked."""

    confidence: Annotated[Confidence, Field(strict=False)]
    check: bool = False

    @model_validator(mode="after")
    def _uncertain_facts_are_marked(self) -> "FactEntry":
        if not self.confidence.certain and not self.check:
            raise PydanticCustomError("unmarked", "needs check: true")
        return self


def fields_of(entry: BaseModel) -> dict[str, Any]:
    """Return an entry's fields as the desk's class takes them: lists become tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in entry}
