import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.errors import ApiError, bad_request
from simulator.wording import units

Entity = dict[str, Any]

_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "tg-spoiler": "spoiler", "span": "spoiler", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)>")
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""")
_MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
_NAMES = {
    "bold": "Bold", "italic": "Italic", "underline": "Underline", "strikethrough": "Strikethrough",
    "spoiler": "Spoiler", "code": "Code", "pre": "Pre", "text_link": "TextUrl",
}  # fmt: skip
_RESERVED = "_*[]()~`>#+-=|{}.!"


def _broken(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


@dataclass
class _Mark:
    """A mark that was opened: what closes it, the entity it makes, where it began."""

    closing: str
    kind: str
    start: int
    at: int
    extra: Entity


@dataclass
class _Reader:
    text: str
    position: int = 0
    plain: str = ""
    entities: list[Entity] = field(default_factory=list)
    opened: list[_Mark] = field(default_factory=list)

    @property
    def at(self) -> int:
        """Where we are, in bytes, as error texts count."""
        return len(self.text[: self.position].encode("utf-8", "surrogatepass"))

    def open(self, closing: str, kind: str, extra: Entity | None = None) -> None:
        self.opened.append(_Mark(closing, kind, units(self.plain), self.at, extra or {}))

    def close(self, extra: Entity | None = None) -> None:
        mark = self.opened.pop()
        if length := units(self.plain) - mark.start:
            self.entities.append(
                {"type": mark.kind, "offset": mark.start, "length": length} | mark.extra | (extra or {})
            )

    def result(self) -> tuple[str, list[Entity]]:
        return self.plain, sorted(self.entities, key=lambda entity: (entity["offset"], -entity["length"]))


def parse_html(text: str) -> tuple[str, list[Entity]]:
    """Read Telegram's HTML; raises 400 "can't parse entities: …" where the server does."""
    reader = _Reader(text)
    while reader.position < len(text):
        if text[reader.position] == "<":
            _html_tag(reader)
        else:
            end = text.find("<", reader.position)
            end = len(text) if end < 0 else end
            reader.plain += html.unescape(text[reader.position : end])
            reader.position = end
    if reader.opened:
        raise _broken(f'Can\'t find end tag corresponding to start tag "{reader.opened[-1].closing}"')
    return reader.result()


def _html_tag(reader: _Reader) -> None:
    match = _TAG.match(reader.text, reader.position)
    if match is None:
        rest = reader.text[reader.position :]
        if ">" not in rest:
            raise _broken(f"Unclosed start tag at byte offset {reader.at}")
        name = re.split(r"[\s>]", rest[1:], maxsplit=1)[0]
        raise _broken(f'Unsupported start tag "{name}" at byte offset {reader.at}')
    name = match[2].lower()
    if match[1]:
        _html_end(reader, name)
    elif name not in _TAGS:
        raise _broken(f'Unsupported start tag "{name}" at byte offset {reader.at}')
    else:
        href = _HREF.search(match[3]) if name == "a" else None
        url = {"url": next(part for part in href.groups() if part is not None)} if href else {}
        reader.open(name, _TAGS[name], url)
    reader.position = match.end()


def _html_end(reader: _Reader, name: str) -> None:
    if not reader.opened:
        raise _broken(f"Unexpected end tag at byte offset {reader.at}")
    expected = reader.opened[-1].closing
    if expected != name:
        raise _broken(
            f'Unmatched end tag at byte offset {reader.at}, expected "</{expected}>", found "</{name}>"'
        )
    reader.close()


def parse_markdown(text: str) -> tuple[str, list[Entity]]:
    """Read MarkdownV2; raises 400 for a reserved character without backslash and for open marks."""
    reader = _Reader(text)
    while reader.position < len(text):
        if text[reader.position] == "\\" and text[reader.position + 1 : reader.position + 2].isascii():
            reader.plain += text[reader.position + 1 : reader.position + 2]
            reader.position += 2
        else:
            _markdown_mark(reader)
    if reader.opened:
        mark = reader.opened[-1]
        raise _broken(f"Can't find end of {_NAMES[mark.kind]} entity at byte offset {mark.at}")
    return reader.result()


def _markdown_mark(reader: _Reader) -> None:
    character, mark = reader.text[reader.position], _mark_at(reader)
    if reader.opened and mark == reader.opened[-1].closing:
        reader.position += len(mark)
        reader.close(_url(reader) if mark == "]" else None)
    elif reader.opened and reader.opened[-1].kind in ("code", "pre"):
        reader.plain += character
        reader.position += 1
    elif mark in _OPENING:
        reader.open(*_OPENING[mark])
        reader.position += len(mark)
    elif character in _RESERVED:
        raise _broken(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")
    else:
        reader.plain += character
        reader.position += 1


def _url(reader: _Reader) -> Entity:
    link = _LINK.match(reader.text, reader.position)
    if link is None:
        raise _broken(f"Can't find end of a URL at byte offset {reader.at}")
    reader.position = link.end()
    return {"url": link[1]}


def _mark_at(reader: _Reader) -> str:
    if reader.opened:
        closing = reader.opened[-1].closing
        if closing != "_" and reader.text.startswith(closing, reader.position):
            return closing
    marks = ("```", "`", "__", "||", "*", "_", "~", "[")
    return next((mark for mark in marks if reader.text.startswith(mark, reader.position)), "")


_LINK = re.compile(r"\(((?:[^)\\]|\\.)*)\)")
_OPENING = {mark: (mark, kind) for mark, kind in _MARKS.items()} | {
    "```": ("```", "pre"), "`": ("`", "code"), "[": ("]", "text_link"),
}  # fmt: skip

PARSERS: dict[str, Callable[[str], tuple[str, list[Entity]]]] = {
    "html": parse_html,
    "markdownv2": parse_markdown,
    "markdown": parse_markdown,
}


def parse(text: str, mode: str) -> tuple[str, list[Entity]]:
    """Turn marked-up text into plain text and entities; without a mode the text stays as it is."""
    if not mode:
        return text, []
    if mode.lower() not in PARSERS:
        raise bad_request("unsupported parse_mode")
    return PARSERS[mode.lower()](text)
