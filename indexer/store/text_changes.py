"""Which texts of segments came, changed or went since a number, so that an index of their words can follow them.

On SQLite the number is that of the last line of the log: writers come one after another. PostgreSQL's writers commit in
any order, so there it is the oldest transaction that was still under way: all before it are seen, and lines of later
ones may be met twice. They only say of which segments to look at the text again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.orm import Session

from indexer.store.row_lists import is_sqlite, rows_in
from indexer.store.tables import SegmentTextTable
from indexer.store.word_tables import TextChangeTable

_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class TextChanges:
    """Rows of the segments whose texts are to be read again, each once, and the number that brings a reader to.

    `ahead` are the lines beyond that number, to be named the next time: they are not told again.
    """

    seq: int
    segment_rows: list[int]
    ahead: frozenset[int] = frozenset()


def current_seq(tx: Session) -> int:
    """The number of this moment: every change up to it is seen by this transaction."""
    if is_sqlite(tx):
        return tx.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'text_change'")).scalar() or 0
    return int(tx.execute(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")).scalar_one())


def changes_since(tx: Session, seq: int, *, ahead: frozenset[int] = frozenset()) -> TextChanges:
    """What changed after the number `seq`, less the lines that are known already."""
    now = current_seq(tx)
    log = TextChangeTable
    lines = tx.execute(select(log.row, log.segment_row, log.transaction).where(_after(tx, seq)))
    rows: dict[int, None] = {}
    beyond: set[int] = set()
    for row, segment_row, transaction in lines:
        if row not in ahead:
            rows[segment_row] = None
        if transaction is not None and transaction >= now:
            beyond.add(row)
    return TextChanges(now, list(rows), frozenset(beyond))


def count_since(tx: Session, seq: int) -> int:
    """How many changes were noted after the number `seq`."""
    return tx.execute(select(func.count()).select_from(TextChangeTable).where(_after(tx, seq))).scalar_one()


def forget_until(tx: Session, seq: int) -> None:
    """Drop the lines that every reader of an index published at `seq` has seen."""
    tx.execute(delete(TextChangeTable).where(~_after(tx, seq)))


def tokens_of(tx: Session, segment_rows: list[int]) -> dict[int, str]:
    """{segment row: the tokens of its text}, of those that have one."""
    listed = SegmentTextTable.segment_row.in_(rows_in(tx, segment_rows))
    return dict(tx.execute(select(SegmentTextTable.segment_row, SegmentTextTable.tokens).where(listed)).all())


def all_tokens(tx: Session) -> Iterator[tuple[int, str]]:
    """(segment row, the tokens of its text) of every segment that has one, in order of rows, some at a time."""
    query = select(SegmentTextTable.segment_row, SegmentTextTable.tokens).order_by(SegmentTextTable.segment_row)
    for part in tx.execute(query.execution_options(yield_per=_AT_ONCE)).partitions():
        yield from ((row, tokens) for row, tokens in part)


def has_texts(tx: Session, count: int) -> bool:
    """Whether segments have `count` texts at least."""
    return tx.execute(select(SegmentTextTable.segment_row).offset(count - 1).limit(1)).scalar() is not None


def _after(tx: Session, seq: int) -> ColumnElement[bool]:
    return TextChangeTable.row > seq if is_sqlite(tx) else TextChangeTable.transaction >= seq
