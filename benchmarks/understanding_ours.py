"""Our pipeline in `understanding.py`: trained by the project's own code, loaded by its own engine."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from understanding_messages import Example, Reading
from understanding_system import Options, Read

from nlu.understanding import KIND_OF_INTENT, understanding

ROOT = Path(__file__).parent.parent
SOURCES = ("config.yml", "domain.yml")
DATA = Path("nlu", "data")


def train(examples: Sequence[Example], folder: Path, options: Options) -> None:  # noqa: ARG001 -- read by Rasa
    """Train a copy of the project, so that its models and its cache stay as they are."""
    from nlu.engine.training import train as train_model

    for name in SOURCES:
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / DATA, folder / DATA)
    train_model(folder, progress=lambda _done, _total, _step: None)


async def load(folder: Path) -> Read:
    """Load the model as `kuemmerkasten understand` does."""
    from kuemmerkasten.commands.understand import NoConversations
    from nlu.engine.engine import Engine
    from nlu.engine.models import newest_model

    model = newest_model(folder)
    if model is None:
        raise FileNotFoundError(folder)
    engine = await Engine.load(
        model, actions=(), conversations=NoConversations(), on_failure=lambda _place, _error: None
    )

    async def read(text: str) -> Reading:
        found = await engine.understand(text)
        understood = understanding(text, found)
        kinds: dict[str, float] = {}
        for intent in found["intent_ranking"]:
            kind = KIND_OF_INTENT[intent["name"]]
            kinds[kind] = kinds.get(kind, 0.0) + intent["confidence"]
        places = ((at["start"], at["end"]) for at in found["entities"] if at["entity"] == "place")
        return Reading(
            kind=understood.kind, category=understood.category, kinds=kinds, place=next(places, None)
        )

    return read
