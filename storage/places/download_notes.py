"""What is noted of a downloaded file, and of a part of one: beside it, as JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What is known of a file that came from a portal; lies beside it as JSON."""

    url: str
    sha256: str = ""
    retrieved: str = ""
    """Day it was downloaded (UTC)."""
    etag: str = ""
    """Strong ETag or date of the last change: what the rest of a file must still fit to."""


def drop(part: Path) -> None:
    """Throw away a part of a file and its note."""
    for path in (part, note_path(part)):
        path.unlink(missing_ok=True)


def note_path(path: Path) -> Path:
    """Return where a file's note lies."""
    return path.with_name(path.name + ".origin")


def keep_note(path: Path, known: Fetched) -> None:
    """Write a file's note."""
    note_path(path).write_text(json.dumps(asdict(known)), encoding="utf-8")


def note_of(path: Path, url: str) -> Fetched | None:
    """Return what was noted of a file from this address; None for another one, or no readable note."""
    try:
        known = Fetched(**json.loads(note_path(path).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return known if known.url == url else None
