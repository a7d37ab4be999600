"""Finds what is wrong between areas: streets in two of them, rules that are never reached."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pydantic import TypeAdapter, ValidationError

from desk.area_rules import Rule, StreetPart
from storage.area_files import rule_of, streets_of
from storage.area_schema import RuleEntry, StreetEntry
from storage.city_findings import Findings, Path_, line_of
from storage.city_mistakes import values_at

STREET: TypeAdapter[Any] = TypeAdapter(StreetEntry)
RULE: TypeAdapter[Any] = TypeAdapter(RuleEntry)
UNCERTAIN = ("M", "L", "S")
FACTS = ("carriers", "areas", "offices", "referrals")


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A part of a street and where it stands in the file."""

    path: Path_
    part: StreetPart


def check_areas(content: dict[str, Any], findings: Findings) -> None:
    """Check areas as far as each entry can be read; what can't be is a mistake of its own already."""
    areas: list[tuple[Path_, dict[str, Any]]] = [
        (("areas", at), area) for at, area in _mappings(content.get("areas"))
    ]
    for path, area in areas:
        _check_area(path, area, findings)
    _check_streets([part for path, area in areas for part in _parts(path, area, findings)], findings)
    _check_rules(("rules",), content.get("rules"), findings)
    cared_for = {str(name): path for path, name in values_at(content, "areas.*.districts.*")}
    for path, name in values_at(content, "without_caretakers.*"):
        if str(name) in cared_for:
            findings.add(path, "cared_for", value=name, line=_line(cared_for[str(name)], findings))
    for section in FACTS:
        for at, entry in _mappings(content.get(section)):
            if entry.get("confidence") in UNCERTAIN and entry.get("check") is not True:
                findings.add((section, at), "unmarked")


def _check_area(path: Path_, area: dict[str, Any], findings: Findings) -> None:
    if (area.get("carrier") is None) != bool(area.get("unassigned")):
        findings.add(path, "carrier_or_unassigned")
    if not area.get("districts") and not area.get("streets"):
        findings.add(path, "covers_nothing")
    if area.get("substitute") is not None and area.get("substitute") == area.get("id"):
        findings.add((*path, "substitute"), "own_substitute")
    rules = _check_rules((*path, "rules"), area.get("rules"), findings)
    own = area.get("districts")
    if isinstance(own, list) and not area.get("streets"):
        for rule_path, rule in rules:
            if rule.districts and not set(rule.districts) & set(map(str, own)):
                findings.add((*rule_path, "districts"), "rule_elsewhere")


def _check_rules(path: Path_, raw: Any, findings: Findings) -> list[tuple[Path_, Rule]]:
    """Note rules nothing is left for; return those that can be read."""
    rules: list[tuple[Path_, Rule]] = []
    for at, entry in _mappings(raw):
        try:
            rules.append(((*path, at), rule_of(RULE.validate_python(entry))))
        except ValidationError:
            continue
    for index, (rule_path, rule) in enumerate(rules):
        before = next((one for one, earlier in rules[:index] if earlier.leaves_nothing_for(rule)), None)
        if before is not None:
            findings.add(rule_path, "never_reached", line=_line(before, findings))
    return rules


def _parts(path: Path_, area: dict[str, Any], findings: Findings) -> Iterator[_Part]:
    districts, streets = area.get("districts") or [], area.get("streets")
    only = str(districts[0]) if isinstance(districts, list) and len(districts) == 1 else None
    for at, entry in enumerate(streets if isinstance(streets, list) else ()):
        try:
            street = STREET.validate_python(entry)
        except ValidationError:
            continue
        (part,) = streets_of([street], only)
        if part.district is None:
            findings.add((*path, "streets", at), "street_without_district", value=part.name)
        yield _Part(path=(*path, "streets", at), part=part)


def _check_streets(parts: list[_Part], findings: Findings) -> None:
    for first, second in combinations(parts, 2):
        if first.part.overlaps(second.part):
            whole = first.part.whole and second.part.whole
            kind = "street_in_two_areas" if whole and first.path[:2] != second.path[:2] else "overlap"
            line = _line(first.path, findings)
            findings.add(second.path, kind, value=second.part.name, line=line)


def _mappings(raw: Any) -> list[tuple[int, dict[str, Any]]]:
    entries = raw if isinstance(raw, list) else []
    return [(at, entry) for at, entry in enumerate(entries) if isinstance(entry, dict)]


def _line(path: Path_, findings: Findings) -> int:
    return line_of(findings.sources[str(path[0])], path[1:])
