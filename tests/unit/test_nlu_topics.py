"""The label a training message is learned under: its intent, with its category or its topic."""

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from nlu.components.classifier import joint_label


@pytest.mark.parametrize(
    ("metadata", "label"),
    [
        ({"intent": {"category": "litter"}}, "report/litter"),
        ({"intent": {"topic": "thanks"}}, "report/thanks"),
        ({"intent": {"category": "litter", "topic": "thanks"}}, "report/litter"),
        ({"intent": {"source": "portal"}}, "report"),
        ({"intent": "a remark"}, "report"),
        (None, "report"),
    ],
)
def test_category_and_topic_are_part_of_the_label(metadata: Any, label: str) -> None:
    """A report's category and a question's topic are learned alike; a message without either keeps its intent."""
    assert joint_label(Message({"text": "x", "intent": "report", "metadata": metadata})) == label
