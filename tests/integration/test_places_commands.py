import hashlib
import io
import json
from pathlib import Path

import pytest

from kuemmerkasten.cli import main
from kuemmerkasten.commands import geo
from tests.open_data import city_with, write_folder


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty state folder, no place data."""
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    monkeypatch.delenv("GEO_DATA", raising=False)
    monkeypatch.delenv("CITY", raising=False)


def locate(
    lines: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, object]]:
    """Run `locate` on standard input and read its lines."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines)))
    assert main(["locate"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_locate_answers_line_by_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line gets one answer in order; carrier and caretaker are null where nobody is known."""
    rows = locate(b"Katernberg\nKray\nBredeney\n\nBottrop\nAltenessen\n", monkeypatch, capsys)
    assert rows[0] == {
        "input": "Katernberg",
        "status": "resolved",
        "district": "Katernberg",
        "carrier": "AWO Kreisverband Essen e.V.",
        "caretaker": "katernberg",
        "candidates": [],
    }
    assert [row["caretaker"] for row in rows] == ["katernberg", "koordination", None, None, None, None]
    assert [row["status"] for row in rows[3:]] == ["unknown", "outside", "ambiguous"]
    assert rows[5]["candidates"] == ["Altenessen-Süd", "Altenessen-Nord"]


def test_locate_survives_any_bytes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lines that are no text are unknown, not an error."""
    rows = locate(b"\xff\xfe\x00\n\xed\xa0\x80\n" + b"x" * 100_000, monkeypatch, capsys)
    assert [row["status"] for row in rows] == ["unknown"] * 3


def test_hours_answers_per_office(capsys: pytest.CaptureFixture[str]) -> None:
    """On the first Friday Kon-Takt is open till one; unknown hours are neither open nor closed."""
    assert main(["hours", "--at", "2026-12-04T12:00"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["kon-takt"]["open"] is True
    assert answer["kon-takt"]["closes_at"] == "2026-12-04T13:00+01:00"
    assert answer["kraysel"]["open"] is None
    assert answer["kraysel"]["reason"] == "unknown"


def test_hours_of_one_office_in_another_zone(capsys: pytest.CaptureFixture[str]) -> None:
    """A time with an offset is understood; `--office` limits the answer."""
    assert main(["hours", "--at", "2026-12-02T15:30:00Z", "--office", "frohnhausen"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["frohnhausen"]
    assert answer["frohnhausen"]["closes_at"] == "2026-12-02T17:30+01:00"


@pytest.mark.parametrize(
    "arguments",
    [
        ["hours", "--at", "morgen"],
        ["hours", "--at", "2026-02-30T10:00"],
        ["hours", "--at", "0001-01-01"],
        ["hours", "--office", "nirgendwo"],
        ["geo", "import", "--from", "gibt-es-nicht"],
        ["geo", "info"],
    ],
)
def test_bad_input_gets_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Status 1, one sentence on stderr, nothing on stdout."""
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.strip().endswith(".")
    assert "Traceback" not in captured.err


@pytest.mark.parametrize("arguments", [["geo"], ["geo", "import"], ["hours", "--where"]])
def test_wrong_use_is_status_two(arguments: list[str]) -> None:
    """Missing or unknown options end with 2."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def test_geo_info_says_what_is_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After an import it shows what the import showed: counts, files with date and checksum, the source."""
    monkeypatch.setattr(geo, "load_city", lambda _: city_with())
    folder = write_folder(tmp_path / "open data")
    assert main(["geo", "import", "--from", str(folder)]) == 0
    imported = capsys.readouterr().out
    assert main(["geo", "info"]) == 0
    assert capsys.readouterr().out == imported
    checksum = hashlib.sha256((folder / "houses.zip").read_bytes()).hexdigest()
    for shown in ("4 Hauskoordinaten", "3 Stadtteile", "houses.zip", checksum, "Stadt Musterstadt"):
        assert shown in imported
