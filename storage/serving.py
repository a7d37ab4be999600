"""A web server inside our own process, for whatever is served beside the worker."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp

from desk.errors import SettingError

HTTP, HTTPS = 80, 443
GRACE = 10  # seconds for requests that are being answered when we are told to stop


@dataclass(frozen=True, kw_only=True)
class Listening:
    """Where we listen behind the proxy; `setting` is the variable that says so."""

    host: str
    port: int
    setting: str

    @classmethod
    def of(cls, value: str, *, setting: str) -> "Listening":
        """Read `host:port`, or an address with a scheme; raises SettingError when it can't be used."""
        try:
            parts = urlsplit(value if "://" in value else f"//{value}")
            port = parts.port
        except ValueError as error:
            raise SettingError(
                "operator.bad_listen", name=setting, value=value.partition("://")[2] or value
            ) from error
        if port is None:
            port = HTTPS if parts.scheme == "https" else HTTP
        return cls(host=parts.hostname or "127.0.0.1", port=port, setting=setting)

    def bind(self) -> socket.socket:
        """Take the port; SettingError when it can't be had."""
        try:
            return socket.create_server((self.host, self.port), backlog=256)
        except (OSError, OverflowError) as error:
            raise SettingError(
                "operator.no_listen", host=self.host, port=self.port, name=self.setting
            ) from error


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the worker decides when to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, bound: socket.socket) -> AsyncIterator[None]:
    """Serve at a port that was taken before while the block runs; the addresses asked for are not logged."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        yield
    finally:
        server.should_exit = True
        await task
