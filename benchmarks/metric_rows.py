"""Rows of a benchmark's table: what each is called, what it has to reach, how it is printed and written."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Results = Mapping[str, Mapping[str, float]]
"""System -> key of a measure -> value."""
DIGITS = {"": 3, "%": 1, "messages": 0, "MB": 0}
"""Digits behind the point by unit; others have two."""


@dataclass(frozen=True)
class Metric:
    """One row; `target` is the least value wanted of our system, or the most when `at_most`."""

    key: str
    label: str
    unit: str = ""
    target: float | None = None
    at_most: bool = False
    digits: int | None = None

    @property
    def wanted(self) -> str:
        """The target as it is printed."""
        return "" if self.target is None else f"{'≤' if self.at_most else '≥'} {self.target:g} {self.unit}"

    def value(self, result: Mapping[str, float]) -> float:
        """Return a system's value, not a number where it has none."""
        return result.get(self.key, math.nan)

    def shown(self, value: float) -> str:
        """Return a value as it is printed."""
        digits = DIGITS.get(self.unit, 2) if self.digits is None else self.digits
        return "-" if math.isnan(value) else f"{value:,.{digits}f} {self.unit}".rstrip()


Sections = Mapping[str, Sequence[Metric]]
"""Heading -> its rows."""


def table(results: Results, sections: Sections, *, label: int, target: int, column: int) -> str:
    """Return the table, its columns so many characters wide; a row nobody has a value for is left out."""
    lines = [f"{'':{label + 2}}{'target':>{target}}" + "".join(f"{system:>{column}}" for system in results)]
    for heading, metrics in sections.items():
        known = [one for one in metrics if any(one.key in values for values in results.values())]
        rows = [
            f"  {one.label:{label}}{one.wanted:>{target}}"
            + "".join(f"{one.shown(one.value(result)):>{column}}" for result in results.values())
            for one in known
        ]
        lines += ["", heading, *rows] if rows else []
    return "\n".join(lines)


def write_json(path: Path, benchmark: str, results: Results, sections: Sections) -> None:
    """Write the rows that have a value."""
    rows = [
        {
            "system": system,
            "metric": f"{heading}: {metric.label}",
            "value": round(metric.value(result), 4),
            "unit": metric.unit,
        }
        for heading, metrics in sections.items()
        for metric in metrics
        for system, result in results.items()
        if not math.isnan(metric.value(result))
    ]
    content = json.dumps({"benchmark": benchmark, "rows": rows}, indent=2, ensure_ascii=False)
    path.write_text(f"{content}\n", encoding="utf-8")
