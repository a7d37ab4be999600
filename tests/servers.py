"""Throw-away servers for tests: a PostgreSQL cluster and a Redis, on 127.0.0.1 and a free port, gone afterwards."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

POSTGRES_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/bin")
UNPRIVILEGED = ("postgres", "nobody")  # PostgreSQL refuses to run as root
PATIENCE = 30.0


def missing(program: str) -> None:
    """Skip for want of a server program; where servers are required that is a failure."""
    reason = f"{program} is not installed: this test needs a real server (Debian: postgresql, redis-server)"
    if os.environ.get("CI") or os.environ.get("KUEMMERKASTEN_REQUIRE_SERVERS") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL server; gives its address, a database is created per test."""
    initdb, server = _program("initdb"), _program("postgres")
    if initdb is None or server is None:
        missing("PostgreSQL")
    with tempfile.TemporaryDirectory(prefix="kk-pg-", dir="/tmp") as folder:
        user = _unprivileged_user()
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        cluster, port = f"{folder}/cluster", free_port()
        run = _as(user)
        subprocess.run(
            [*run, initdb, "-D", cluster, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=folder,
        )
        options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder}
        options |= {"fsync": "off", "max_connections": 60, "shared_buffers": "16MB"}
        flags = [f"-c{name}={value}" for name, value in options.items()]
        with _running([*run, server, "-D", cluster, *flags], folder=Path(folder)):
            address = f"postgresql://tester@127.0.0.1:{port}"
            _wait_for(lambda: psycopg.connect(f"{address}/postgres").close(), psycopg.OperationalError)
            yield address


@contextmanager
def redis_server() -> Iterator[str]:
    """Run a Redis server that keeps nothing; gives its address."""
    program = shutil.which("redis-server")
    if program is None:
        missing("Redis")
    with tempfile.TemporaryDirectory(prefix="kk-redis-", dir="/tmp") as folder:
        port = free_port()
        flags = [
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder,
        ]
        with _running([program, *flags], folder=Path(folder)):
            client = redis.Redis(port=port)
            _wait_for(client.ping, redis.ConnectionError)
            client.close()
            yield f"redis://127.0.0.1:{port}/0"


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _program(name: str) -> str | None:
    on_path = shutil.which(name)
    if on_path:
        return on_path
    places = (
        path for pattern in POSTGRES_FOLDERS for path in sorted(Path("/").glob(pattern[1:]), reverse=True)
    )
    return next((str(place / name) for place in places if (place / name).exists()), None)


def _unprivileged_user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in UNPRIVILEGED if name in known), None)


def _as(user: str | None) -> list[str]:
    """Words to put before a command so that it runs as another user; setpriv replaces itself by the command."""
    if user is None:
        return []
    if setpriv := shutil.which("setpriv"):
        return [setpriv, f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups", "--"]
    return [shutil.which("runuser") or "runuser", "-u", user, "--"]


@contextmanager
def _running(command: Sequence[str], *, folder: Path) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)  # PostgreSQL: at once, whoever is still connected
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(attempt, failure: type[Exception]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            attempt()
        except failure:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
