"""What becomes of pins and addresses in one system: counts, and how long an answer takes."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from places_town import House, Town
from understanding_scores import quantile

from desk.places import Located, Locator, Status

RIGHT, WELL_ASKED, ASKED_WRONG = (
    "resolved right",
    "asked, the right one offered",
    "asked without the right one",
)
WRONG, MISSED = "resolved wrongly", "not found"
OUTCOMES = (RIGHT, WELL_ASKED, ASKED_WRONG, WRONG, MISSED)


@dataclass(kw_only=True)
class Tally:
    """Outcomes of many questions to one system."""

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    first: int = 0
    """How often the right district was the answer or stood first among the choices."""
    most_asked: int = 0
    """The most questions it took until the district was known."""
    misses: list[tuple[str, str, str]] = field(default_factory=list)
    """Text, what came of it, and what would have been right."""

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            outcomes=self.outcomes + other.outcomes,
            seconds=self.seconds + other.seconds,
            first=self.first + other.first,
            most_asked=max(self.most_asked, other.most_asked),
            misses=self.misses + other.misses,
        )

    def ask(self, call: Callable[[], Located], right: Collection[str], *, shown: str = "") -> Located:
        """Ask once, note the time and what came of it."""
        begin = time.perf_counter()
        located = call()
        self.seconds.append(time.perf_counter() - begin)
        result = outcome(located, right)
        self.outcomes[result] += 1
        self.first += located.candidates[:1] != () and located.candidates[0] in right
        if shown and result not in {RIGHT, WELL_ASKED}:
            self.misses.append((shown, f"{result} {located.candidates}", "/".join(right)))
        return located

    def share(self, *outcomes: str) -> float:
        """Return the percentage of some outcomes."""
        return 100 * sum(self.outcomes[one] for one in outcomes) / max(1, self.outcomes.total())

    def measures(self) -> dict[str, float]:
        """Return what the table shows, by key; times in milliseconds."""
        return {
            "good": self.share(RIGHT, WELL_ASKED),
            "first": 100 * self.first / max(1, self.outcomes.total()),
            **{one: self.share(one) for one in OUTCOMES},
            "wrong": self.outcomes[WRONG],
            "most_asked": self.most_asked,
            "p50": quantile(self.seconds, 0.5) * 1000,
            "p95": quantile(self.seconds, 0.95) * 1000,
        }


def outcome(located: Located, right: Collection[str]) -> str:
    """Say what one answer is worth."""
    if located.status is Status.RESOLVED:
        return RIGHT if located.district in right else WRONG
    if located.status is Status.AMBIGUOUS:
        return WELL_ASKED if set(right) & set(located.candidates) else ASKED_WRONG
    return MISSED


def of_pins(locator: Locator, houses: Iterable[House]) -> Tally:
    """Ask for the district of every house by its coordinate alone."""
    tally = Tally()
    for house in houses:
        if house.district:
            tally.ask(lambda at=house.point: locator.at(*at), {house.district})  # type: ignore[misc]
    return tally


def of_words(locator: Locator, texts: Iterable[tuple[str, Collection[str]]]) -> Tally:
    """Ask for the district of every text."""
    tally = Tally()
    for text, right in texts:
        tally.ask(lambda said=text: locator.find(said), right, shown=text)  # type: ignore[misc]
    return tally


def of_dialogues(locator: Locator, town: Town) -> Tally:
    """Send every house as a pin and answer what is asked, by button where the district is offered."""
    tally = Tally()
    for house in town.houses:
        if not house.district:
            continue
        located = tally.ask(lambda at=house.point: locator.at(*at), {house.district})  # type: ignore[misc]
        questions = int(located.status is not Status.RESOLVED)
        if questions and house.district not in located.candidates:
            typed = locator.find(house.district)
            questions += 1 + (outcome(typed, {house.district}) != RIGHT)
        tally.most_asked = max(tally.most_asked, questions)
    return tally
