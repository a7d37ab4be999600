"""The table of `places.py`: what each row is called and what it has to reach."""

from functools import partial

from metric_rows import Metric
from places_counts import OUTCOMES
from places_spellings import CORNERS, SPELLINGS

share = partial(Metric, unit="%", digits=3)
milliseconds = partial(Metric, unit="ms", digits=3)
count = partial(Metric, digits=0)

PINS = (
    share(key="pins first", label="right district, named or asked about first", target=100),
    share(key="pins resolved right", label="resolved right"),
    share(key="pins asked, the right one offered", label="asked, the right one offered"),
    count(key="pins wrong", label="resolved wrongly", target=0, at_most=True),
    milliseconds(key="pins p50", label="p50"),
    milliseconds(key="pins p95", label="p95", target=1, at_most=True),
)
WORDS = (
    share(key="words good", label="resolved right or the right one offered", target=98),
    *(
        share(
            key=f"words {one}",
            label=one,
            target=0.2 if one == "resolved wrongly" else None,
            at_most=True,
        )
        for one in OUTCOMES
    ),
    milliseconds(key="words p50", label="p50"),
    milliseconds(key="words p95", label="p95", target=10, at_most=True),
)
WITHOUT = (
    count(key="without wrong", label="pins resolved wrongly", target=0, at_most=True),
    share(key="without good", label="pins whose district is among the buttons"),
    count(key="without most_asked", label="most questions for a pin", target=2, at_most=True),
    count(key="without words wrong", label="addresses resolved wrongly"),
    milliseconds(key="without p95", label="pins, p95"),
)
OPENING = (
    milliseconds(key="open", label="index opened and ready", target=100, at_most=True),
    milliseconds(key="file", label="of it reading the file"),
    Metric(key="growth", label="memory (RSS) it takes", unit="MB", target=150, at_most=True),
    Metric(key="memory", label="memory (RSS) of the process", unit="MB"),
)


def _spelled() -> tuple[Metric, ...]:
    return tuple(
        metric
        for name in (*SPELLINGS, CORNERS)
        for metric in (
            share(key=f"{name} good", label=f"{name}: right or offered"),
            share(key=f"{name} resolved wrongly", label=f"{name}: resolved wrongly"),
        )
    )


SECTIONS = {
    "official coordinates": PINS,
    "addresses, eight spellings": WORDS,
    "each spelling": _spelled(),
    "without place data": WITHOUT,
    "opening the index": OPENING,
}
