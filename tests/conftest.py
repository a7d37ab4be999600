"""Servers and databases that tests share; started when the first test asks for them."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from shutil import copyfile

import psycopg
import pytest

from storage.database import connect
from tests import servers

_NUMBERS = count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server, without a database."""
    with servers.postgres() as address:
        yield address


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database of this test's own."""
    name = f"test_{next(_NUMBERS)}"
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{postgres_server}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The address of a Redis server."""
    with servers.redis_server() as address:
        yield address


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'state' / 'kuemmerkasten.sqlite3'}"


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a database with all tables and no row, to be copied."""
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_of_tests")
    connect(f"{postgres_server}/template_of_tests").dispose()
    return "template_of_tests"


@pytest.fixture
def ready_postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """The address of a PostgreSQL database of this test's own that has its tables."""
    name = f"test_{next(_NUMBERS)}"
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {postgres_template} STRATEGY FILE_COPY")
        yield f"{postgres_server}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables and no row, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    connect(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def ready_sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The address of an SQLite file of this test's own that has its tables."""
    copyfile(sqlite_template, tmp_path / "ready.sqlite3")
    return f"sqlite:///{tmp_path / 'ready.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def ready_database_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind in turn that has its tables."""
    return request.getfixturevalue(
        {"sqlite": "ready_sqlite_url", "postgresql": "ready_postgres_url"}[request.param]
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind in turn."""
    return request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param])
