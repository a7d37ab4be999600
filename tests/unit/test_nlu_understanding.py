import io
import json
from pathlib import Path

import pytest
import yaml

from desk.categories import Categories
from kuemmerkasten.commands.understand import arrivals, messages
from nlu.understanding import KIND_OF_INTENT, nothing, understanding
from storage.categories import load_categories

DATA = Path(__file__).parents[2] / "nlu" / "data"
KINDS = {
    "dirt", "noise", "conflict", "other_defect", "emergency", "office_hours", "question", "ticket_status",
    "smalltalk", "out_of_scope",
}  # fmt: skip


@pytest.fixture
def categories() -> Categories:
    """The categories as they ship."""
    return load_categories()


def test_every_intent_has_a_kind_of_the_contract() -> None:
    """The table yields exactly the kinds that are promised."""
    assert set(KIND_OF_INTENT.values()) == KINDS


def test_a_report_has_kind_category_and_place() -> None:
    """The first place counts, times are left out."""
    parse_data = {
        "intent": {"name": "report_dirt", "confidence": 0.91234567},
        "category": {"name": "litter", "confidence": 0.5},
        "entities": [
            {"entity": "time", "value": "seit gestern"},
            {"entity": "place", "value": "Lindenstr. 4"},
            {"entity": "place", "value": "Katernberg"},
        ],
    }
    assert understanding("x", parse_data).as_json() == {
        "text": "x",
        "kind": "dirt",
        "intent": "report_dirt",
        "confidence": 0.9123,
        "category": "litter",
        "place": "Lindenstr. 4",
    }


@pytest.mark.parametrize("intent", ["emergency", "ask_question", "nlu_fallback", "no_such_intent", None])
def test_only_reports_have_a_category(intent: str | None) -> None:
    """A category beside another kind is not shown; an unknown intent counts as out of scope."""
    parse_data = {"intent": {"name": intent, "confidence": 1.0}, "category": {"name": "litter"}}
    found = understanding("x", parse_data)
    assert found.category is None
    assert found.kind in KINDS


def test_nothing_is_understood_of_nothing() -> None:
    """An empty message is out of scope without any confidence."""
    found = nothing("")
    assert (found.kind, found.confidence, found.place) == ("out_of_scope", 0.0, None)


LINES = {
    b"Hallo\n": "Hallo",
    b"Hallo\r\n": "Hallo",
    b"\n": "",
    b"  \n": "  ",
    b'{"text": "M\xc3\xbcll"}\n': "Müll",
    b'{"text": "a", "more": 1}': "a",
    b'{"text": 3}': '{"text": 3}',
    b'{"words": "a"}': '{"words": "a"}',
    b"{broken": "{broken",
    b"[1, 2]": "[1, 2]",
    b"{" * 100_000: "{" * 100_000,
    b"\xff\xfe": "\ufffd\ufffd",
    b"/restart": "/restart",
    b"\xef\xbb\xbfHallo": "Hallo",
    b'{"text": "\\ud800"}': "\ud800",
}


@pytest.mark.parametrize(("line", "text"), LINES.items(), ids=range(len(LINES)))
def test_a_line_is_plain_text_or_an_object_with_text(line: bytes, text: str) -> None:
    """What is no JSON object with "text" is a message as it stands; broken bytes are replaced."""
    assert [text for lines in arrivals(io.BytesIO(line)) for text in messages(lines)] == [text]


def test_lines_stay_in_order() -> None:
    """One message a line, none lost, none joined."""
    lines = [f"Meldung {n}" for n in range(100)]
    mixed = [json.dumps({"text": line}) if n % 2 else line for n, line in enumerate(lines)]
    pieces = arrivals(io.BytesIO("\n".join(mixed).encode()))
    assert [text for piece in pieces for text in messages(piece)] == lines


def test_categories_of_the_training_data_are_those_of_the_buttons(categories: Categories) -> None:
    """What the classifier can say has a label, and every button can be understood from text."""
    for kind in categories.kinds:
        files = [
            yaml.safe_load(file.read_text(encoding="utf-8")) for file in DATA.glob(f"report_{kind.id}*.yml")
        ]
        blocks = [block for file in files for block in file["nlu"]]
        trained = {block["metadata"]["category"] for block in blocks if "metadata" in block}
        assert trained == {category.id for category in kind.categories}
