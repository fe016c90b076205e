"""Which texts of segments came, changed or went since a number, so that an index of their words can follow them.

The numbers are those of the lines that triggers write, in the order of commits: who has seen one has seen all before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from indexer.store.row_lists import rows_in
from indexer.store.tables import SegmentTextTable
from indexer.store.word_tables import TextChangeTable

_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class TextChanges:
    """Rows of the segments whose texts are to be read again, each once, and the number that brings a reader to."""

    seq: int
    segment_rows: Sequence[int]


def current_seq(tx: Session) -> int:
    """The number of the last change that this transaction sees; 0 before the first."""
    return tx.execute(select(func.max(TextChangeTable.row))).scalar() or 0


def changes_since(tx: Session, seq: int) -> TextChanges:
    """What changed after the number `seq`."""
    query = select(TextChangeTable.row, TextChangeTable.segment_row).where(TextChangeTable.row > seq)
    lines = tx.execute(query.order_by(TextChangeTable.row)).all()
    return TextChanges(lines[-1][0] if lines else seq, list(dict.fromkeys(segment_row for _, segment_row in lines)))


def count_since(tx: Session, seq: int) -> int:
    """How many changes were noted after the number `seq`."""
    newer = TextChangeTable.row > seq
    return tx.execute(select(func.count()).select_from(TextChangeTable).where(newer)).scalar_one()


def forget_until(tx: Session, seq: int) -> None:
    """Drop the lines up to the number `seq`, but for the newest there is."""
    newest = select(func.max(TextChangeTable.row)).scalar_subquery()
    tx.execute(delete(TextChangeTable).where(TextChangeTable.row <= seq, TextChangeTable.row < newest))


def tokens_of(tx: Session, segment_rows: Sequence[int]) -> dict[int, str]:
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
