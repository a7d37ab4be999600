"""What Rasa wants of every component that learns, written once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage


class Trainable(GraphComponent):
    """A component that learns; `options` are its defaults and what `config.yml` says."""

    def __init__(self, options: Mapping[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self.options = options
        self.storage = storage
        self.resource = resource

    def restore(self, folder: Path) -> None:
        """Read what was learnt from the component's folder in the model."""
        raise NotImplementedError

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 -- Rasa's signature
    ) -> Self:
        """Create the component untrained."""
        return cls({**cls.get_default_config(), **config}, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_kwargs: Any,
    ) -> Self:
        """Create the component with what it learnt."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component.restore(folder)
        return component
