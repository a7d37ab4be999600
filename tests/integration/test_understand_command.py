"""`kuemmerkasten understand` over a model trained here from a handful of messages."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kuemmerkasten.cli import main

ROOT = Path(__file__).parents[2]
PER_BLOCK = 12
DOMAIN = {
    "version": "3.1",
    "entities": ["place", "time"],
    "responses": {"utter_internal_error": [{"text": "x"}], "utter_default": [{"text": "x"}]},
}
RULES = {
    "version": "3.1",
    "rules": [{"rule": "x", "steps": [{"intent": "affirm"}, {"action": "utter_default"}]}],
}
KEYS = ["text", "kind", "intent", "confidence", "category", "place"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the shipped configuration and the first messages of every block of the shipped data."""
    from nlu.engine.training import train

    root = tmp_path_factory.mktemp("project")
    (root / "nlu" / "data").mkdir(parents=True)
    intents = []
    for path in sorted((ROOT / "nlu" / "data").glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "nlu" not in content:
            continue
        for block in content["nlu"]:
            block["examples"] = "".join(block["examples"].splitlines(keepends=True)[:PER_BLOCK])
            intents.append(block["intent"])
        _write(root / "nlu" / "data" / path.name, content)
    _write(root / "nlu" / "data" / "rules.yml", RULES)
    _write(root / "domain.yml", {**DOMAIN, "intents": sorted(set(intents))})
    (root / "config.yml").write_text((ROOT / "config.yml").read_text(encoding="utf-8"), encoding="utf-8")
    return train(root, progress=lambda _done, _total, _step: None)


def _write(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _understand(model: Path, lines: bytes, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    source, target = io.BytesIO(lines), io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(source))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(target))
    assert main(["understand", "--model", str(model)]) == 0
    return [json.loads(line) for line in target.getvalue().splitlines()]


def test_each_line_gets_one_answer_in_its_order(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain text and JSON lines are answered alike, with exactly the promised fields."""
    lines = 'Sperrmüll vor der Lindenstr. 12\n{"text": "es brennt im Keller"}\n\nlaute Musik jede Nacht\n'
    found = _understand(model, lines.encode(), monkeypatch)
    assert [list(answer) for answer in found] == [KEYS] * 4
    assert [answer["text"] for answer in found] == [
        "Sperrmüll vor der Lindenstr. 12",
        "es brennt im Keller",
        "",
        "laute Musik jede Nacht",
    ]
    assert [answer["kind"] for answer in found] == ["dirt", "emergency", "out_of_scope", "noise"]
    assert found[0]["place"] == "Lindenstr. 12"
    assert found[0]["category"] == "bulky_waste"
    assert found[1]["confidence"] == 1.0
    assert found[2]["confidence"] == 0.0


STRANGE = [
    "a" * 5000,
    "Müll " * 1000,
    "\x00",
    "{kein JSON",
    '{"text": "\\ud83d Müll"}',
    '{"text": "\\u0000"}',
    "/restart",
    '/report_dirt{"a":1}',
    "🔥🔥🔥",
    "<b>&amp;*_`[](",
    "\u200b\u202e",
]


def test_strange_lines_are_answered_too(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing a line may contain is an error, and none becomes an intent by its first character."""
    found = _understand(model, "\n".join(STRANGE).encode(), monkeypatch)
    assert len(found) == len(STRANGE)
    assert not any(answer["confidence"] == 1.0 for answer in found)


def test_it_answers_while_the_other_end_waits(model: Path) -> None:
    """A program that sends one line and waits gets its answer before it sends the next."""
    with subprocess.Popen(
        [sys.executable, "-m", "kuemmerkasten", "understand", "--model", str(model)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text in ("Hallo", "Hundekot im Park"):
            process.stdin.write(f"{text}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["text"] == text
        process.stdin.close()
        assert process.wait() == 0


def test_without_a_model_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A model that is not there gets one German sentence and status 1."""
    assert main(["understand", "--model", str(tmp_path / "none.tar.gz")]) == 1
    assert "kuemmerkasten train" in capsys.readouterr().err
