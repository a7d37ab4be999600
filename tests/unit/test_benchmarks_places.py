"""What the benchmark of places counts, and how it spells addresses."""

import sys
from pathlib import Path
from random import Random

import pytest

from desk.nearest_centres import NearestCentres
from desk.places import Located, Status, ambiguous, resolved
from desk.spelling import key
from tests.invented_town import TOWN

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

from places_counts import (
    ASKED_WRONG,
    MISSED,
    RIGHT,
    WELL_ASKED,
    WRONG,
    Tally,
    of_dialogues,
    outcome,
)
from places_spellings import SPELLINGS, corner
from places_town import House, Town

HOUSE = House(street="Lange Straße-Süd Str.", number="12a", point=(50.01, 8.005), district="Nordend")
ACROSS = House(street="Querweg", number="1", point=(50.0102, 8.005), district="Westend")
FAR = House(street="Klosterhofstr.", number="5", point=(50.03, 8.015), district="Nordend")


def chance(seed: int) -> Random:
    """Chance that can be repeated."""
    return Random(seed)  # noqa: S311


@pytest.fixture
def town() -> Town:
    """Three houses, two of them at a corner."""
    return Town(city=TOWN, houses=[HOUSE, ACROSS, FAR])


@pytest.mark.parametrize(
    ("located", "worth"),
    [
        (resolved("Nordend"), RIGHT),
        (resolved("Westend"), WRONG),
        (ambiguous(("Westend", "Nordend")), WELL_ASKED),
        (ambiguous(("Westend",)), ASKED_WRONG),
        (Located(status=Status.UNKNOWN), MISSED),
        (Located(status=Status.OUTSIDE), MISSED),
    ],
)
def test_answers_are_weighed(located: Located, worth: str) -> None:
    """A wrong district without asking is the one thing that counts as wrong."""
    assert outcome(located, {"Nordend"}) == worth


def test_a_tally_adds_up() -> None:
    """Shares are per cent of all questions, also over two tallies."""
    one, other = Tally(), Tally()
    one.ask(lambda: resolved("Nordend"), {"Nordend"})
    other.ask(lambda: resolved("Westend"), {"Nordend"}, shown="Weg 1")
    both = one + other
    assert both.measures()["good"] == both.share(WRONG) == 50
    assert [text for text, _, _ in both.misses] == ["Weg 1"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("as official", "Lange Straße-Süd Str. 12a"),
        ("joined and abbreviated", "Lange Straße Südstr 12a"),
        ("lower case, in full", "lange straße-süd straße 12 a"),
        ("without Straße", "Lange Straße-Süd 12a"),
        ("ae, oe, ue, ss", "Lange Strasse-Sued Strasse 12a"),
        ("number before street", "12a Lange Straße-Süd Straße"),
    ],
)
def test_addresses_are_spelled_in_ways_of_their_own(name: str, text: str, town: Town) -> None:
    """Each spelling changes what it says it does, and nothing else."""
    assert SPELLINGS[name](HOUSE, town, chance(1)) == text


def test_the_place_behind_is_right(town: Town) -> None:
    """Only the house's own district or a postcode of it stands behind the address."""
    written = {SPELLINGS["postcode or district behind"](HOUSE, town, chance(seed)) for seed in range(50)}
    assert any("Nordend" in text for text in written)
    assert any("12345" in text for text in written)
    assert not any("Westend" in text for text in written)


def test_a_typing_error_is_one(town: Town) -> None:
    """The text keeps its length but for one letter, and its number."""
    for seed in range(50):
        text = SPELLINGS["one typing error"](HOUSE, town, chance(seed))
        assert abs(len(text) - len("Lange Straße-Süd Str. 12a")) <= 1
        assert text.endswith(" 12a")


def test_a_corner_has_the_districts_of_both_houses(town: Town) -> None:
    """The nearest house of another street makes the corner; where none is near there is none."""
    found = corner(HOUSE, town, chance(1))
    assert found is not None
    assert key(HOUSE.street) in key(found[0])
    assert found[1] == {"Nordend", "Westend"}
    assert corner(FAR, town, chance(1)) is None


def test_a_pin_without_data_takes_one_question(town: Town) -> None:
    """The dialogue is played to its end: with all districts on buttons one question is enough."""
    tally = of_dialogues(NearestCentres(TOWN), town)
    assert tally.most_asked == 1
    assert tally.share(WELL_ASKED) == 100
