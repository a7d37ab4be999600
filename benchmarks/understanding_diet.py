"""Rasa's default pipeline in `understanding.py`: the one Rasa itself writes into a new project, with DIET."""

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from understanding_messages import JOINT, Example, Reading
from understanding_system import SEED, Options, Read

from nlu.engine.quiet import quiet_imports
from nlu.understanding import KIND_OF_INTENT

MODEL = "diet.tar.gz"


def configuration(epochs: int | None) -> dict[str, Any]:
    """Return Rasa's default configuration for German; DIET gets a seed and ranks all its labels."""
    default = resources.files("rasa.engine.recipes").joinpath("config_files", "default_config.yml")
    config: dict[str, Any] = yaml.safe_load(default.read_text(encoding="utf-8"))
    diet = next(part for part in config["pipeline"] if part["name"] == "DIETClassifier")
    diet |= {"random_seed": SEED, "ranking_length": 0, "epochs": epochs or diet["epochs"]}
    return {**config, "language": "de"}


def train(examples: Sequence[Example], folder: Path, options: Options) -> None:
    """Train the understanding alone, on joint labels of intent and category and on the marked entities."""
    with quiet_imports():
        from rasa.model_training import train_nlu
        from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLWriter
        from rasa.shared.nlu.training_data.message import Message
        from rasa.shared.nlu.training_data.training_data import TrainingData

    messages = [Message(data=_content(example)) for example in examples]
    data, config = folder / "nlu.yml", folder / "config.yml"
    data.write_text(RasaYAMLWriter().dumps(TrainingData(messages)), encoding="utf-8")
    config.write_text(yaml.safe_dump(configuration(options.epochs), sort_keys=False), encoding="utf-8")
    if train_nlu(str(config), str(data), str(folder), fixed_model_name=MODEL) is None:
        raise RuntimeError("Rasa trained nothing")


def _content(example: Example) -> dict[str, Any]:
    marks = [
        {"entity": entity, "start": start, "end": end, "value": example.text[start:end]}
        for entity, start, end in example.marks
    ]
    return {"text": example.text, "intent": example.joint} | ({"entities": marks} if marks else {})


async def load(folder: Path) -> Read:
    """Load the model into Rasa's agent."""
    with quiet_imports():
        from rasa.core.agent import Agent

        agent = Agent.load(str(folder / MODEL))

    async def read(text: str) -> Reading:
        found = await agent.parse_message(text)
        # `nlu_fallback` is the doubt of the component behind DIET, no label of DIET's.
        chances = {
            intent["name"]: intent["confidence"]
            for intent in found["intent_ranking"]
            if intent["name"].partition(JOINT)[0] in KIND_OF_INTENT and intent["name"] != "nlu_fallback"
        }
        places = sorted((at["start"], at["end"]) for at in found["entities"] if at["entity"] == "place")
        return Reading.of_labels(chances, next(iter(places), None))

    return read
