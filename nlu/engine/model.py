import dataclasses
import json
import tarfile
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphNode, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.domain import Domain

from desk.errors import ModelError
from nlu.engine.rules import ShortRulePolicy

MESSAGE = "__message__"


@dataclasses.dataclass(frozen=True)
class Model:
    """A trained model: its domain, its rules, and the pipeline that understands text."""

    domain: Domain
    rules: ShortRulePolicy
    pipeline: "Pipeline"

    @classmethod
    def load(cls, path: Path) -> "Model":
        """Load what prediction needs from the archive; ModelError when there is none or it does not fit."""
        if not path.is_file():
            raise ModelError("operator.no_model", path=path)
        with tempfile.TemporaryDirectory() as folder:
            try:
                with tarfile.open(path, "r:gz") as archive:
                    archive.extractall(folder, filter="data")
                metadata = json.loads((Path(folder) / "metadata.json").read_text(encoding="utf-8"))
                return cls._from_folder(Path(folder) / "components", metadata)
            except ModelError:
                raise
            except Exception as error:
                raise ModelError("operator.bad_model", path=path, reason=type(error).__name__) from error

    @classmethod
    def _from_folder(cls, components: Path, metadata: dict[str, Any]) -> "Model":
        schema = GraphSchema.from_dict(metadata["predict_schema"])
        storage = LocalModelStorage(components)
        context = ExecutionContext(graph_schema=schema, model_id=metadata["model_id"])
        policies = {name: node for name, node in schema.nodes.items() if issubclass(node.uses, Policy)}
        if len(policies) != 1 or next(iter(policies.values())).uses is not RulePolicy:
            # Only rules make do with a bounded piece of the conversation.
            raise ModelError("operator.bad_model", path="", reason="policies other than RulePolicy")
        ((name, node),) = policies.items()
        rules = ShortRulePolicy.load(
            {**ShortRulePolicy.get_default_config(), **node.config},
            storage,
            node.resource or Resource(name),
            dataclasses.replace(context, node_name=name),
        )
        pipeline = Pipeline(schema, metadata["nlu_target"], storage, context)
        return cls(domain=Domain.from_dict(metadata["domain"]), rules=rules, pipeline=pipeline)


class Pipeline:
    """The understanding half of Rasa's graph, run in order without a scheduler.

    `RegexMessageHandler` is left out: it would turn "/restart" written by a resident into an intent. A
    component may have a method `begin`: it gets the texts first, so that what takes long goes on while the
    components before it work.
    """

    def __init__(
        self, schema: GraphSchema, target: str, storage: LocalModelStorage, context: ExecutionContext
    ) -> None:
        self._steps: list[tuple[str, GraphNode, Sequence[str]]] = []
        self.beginnings: list[Callable[[Sequence[str]], None]] = []
        self._target = self._plan(schema, target, storage, context)

    def _plan(
        self, schema: GraphSchema, name: str, storage: LocalModelStorage, context: ExecutionContext
    ) -> str:
        if name not in schema.nodes or any(name == step for step, _, _ in self._steps):
            return name
        node = schema.nodes[name]
        needs = {key: self._plan(schema, source, storage, context) for key, source in node.needs.items()}
        if node.uses is RegexMessageHandler:
            return needs["messages"]
        ready = GraphNode.from_schema_node(name, dataclasses.replace(node, needs=needs), storage, context)
        self._steps.append((name, ready, tuple(needs.values())))
        if begin := getattr(ready._component, "begin", None):  # noqa: SLF001 -- a node has no other way to it
            self.beginnings.append(begin)
        return name

    def understand(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Return the parse data of each text: intent, ranking, entities and what our components add."""
        for begin in self.beginnings:
            begin(texts)
        values: dict[str, Any] = {MESSAGE: (MESSAGE, [UserMessage(text=text) for text in texts])}
        for name, node, sources in self._steps:
            values[name] = node(*(values.get(source, (source, None)) for source in sources))
        _, messages = values[self._target]
        return [_parse_data(message.as_dict(only_output_properties=True)) for message in messages]


def _parse_data(found: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": "", "intent": {"name": None, "confidence": 0.0}, "entities": [], **found}
