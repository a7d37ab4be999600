"""Finds what is wrong between deadlines: rules that are never reached, reports that no rule is about."""

from datetime import time
from typing import Any

from pydantic import TypeAdapter, ValidationError

from desk.deadline_rules import DeadlineRule, WorkingTime
from desk.digest import UNTIL
from storage.city_findings import Findings, Path_, line_of
from storage.deadlines_schema import DeadlineEntry, rule_of
from storage.office_schema import Clock

CLOCK: TypeAdapter[Any] = TypeAdapter(Clock)
CONDITIONS = ("categories", "areas", "urgent")


def check_deadlines(content: dict[str, Any], findings: Findings) -> None:
    """Check deadlines as far as each can be read; what can't be is a mistake of its own already."""
    raw = content.get("deadlines")
    entries = raw if isinstance(raw, list) else []
    rules: list[tuple[Path_, DeadlineRule]] = []
    for at, entry in enumerate(entries):
        try:
            rules.append((("deadlines", at), rule_of(DeadlineEntry.model_validate(entry))))
        except ValidationError:
            continue
    for index, (path, rule) in enumerate(rules):
        before = next((one for one, earlier in rules[:index] if earlier.leaves_nothing_for(rule)), None)
        if before is not None:
            line = line_of(findings.sources["deadlines"], before[1:])
            findings.add(path, "never_reached", line=line)
    ends, report = _clock(content, ("working_time", "to")), _clock(content, ("report_at",))
    if report is not None and report >= (ends or WorkingTime().until):
        findings.add(("report_at",), "report_late")
    for path in _digests(content):
        digest = _clock(content, path)
        if digest is not None and digest >= UNTIL:
            findings.add(path, "digest_late")
    last = entries[-1] if entries else None
    if isinstance(last, dict) and any(last.get(name) is not None for name in CONDITIONS):
        findings.add(("deadlines", len(entries) - 1), "deadlines_not_for_all")


def _digests(content: dict[str, Any]) -> list[Path_]:
    """Return where a time of a digest may stand."""
    areas = content.get("areas")
    count = len(areas) if isinstance(areas, list) else 0
    return [("digest_at",), *(("areas", at, "digest_at") for at in range(count))]


def _clock(content: dict[str, Any], path: Path_) -> time | None:
    """Return the time of day at a path, None where there is none that can be read."""
    node: Any = content
    for step in path:
        if isinstance(node, list) and isinstance(step, int):
            node = node[step]
        else:
            node = node.get(step) if isinstance(node, dict) else None
    try:
        found: time = CLOCK.validate_python(node)
    except ValidationError:
        return None
    return found
