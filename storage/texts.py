from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent.parent / "texts"


class Texts:
    """The text catalogue: every German sentence that is not a response of `domain.yml`.

    A key is `<file>.<name>`, e.g. `operator.no_token` for `no_token` in `texts/operator.yml`.
    """

    def __init__(self, entries: dict[str, str]) -> None:
        self.entries = entries

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Texts":
        """Read every `*.yml` of the folder, once per process and folder."""
        return cls(_read(folder))

    def get(self, key: str, **params: object) -> str:
        """Return the sentence with its `{braces}` filled; KeyError for an unknown key."""
        return self.entries[key].format(**params) if params else self.entries[key]

    def section(self, name: str) -> dict[str, str]:
        """Return all sentences of one file, by their names."""
        return {
            key.partition(".")[2]: text for key, text in self.entries.items() if key.startswith(f"{name}.")
        }


@cache
def _read(folder: Path) -> dict[str, str]:
    entries: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        entries |= {f"{path.stem}.{name}": str(text).strip() for name, text in content.items()}
    return entries
