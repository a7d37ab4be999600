"""What the chats of `turns.py` say, as tables: replace them to measure another dialogue."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Say:
    """Words."""

    text: str


@dataclass(frozen=True)
class Give:
    """Structured input: a pin, photos, a command."""

    intent: str
    entities: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Press:
    """The button of the reply before whose title contains `label`."""

    label: str


Step = Say | Give | Press


@dataclass(frozen=True)
class Project:
    """A Rasa project and what is said to it.

    `report` is one complete conversation. `action` is a turn with a custom action, `chatter` are the turns a
    long conversation goes round in.
    """

    root: Path
    actions: str
    report: Sequence[Step]
    action: Step
    chatter: Sequence[Step]


PROJECTS = {
    "kuemmerkasten": Project(
        root=ROOT,
        actions="actions",
        report=(
            # Trouble between neighbours: of anything else these chats would be asked whether it is the same.
            Say("Ich habe dauernd Zoff mit meiner Nachbarin wegen nichts, können Sie vielleicht vermitteln?"),
            Give("give_location", {"point": {"latitude": 51.5013, "longitude": 7.0436}}),
            Press("Katernberg"),
            Press("Ohne Foto"),
            Press("Absenden"),
        ),
        action=Give("ask_office_hours"),
        chatter=(Give("ask_office_hours"), Say("wann haben Sie offen?"), Give("command_reports")),
    ),
    "engine_project": Project(
        root=ROOT / "tests" / "integration" / "engine_project",
        actions="engine_actions",
        report=(
            Say("ich will bestellen"),
            Press("small"),
            Give("give_location", {"place": "Markt"}),
            Say("mit Sahne"),
            Give("affirm"),
        ),
        action=Give("give_photos"),
        chatter=(Say("hallo"), Give("give_photos"), Give("ask_hours")),
    ),
}


def payload(step: Step, buttons: Sequence[dict[str, str]]) -> str:
    """Return the step as Rasa's REST channel takes it: words, or "/intent{entities}"."""
    if isinstance(step, Say):
        return step.text
    if isinstance(step, Give):
        return f"/{step.intent}{json.dumps(step.entities) if step.entities else ''}"
    found = [button["payload"] for button in buttons if step.label in button["title"]]
    if not found:
        offered = ", ".join(button["title"] for button in buttons)
        raise LookupError(f"no button {step.label!r} among: {offered}")
    return found[0]


def structured(text: str) -> Give:
    """Return "/intent{entities}" as structured input."""
    intent, brace, rest = text.removeprefix("/").partition("{")
    return Give(intent, json.loads(brace + rest) if brace else {})
