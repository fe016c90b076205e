"""Lists of rows and ids as conditions of a query, on both databases; any length, one bound value."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any, Literal, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Executable,
    Integer,
    Select,
    Text,
    bindparam,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.attributes import InstrumentedAttribute

from indexer.store.tables import storable


def is_sqlite(tx: Session) -> bool:
    return tx.get_bind().dialect.name == "sqlite"


def rows_in(tx: Session, rows: Iterable[int]) -> Select[int]:
    """A subquery of these row numbers, for `column.in_(...)`."""
    listed = [int(row) for row in rows]
    if is_sqlite(tx):
        values = func.json_each(json.dumps(listed)).table_valued(column("value", Integer))
        return select(values.c.value)
    unnested = func.unnest(literal(listed, ARRAY(BigInteger))).column_valued()
    return select(unnested)


Dialect = Literal["sqlite", "postgresql"]


def dialect_of(tx: Session) -> Dialect:
    return "sqlite" if is_sqlite(tx) else "postgresql"


@cache
def rows_bound(dialect: Dialect) -> Select[int]:
    """As `rows_in`, of a statement that is made once and executed with `bound`: SQLAlchemy takes longer to make one
    than the database to answer it."""
    if dialect == "sqlite":
        values = func.json_each(bindparam("rows", type_=Text)).table_valued(column("value", Integer))
        return select(values.c.value)
    return select(func.unnest(bindparam("rows", type_=ARRAY(BigInteger))).column_valued())


def bound(tx: Session, rows: Iterable[int]) -> dict[str, object]:
    """What a statement with `rows_bound` is executed with."""
    listed = [int(row) for row in rows]
    return {"rows": json.dumps(listed) if is_sqlite(tx) else listed}


def texts_in(tx: Session, texts: Iterable[str]) -> Select[str]:
    """A subquery of these texts, for `column.in_(...)`."""
    listed = [storable(one) for one in texts]
    if is_sqlite(tx):
        values = func.json_each(json.dumps(listed)).table_valued(column("value", Text))
        return select(values.c.value)
    unnested = func.unnest(literal(listed, ARRAY(Text))).column_valued()
    return select(unnested)


def insert_into(tx: Session, table: type[DeclarativeBase]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of this database's own dialect, which knows ON CONFLICT."""
    return sqlite.insert(table) if is_sqlite(tx) else postgresql.insert(table)


def insert_new(tx: Session, table: type[DeclarativeBase], values: list[dict[str, Any]]) -> None:
    """Insert what is not there yet, by any of the table's unique keys."""
    if values:
        tx.execute(insert_into(tx, table).on_conflict_do_nothing(), values)


def bytewise(tx: Session, attribute: InstrumentedAttribute[str | None]) -> ColumnElement[str | None]:
    """Text compared code point by code point, whatever the database's language."""
    collation = "BINARY" if is_sqlite(tx) else "C"
    return cast("ColumnElement[str | None]", attribute.collate(collation))


def count(tx: Session, change: Executable) -> int:
    """Make a change, and say how many rows it changed."""
    return int(cast("Any", tx.execute(change)).rowcount)
