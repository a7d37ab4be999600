"""Reads `cities/categories.yml` into `desk.categories`, or refuses it with every mistake named."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from desk.categories import Categories, Category, Kind
from desk.errors import CityFileError
from storage.texts import Texts

FILE = Path(__file__).parent.parent / "cities" / "categories.yml"
LONGEST_LABEL = 28
"""Characters a button shows on a narrow phone, two buttons a row."""

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Label = Annotated[str, Field(min_length=1, max_length=LONGEST_LABEL)]
Example = Annotated[str, Field(min_length=1, max_length=60)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: Id
    label: Label
    example: Example


class _KindEntry(_Entry):
    categories: Annotated[list[_Entry], Field(min_length=1)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kinds: Annotated[list[_KindEntry], Field(min_length=1)]


def load_categories(path: Path = FILE) -> Categories:
    """Read a file of categories; CityFileError with all mistakes when it is broken."""
    try:
        file = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        raise _refused(path, [_unreadable(path, error)]) from error
    except ValidationError as error:
        raise _refused(path, _shape_mistakes(error)) from error
    twice = list(_doubled(file))
    if twice:
        raise _refused(path, twice)
    return Categories(tuple(map(_kind, file.kinds)))


def _kind(entry: _KindEntry) -> Kind:
    return Kind(
        id=entry.id,
        label=entry.label,
        example=entry.example,
        categories=tuple(
            Category(id=one.id, kind=entry.id, label=one.label, example=one.example)
            for one in entry.categories
        ),
    )


def _refused(path: Path, mistakes: Iterable[str]) -> CityFileError:
    return CityFileError("operator.bad_categories", mistakes=list(mistakes), path=path.name)


def _unreadable(path: Path, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return Texts.load().get("categories.unreadable", file=path.name, line=mark.line + 1 if mark else 1)


def _shape_mistakes(error: ValidationError) -> Iterator[str]:
    texts = Texts.load()
    for one in error.errors():
        where = ".".join(str(step + 1) if isinstance(step, int) else step for step in one["loc"]) or "kinds"
        key = f"categories.{one['type']}"
        known = key if key in texts.entries else "categories.wrong"
        yield texts.get(known, where=where, limit=one.get("ctx", {}).get("max_length", ""))


def _doubled(file: _File) -> Iterator[str]:
    ids = [kind.id for kind in file.kinds] + [one.id for kind in file.kinds for one in kind.categories]
    labels = [kind.label for kind in file.kinds] + [
        one.label for kind in file.kinds for one in kind.categories
    ]
    for value, count in Counter([*ids, *labels]).items():
        if count > 1:
            yield Texts.load().get("categories.twice", value=value)
