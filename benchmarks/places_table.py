"""The table of `places.py`: what each row is called and what it has to reach."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from places_counts import OUTCOMES
from places_spellings import CORNERS, SPELLINGS

Results = Mapping[str, Mapping[str, float]]
"""System -> key of a measure -> value."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One row; `target` is the least value wanted of our system, or the most when `at_most`."""

    key: str
    label: str
    unit: str = "%"
    target: float | None = None
    at_most: bool = False

    @property
    def wanted(self) -> str:
        """The target as it is printed."""
        return "" if self.target is None else f"{'≤' if self.at_most else '≥'} {self.target:g} {self.unit}"

    def shown(self, value: float | None) -> str:
        """Return a value as it is printed."""
        digits = {"%": 3, "ms": 3, "MB": 0, "": 0}[self.unit]
        return "-" if value is None else f"{value:,.{digits}f} {self.unit}".rstrip()


PINS = (
    Metric(key="pins first", label="right district, named or asked about first", target=100),
    Metric(key="pins resolved right", label="resolved right"),
    Metric(key="pins asked, the right one offered", label="asked, the right one offered"),
    Metric(key="pins wrong", label="resolved wrongly", unit="", target=0, at_most=True),
    Metric(key="pins p50", label="p50", unit="ms"),
    Metric(key="pins p95", label="p95", unit="ms", target=1, at_most=True),
)
WORDS = (
    Metric(key="words good", label="resolved right or the right one offered", target=98),
    *(
        Metric(
            key=f"words {one}",
            label=one,
            target=0.2 if one == "resolved wrongly" else None,
            at_most=True,
        )
        for one in OUTCOMES
    ),
    Metric(key="words p50", label="p50", unit="ms"),
    Metric(key="words p95", label="p95", unit="ms", target=10, at_most=True),
)
WITHOUT = (
    Metric(key="without wrong", label="pins resolved wrongly", unit="", target=0, at_most=True),
    Metric(key="without good", label="pins whose district is among the buttons"),
    Metric(key="without most_asked", label="most questions for a pin", unit="", target=2, at_most=True),
    Metric(key="without words wrong", label="addresses resolved wrongly", unit=""),
    Metric(key="without p95", label="pins, p95", unit="ms"),
)
OPENING = (
    Metric(key="open", label="index opened and ready", unit="ms", target=100, at_most=True),
    Metric(key="file", label="of it reading the file", unit="ms"),
    Metric(key="growth", label="memory (RSS) it takes", unit="MB", target=150, at_most=True),
    Metric(key="memory", label="memory (RSS) of the process", unit="MB"),
)


def _spelled() -> tuple[Metric, ...]:
    return tuple(
        metric
        for name in (*SPELLINGS, CORNERS)
        for metric in (
            Metric(key=f"{name} good", label=f"{name}: right or offered"),
            Metric(key=f"{name} resolved wrongly", label=f"{name}: resolved wrongly"),
        )
    )


SECTIONS = {
    "official coordinates": PINS,
    "addresses, eight spellings": WORDS,
    "each spelling": _spelled(),
    "without place data": WITHOUT,
    "opening the index": OPENING,
}


def table(results: Results) -> str:
    """Return the table; a row nobody has a value for is left out."""
    lines = [f"{'':56}{'target':>10}" + "".join(f"{system:>28}" for system in results)]
    for heading, metrics in SECTIONS.items():
        known = [one for one in metrics if any(one.key in values for values in results.values())]
        rows = [_line(one, results) for one in known]
        lines += ["", heading, *rows]
    return "\n".join(lines)


def _line(metric: Metric, results: Results) -> str:
    values = (metric.shown(result.get(metric.key)) for result in results.values())
    return f"  {metric.label:54}{metric.wanted:>10}" + "".join(f"{value:>28}" for value in values)


def write_json(target: Path, results: Results) -> None:
    """Write the rows that have a value."""
    rows = [
        {
            "system": system,
            "metric": f"{heading}: {metric.label}",
            "value": round(result[metric.key], 4),
            "unit": metric.unit,
        }
        for heading, metrics in SECTIONS.items()
        for metric in metrics
        for system, result in results.items()
        if metric.key in result
    ]
    content = json.dumps({"benchmark": "places", "rows": rows}, indent=2, ensure_ascii=False)
    target.write_text(f"{content}\n", encoding="utf-8")
