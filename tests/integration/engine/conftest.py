"""A small assistant of its own: form, interruptions, a failing action; trained once per change of its files."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from nlu.engine.models import is_current, newest_model
from tests.fakes import MemoryConversations

PROJECT = Path(__file__).parent.parent / "engine_project"


class Failures(list[tuple[str, BaseException]]):
    """Remembers what the engine reported."""

    def __call__(self, place: str, error: BaseException) -> None:
        self.append((place, error))


@pytest.fixture(scope="session")
def model(pytestconfig: pytest.Config) -> Path:
    """The trained test project, kept between runs while its files stay the same."""
    root = Path(pytestconfig.cache.mkdir("engine_project"))
    for source in PROJECT.rglob("*.yml"):
        target = root / source.relative_to(PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    newest = newest_model(root)
    if newest is not None and is_current(newest, root):
        return newest
    from nlu.engine.training import train

    return train(root, progress=lambda done, total, step: None)


@pytest.fixture(scope="session")
def project_actions() -> ModuleType:
    """The module with the test project's actions."""
    spec = importlib.util.spec_from_file_location("engine_actions", PROJECT / "engine_actions.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def conversations() -> MemoryConversations:
    """An empty store."""
    return MemoryConversations()


@pytest.fixture
def failures() -> Failures:
    """What the engine reports in this test."""
    return Failures()


@pytest.fixture
def load(model, project_actions, conversations, failures):
    """Load an engine on the store of this test; again for a restart."""

    async def _load(**options):
        from nlu.engine.engine import Engine

        actions = [action() for action in project_actions.ALL]
        return await Engine.load(
            model, actions=actions, conversations=conversations, on_failure=failures, **options
        )

    return _load
