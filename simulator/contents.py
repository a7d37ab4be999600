"""The parts of a message that are not text, shaped as the Bot API shapes them."""

from collections.abc import Callable
from pathlib import PurePath

from simulator.chats import Json
from simulator.wording import found_entities
from simulator.world import World


def _caption(text: str) -> Json:
    if not text:
        return {}
    entities = found_entities(text)
    return {"caption": text} | ({"caption_entities": entities} if entities else {})


def photo(world: World, data: bytes, caption: str = "") -> Json:
    """A photo in its sizes."""
    try:
        sizes = world.files.photo_sizes(data)
    except ValueError:
        sizes = world.files.unreadable_photo(data)
    return {"photo": sizes} | _caption(caption)


def document(
    world: World, data: bytes, *, name: str, mime: str, caption: str = "", size: int | None = None
) -> Json:
    """A file with its name and type."""
    stored = world.files.add(data, kind="Document", suffix=PurePath(name).suffix, size=size)
    return {
        "document": {
            "file_id": stored.id, "file_unique_id": stored.unique_id, "file_size": stored.size,
            "file_name": name, "mime_type": mime,
        }
    } | _caption(caption)  # fmt: skip


def _file(world: World, kind: str) -> Json:
    stored = world.files.add(b"\0" * 64, kind=kind)
    return {"file_id": stored.id, "file_unique_id": stored.unique_id, "file_size": stored.size}


def _voice(world: World, _: Json) -> Json:
    return {"voice": _file(world, "Voice") | {"duration": 4, "mime_type": "audio/ogg"}}


def _video(world: World, _: Json) -> Json:
    return {
        "video": _file(world, "Video")
        | {"duration": 4, "width": 640, "height": 360, "mime_type": "video/mp4"}
    }


def _sticker(world: World, _: Json) -> Json:
    shape = {
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    }
    return {"sticker": _file(world, "Sticker") | shape}


def _contact(world: World, user: Json) -> Json:
    number = f"+49201555{world.count():04d}"
    return {"contact": {"phone_number": number, "first_name": user["first_name"], "user_id": user["id"]}}


def _poll(world: World, _: Json) -> Json:
    options = [{"persistent_id": str(one), "text": str(one), "voter_count": 0} for one in (1, 2)]
    return {
        "poll": {
            "id": str(5_000_000_000 + world.count()), "question": "?", "options": options,
            "total_voter_count": 0,
            "is_closed": False, "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
            "allows_revoting": True, "members_only": False,
        }
    }  # fmt: skip


def _dice(_: World, __: Json) -> Json:
    return {"dice": {"emoji": "🎲", "value": 4}}


OTHER: dict[str, Callable[[World, Json], Json]] = {
    "voice": _voice,
    "video": _video,
    "sticker": _sticker,
    "contact": _contact,
    "poll": _poll,
    "dice": _dice,
}
