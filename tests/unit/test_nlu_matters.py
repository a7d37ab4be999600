"""Two matters in one message: found where both are sure, never where one only sounds like another."""

from typing import Any

import pytest

from nlu.components.matters import as_json, matters, might_hold_two, parts


def outcome(name: str, confidence: float = 0.95) -> dict[str, Any]:
    """What a part was understood as."""
    return {"intent": {"name": name, "confidence": confidence}, "category": {"name": "c"}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ein Satz mit Wörtern.", ["Ein Satz mit Wörtern."]),
        (
            "Hier liegt ein Sofa. Hilfe! Oben ist laute Musik.",
            ["Hier liegt ein Sofa. Hilfe!", "Oben ist laute Musik."],
        ),
        ("Hier liegt ein Sofa außerdem dröhnt Musik", ["Hier liegt ein Sofa", "außerdem dröhnt Musik"]),
        ("", [""]),
    ],
)
def test_a_message_is_cut_into_sentences(text: str, expected: list[str]) -> None:
    """A cry of one word belongs to the sentence before it."""
    assert parts(text) == expected


def test_two_sure_matters_are_kept_apart() -> None:
    """Greeting and afterthought go with the matter they stand beside; the named one comes first."""
    found = matters(
        ["Guten Tag zusammen hier.", "Hier liegt Müll.", "Das stinkt mir.", "Oben ist Lärm."],
        [
            outcome("smalltalk"),
            outcome("report_dirt"),
            outcome("report_conflict", 0.5),
            outcome("report_noise"),
        ],
    )
    assert [one["text"] for one in as_json(found, first="report_noise")] == [
        "Oben ist Lärm.",
        "Guten Tag zusammen hier. Hier liegt Müll. Das stinkt mir.",
    ]


@pytest.mark.parametrize("second", [("report_dirt", 0.99), ("report_noise", 0.6), ("smalltalk", 0.99)])
def test_one_matter_said_in_two_sentences_is_one(second: tuple[str, float]) -> None:
    """The same again, a doubtful one, a greeting: nothing is split off."""
    found = matters(["Hier liegt Müll.", "Noch ein Satz dazu."], [outcome("report_dirt"), outcome(*second)])
    assert as_json(found, first="report_dirt") == []


def test_parts_are_only_read_where_the_whole_hints_at_two() -> None:
    """Most messages hold one matter; reading their parts would only cost time."""
    sure = [{"name": "report_dirt", "confidence": 0.97}, {"name": "report_noise", "confidence": 0.01}]
    torn = [{"name": "report_dirt", "confidence": 0.6}, {"name": "report_noise", "confidence": 0.3}]
    assert (might_hold_two(sure), might_hold_two(torn)) == (False, True)
