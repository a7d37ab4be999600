"""The table of `understanding.py`: what each row is called and what it has to reach."""

from metric_rows import Metric
from understanding_spelling import VARIANTS

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
