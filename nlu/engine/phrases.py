import copy
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator

CHANNEL = "telegram"
_PLACEHOLDER = re.compile(r"\{([^\n{}]+?)\}")
_FILLED = ("text", "image", "custom", "buttons", "attachment", "quick_replies")


class Phrases(TemplatedNaturalLanguageGenerator):
    """The responses of `domain.yml`, worded.

    Rasa's own filling breaks on values that contain "0[", and asks numpy for a random choice of one.
    `choose` picks among the variations of a response.
    """

    def __init__(
        self,
        responses: dict[str, list[dict[str, Any]]],
        choose: Callable[[Sequence[dict[str, Any]]], dict[str, Any]],
    ) -> None:
        super().__init__(responses)
        self._choose = choose
        self._variations = ResponseVariationFilter(responses)

    def generate_from_slots(
        self, utter_action: str, filled_slots: dict[str, Any], output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Return the response with its placeholders filled, or None if the domain has no such response."""
        if utter_action not in self.responses:
            return None
        fitting = self._variations.responses_for_utter_action(utter_action, output_channel, filled_slots)
        if not fitting:
            return None
        chosen = fitting[0] if len(fitting) == 1 else self._choose(fitting)
        values = {**filled_slots, **kwargs}
        return {
            key: filled(part, values) if key in _FILLED else copy.copy(part) for key, part in chosen.items()
        }


class Channel:
    """What Rasa asks an output channel for: the name that responses may be written for."""

    def name(self) -> str:
        """Return the channel name used in `domain.yml`."""
        return CHANNEL


def filled(part: Any, values: Mapping[str, Any]) -> Any:
    """Return `part` with every `{name}` replaced, through lists and dicts; unknown names stay as written."""
    if isinstance(part, str):
        return _PLACEHOLDER.sub(lambda hit: str(values.get(hit[1], hit[0])), part) if "{" in part else part
    if isinstance(part, dict):
        return {key: filled(value, values) for key, value in part.items()}
    if isinstance(part, list):
        return [filled(value, values) for value in part]
    return part
