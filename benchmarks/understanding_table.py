"""The table of `understanding.py`: what each row is called and what it has to reach."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from understanding_spelling import VARIANTS

Results = Mapping[str, Mapping[str, float]]
"""System -> key of a measure -> value."""


@dataclass(frozen=True)
class Metric:
    """One row; `target` is the least value wanted, or the most when `at_most`, of our system."""

    key: str
    label: str
    unit: str = ""
    target: float | None = None
    at_most: bool = False

    @property
    def wanted(self) -> str:
        """The target as it is printed."""
        return "" if self.target is None else f"{'≤' if self.at_most else '≥'} {self.target:g} {self.unit}"

    def shown(self, value: float) -> str:
        """Return a value as it is printed."""
        digits = {"": 3, "%": 1, "messages": 0, "MB": 0}.get(self.unit, 2)
        return "-" if math.isnan(value) else f"{value:,.{digits}f} {self.unit}".rstrip()


HELD_OUT = (
    Metric("macro_f1", "macro-F1 over kinds", target=0.93),
    Metric("category", "category and kind right", "%"),
    Metric("oos", "out-of-scope recall at 3 % in-scope loss", "%", 90),
    Metric("emergency", "emergency recall", "%", 100),
    Metric("false_alarms", "emergency, false alarms", "%", 0.5, at_most=True),
)
"""Measured as written and in every other spelling."""

ACTING = (
    Metric("errors", "messages of a wrong kind", "messages"),
    Metric("error_ratio", "errors, ours / best peer's", "x", 0.5, at_most=True),
    Metric("oos_acting", "out-of-scope recall as it acts", "%"),
    Metric("turned_away", "in scope but turned away as it acts", "%"),
    Metric("places", "place found (overlap), F1"),
)
LOSSES = tuple(
    Metric(f"loss, {name}", "loss of macro-F1", "points", 5.0 if "typing" in name else 1.5, at_most=True)
    for name in VARIANTS
)
REAL = (
    Metric("real_strict", "dirt / other_defect, balanced accuracy", "%", 90),
    Metric("real_strict_no_bicycles", "the same without found bicycles", "%"),
    Metric("real_two", "the same, likelier of the two kinds", "%"),
    Metric("real_macro_f1", "macro-F1 over the labelled kinds"),
    Metric("real_oos", "out-of-scope recall at the threshold above", "%"),
    Metric("real_false_alarms", "emergency, false alarms (labelled)", "%"),
    Metric("real_alarms", "called emergency (unlabelled)", "%"),
    Metric("real_places", "place found (overlap), F1", target=0.85),
)
COST = (
    Metric("p50", "understanding one message, p50", "ms"),
    Metric("p95", "understanding one message, p95", "ms", 5, at_most=True),
    Metric("memory", "memory (RSS) once ready", "MB"),
    Metric("start_up", "libraries and model loaded in", "s"),
    Metric("training", "training, from start to stored model", "s"),
)


def sections() -> dict[str, tuple[Metric, ...]]:
    """Return the rows under their headings."""
    spelled = {
        name: (
            loss,
            *(Metric(f"{row.key}, {name}", row.label, row.unit) for row in HELD_OUT),
        )
        for name, loss in zip(VARIANTS, LOSSES, strict=True)
    }
    return {"held-out messages": (*HELD_OUT, *ACTING), **spelled, "real messages": REAL, "cost": COST}


def table(results: Results) -> str:
    """Return the table; a row nobody has a value for is left out."""
    lines = [f"{'':46}{'target':>14}" + "".join(f"{system:>22}" for system in results)]
    for heading, metrics in sections().items():
        rows = [
            _line(metric, results) for metric in metrics if any(metric.key in r for r in results.values())
        ]
        lines += ["", heading, *rows] if rows else []
    return "\n".join(lines)


def _line(metric: Metric, results: Results) -> str:
    values = (metric.shown(result.get(metric.key, math.nan)) for result in results.values())
    return f"  {metric.label:44}{metric.wanted:>14}" + "".join(f"{value:>22}" for value in values)


def write_json(target: Path, results: Results) -> None:
    """Write the rows that have a value."""
    rows = [
        {
            "system": system,
            "metric": f"{heading}: {metric.label}",
            "value": round(result[metric.key], 4),
            "unit": metric.unit,
        }
        for heading, metrics in sections().items()
        for metric in metrics
        for system, result in results.items()
        if not math.isnan(result.get(metric.key, math.nan))
    ]
    content = json.dumps({"benchmark": "understanding", "rows": rows}, indent=2, ensure_ascii=False)
    target.write_text(f"{content}\n", encoding="utf-8")
