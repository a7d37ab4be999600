"""Holds a city's files against their schema, and checks that every name they refer to exists."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from rapidfuzz import process

from desk.categories import Categories
from storage.city_findings import Findings, Path_, line_of
from storage.city_schema import CityFile
from storage.texts import Texts

ANY = "*"
DISTRICTS = ("districts.*.name",)
AREAS = ("areas.*.id",)
MATTERS = ("referrals.*.matter", "referrals.*.covers.*")
# What refers, where that has to exist, and the kind of mistake when it does not.
REFERENCES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("nicknames.*.districts.*", DISTRICTS, "unknown_district"),
    ("neighbours.*.shared.*", DISTRICTS, "unknown_district"),
    ("postcodes.*.*", DISTRICTS, "unknown_district"),
    ("without_caretakers.*", DISTRICTS, "unknown_district"),
    ("areas.*.districts.*", DISTRICTS, "unknown_district"),
    ("areas.*.streets.*.district", DISTRICTS, "unknown_district"),
    ("areas.*.rules.*.districts.*", DISTRICTS, "unknown_district"),
    ("areas.*.rules.*.streets.*.district", DISTRICTS, "unknown_district"),
    ("rules.*.districts.*", DISTRICTS, "unknown_district"),
    ("rules.*.streets.*.district", DISTRICTS, "unknown_district"),
    ("areas.*.carrier", ("carriers.*.id",), "unknown_carrier"),
    ("areas.*.substitute", AREAS, "unknown_area"),
    ("offices.*.areas.*", AREAS, "unknown_area"),
    ("areas.*.rules.*.recipient", (*AREAS, "coordination.id"), "unknown_area"),
    ("rules.*.recipient", (*AREAS, "coordination.id"), "unknown_area"),
    ("deadlines.*.areas.*", (*AREAS, "coordination.id"), "unknown_area"),
    ("areas.*.escalation", MATTERS, "unknown_matter"),
    ("areas.*.rules.*.inform.*", MATTERS, "unknown_matter"),
    ("rules.*.inform.*", MATTERS, "unknown_matter"),
)
OF_CATEGORIES = (
    "rules.*.categories.*",
    "areas.*.rules.*.categories.*",
    "deadlines.*.categories.*",
    "referrals.*.categories.*",
    "templates.*.categories.*",
)
UNIQUE = (
    ("districts.*.name", "twice"),
    ("areas.*.id", "twice"),
    ("carriers.*.id", "twice"),
    ("offices.*.id", "twice"),
    ("referrals.*.matter", "twice"),
    ("templates.*.id", "twice"),
    ("templates.*.label", "twice"),
    ("areas.*.districts.*", "two_areas"),
)
CLEAR_ENOUGH = 60


def check_shape(content: dict[str, Any], findings: Findings) -> CityFile | None:
    """Hold the content against the schema; None when it does not fit."""
    try:
        return CityFile.model_validate(content)
    except ValidationError as error:
        for found in error.errors(include_url=False):
            path = tuple(step for step in found["loc"] if step != "[key]")
            kind = str(found["type"])
            expected = str((found.get("ctx") or {}).get("expected", "")).replace(" or ", ", ")
            params = {
                "field": path[-1] if path else "",
                "value": _short(found["input"]),
                "expected": expected,
            }
            known = f"city_file.{kind}" in findings.texts.entries
            findings.add(path, kind if known else "invalid", **params)
        return None


def _short(value: Any, longest: int = 60) -> str:
    return str(value)[:longest]


def check_references(content: dict[str, Any], findings: Findings, *, categories: Categories) -> None:
    """Check that every name and id that is referred to exists, and that none exists twice."""
    for pattern, targets, kind in REFERENCES:
        known = [str(value) for target in targets for _, value in values_at(content, target)]
        _check_known(content, findings, pattern, known, kind)
    every = [category.id for kind in categories.kinds for category in kind.categories]
    for pattern in OF_CATEGORIES:
        _check_known(content, findings, pattern, every, "unknown_category")
    for pattern, kind in UNIQUE:
        _check_unique(content, findings, pattern, kind)


def _check_known(
    content: dict[str, Any], findings: Findings, pattern: str, known: list[str], kind: str
) -> None:
    for path, value in values_at(content, pattern):
        if str(value) not in known:
            findings.add(path, kind, value=_short(value), hint=_hint(str(value), known, findings.texts))


def _hint(value: str, known: list[str], texts: Texts) -> str:
    best = process.extractOne(value, known, score_cutoff=CLEAR_ENOUGH)
    return " " + texts.get("city_file.hint", value=best[0]) if best else ""


def _check_unique(content: dict[str, Any], findings: Findings, pattern: str, kind: str) -> None:
    seen: dict[str, int] = {}
    for path, value in values_at(content, pattern):
        line = line_of(findings.sources[str(path[0])], path[1:])
        if str(value) in seen:
            findings.add(path, kind, value=_short(value), line=seen[str(value)])
        seen.setdefault(str(value), line)


def values_at(content: Any, pattern: str) -> Iterator[tuple[Path_, Any]]:
    """Yield path and value of everything at a path like "areas.*.districts.*"; wrong shapes are skipped."""
    yield from _values(content, pattern.split("."), ())


def _values(node: Any, steps: list[str], path: Path_) -> Iterator[tuple[Path_, Any]]:
    if not steps:
        if node is not None and not isinstance(node, dict | list):
            yield path, node
        return
    children: list[tuple[int | str, Any]] = []
    if steps[0] != ANY:
        children = [(steps[0], node[steps[0]])] if isinstance(node, dict) and steps[0] in node else []
    elif isinstance(node, list):
        children = list(enumerate(node))
    elif isinstance(node, dict):
        children = list(node.items())
    for step, child in children:
        yield from _values(child, steps[1:], (*path, step))
