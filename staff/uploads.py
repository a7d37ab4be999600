"""What a form brings: fields and pictures, never more than we are ready to read."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from desk.errors import NotAllowed
from storage.photos import MOST_BYTES

MOST_PHOTOS = 10
MOST_FIELDS = 20
MOST_FIELD_BYTES = 100_000
MOST_BODY_BYTES = 100_000_000
LONGEST_WORDS = 2000  # characters; with what stands around them they fit into one message
_ONCE = re.compile(r"[0-9a-f]{16}")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Control characters; PostgreSQL takes no NUL."""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A form as it was sent: its fields, without control characters, and the bytes of its files."""

    fields: Mapping[str, str]
    files: tuple[bytes, ...] = ()

    def get(self, name: str) -> str:
        """Return a field; empty when it is missing."""
        return self.fields.get(name, "")

    @property
    def words(self) -> str:
        """What was written; NotAllowed when it is too long."""
        words = self.get("words")
        if len(words) > LONGEST_WORDS:
            raise NotAllowed("page.too_long", most=LONGEST_WORDS, count=len(words))
        return words

    @property
    def once(self) -> str:
        """Names this form with all that is in it: sent twice it is the same. NotAllowed for none of ours."""
        if not _ONCE.fullmatch(self.get("once")):
            raise NotAllowed("page.bad_form")
        content = hashlib.sha256()
        for name, value in sorted(self.fields.items()):
            content.update(f"{name}={value}\0".encode())
        for file in self.files:
            content.update(hashlib.sha256(file).digest())
        return f"page/{self.get('once')}/{content.hexdigest()[:12]}"


async def filled_form(request: Request) -> Filled:
    """Read a form; NotAllowed for too much of it, or for what is no form."""
    limited = Request(request.scope, _Limited(request).receive)
    try:
        async with limited.form(
            max_files=MOST_PHOTOS, max_fields=MOST_FIELDS, max_part_size=MOST_FIELD_BYTES
        ) as form:
            files = [one for one in form.getlist("photos") if isinstance(one, UploadFile) and one.size]
            if any((one.size or 0) > MOST_BYTES for one in files):
                raise NotAllowed("page.too_big", most=MOST_BYTES // 1_000_000)
            fields = {name: _plain(value) for name, value in form.items() if isinstance(value, str)}
            return Filled(fields=fields, files=tuple([await one.read() for one in files]))
    except HTTPException as error:
        too_many = "Too many files" in error.detail
        key = "page.too_many" if too_many else "page.bad_form"
        raise NotAllowed(key, most=MOST_PHOTOS) from error


class _Limited:
    """A request's body that ends with an error where it gets too long, whatever its headers promise."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.read = 0

    async def receive(self) -> Message:
        message = await self.request.receive()
        self.read += len(message.get("body", b""))
        if self.read > MOST_BODY_BYTES:
            raise NotAllowed("page.too_much", most=MOST_BODY_BYTES // 1_000_000)
        return message


def _plain(text: str) -> str:
    return _UNREADABLE.sub("", text.replace("\r\n", "\n")).strip()
