"""The extractor: where it is and since when, as Rasa entities `place` and `time`."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tqdm import tqdm

from nlu.components.ner import Learning, Recogniser
from nlu.components.ner_features import WordClasses
from nlu.components.places import WORDS_FILE, PlaceFinder
from nlu.components.spans import Span
from nlu.components.times import TimeFinder
from nlu.components.trainable import Trainable
from storage.city_files import known_cities, load_city

if TYPE_CHECKING:
    from nlu.components.ner_finder import EntityFinder

LONGEST_TEXT = 4096


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PlaceAndTimeExtractor(Trainable, EntityExtractorMixin):
    """Adds entities `place` and `time`, the best first: start, end, value as written, confidence.

    Rules know streets by their shape; a recogniser trained on the marks of the messages knows the rest, and
    where a place ends. Untrained, the rules decide alone.
    """

    def __init__(self, options: Mapping[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(options, storage, resource)
        self._finder = _finder([*options["names"], *district_names()])

    def restore(self, folder: Path) -> None:
        """Read what was learnt."""
        self._finder.recogniser = Recogniser.read(folder)
        self._finder.warm_up()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`names`: place names to know besides the districts of the city files."""
        return {"names": []}

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all messages; those without marks teach what is no place."""
        messages = [message for message in training_data.training_examples if message.get("text")]
        options = Learning()
        # Learning takes about twice as long as reading; no bar where nobody watches.
        with tqdm(total=len(messages) * 3, disable=None, leave=False) as bar:
            marked = []
            for message in messages:
                marked.append(self._finder.marked(message.get("text"), message.get("entities") or ()))
                bar.update()
            step = 2 * len(messages) / options.rounds
            self._finder.recogniser = Recogniser.learn(marked, options, lambda _point: bar.update(step))
        with self.storage.write_to(self.resource) as folder:
            self._finder.recogniser.write(folder)
        return self.resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities to each message."""
        for message in messages:
            text = (message.get("text") or "")[:LONGEST_TEXT]
            found = [*(message.get("entities") or []), *self._entities(text)]
            message.set("entities", found, add_to_output=True)
        return messages

    def _entities(self, text: str) -> Iterator[dict[str, Any]]:
        for name, spans in self._finder.find(text).items():
            yield from _as_entities(name, text, spans)


def _finder(names: Iterable[str]) -> "EntityFinder":
    # spaCy takes half a second to import: only for who understands messages.
    from nlu.components.ner_finder import EntityFinder, Rules

    known = list(names)
    words = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))
    rules: dict[str, Rules] = {"place": PlaceFinder(words, known), "time": TimeFinder.read()}
    return EntityFinder(rules, WordClasses.of(words, known))


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
