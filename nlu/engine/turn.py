from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One thing that came in from a chat: words, or structured input (a button, a pin, photos, a command).

    `chat` is the opaque key of the conversation. `update` rises from turn to turn; the turn handled last is
    answered with its stored replies when it comes again, an older one with nothing, both without any effect.
    `text` alone is understood by the pipeline and never becomes an intent by its first character; `entities`
    given with it come after those found in it.
    `intent` enters as parse data with confidence 1.0, `entities` become its entities (any JSON value);
    a `text` given together with an `intent` (a caption) is only what the action reads.
    """

    chat: str
    update: int
    text: str | None = None
    intent: str | None = None
    entities: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Button:
    """A choice offered below a reply; `payload` is what comes back when it is pressed."""

    title: str
    payload: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One utterance of the assistant: text, buttons and custom payload of one response belong together."""

    text: str | None = None
    buttons: tuple[Button, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_silent(self) -> bool:
        """Whether an action chose on purpose to say nothing (`json_message={"silent": True}`)."""
        return bool(self.custom.get("silent"))
