"""Which schema a database has, and bringing it up to the program's. Alembic is loaded only to upgrade."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from indexer.errors import LibraryError
from indexer.store.engine import (
    BEGIN_OPTION,
    parse_url,
    postgres_engine,
    sqlite_engine,
    sqlite_file,
    use_write_ahead_log,
)

if TYPE_CHECKING:
    from alembic.config import Config

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""Oldest first; a test holds this against the migrations folder."""
HEAD = REVISIONS[-1]
_UPGRADE_LOCK = 0x5107115  # any number will do, as long as nobody else on the server uses it


@dataclass(frozen=True, slots=True)
class SchemaState:
    current: str | None  # None: nothing is there yet
    head: str = HEAD

    @property
    def newer(self) -> bool:
        """Whether a later version of the program made it."""
        return self.current is not None and self.current not in REVISIONS


def schema_state(url: str) -> SchemaState:
    """The version a database has and the one this program needs. Raises `LibraryError` where there is no database."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = sqlite_file(parsed)
        if not path.is_file():
            return SchemaState(None)
        engine = sqlite_engine(path, "read")
    else:
        engine = postgres_engine(parsed)
    try:
        return read_state(engine)
    finally:
        engine.dispose()


def upgrade_schema(url: str) -> SchemaState:
    """Create the schema, or bring it up to this program's. Safe to call from many processes at once.

    Raises `LibraryError` when a later version of the program made it.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        use_write_ahead_log(sqlite_file(parsed))
        engine = sqlite_engine(sqlite_file(parsed), "write")
    else:
        engine = postgres_engine(parsed)
    try:
        with engine.execution_options(**{BEGIN_OPTION: "BEGIN IMMEDIATE"}).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
            state = _state_of(connection)
            refuse_newer(state, url)
            if state.current != HEAD:
                _migrate(connection)
                if state.current is not None:
                    _analyse_anew(connection)
        return SchemaState(HEAD)
    except OperationalError as error:
        raise LibraryError(f"the database cannot be used: {error.orig}") from None
    finally:
        engine.dispose()


def read_state(engine: Engine) -> SchemaState:
    try:
        with engine.connect() as connection:
            return _state_of(connection)
    except OperationalError as error:
        raise LibraryError(f"the database cannot be used: {error.orig}") from None
    except DatabaseError as error:
        raise LibraryError(f"this is not a library's database: {error.orig}") from None


def refuse_newer(state: SchemaState, where: object) -> None:
    if state.newer:
        raise LibraryError(
            f"{where} was made by a later version of Shotlist (schema {state.current}, this program knows "
            f"{state.head}); update the program"
        )


def migrations_folder() -> Path:
    """Where the migrations lie: inside the installed package, or beside it in a source checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_migrations", package.parent / "migrations"):
        if (folder / "env.py").is_file():
            return folder
    raise LibraryError("the program is not whole: its database migrations are missing; install it again")


def alembic_config() -> "Config":
    """Alembic's settings, built here so that nothing depends on a file at run time."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _migrate(connection: Connection) -> None:
    from alembic import command

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _analyse_anew(connection: Connection) -> None:
    """The texts of an earlier program are searched as this one reads them: it may know more kinds of dates."""
    from indexer.store.analysed_anew import analyse_anew  # it needs all tables, and hardly anyone needs it

    with Session(connection, join_transaction_mode="rollback_only") as tx:
        analyse_anew(tx)
        tx.flush()


def _state_of(connection: Connection) -> SchemaState:
    if not inspect(connection).has_table("alembic_version"):
        return SchemaState(None)
    return SchemaState(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
