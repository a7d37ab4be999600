"""House rules of the repository: languages, sizes, layers, documentation, what must never be in it."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from desk.city import City
from kuemmerkasten.cli import COMMANDS
from storage.city_files import known_cities, load_city

ROOT = Path(__file__).parent.parent.parent
SHARED = ROOT.parent / "shared" / "corpora"
LONGEST_MODULE = 300
LARGEST_FILE = 700 * 1024  # bytes
LONG_LINE = 60
GERMAN = frozenset(
    [
        "aber",
        "alle",
        "als",
        "am",
        "auf",
        "aus",
        "bei",
        "bin",
        "bis",
        "bitte",
        "das",
        "dass",
        "dem",
        "den",
        "der",
        "des",
        "die",
        "diese",
        "dieser",
        "ein",
        "eine",
        "einem",
        "einen",
        "einer",
        "es",
        "für",
        "gibt",
        "hat",
        "ich",
        "ihr",
        "ihre",
        "im",
        "in",
        "ist",
        "kann",
        "kein",
        "keine",
        "mit",
        "muss",
        "nach",
        "nicht",
        "noch",
        "nur",
        "oder",
        "sich",
        "sie",
        "sind",
        "so",
        "um",
        "und",
        "uns",
        "vom",
        "von",
        "vor",
        "war",
        "was",
        "wenn",
        "wer",
        "wie",
        "wir",
        "wird",
        "wo",
        "zu",
        "zum",
        "zur",
    ]
)
ENGLISH_TOO = frozenset({"in", "am", "so", "war", "die", "was", "hat", "also", "an", "her"})


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is, or would be, part of the repository."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(path for name in listing.split("\0") if name and (path := ROOT / name).is_file())


@cache
def text_of(path: Path) -> str:
    """A tracked file's text; empty for what is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def modules() -> Iterator[Path]:
    """Every module of the product."""
    for path in tracked():
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] not in ("tests", "benchmarks"):
            yield path


def docstrings(tree: ast.Module) -> set[int]:
    """The nodes that are docstrings, also those under a constant."""
    found = set()
    for node in ast.walk(tree):
        for statement in getattr(node, "body", ()) if isinstance(getattr(node, "body", ()), list) else ():
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                found.add(id(statement.value))
    return found


def is_german_sentence(text: str) -> bool:
    """Tell whether a string is German for people: umlauts among several words, or three common words."""
    if "|" in text or "(?" in text:
        return False  # a pattern for what residents write, not something to read
    words = re.findall(r"[^\W\d_]+", text.lower())
    common = sum(word in GERMAN - ENGLISH_TOO for word in words)
    with_umlaut = any(re.search("[äöüß]", word) for word in words)
    return common >= 3 or (with_umlaut and len(words) >= 3 and common >= 1)


def test_no_german_sentence_in_python() -> None:
    """What people read stands in domain.yml and texts/, where somebody who does not program can change it."""
    found = []
    for path in modules():
        tree = ast.parse(text_of(path))
        skipped = docstrings(tree)
        found += [
            f"{path.relative_to(ROOT)}:{node.lineno}: {node.value[:60]}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in skipped
            and is_german_sentence(node.value)
        ]
    assert found == []


def test_the_guard_against_german_knows_german() -> None:
    """The rule above recognises sentences and leaves words, names and English alone."""
    assert is_german_sentence("Das ist nicht erlaubt und wird geändert.")
    assert is_german_sentence("Bitte später versuchen")
    for fine in ("straße", "Altenessen-Süd", "so what was in the war", "SELECT * FROM tickets", "über"):
        assert not is_german_sentence(fine)


def test_docstrings_are_english() -> None:
    """Whoever joins the project can read why things are as they are."""
    found = []
    for path in modules():
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                words = re.findall(r"[^\W\d_]+", (ast.get_docstring(node) or "").lower())
                if sum(word in GERMAN - ENGLISH_TOO for word in words) >= 3:
                    found.append(f"{path.relative_to(ROOT)}: {getattr(node, 'name', 'module')}")
    assert found == []


def test_no_module_is_too_long() -> None:
    """A module can be read in one go."""
    long = {
        str(path.relative_to(ROOT)): count
        for path in modules()
        if (count := len(text_of(path).splitlines())) > LONGEST_MODULE
    }
    assert long == {}


def test_no_file_is_too_large() -> None:
    """Models and downloads stay outside; messages are split by what they are about."""
    large = {str(path.relative_to(ROOT)) for path in tracked() if path.stat().st_size > LARGEST_FILE}
    assert large == set()


def test_no_module_has_an_empty_name() -> None:
    """Modules are named for what they are about."""
    vague = {
        "utils",
        "util",
        "helpers",
        "helper",
        "manager",
        "managers",
        "service",
        "services",
        "common",
        "misc",
    }
    assert [str(path.relative_to(ROOT)) for path in modules() if path.stem in vague] == []


def test_layers_hold() -> None:
    """The rooms of the house import only those below them; the desk knows no framework."""
    program = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [str(program), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-500:]


def test_no_file_names_a_machine() -> None:
    """No path of the machine something was written on is in any file."""
    here = {str(ROOT), str(ROOT.parent), str(Path.home())} - {"/", "/root", "/home"}
    places = re.compile(
        "|".join(
            [
                *(rf"(?<![\w*]){re.escape(one)}(?![\w-])" for one in here),
                "/(?:home/[a-z]+|Users/[a-z]+|root)/",
            ]
        )
    )
    allowed = {Path(__file__)}
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        if path not in allowed and (match := places.search(text_of(path)))
    ]
    assert found == []


def test_no_secret_looks_like_a_real_one() -> None:
    """No bot token is in the repository: made-up ones are too short to be real."""
    token = re.compile(r"\b\d{8,10}:[A-Za-z0-9_-]{35}\b")
    assert [str(path.relative_to(ROOT)) for path in tracked() if token.search(text_of(path))] == []


@pytest.mark.skipif(not SHARED.exists(), reason="the measuring texts are not here")
def test_no_message_written_by_real_people_is_in_the_repository() -> None:
    """Texts that are there for measuring only are nowhere: no longer line of them in any file."""
    everything = "\n".join(text_of(path) for path in tracked() if path.name != "requirements.lock")
    known = set()
    for path in SHARED.glob("*.jsonl"):
        for row in path.read_text(encoding="utf-8").splitlines():
            known |= {line.strip() for line in str(json.loads(row).get("text", "")).splitlines()}
    # The first 30 letters decide quickly which of their lines need a closer look.
    ours = {everything[at : at + 30] for at in range(len(everything))}
    suspects = [line for line in known if len(line) >= LONG_LINE and line[:30] in ours]
    assert [line[:40] for line in suspects if line in everything] == []


def load_all() -> list[City]:
    return [load_city(name) for name in known_cities()]


@pytest.mark.parametrize("city", load_all(), ids=lambda city: city.id)
def test_every_district_reaches_somebody_or_says_so(city: City) -> None:
    """Each district has a recipient, or none and then somebody else to turn to; a carrier is known or not claimed."""
    assert city.referral("contact") is not None
    ids = {area.id for area in (*city.areas, city.coordination)}
    assert len(ids) == len(city.areas) + 1
    for district in city.district_names:
        area, recipient = city.area_of(district), city.recipient_of(district)
        assert (area is None) == (recipient is None)
        if area is not None and recipient is not None:
            assert recipient.id in ids
            assert recipient == (city.coordination if area.unassigned else area)
            assert (city.carrier_of(area) is None) == area.unassigned


def documentation() -> str:
    """Everything operators can read."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(text_of(page) for page in pages if page.exists())


def settings_names() -> list[str]:
    """The environment variables storage/settings.py reads."""
    source = text_of(ROOT / "storage" / "settings.py")
    return sorted(set(re.findall(r'get\("([A-Z_]+)"\)', source)))


def test_the_settings_are_found() -> None:
    """The rule below looks at the real list: all variables operators rely on are in it."""
    relied_on = "TELEGRAM_TOKEN TELEGRAM_API_URL DATABASE_URL REDIS_URL STATE_DIR CITY GEO_DATA WEBHOOK_URL WEBHOOK_SECRET"
    further = {"WEBHOOK_LISTEN", "LOG_LEVEL", "GEOCODER", "GEOCODER_URL", "GEOCODER_MIN_SECONDS"}
    further |= {"SMTP_URL", "MAIL_FROM"}
    further |= {"PUBLIC_URL", "PAGES_LISTEN", "LINK_SECRET"}
    assert set(relied_on.split()) | further == set(settings_names())


@pytest.mark.parametrize("name", settings_names())
def test_every_setting_is_documented(name: str) -> None:
    """Operators find each environment variable in README or docs."""
    assert re.search(rf"\b{name}\b", documentation())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    """Operators find each command in README or docs."""
    assert re.search(rf"`{name}\b|kuemmerkasten {name}\b", documentation())
