import argparse
import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from desk.errors import ModelError
from nlu.engine.engine import Engine
from nlu.engine.models import newest_model
from nlu.understanding import Understanding, nothing, understanding
from storage.settings import Settings
from storage.texts import Texts

ROOT = Path(__file__).parent.parent.parent


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
    answer(sys.stdin.buffer, sys.stdout.buffer, engine)
    return 0


def answer(source: BinaryIO, target: BinaryIO, engine: Engine) -> None:
    """Understand line by line; each answer is flushed, so that a program at the other end can wait for it."""
    for found in _understood(messages(source), engine):
        target.write(_line(found))
        target.flush()


def _understood(texts: Iterable[str], engine: Engine) -> Iterator[Understanding]:
    for text in texts:
        yield understanding(text, engine.understand_all([text])[0]) if text.strip() else nothing(text)


def messages(source: Iterable[bytes]) -> Iterator[str]:
    """Read one message a line: plain text, or a JSON object with "text"; what is neither is plain text."""
    for number, raw in enumerate(source):
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        yield _message(line.removeprefix("\ufeff") if number == 0 else line)


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
