"""A library's database, opened for reading or for writing; every access is a transaction."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from indexer.errors import LibraryBusy, LibraryError
from indexer.store.engine import (
    BEGIN_OPTION,
    SYNC_OPTION,
    FileAccess,
    parse_url,
    postgres_engine,
    sqlite_engine,
    sqlite_file,
)
from indexer.store.file_systems import mount_of
from indexer.store.schema import SchemaState, read_state, refuse_newer, upgrade_schema

Transaction = Session
"""What every function of the store takes first: one transaction, one snapshot."""


# No object outlives the statement that loaded it, so none has to be kept in step with the next statement.
_PLAIN: dict[str, bool] = {"synchronize_session": False, "populate_existing": True}


class Database:
    """Safe to share between threads: each transaction has a connection of its own."""

    def __init__(self, url: str, engine: Engine) -> None:
        self.url = url
        self._engine = engine
        self._reading: Engine
        self._writing: Engine
        if engine.dialect.name == "sqlite":
            self._reading = engine
            self._writing = engine.execution_options(**{BEGIN_OPTION: "BEGIN IMMEDIATE", SYNC_OPTION: "NORMAL"})
        else:
            self._reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._writing = engine

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        return "sqlite" if self._engine.dialect.name == "sqlite" else "postgresql"

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """One unchanging view of the library, whatever is being written meanwhile. Raises `LibraryBusy` when it cannot
        be had now: the server is away."""
        with Session(self._reading, execution_options=_PLAIN) as tx:
            try:
                yield tx
            except OperationalError as error:
                if not _is_the_users(error):
                    raise
                raise LibraryBusy(f"the library cannot be read now: {error.orig}") from error

    @contextmanager
    def write(self, *, durable: Literal["soon", "now"] = "soon") -> Iterator[Transaction]:
        """Commits all of it or, when the block raises, nothing. On SQLite writers wait for each other at the start.

        `durable`: whether a power cut right after the commit may take it back, as it may on SQLite until the system
        writes its log to the disk. `now` is for what nobody can make again: what a person wrote.
        Raises `LibraryBusy` when another writer keeps the library for too long, or the disk is full or read-only.
        """
        engine = self._writing
        if durable == "now" and self.dialect == "sqlite":
            engine = engine.execution_options(**{SYNC_OPTION: "FULL"})
        with Session(engine, execution_options=_PLAIN) as tx:
            try:
                tx.connection()
                yield tx
                tx.commit()
            except OperationalError as error:
                if not _is_the_users(error):
                    raise
                raise LibraryBusy(f"the library cannot be written to now: {error.orig}") from error

    @contextmanager
    def lock(self, number: int) -> Iterator[bool]:
        """Whether nobody else holds this number on the server; if so it is held for the block, or until this process
        ends. On SQLite always: its processes share a machine, which has locks of its own. Raises `LibraryBusy`."""
        if self.dialect == "sqlite":
            yield True
            return
        try:
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            held = connection.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}).scalar_one()
        except OperationalError as error:
            raise LibraryBusy(f"the library cannot be used now: {error.orig}") from error
        try:
            yield bool(held)
        finally:
            if held:
                _unlock(connection, number)
            connection.close()

    def close(self) -> None:
        self._engine.dispose()


def open_database(url: str, *, purpose: Literal["read", "write"]) -> Database:
    """Open a library's database. On SQLite, writing creates it and brings its schema up to date first.

    Raises `LibraryError` when it is missing (reading), is not a library, is newer than this program, or (PostgreSQL)
    its schema was not upgraded yet.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = postgres_engine(parsed)
    elif purpose == "write":
        sqlite_file(parsed).parent.mkdir(parents=True, exist_ok=True)
        upgrade_schema(url)
        return Database(url, sqlite_engine(sqlite_file(parsed), "write"))
    else:
        engine = _readable(sqlite_file(parsed))
    try:
        _require_current(read_state(engine), parsed.render_as_string())
    except LibraryError:
        engine.dispose()
        raise
    return Database(url, engine)


def _unlock(connection: Connection, number: int) -> None:
    try:
        connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})
    except OperationalError:
        connection.invalidate()  # the connection is broken, and the lock went with it


def _is_the_users(error: OperationalError) -> bool:
    """Whether the disk, another program or the server is in the way, and not a fault in our SQL."""
    if not isinstance(error.orig, sqlite3.OperationalError):
        return True
    return any(sign in str(error.orig) for sign in ("locked", "full", "readonly", "disk I/O", "unable to open"))


def _readable(path: Path) -> Engine:
    """An engine for reading. In a folder where nothing can be written and nobody is writing, SQLite must be told so."""
    if not path.is_file():
        raise LibraryError(f"there is no library at {path.parent} yet; make one with: shotlist add FOLDER")
    mount = mount_of(path)
    engine = sqlite_engine(path, _remote_access(path) if mount is not None and mount.is_network else "read")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except OperationalError as error:
        engine.dispose()
        if not _is_sealed(path):
            raise LibraryError(f"{path} cannot be read: {error.orig}") from None
        return sqlite_engine(path, "immutable")
    except DatabaseError as error:
        raise LibraryError(f"{path} is not a library: {error.orig}") from None
    return engine


def _remote_access(path: Path) -> FileAccess:
    """On a network file system a library that nobody writes to can be read, for then nobody needs its locks."""
    if _log_of(path).exists():
        raise LibraryError(
            f"{path.parent} lies on a network file system and is open elsewhere, or was not closed; locks do not hold "
            "between machines, so read it on the machine whose disk it is on, or copy it to a disk of this one"
        )
    return "immutable"


def _is_sealed(path: Path) -> bool:
    """Whether nobody has the database open (its log is gone) and we may not open it as readers usually do."""
    return not _log_of(path).exists() and not os.access(
        path.parent, os.W_OK, effective_ids=os.access in os.supports_effective_ids
    )


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _require_current(state: SchemaState, where: str) -> None:
    refuse_newer(state, where)
    if state.current is None:
        raise LibraryError(f"{where} holds no library yet; make its tables with: shotlist db upgrade")
    if state.current != state.head:
        raise LibraryError(f"{where} was made by an earlier version of Shotlist; run: shotlist db upgrade")
