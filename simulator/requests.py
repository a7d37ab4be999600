import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from simulator.errors import ApiError, bad_request
from simulator.world import Bot, World

TRUE = ("true", "1", "yes", "t", "y")


@dataclass(frozen=True)
class Upload:
    """A file that came with a request."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Call:
    """One request to a bot's method: who asks, and the parameters however they were written."""

    world: World
    bot: Bot
    params: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """A parameter as text."""
        value = self.params.get(name)
        return default if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A parameter as a number; what is no number counts as the default, as with the real server."""
        try:
            return int(self.params.get(name, default))
        except (TypeError, ValueError):
            return default

    def number(self, name: str) -> float:
        """A coordinate; 400 when it is missing."""
        try:
            return float(self.params[name])
        except (KeyError, TypeError, ValueError) as error:
            raise bad_request(
                f"{name} must be a number" if name in self.params else f"{name} is empty"
            ) from error

    def flag(self, name: str) -> bool:
        """A parameter as yes or no."""
        return str(self.params.get(name, "")).lower() in TRUE

    def json(self, name: str) -> Any:
        """A parameter that is an object or a list, written as JSON or given as such; None when missing."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {name} JSON object") from error

    def upload(self, value: str, name: str) -> Upload | None:
        """The file a parameter stands for: sent under its own name or as attach://name."""
        return self.uploads.get(value.removeprefix("attach://") if value.startswith("attach://") else name)


async def read(request: Request, *, largest: int) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Read the parameters of a GET or POST: query string, form, multipart or JSON."""
    params: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "GET":
        return params, {}
    if int(request.headers.get("content-length", 0)) > largest + 1024 * 1024:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "multipart/form-data":
        return await _multipart(request, params)
    body = await request.body()
    try:
        if kind == "application/json":
            params |= cast("dict[str, Any]", json.loads(body or b"{}"))
        elif body:
            params |= dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError as error:
        raise bad_request("strings must be encoded in UTF-8") from error
    except (ValueError, TypeError) as error:
        raise bad_request("can't parse request: unsupported JSON") from error
    return params, {}


async def _multipart(request: Request, params: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Upload]]:
    uploads: dict[str, Upload] = {}
    async with request.form(max_files=50, max_fields=200) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                uploads[name] = Upload(name=value.filename or "", data=await value.read())
            else:
                params[name] = value
    return params, uploads
