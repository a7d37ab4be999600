"""The shape of reply templates in a city's YAML files, and what they become."""

from typing import Annotated, Literal

from pydantic import Field

from desk.reply_templates import ReplyTemplate
from storage.city_fields import Entry, Id

LABEL = 28  # characters a button shows on a narrow phone
LONGEST = 600  # characters

Purpose = Literal["ask", "finish", "decline", "note"]


class TemplateEntry(Entry):
    """A ready text, what it is for, and the label of its button."""

    id: Id
    for_: Annotated[list[Purpose], Field(alias="for", min_length=1)]
    label: Annotated[str, Field(min_length=1, max_length=LABEL)]
    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    categories: Annotated[list[Id], Field(min_length=1)] | None = None


def template_of(entry: TemplateEntry) -> ReplyTemplate:
    """Return the template; without categories it is for all of them."""
    return ReplyTemplate(
        id=entry.id,
        purposes=tuple(entry.for_),
        label=entry.label,
        text=entry.text.strip(),
        categories=tuple(entry.categories or ()),
    )
