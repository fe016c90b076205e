"""Connections as each database wants them: SQLite files in WAL mode, PostgreSQL by psycopg."""

import os
import sqlite3
import time
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from indexer.errors import ComponentError, LibraryError, UsageError
from indexer.store.file_systems import require_local

_AS_MANY_AS_THREADS = -1  # connections: a worker with many lanes needs one for each, and waits for none
BUSY_SECONDS = 30.0
BEGIN_OPTION = "shotlist_begin"  # execution option: how a SQLite transaction begins
SYNC_OPTION = "shotlist_sync"  # execution option: what PRAGMA synchronous a SQLite transaction is committed under

FileAccess = Literal["write", "read", "immutable"]


def parse_url(url: str) -> URL:
    """Raises `UsageError` for what is neither a SQLite file nor a PostgreSQL server."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UsageError(f"{url!r} is not a database URL; write sqlite:///FILE or postgresql://HOST/NAME") from None
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            return parsed
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
    raise UsageError(f"a library lies in a SQLite file or on a PostgreSQL server, not in {parsed.render_as_string()}")


def sqlite_file(url: URL) -> Path:
    return Path(str(url.database))


def postgres_engine(url: URL) -> Engine:
    """Raises `ComponentError` when the driver is not installed."""
    try:
        return create_engine(url, pool_pre_ping=True, max_overflow=_AS_MANY_AS_THREADS)
    except ModuleNotFoundError:
        message = "PostgreSQL needs its driver: install shotlist-video[postgres]"
        raise ComponentError(message) from None


def sqlite_engine(path: Path, access: FileAccess) -> Engine:
    """An engine over one file. `immutable` is for files on which nobody can write, not even SQLite's own side files.

    Python's driver begins no transaction before a SELECT, so the driver's own are switched off and ours begin with
    `BEGIN`, or with what `BEGIN_OPTION` says.
    """
    mode = {"write": "mode=rwc", "read": "mode=ro", "immutable": "mode=ro&immutable=1"}[access]
    uri = f"file:{quote(os.fsencode(path.absolute()))}?{mode}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -65536")  # 64 MiB: hits are spread over the whole file
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, max_overflow=_AS_MANY_AS_THREADS)
    event.listen(engine, "begin", _begin)
    return engine


def use_write_ahead_log(path: Path) -> None:
    """Let readers and one writer work side by side. SQLite does not wait for a lock here, so this does.

    Raises `LibraryError` where that cannot be: on a network file system, and for what is no database.
    """
    require_local(path)
    deadline = time.monotonic() + BUSY_SECONDS
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise LibraryError(f"{path} cannot be opened for writing: {error}") from None
                time.sleep(0.02)
            except sqlite3.DatabaseError:
                raise LibraryError(f"{path} is not a library: it is not a SQLite database") from None
    finally:
        connection.close()


def _begin(connection: Connection) -> None:
    # A connection of the pool keeps what it was told last, and within a transaction it cannot be told.
    if sync := connection.get_execution_options().get(SYNC_OPTION):
        connection.exec_driver_sql(f"PRAGMA synchronous = {sync}")
    connection.exec_driver_sql(str(connection.get_execution_options().get(BEGIN_OPTION, "BEGIN")))
