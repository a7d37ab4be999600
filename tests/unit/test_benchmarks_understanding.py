"""What the benchmark of the understanding counts, and how it spells messages otherwise."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.understanding_messages import Reading, moved_span
from benchmarks.understanding_scores import (
    balanced_accuracy,
    f1,
    false_alarms,
    macro_f1,
    overlap_f1,
    quantile,
    recall,
    share,
    threshold_at_loss,
)
from benchmarks.understanding_spelling import VARIANTS, with_typing_errors
from nlu.text import for_understanding

TRUTH = ["dirt", "dirt", "dirt", "noise"]
GUESSES = ["dirt", "dirt", "noise", "noise"]


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    """Two of three found without a false one make 0.8; one found with a false one makes two thirds."""
    assert f1(TRUTH, GUESSES, "dirt") == pytest.approx(0.8)
    assert f1(TRUTH, GUESSES, "noise") == pytest.approx(2 / 3)
    assert f1(TRUTH, GUESSES, "conflict") == 0


def test_macro_f1_weighs_rare_kinds_like_frequent_ones() -> None:
    """It is the mean over the kinds that occur, whatever else was guessed."""
    assert macro_f1(TRUTH, GUESSES) == pytest.approx((0.8 + 2 / 3) / 2)
    assert macro_f1(["dirt"] * 9 + ["noise"], ["dirt"] * 10) == pytest.approx((18 / 19) / 2)
    assert macro_f1(["dirt", "dirt"], ["dirt", "smalltalk"]) == pytest.approx(2 / 3)
    assert math.isnan(macro_f1([], []))


def test_recall_and_false_alarms_look_at_different_messages() -> None:
    """Recall counts among the messages of the kind, false alarms among all others."""
    truth = ["emergency", "emergency", "dirt", "noise", "noise"]
    guesses = ["emergency", "dirt", "emergency", "noise", "noise"]
    assert recall(truth, guesses, "emergency") == pytest.approx(1 / 2)
    assert false_alarms(truth, guesses, "emergency") == pytest.approx(1 / 3)
    assert math.isnan(recall(["dirt"], ["dirt"], "emergency"))


def test_balanced_accuracy_is_half_for_who_always_says_the_same() -> None:
    """However unequal the two kinds are."""
    assert balanced_accuracy(["other_defect"] * 8 + ["dirt"] * 2, ["other_defect"] * 10) == pytest.approx(0.5)


def test_the_threshold_loses_exactly_the_share_allowed() -> None:
    """Of a hundred different confidences three lie below it."""
    confidences = [number / 100 for number in range(100)]
    threshold = threshold_at_loss(reversed(confidences), 0.03)
    assert sum(confidence < threshold for confidence in confidences) == 3


@given(st.lists(st.floats(0, 1), min_size=1), st.floats(0, 0.5))
def test_the_threshold_never_loses_more_than_allowed(confidences: list[float], loss: float) -> None:
    """Equal confidences are kept together rather than lost together."""
    threshold = threshold_at_loss(confidences, loss)
    assert share(confidence < threshold for confidence in confidences) <= loss


def test_a_place_counts_as_found_when_it_overlaps_one_of_the_messages_own() -> None:
    """Two hits, a place beside the marked one, one invented and one overlooked: F1 is 2·2 / (4 + 4)."""
    truth = [[(0, 9)], [(0, 3), (20, 29)], [(5, 9)], [], [(1, 4)]]
    found = [(4, 12), (22, 25), (9, 12), (3, 8), None]
    assert overlap_f1(truth, found) == pytest.approx(0.5)
    assert overlap_f1([[(0, 9)]], [None]) == 0
    assert math.isnan(overlap_f1([[]], [None]))


def test_quantiles_are_values_that_were_measured() -> None:
    """p95 of 1 to 100 is the value that 95 lie below; of one value it is that one."""
    assert quantile([float(number) for number in range(100, 0, -1)], 0.95) == 96
    assert quantile([7.0], 0.95) == 7


@pytest.mark.parametrize(
    ("variant", "text", "expected"),
    [
        ("ae/oe/ue", "Übler Müll, Größe XL", "Uebler Muell, Groesse XL"),
        ("dropped umlauts", "Übler Müll, Größe XL", "Ubler Mull, Grosse XL"),
        ("lower case", "Übler Müll, Größe XL", "übler müll, größe xl"),
    ],
)
def test_messages_are_spelled_otherwise(variant: str, text: str, expected: str) -> None:
    """Umlauts and capitals change as the variant's name says, nothing else does."""
    assert VARIANTS[variant](text) == expected


def test_typing_errors_hit_eight_per_cent_of_the_letters() -> None:
    """Of many letters about that share is wrong, and everything that is no letter stays."""
    text = "".join(f"{number}a" for number in range(10_000))
    typed = with_typing_errors(text)
    signs = iter(typed)
    assert all(sign in signs for sign in text if not sign.isalpha())
    assert 0.90 < typed.count("a") / 10_000 < 0.98  # doubled letters make up for a quarter of the wrong ones


@given(st.text())
def test_typing_errors_are_the_same_every_time(text: str) -> None:
    """The benchmark can be repeated: chance depends on the text alone."""
    assert with_typing_errors(text) == with_typing_errors(text)


@given(st.text(), st.text(alphabet="abcäöü 12", min_size=1).map(str.strip).filter(bool), st.text())
def test_a_marked_place_stays_marked_when_the_text_is_tidied(before: str, place: str, after: str) -> None:
    """The span moves along with spaces and invisible signs that go."""
    text = f"{before}, {place}, {after}"
    start = len(before) + 2
    begin, end = moved_span(text, (start, start + len(place)))
    assert for_understanding(text)[begin:end] == for_understanding(place)


def test_kinds_sum_up_the_labels_a_peer_learned() -> None:
    """Many likely categories of one kind outweigh one likelier label, moves of the dialogue are smalltalk."""
    reading = Reading.of_labels(
        {
            "report_dirt+litter": 0.2,
            "report_dirt+vermin": 0.25,
            "out_of_scope": 0.3,
            "affirm": 0.1,
            "smalltalk": 0.15,
        }
    )
    assert (reading.kind, reading.category) == ("dirt", "vermin")
    assert reading.kinds == pytest.approx({"dirt": 0.45, "out_of_scope": 0.3, "smalltalk": 0.25})
    assert reading.in_scope == pytest.approx(0.7)


def test_kinds_that_are_no_reports_have_no_category() -> None:
    """Whatever stands behind the intent."""
    reading = Reading.of_labels({"ask_question+privacy": 0.9, "smalltalk": 0.1})
    assert (reading.kind, reading.category) == ("question", None)
