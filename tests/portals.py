"""A small web server on 127.0.0.1 that behaves as badly as a test wants."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(kw_only=True)
class Answer:
    """What the server says to one request."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    stop_after: int | None = None
    """Bytes of the body after which the connection breaks, though the whole length was promised."""


@dataclass(kw_only=True)
class Portal:
    """A running server: its address, and every request it got (path and headers in lower case)."""

    url: str = ""
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def portal(answer: Callable[[str, dict[str, str]], Answer]) -> Iterator[Portal]:
    """Run a server that asks the test what to say to each path with its headers."""
    running = Portal()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            running.requests.append((self.path, headers))
            said = answer(self.path, headers)
            self.send_response(said.status)
            length = {} if "Transfer-Encoding" in said.headers else {"Content-Length": str(len(said.body))}
            for name, value in ({"Connection": "close"} | length | said.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body[: said.stop_after])
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
