import argparse
import asyncio
import json
import sys
from codecs import BOM_UTF8 as BOM
from collections.abc import Iterable, Iterator, Sequence
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO, cast

from desk.errors import ModelError
from nlu.engine.engine import Engine
from nlu.engine.models import newest_model
from nlu.understanding import Understanding, nothing, understanding
from storage.settings import Settings
from storage.texts import Texts

ROOT = Path(__file__).parent.parent.parent
PIECE = 65_536  # bytes, what a pipe holds
AT_ONCE = 32  # messages: several at once go twice as fast, more gain nothing


class NoConversations:
    """Understanding text needs no memory."""

    def load(self, key: str) -> bytes | None:  # noqa: ARG002 -- the port's signature
        """Return nothing."""
        return None

    def save(self, key: str, data: bytes) -> None:
        """Keep nothing."""

    def delete(self, key: str) -> None:
        """Forget nothing."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `kuemmerkasten understand`."""
    parser.add_argument("--model", type=Path, help=Texts.load().get("operator.understand_model"))


def run(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001
    """Read messages from standard input and print what is understood, one JSON object a line."""
    model = args.model or newest_model(ROOT)
    if model is None:
        raise ModelError("operator.no_model", path=ROOT / "models")
    engine = asyncio.run(
        Engine.load(
            model, actions=(), conversations=NoConversations(), on_failure=lambda _place, _error: None
        )
    )
    answer(cast("BufferedIOBase", sys.stdin.buffer), sys.stdout.buffer, engine)
    return 0


def answer(source: BufferedIOBase, target: BinaryIO, engine: Engine) -> None:
    """Understand what has arrived so far in one pass and answer it, before waiting for more."""
    for lines in arrivals(source):
        texts = list(messages(lines))
        for start in range(0, len(texts), AT_ONCE):
            target.writelines(_line(found) for found in _understood(texts[start : start + AT_ONCE], engine))
            target.flush()


def _understood(texts: Sequence[str], engine: Engine) -> Iterator[Understanding]:
    found = iter(engine.understand_all([text for text in texts if text.strip()]))
    for text in texts:
        yield understanding(text, next(found)) if text.strip() else nothing(text)


def arrivals(source: BufferedIOBase) -> Iterator[list[bytes]]:
    """Yield the complete lines of each piece of input as it arrives; the end completes the last line."""
    rest = b""
    while piece := source.read1(PIECE):
        *lines, rest = (rest + piece).split(b"\n")
        if lines:
            yield lines
    if rest:
        yield [rest]


def messages(lines: Iterable[bytes]) -> Iterator[str]:
    """Read one message a line: plain text, or a JSON object with "text"; what is neither is plain text."""
    for raw in lines:
        yield _message(raw.removeprefix(BOM).decode("utf-8", "replace").rstrip("\r"))


def _message(line: str) -> str:
    if not line.lstrip().startswith("{"):
        return line
    try:
        text = json.loads(line).get("text")
    except (ValueError, RecursionError):
        return line
    return text if isinstance(text, str) else line


def _line(found: Understanding) -> bytes:
    """Write umlauts as they are; lone surrogates, which UTF-8 can't carry, as escapes."""
    content = found.as_json()
    try:
        return f"{json.dumps(content, ensure_ascii=False)}\n".encode()
    except UnicodeEncodeError:
        return f"{json.dumps(content)}\n".encode()
