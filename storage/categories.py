"""Reads `cities/categories.yml` into `desk.categories`, or refuses it with every mistake named."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from desk.assigning import PRIVATE_KINDS
from desk.categories import Categories, Category, Kind
from desk.errors import CityFileError
from storage.texts import Texts

FILE = Path(__file__).parent.parent / "cities" / "categories.yml"
LONGEST_LABEL = 28
"""Characters a button shows on a narrow phone, two buttons a row."""

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Label = Annotated[str, Field(min_length=1, max_length=LONGEST_LABEL)]
Example = Annotated[str, Field(min_length=1, max_length=60)]
Reach = Annotated[int, Field(strict=True, ge=10, le=1000)]
Days = Annotated[int, Field(strict=True, ge=7, le=30)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: Id
    label: Label
    example: Example


class _CategoryEntry(_Entry):
    reach: Reach | None = None
    days: Days | None = None


class _KindEntry(_Entry):
    quoted: Annotated[bool, Field(strict=True)] = False
    categories: Annotated[list[_CategoryEntry], Field(min_length=1)]


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
    mistakes = [*_doubled(file), *_never_the_same(file)]
    if mistakes:
        raise _refused(path, mistakes)
    return Categories(tuple(map(_kind, file.kinds)))


def _kind(entry: _KindEntry) -> Kind:
    return Kind(
        id=entry.id,
        label=entry.label,
        example=entry.example,
        quoted=entry.quoted,
        categories=tuple(Category(kind=entry.id, **one.model_dump()) for one in entry.categories),
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
        bounds = one.get("ctx", {})
        limit = next((bounds[name] for name in ("max_length", "ge", "le") if name in bounds), "")
        yield texts.get(known, where=where, limit=limit)


def _doubled(file: _File) -> Iterator[str]:
    ids = [kind.id for kind in file.kinds] + [one.id for kind in file.kinds for one in kind.categories]
    labels = [kind.label for kind in file.kinds] + [
        one.label for kind in file.kinds for one in kind.categories
    ]
    for value, count in Counter([*ids, *labels]).items():
        if count > 1:
            yield Texts.load().get("categories.twice", value=value)


def _never_the_same(file: _File) -> Iterator[str]:
    """Name what offers a neighbour's matter to others, or says only half of what may be the same."""
    texts = Texts.load()
    for kind in file.kinds:
        private = kind.id in PRIVATE_KINDS
        if private and kind.quoted:
            yield texts.get("categories.similar_private", where=kind.id)
        for one in kind.categories:
            if private and (one.reach or one.days):
                yield texts.get("categories.similar_private", where=one.id)
            elif (one.reach is None) != (one.days is None):
                yield texts.get("categories.similar_half", where=one.id)
