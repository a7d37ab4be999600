"""Stock Rasa as its manual says: `rasa run` with the REST channel, `rasa run actions` beside it."""

import asyncio
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import aiohttp
from turns_dialogues import Project, Step, payload

PATIENCE = 180  # seconds


class StockChat:
    """One chat over REST."""

    def __init__(self, session: aiohttp.ClientSession, url: str, name: str) -> None:
        self._session, self._url, self._name = session, f"{url}/webhooks/rest/webhook", name
        self._buttons: list[dict[str, str]] = []

    async def take(self, step: Step) -> int:
        """Send one turn; return the number of messages that came back."""
        body = {"sender": self._name, "message": payload(step, self._buttons)}
        try:
            async with self._session.post(self._url, json=body) as response:
                replies: list[dict[str, Any]] = await response.json()
        except aiohttp.ClientError:
            replies = []  # the server hung up: for the chat that is silence
        self._buttons = [button for reply in replies for button in reply.get("buttons", ())]
        return len(replies)


class Stock:
    """The running servers: `url`, seconds until ready, their process ids."""

    def __init__(self, url: str, start_up: float, server: int, actions: int) -> None:
        self.url, self.start_up, self.server, self.actions = url, start_up, server, actions


@contextmanager
def running_stock(project: Project, model: Path, environment: dict[str, str]) -> Iterator[Stock]:
    """Start both servers on free ports and end them again."""
    port, actions_port = _free_port(), _free_port()
    rasa = [sys.executable, "-W", "ignore", "-m", "rasa"]
    with tempfile.TemporaryDirectory() as folder:
        endpoints, credentials = Path(folder) / "endpoints.yml", Path(folder) / "credentials.yml"
        endpoints.write_text(f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n")
        credentials.write_text("rest:\n")
        log = (Path(folder) / "log").open("w+")
        actions = subprocess.Popen(
            [*rasa, "run", "actions", "--actions", project.actions, "-p", str(actions_port)],
            cwd=project.root,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            asyncio.run(_answers(f"http://127.0.0.1:{actions_port}/health", actions, log))
            begin = time.perf_counter()
            server = subprocess.Popen(
                [
                    *rasa,
                    "run",
                    "--enable-api",
                    "-i",
                    "127.0.0.1",
                    "-p",
                    str(port),
                    "-m",
                    str(model),
                    "--endpoints",
                    str(endpoints),
                    "--credentials",
                    str(credentials),
                ],
                cwd=folder,
                env=environment,
                stdout=log,
                stderr=log,
            )
            try:
                url = f"http://127.0.0.1:{port}"
                asyncio.run(_answers(f"{url}/status", server, log))
                yield Stock(url, time.perf_counter() - begin, server.pid, actions.pid)
            finally:
                _end(server)
        finally:
            _end(actions)


async def open_connections(session: aiohttp.ClientSession, url: str, count: int) -> None:
    """Open `count` connections a few at a time: the server's backlog is shorter than the crowd."""
    few, all_open = asyncio.Semaphore(20), asyncio.Barrier(count)

    async def connect() -> None:
        async with few:
            response = await session.get(f"{url}/version")
        await all_open.wait()  # hold the connection until everybody has one
        await response.read()

    await asyncio.gather(*(connect() for _ in range(count)))


async def _answers(url: str, process: "subprocess.Popen[bytes]", log: IO[str]) -> None:
    until = time.monotonic() + PATIENCE
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < until:
            if process.poll() is not None:
                log.seek(0)
                sys.exit(f"stock Rasa ended at once:\n{log.read()[-2000:]}")
            try:
                async with session.get(url) as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)
    raise TimeoutError(url)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
