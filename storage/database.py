from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from desk.errors import SettingError

MIGRATIONS = Path(__file__).parent / "migrations"
READING = "kuemmerkasten_reading"  # execution option: this transaction only reads and waits for nobody
CACHE_KIB = 32 * 1024  # of a connection, taken as it is needed
BUSY_MILLISECONDS = 10_000  # how long a second writer waits for the first


def connect(url: str) -> sa.Engine:
    """Open the database at `url`, bring its schema up to date, return the engine.

    Raises SettingError when the address is no database address or the database can't be reached.
    """
    try:
        address = sa.make_url(url)
        if address.get_backend_name() == "sqlite" and address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        # Without parameters in its errors: they are what people wrote.
        engine = sa.create_engine(
            address, hide_parameters=True, pool_pre_ping=address.get_backend_name() != "sqlite"
        )
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine)
        migrate(engine)
    except (sa.exc.SQLAlchemyError, ModuleNotFoundError, OSError) as error:
        raise SettingError("operator.no_database", reason=type(error).__name__) from error
    return engine


def migrate(engine: sa.Engine) -> None:
    """Apply the migrations that the database does not have yet."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _prepare_sqlite(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin below, not where the driver guesses
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        # FULL: what was confirmed to Telegram survives a power cut too, not only a killed process.
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # The default of 2 MB reads an archive of years from the file again and again.
        cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # IMMEDIATE: two writers queue here instead of failing when both want to write later.
        reading = connection.get_execution_options().get(READING)
        connection.exec_driver_sql("BEGIN DEFERRED" if reading else "BEGIN IMMEDIATE")
