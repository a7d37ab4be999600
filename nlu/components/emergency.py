"""Emergency rules: they come after the classifier and overrule it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from nlu.components.phrases import Rule, Rules
from nlu.components.reading import FALLBACK

RULES_FILE = Path(__file__).with_name("emergency.yml")
INTENT = "emergency"
FAINT = 0.7
"""Below this confidence the classifier alone raises no alarm.

False alarms among 13,910 messages of nlu/data (four-fold cross-validation, rules included), and how many of
190 newly worded emergencies were noticed before the rules knew them: 0.6: 89 and 91 %, 0.7: 55 and 87 %,
0.8: 31 and 81 %. A lower threshold where words of danger stand was tried; it did no better.
"""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class EmergencyRules(GraphComponent):
    """Sets the intent to `emergency`, confidence 1, and `emergency`: {"rule", "call"} when a rule holds.

    `call` is "110", "112", "self_harm" or "child": which numbers the answer puts first.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003 -- Rasa's signature
        model_storage: ModelStorage,  # noqa: ARG003
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> "EmergencyRules":
        """Read the reviewed rules."""
        return cls(read_rules())

    def process(self, messages: list[Message]) -> list[Message]:
        """Overrule the classifier where a rule holds; `category` goes, as an emergency has none."""
        for message in messages:
            rule = self.rules.first(message.get("text") or "")
            if rule:
                _raise_alarm(message, rule)
            elif _is_faint(message.get("intent") or {}):
                _doubt(message)
        return messages


def read_rules(path: Path = RULES_FILE) -> Rules:
    """Read a rules file."""
    return Rules.of(yaml.safe_load(path.read_text(encoding="utf-8")))


def _is_faint(intent: Mapping[str, Any]) -> bool:
    return intent.get("name") == INTENT and float(intent.get("confidence", 0.0)) < FAINT


def _doubt(message: Message) -> None:
    """Leave it to the dialogue to ask: it names the numbers then, too."""
    message.set("intent", {**message.get("intent"), "name": FALLBACK}, add_to_output=True)
    message.set("category", None, add_to_output=True)


def _raise_alarm(message: Message, rule: Rule) -> None:
    alarm: Mapping[str, Any] = {"name": INTENT, "confidence": 1.0}
    others = [other for other in message.get("intent_ranking") or [] if other["name"] != INTENT]
    message.set("intent", dict(alarm), add_to_output=True)
    message.set("intent_ranking", [dict(alarm), *others], add_to_output=True)
    message.set("category", None, add_to_output=True)
    message.set("emergency", {"rule": rule.name, "call": rule.call}, add_to_output=True)
