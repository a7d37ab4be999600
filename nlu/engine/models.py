"""Where trained models lie and whether one still fits what it was trained from; cheap, without Rasa."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

RASA_VERSION = "3.6.21"
FOLDER = "models"
SOURCES = ("config.yml", "domain.yml", "nlu/data", "nlu/components", "nlu/text.py", "cities")
"""What a model is made of: data, the components that read it, and the names of places they know."""

READ = {".yml", ".yaml", ".py", ".json", ".csv", ".txt"}


def model_name(root: Path) -> str:
    """Return the file name of the model that belongs to the project as it stands: it carries a digest."""
    digest = hashlib.sha256(RASA_VERSION.encode())
    for path in _sources(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"kuemmerkasten-{digest.hexdigest()[:16]}.tar.gz"


def newest_model(root: Path) -> Path | None:
    """Return the model trained last, or None."""
    models = [path for path in (root / FOLDER).glob("*.tar.gz") if path.is_file()]
    return max(models, key=lambda path: path.stat().st_mtime, default=None)


def is_current(model: Path | None, root: Path) -> bool:
    """Whether the model exists and was trained from exactly the files of `root`."""
    return model is not None and model.is_file() and model.name == model_name(root)


def _sources(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        source = root / name
        files = sorted(source.rglob("*")) if source.is_dir() else [source]
        yield from (path for path in files if path.is_file() and path.suffix in READ)
