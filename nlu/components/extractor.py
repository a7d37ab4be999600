"""The extractor: where it is and since when, as Rasa entities `place` and `time`."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.training_data.message import Message

from nlu.components.places import PlaceFinder
from nlu.components.spans import Span
from nlu.components.times import TimeFinder
from storage.city_files import known_cities, load_city

LONGEST_TEXT = 4096


class Finder(Protocol):
    """Finds one kind of entity; a trained one fits in here as well."""

    def find(self, text: str) -> list[Span]:
        """Return the spans, the best first."""
        ...


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PlaceAndTimeExtractor(GraphComponent, EntityExtractorMixin):
    """Adds entities `place` (the best first) and `time`: start, end, value as written, confidence."""

    def __init__(self, finders: dict[str, Finder]) -> None:
        self._finders = finders

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`names`: place names to know besides the districts of the city files."""
        return {"names": []}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003 -- Rasa's signature
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> "PlaceAndTimeExtractor":
        """Read word lists and names."""
        options = {**cls.get_default_config(), **config}
        names = [*options["names"], *district_names()]
        return cls({"place": PlaceFinder.read(names), "time": TimeFinder.read()})

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities to each message."""
        for message in messages:
            text = (message.get("text") or "")[:LONGEST_TEXT]
            found = [*(message.get("entities") or []), *self._entities(text)]
            message.set("entities", found, add_to_output=True)
        return messages

    def _entities(self, text: str) -> Iterator[dict[str, Any]]:
        for name, finder in self._finders.items():
            yield from _as_entities(name, text, finder.find(text))


def district_names() -> Iterator[str]:
    """Districts and colloquial names of every city with a file, and the quarters of its neighbours.

    Which city is served is the operator's choice at run time, and people also name a place next door.
    """
    for city_id in known_cities():
        city = load_city(city_id)
        yield from (district.name for district in city.districts)
        yield from (nickname.name for nickname in city.nicknames)
        for neighbour in city.neighbours:
            yield neighbour.name
            yield from neighbour.places


def _as_entities(name: str, text: str, spans: Iterable[Span]) -> Iterator[dict[str, Any]]:
    for span in spans:
        yield {
            "entity": name,
            "start": span.start,
            "end": span.end,
            "value": text[span.start : span.end].strip(),
            "confidence_entity": span.confidence,
            "extractor": PlaceAndTimeExtractor.__name__,
        }
