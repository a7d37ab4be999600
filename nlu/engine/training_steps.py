from collections.abc import Callable
from typing import Any

from rasa.engine.graph import GraphNodeHook
from rasa.engine.runner.dask import DaskGraphRunner

Progress = Callable[[int, int, str], None]


class _StepHook(GraphNodeHook):
    """Reports every node of the training graph as it starts and ends."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def on_before_node(self, node_name: str, **_: Any) -> dict[str, Any]:
        """Name the step that starts."""
        self._progress(self._done, self._total, node_name)
        return {}

    def on_after_node(self, **_: Any) -> None:
        """Count the step as done."""
        self._done += 1
        self._progress(self._done, self._total, "")


def counting_runner(progress: Progress) -> type[DaskGraphRunner]:
    """Return Rasa's graph runner, reporting to `progress`."""

    class CountingRunner(DaskGraphRunner):
        def __init__(
            self, graph_schema: Any, model_storage: Any, execution_context: Any, hooks: Any = None
        ) -> None:
            # Only the run that trains has hooks; the one before it merely compares fingerprints.
            own = [_StepHook(progress, len(graph_schema.nodes))] if hooks else []
            super().__init__(graph_schema, model_storage, execution_context, [*(hooks or []), *own])

    return CountingRunner
