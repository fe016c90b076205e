"""Texts analysed anew, as after an upgrade: a later program finds more in a text than an earlier one wrote down."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from indexer.store import cues, fulltext, tags
from indexer.store.import_tables import CueTable
from indexer.store.tables import SegmentTextTable, VideoTable
from indexer.store.video_texts import refresh_video_texts

_AT_ONCE = 5_000


def analyse_anew(tx: Session) -> None:
    """Let every text, name and line be found by what this program's analyser reads in it."""
    with fulltext.made_anew(tx):
        for rows in _batches(tx, SegmentTextTable.segment_row):
            _analyse_texts(tx, rows)
    for rows in _batches(tx, VideoTable.row):
        refresh_video_texts(tx, rows)
    for rows in _batches(tx, CueTable.row):
        cues.read_anew(tx, rows)


def _analyse_texts(tx: Session, rows: Sequence[int]) -> None:
    listed = SegmentTextTable.segment_row.between(rows[0], rows[-1])
    texts = select(SegmentTextTable.segment_row, SegmentTextTable.caption_row, SegmentTextTable.text).where(listed)
    found = tx.execute(texts).all()
    given = tags.tags_of_captions(tx, (caption for _, caption, _ in found))
    analysed = [{"segment_row": row, **tags.indexed(text, given.get(caption, ()))} for row, caption, text in found]
    tx.execute(update(SegmentTextTable), analysed)


def _batches(tx: Session, column: InstrumentedAttribute[int]) -> Iterator[list[int]]:
    last = 0
    while rows := list(tx.execute(select(column).where(column > last).order_by(column).limit(_AT_ONCE)).scalars()):
        yield rows
        last = rows[-1]
