import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from desk.errors import ModelError
from nlu.engine.light_imports import light_imports
from nlu.engine.models import FOLDER, cache_folder, is_current, model_name, newest_model
from nlu.engine.quiet import quiet_imports

__all__ = ["Progress", "is_current", "newest_model", "train"]

Progress = Callable[[int, int, str], None]
"""Called with steps done, steps in all, and the step that starts now (empty at the end)."""

KEPT_MODELS = 3


def train(root: Path, *, progress: Progress) -> Path:
    """Train `config.yml`, `domain.yml` and `nlu/` of `root` into its `models/`; return the model's path.

    Parts whose data and code did not change come from Rasa's cache in `root/.rasa`. ModelError when files are
    missing or contain mistakes; a model is only put in place once it is complete.
    """
    for name in ("config.yml", "domain.yml"):
        if not (root / name).is_file():
            raise ModelError("operator.no_training_data", path=root / name)
    models = root / FOLDER
    models.mkdir(exist_ok=True)
    target = models / model_name(root)
    imports = light_imports(_configured(root / "config.yml"))
    with quiet_imports(), imports, _environment(root), tempfile.TemporaryDirectory(dir=models) as unfinished:
        draft = Path(unfinished) / target.name
        try:
            _train(root, draft, progress)
        except SystemExit as error:  # how Rasa reports some mistakes
            raise ModelError("operator.bad_training_data", reason="") from error
        except Exception as error:
            raise ModelError("operator.bad_training_data", reason=_reason(error)) from error
        draft.replace(target)
    _sweep(models)
    _sweep_caches(cache_folder(root))
    return target


def _train(root: Path, draft: Path, progress: Progress) -> None:
    import rasa.engine.validation
    from rasa.engine.caching import LocalTrainingCache
    from rasa.engine.recipes.recipe import Recipe
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.training.graph_trainer import GraphTrainer
    from rasa.shared.data import TrainingType

    from nlu.engine.project_files import ProjectFiles
    from nlu.engine.training_steps import counting_runner

    config_file, domain_file = str(root / "config.yml"), str(root / "domain.yml")
    importer = ProjectFiles(config_file, domain_file, [str(root / "nlu")])
    config = importer.get_config()
    recipe = Recipe.recipe_for_name(config.get("recipe"))
    graph = recipe.graph_config_for_recipe(config, {}, training_type=TrainingType.BOTH, is_finetuning=False)
    rasa.engine.validation.validate(graph)
    with tempfile.TemporaryDirectory() as folder:
        trainer = GraphTrainer(
            LocalModelStorage(Path(folder)), LocalTrainingCache(), counting_runner(progress)
        )
        trainer.train(graph, importer, draft)


def _configured(config: Path) -> list[str]:
    try:
        content = yaml.safe_load(config.read_text(encoding="utf-8"))
        return [str(part["name"]) for key in ("pipeline", "policies") for part in content[key]]
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise ModelError("operator.bad_training_data", reason=f"config.yml: {_reason(error)}") from error


def _reason(error: BaseException) -> str:
    innermost = error
    while innermost.__cause__ is not None:
        innermost = innermost.__cause__
    return " ".join(str(innermost).split()) or type(innermost).__name__


def _sweep(models: Path) -> None:
    by_age = sorted(models.glob("kuemmerkasten-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for old in by_age[:-KEPT_MODELS]:
        old.unlink()


def _sweep_caches(current: Path) -> None:
    for old in current.parent.iterdir():
        if old != current:
            shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _environment(root: Path) -> Iterator[None]:
    # Rasa takes the place of its cache and the silence of its own progress bars from the environment only.
    wanted: Mapping[str, str] = {"RASA_CACHE_DIRECTORY": str(cache_folder(root)), "LOG_LEVEL": "ERROR"}
    before: dict[str, Any] = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
