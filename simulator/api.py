import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from simulator import method_chats, method_media, method_messages, method_updates
from simulator.errors import ApiError, not_found
from simulator.faults import Fault
from simulator.requests import Call, read
from simulator.updates import Update
from simulator.world import World

METHODS: dict[str, Callable[[Call], Awaitable[Any]]] = {
    **method_updates.METHODS,
    **method_messages.METHODS,
    **method_media.METHODS,
    **method_chats.METHODS,
}
BAD_GATEWAY = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body></body>\r\n</html>\r\n"


class BotApi:
    """The ASGI application behind `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path: str = scope["path"]
        if path.startswith("/file/bot"):
            await self._download(path.removeprefix("/file/bot"))(scope, receive, send)
            return
        token, _, method = path.removeprefix("/bot").partition("/")
        try:
            response = await self._answer(Request(scope, receive), token, method.lower())
        except ApiError as error:
            response = _error(error)
        if response is None:
            await _cut(send)
        else:
            await response(scope, receive, send)

    async def _answer(self, request: Request, token: str, method: str) -> Response | None:
        bot = self.world.bot(token)
        params, uploads = await read(request, largest=self.world.limits.upload_bytes)
        if method not in METHODS:
            raise not_found("method not found")
        call = Call(self.world, bot, params, uploads)
        fault = self.world.faults.next_for(method, call.integer("chat_id") or None)
        if fault is not None and not await _goes_on(fault):
            return None
        result = await METHODS[method](call)
        return None if fault is not None and fault.cut_after else _success(result)

    def _download(self, path: str) -> Response:
        token, _, name = path.partition("/")
        try:
            self.world.bot(token)
            stored = self.world.files.by_path.get(name)
            if stored is None:
                raise not_found()
        except ApiError as error:
            return _error(error)
        return Response(stored.data, media_type="application/octet-stream")


async def _goes_on(fault: Fault) -> bool:
    if fault.delay:
        await asyncio.sleep(fault.delay)
    if error := fault.error():
        raise error
    return not fault.cut


def _success(result: Any) -> Response:
    if isinstance(result, list) and result and isinstance(result[0], Update):
        body = b'{"ok":true,"result":[' + b",".join(update.body for update in result) + b"]}"
    else:
        body = json.dumps({"ok": True, "result": result}).encode()
    return Response(body, media_type="application/json")


def _error(error: ApiError) -> Response:
    if error.code == 502:  # noqa: PLR2004 -- comes from the proxy in front, which does not speak JSON
        return Response(BAD_GATEWAY, status_code=502, media_type="text/html")
    return Response(json.dumps(error.body()), status_code=error.code, media_type="application/json")


async def _cut(send: Send) -> None:
    """Announce more than is sent: the server then closes the connection in the middle of the answer."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"100")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"ok":', "more_body": True})
