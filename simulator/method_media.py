from pathlib import PurePath
from typing import Any

from simulator.errors import bad_request
from simulator.files import check_photo
from simulator.requests import Call, Upload
from simulator.sending import post, target, words

Json = dict[str, Any]


def _upload(call: Call, given: str, name: str) -> Upload | None:
    upload = call.upload(given, name)
    if upload is None and (given.startswith("attach://") or not given):
        raise bad_request(f"there is no {name} in the request")
    if upload is not None and not upload.data:
        raise bad_request("file must be non-empty")
    return upload


def _photo(call: Call, given: str, name: str = "photo") -> Json:
    files = call.world.files
    if upload := _upload(call, given, name):
        check_photo(upload.data, largest=call.world.limits.photo_bytes)
        try:
            return {"photo": files.photo_sizes(upload.data)}
        except ValueError as error:
            raise bad_request("IMAGE_PROCESS_FAILED") from error
    return {"photo": files.sizes[files.find(given, kind="Photo").id]}


def _document(call: Call, given: str, name: str = "document") -> Json:
    files = call.world.files
    if upload := _upload(call, given, name):
        stored = files.add(upload.data, kind="Document", suffix=PurePath(upload.name).suffix)
        file_name = upload.name
    else:
        stored = files.find(given, kind="Document")
        file_name = PurePath(stored.path).name
    return {
        "document": {
            "file_id": stored.id, "file_unique_id": stored.unique_id,
            "file_name": file_name, "file_size": stored.size,
        }
    }  # fmt: skip


_READERS = {"photo": _photo, "document": _document}


async def send_photo(call: Call) -> Json:
    """A photo, new or by file_id."""
    chat = target(call)
    content = words(call, name="caption") | _photo(call, call.text("photo"))
    return post(call, chat, [content], markup=call.json("reply_markup"))[0].body


async def send_document(call: Call) -> Json:
    """Any file, new or by file_id."""
    chat = target(call)
    content = words(call, name="caption") | _document(call, call.text("document"))
    return post(call, chat, [content], markup=call.json("reply_markup"))[0].body


async def send_media_group(call: Call) -> list[Json]:
    """An album of photos, or of documents."""
    chat, limits = target(call), call.world.limits
    media = call.json("media") or []
    if len(media) < limits.album_smallest:
        raise bad_request("there are too few media in the request to send an album")
    if len(media) > limits.album_largest:
        raise bad_request("too many messages to send as an album")
    kinds = {str(item.get("type")) for item in media}
    if not kinds <= set(_READERS):
        raise bad_request("unsupported media type in the album")
    if len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")
    album = str(13_000_000_000_000_000 + call.world.count())
    contents = [
        words(call, item, name="caption")
        | _READERS[str(item["type"])](call, str(item.get("media", "")), "media")
        | {"media_group_id": album}
        for item in media
    ]
    return [message.body for message in post(call, chat, contents)]


async def get_file(call: Call) -> Json:
    """Where a file can be fetched from, up to 20 MB."""
    stored = call.world.files.by_id.get(call.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > call.world.limits.download_bytes:
        raise bad_request("file is too big")
    return {
        "file_id": stored.id, "file_unique_id": stored.unique_id,
        "file_size": stored.size, "file_path": stored.path,
    }  # fmt: skip


METHODS = {
    "sendphoto": send_photo,
    "senddocument": send_document,
    "sendmediagroup": send_media_group,
    "getfile": get_file,
}
