"""What a system of `understanding.py` is: a module that trains into a folder and reads with that folder."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from understanding_messages import Example, Reading

SEED = 1

SYSTEMS = {
    "ours": "Kümmerkasten",
    "signalen": "Signalen-like",
    "diet": "Rasa default (DIET)",
}
"""Name on the command line, and of the module, and heading in the table."""

Read = Callable[[str], Awaitable[Reading]]
"""Reads one message."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What can be set for a try; None is the system's default."""

    epochs: int | None = None


class System(Protocol):
    """The module of one system."""

    def train(self, examples: Sequence[Example], folder: Path, options: Options) -> None:
        """Train with the examples and leave everything needed in the folder."""

    async def load(self, folder: Path) -> Read:
        """Load what was trained in the folder."""
        ...


def system(name: str) -> System:
    """Import one system, and with it the libraries it needs."""
    return cast("System", import_module(f"understanding_{name}"))
