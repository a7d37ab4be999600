"""Loads Rasa without the libraries it imports and this product never calls.

Importing Rasa's rules and forms imports TensorFlow, every chat channel Rasa has, its message brokers and its
plotting, whether used or not. While Rasa is being imported, each of those gets a placeholder: a module whose
every attribute is an empty class. Measured on the test project: 514 -> 200 MB, imports in less than half the
time. `tests/integration/engine/test_engine_light.py` holds the replies against those of a full import.

Nothing is replaced when a model needs TensorFlow, or when the process has imported it already.
"""

import sys
import types
from collections.abc import Iterable, Iterator, MutableSequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any

UNUSED = frozenset(
    {
        # machine learning of components this project's pipeline does not have
        "tensorflow", "tensorflow_addons", "keras",
        # chat channels, brokers and stores of Rasa's own server
        "aiogram", "aio_pika", "boto3", "botocore", "bson", "confluent_kafka", "engineio", "fbmessenger",
        "kafka", "mattermostwrapper", "pymongo", "rocketchat_API", "slack_sdk", "socketio", "twilio",
        "webexteamssdk",
        # plots and questions on the command line
        "matplotlib", "prompt_toolkit", "questionary",
    }
)  # fmt: skip
"""Top-level packages that get placeholders; none of them is a dependency of our own code."""

NEEDS_TENSORFLOW = (
    "DIETClassifier",
    "TEDPolicy",
    "UnexpecTEDIntentPolicy",
    "ResponseSelector",
    "LanguageModel",
)
"""Rasa components that really call TensorFlow, by (part of) their names."""


@contextmanager
def light_imports(components: Iterable[str]) -> Iterator[None]:
    """Import Rasa inside this block; `components` names the parts of the model or configuration."""
    heavy = any(part in component for component in components for part in NEEDS_TENSORFLOW)
    if heavy or "tensorflow" in sys.modules:
        yield
        return
    finder = _PlaceholderFinder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        # Whoever imports one of them later gets the real one.
        for name in finder.served:
            sys.modules.pop(name, None)


class _Empty(type):
    """An empty class with every attribute; usable as base class, decorator and type."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _empty(f"{cls.__name__}.{name}")

    def __getitem__(cls, _: object) -> "_Empty":
        return cls

    def __or__(cls, _: object) -> Any:
        return cls

    __ror__ = __or__


def _empty(name: str) -> _Empty:
    def decorate(_: object, *arguments: Any, **__: Any) -> Any:
        return arguments[0] if arguments and callable(arguments[0]) else None

    members = {"__module__": __name__, "__init__": lambda *_, **__: None, "__call__": decorate}
    return _Empty(name, (), members)


class _Placeholder(types.ModuleType):
    __path__: MutableSequence[str] = []  # noqa: RUF012

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _empty(f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class _PlaceholderFinder(MetaPathFinder, Loader):
    def __init__(self) -> None:
        self.served: list[str] = []

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        if fullname.partition(".")[0] not in UNUSED:
            return None
        self.served.append(fullname)
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return _Placeholder(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Leave the module as empty as it is."""
