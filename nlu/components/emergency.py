"""Emergency rules: they come after the classifier and overrule it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from nlu.components.phrases import Rules
from nlu.components.reading import FALLBACK, UNSURE

RULES_FILE = Path(__file__).with_name("emergency.yml")
INTENT = "emergency"
LIKELY = 0.7
"""From this probability on the classifier raises the alarm alone, whatever else it holds likelier."""
UNLIKELY = 0.03
"""Below this probability the classifier overrules a rule: to it the words are a figure of speech."""
UNTHINKABLE = 0.005
"""The same for rules whose words are hardly ever one ("sure")."""
# All were read off a table of recall against false alarms (docs/adr/0005): an alarm too many costs a resident
# a moment, one too few may cost more.


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class EmergencyRules(GraphComponent):
    """Sets the intent to `emergency`, and `emergency`: {"rule", "call"} when it was a rule that held.

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
        """Raise the alarm where a rule or the classifier does; `category` goes, as an emergency has none."""
        for message in messages:
            ranking = message.get("intent_ranking") or []
            chance = next((one["confidence"] for one in ranking if one["name"] == INTENT), 0.0)
            rule = self.rules.first(message.get("text") or "")
            if rule and (chance >= (UNTHINKABLE if rule.sure else UNLIKELY) or not ranking):
                _raise_alarm(message, 1.0)
                message.set("emergency", {"rule": rule.name, "call": rule.call}, add_to_output=True)
            elif chance >= LIKELY:
                _raise_alarm(message, chance)
            elif ranking and ranking[0]["name"] == INTENT:
                _ask(message, ranking)
        return messages


def read_rules(path: Path = RULES_FILE) -> Rules:
    """Read a rules file."""
    return Rules.of(yaml.safe_load(path.read_text(encoding="utf-8")))


def _ask(message: Message, ranking: Sequence[Mapping[str, Any]]) -> None:
    """Too faint for an alarm: another meaning comes first, the dialogue asks, and names the numbers then."""
    if (message.get("intent") or {}).get("name") == INTENT:
        message.set("intent", {"name": FALLBACK, "confidence": ranking[0]["confidence"]}, add_to_output=True)
        message.set("doubt", UNSURE, add_to_output=True)
    message.set("intent_ranking", [*ranking[1:2], ranking[0], *ranking[2:]], add_to_output=True)


def _raise_alarm(message: Message, confidence: float) -> None:
    alarm: Mapping[str, Any] = {"name": INTENT, "confidence": confidence}
    others = [other for other in message.get("intent_ranking") or [] if other["name"] != INTENT]
    message.set("intent", dict(alarm), add_to_output=True)
    message.set("intent_ranking", [dict(alarm), *others], add_to_output=True)
    for gone in ("category", "doubt", "matters"):
        message.set(gone, None, add_to_output=True)
