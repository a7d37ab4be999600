"""Where trained models lie and whether one still fits what it was trained from; cheap, without Rasa."""

import hashlib
import json
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from desk.errors import ModelError

RASA_VERSION = "3.6.21"
FOLDER = "models"
DATA = ("config.yml", "domain.yml", "nlu/data")
READERS = ("nlu/components", "nlu/text.py", "cities")
"""The components that read the data, and the names of places they know."""

READ = {".yml", ".yaml", ".py", ".json", ".csv", ".txt"}


def model_name(root: Path) -> str:
    """Return the file name of the model that belongs to the project as it stands: it carries a digest."""
    return f"kuemmerkasten-{_digest(root, DATA + READERS)}.tar.gz"


def cache_folder(root: Path) -> Path:
    """Return where Rasa may keep trained parts.

    Rasa knows when data and settings have changed, but not what else a component is made of.
    """
    return root / ".rasa" / _digest(root, READERS)


def newest_model(root: Path) -> Path | None:
    """Return the model trained last, or None."""
    models = [path for path in (root / FOLDER).glob("*.tar.gz") if path.is_file()]
    return max(models, key=lambda path: path.stat().st_mtime, default=None)


def is_current(model: Path | None, root: Path) -> bool:
    """Whether the model exists and was trained from exactly the files of `root`."""
    return model is not None and model.is_file() and model.name == model_name(root)


def component_names(model: Path) -> list[str]:
    """Return the classes a trained model is made of; ModelError when there is none or it can't be read."""
    if not model.is_file():
        raise ModelError("operator.no_model", path=model)
    try:
        with tarfile.open(model, "r:gz") as archive:
            content = archive.extractfile("metadata.json")
            metadata = json.load(content) if content else {}
            return [str(node["uses"]) for node in metadata["predict_schema"]["nodes"].values()]
    except (OSError, EOFError, tarfile.TarError, KeyError, ValueError, AttributeError) as error:
        raise ModelError("operator.bad_model", path=model, reason=type(error).__name__) from error


def _digest(root: Path, names: Iterable[str]) -> str:
    digest = hashlib.sha256(RASA_VERSION.encode())
    for path in _files(root, names):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _files(root: Path, names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        source = root / name
        files = sorted(source.rglob("*")) if source.is_dir() else [source]
        yield from (path for path in files if path.is_file() and path.suffix in READ)
