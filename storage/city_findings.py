"""Reads a city's YAML files and collects what is wrong in them, each mistake with its file and line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from storage.texts import Texts

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Path_ = tuple[int | str, ...]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a top-level key stands: the file's name and its parsed node, which knows its lines."""

    file: str
    line: int
    node: yaml.Node


class Findings:
    """Collects mistakes, each with file, line and advice in German."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.sources: dict[str, Source] = {}
        self.mistakes: list[tuple[str, int, str]] = []

    def add(self, path: Path_, kind: str, **params: Any) -> None:
        """Note a mistake at a path like ("areas", 3, "carrier")."""
        source = self.sources.get(str(path[0])) if path else None
        if source is None:
            self.add_in_file("city.yml", kind, **params)
            return
        line = line_of(source, path[1:])
        where = ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
        self._note(source.file, line, where, kind, params)

    def add_in_file(self, file: str, kind: str, *, line: int = 0, **params: Any) -> None:
        """Note a mistake of a whole file, or of one line of it."""
        what = self.texts.get(f"city_file.{kind}", **params)
        key = "mistake_in_file" if not line else "mistake"
        self.mistakes.append(
            (file, line, self.texts.get(f"city_file.{key}", file=file, line=line, where="YAML", what=what))
        )

    def _note(self, file: str, line: int, where: str, kind: str, params: dict[str, Any]) -> None:
        what = self.texts.get(f"city_file.{kind}", **params)
        text = self.texts.get("city_file.mistake", file=file, line=line, where=where, what=what)
        self.mistakes.append((file, line, text))

    def sentences(self) -> list[str]:
        """Return the mistakes in the order of files and lines, each once."""
        return [text for *_, text in sorted(dict.fromkeys(self.mistakes))]


def line_of(source: Source, path: Path_) -> int:
    """Return the line (from 1) of the deepest part of the path that exists."""
    node, line = source.node, source.line
    for step in path:
        children: dict[Any, tuple[int, yaml.Node]] = {}
        if isinstance(node, yaml.MappingNode):
            children = {key.value: (key.start_mark.line + 1, value) for key, value in node.value}
        elif isinstance(node, yaml.SequenceNode):
            children = {index: (child.start_mark.line + 1, child) for index, child in enumerate(node.value)}
        if step not in children:
            break
        line, node = children[step]
    return line


def read_folder(folder: Path, findings: Findings) -> dict[str, Any]:
    """Merge all YAML files of a city by their top-level keys; what can't be read becomes a mistake."""
    merged: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            text = path.read_text(encoding="utf-8")
            node = yaml.compose(text, Loader=LOADER)
            content = yaml.load(text, Loader=LOADER)  # noqa: S506 -- the safe loader, in C where there is one
        except UnicodeDecodeError:
            findings.add_in_file(path.name, "not_utf8")
            continue
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            findings.add_in_file(path.name, "not_yaml", line=mark.line + 1 if mark else 1)
            continue
        if node is None:
            continue
        if not isinstance(node, yaml.MappingNode):
            findings.add_in_file(path.name, "dict_type", line=1)
            continue
        _check_duplicate_keys(node, path.name, findings)
        for key, value in node.value:
            if key.value in findings.sources and findings.sources[key.value].file != path.name:
                findings.add_in_file(
                    path.name, "duplicate_key", line=key.start_mark.line + 1, value=key.value
                )
            findings.sources[key.value] = Source(file=path.name, line=key.start_mark.line + 1, node=value)
        merged |= {str(key): value for key, value in content.items()}
    return merged


def _check_duplicate_keys(node: yaml.Node, file: str, findings: Findings) -> None:
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            _check_duplicate_keys(child, file, findings)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                findings.add_in_file(file, "duplicate_key", line=key.start_mark.line + 1, value=key.value)
            seen.add(key.value)
            _check_duplicate_keys(value, file, findings)
