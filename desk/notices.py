"""What a change causes: rows of the outbox, written in the change's own transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from desk.tickets import Photo, Ticket

RESIDENT_BUTTON = "r:"
"""What the data of a button begins with that a resident presses under news of a ticket."""
ALBUM = 10  # photos an album holds at most (Telegram Bot API, sendMediaGroup)


class Undeliverable(Exception):  # noqa: N818 -- what is known of the notice
    """A notice can't reach its chat, and trying again would not help; raised by a way of delivery."""


class NoticeKind(StrEnum):
    """One kind is one call to Telegram, so that a retry repeats nothing that has arrived."""

    MESSAGE = "message"  # text with buttons
    PHOTOS = "photos"  # one photo or an album
    MAP_POINT = "map_point"
    CARD = "card"  # a ticket's card; its text is made when it is sent, so it is never stale
    CARD_UPDATE = "card_update"  # brings a card that was sent before up to date


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One message that must reach a chat. Two notices with the same `key` are one."""

    key: str
    chat: str
    kind: NoticeKind
    content: Mapping[str, Any] = field(default_factory=dict)
    ticket: str | None = None


def card_notices(ticket: Ticket, chats: Iterable[str], *, once: str | None = None) -> list[Notice]:
    """Return the card, all photos and the map point of a ticket for each chat.

    `once` names the cause when it is not the ticket's first sending: a chat whose first card could not be
    delivered gets another one.
    """
    added = tuple(photo for entry in ticket.history for photo in entry.photos)
    notices = []
    for chat in chats:
        stem = f"{ticket.number}/{chat}" + (f"/{once}" if once else "")
        notices.append(Notice(key=f"{stem}/card", chat=chat, kind=NoticeKind.CARD, ticket=ticket.number))
        notices += photo_notices(
            stem, chat, (*ticket.report.photos, *added), caption=ticket.number, ticket=ticket.number
        )
        place = ticket.report.place
        if place.latitude is not None:
            point = {"latitude": place.latitude, "longitude": place.longitude}
            notices.append(
                Notice(
                    key=f"{stem}/map",
                    chat=chat,
                    kind=NoticeKind.MAP_POINT,
                    content=point,
                    ticket=ticket.number,
                )
            )
    return notices


def photo_notices(
    stem: str, chat: str, photos: tuple[Photo, ...], *, caption: str, ticket: str | None = None
) -> list[Notice]:
    """Return the albums (of at most ten) that carry these photos."""
    return [
        Notice(
            key=f"{stem}/photos/{start}",
            chat=chat,
            kind=NoticeKind.PHOTOS,
            content={
                "photos": [photo.as_json() for photo in photos[start : start + ALBUM]],
                "caption": caption,
            },
            ticket=ticket,
        )
        for start in range(0, len(photos), ALBUM)
    ]


def news_notice(
    ticket: Ticket,
    key: str,
    text: str,
    *,
    chat: str | None = None,
    buttons: Sequence[str] = (),
    **params: object,
) -> Notice:
    """Return what a resident hears about a ticket: a text key, what fills it, and what they can do.

    Without a `chat` it is for the one who reported it.
    """
    content: dict[str, object] = {"text_key": text, "params": {"number": ticket.number, **params}}
    if buttons:
        content["button_keys"] = [
            [f"resident_{deed}", f"{RESIDENT_BUTTON}{ticket.number}:{deed}"] for deed in buttons
        ]
    return Notice(
        key=news_key(ticket, key, chat=chat),
        chat=chat or ticket.report.reporter,
        kind=NoticeKind.MESSAGE,
        content=content,
        ticket=ticket.number,
    )


def news_notices(
    ticket: Ticket,
    key: str,
    text: str,
    *,
    but: str | None = None,
    buttons: Sequence[str] = (),
    **params: object,
) -> list[Notice]:
    """Return the same news for every resident the ticket concerns, except for the chat `but`."""
    return [
        news_notice(ticket, key, text, chat=chat, buttons=buttons, **params)
        for chat in ticket.residents
        if chat != but
    ]


def news_key(ticket: Ticket, once: str, *, chat: str | None = None) -> str:
    """Return the key of news: one of its own for each chat but that of the one who reported the ticket."""
    follower = chat not in (None, ticket.report.reporter)
    return f"{ticket.number}/news/{once}" + (f"/{chat}" if follower else "")


def card_update_notices(ticket: Ticket, chats: Iterable[str], *, once: str | None = None) -> list[Notice]:
    """Return the updates that show the ticket as it is on every copy of its card; `once` names the cause."""
    return [
        Notice(
            key=f"{ticket.number}/{chat}/update/{once or len(ticket.history)}",
            chat=chat,
            kind=NoticeKind.CARD_UPDATE,
            ticket=ticket.number,
        )
        for chat in chats
    ]


def again_notices(ticket: Ticket, chats: Iterable[str], text: str, *, once: str) -> list[Notice]:
    """Return what tells chats that a ticket they have the card of is theirs again; cards change silently."""
    return _beside_cards(ticket, chats, text, key=f"again/{once}")


def told_notices(
    ticket: Ticket, chats: Iterable[str], text: str, *, once: str, **params: object
) -> list[Notice]:
    """Return the messages that tell caretakers' chats what residents did; each refers to its card."""
    return _beside_cards(ticket, chats, text, key=f"told/{once}", **params)


def _beside_cards(
    ticket: Ticket, chats: Iterable[str], text: str, *, key: str, **params: object
) -> list[Notice]:
    content = {"text_key": text, "params": {"number": ticket.number, **params}, "beside_card": True}
    return [
        Notice(
            key=f"{ticket.number}/{chat}/{key}",
            chat=chat,
            kind=NoticeKind.MESSAGE,
            content=content,
            ticket=ticket.number,
        )
        for chat in chats
    ]
