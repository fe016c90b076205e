"""Which segments are searched: those that the active segmentation of their video lists."""

from collections.abc import Iterable
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from indexer.domain import Segment, SegmentId, VideoId
from indexer.store.places import row_of
from indexer.store.row_lists import rows_in, texts_in
from indexer.store.tables import SegmentationSegmentTable, SegmentationTable, SegmentTable, VideoTable

Columns = TypeVarTuple("Columns")

TILING = ~SegmentationSegmentTable.beside
"""Of what is listed: the segments a segmentation is made of, without those that a person's text keeps beside them."""


def of_active(query: Select[*Columns], *conditions: ColumnElement[bool]) -> Select[*Columns]:
    """`query` over segments, limited to active ones."""
    return (
        query.select_from(SegmentTable)
        .join(SegmentationSegmentTable, SegmentationSegmentTable.segment_row == SegmentTable.row)
        .join(SegmentationTable, SegmentationTable.row == SegmentationSegmentTable.segmentation_row)
        .where(SegmentationTable.active, *conditions)
    )


def active_rows(video_row: int, *conditions: ColumnElement[bool]) -> Select[int]:
    """Rows of a video's active segments, in the order they were given."""
    query = of_active(select(SegmentTable.row), SegmentationTable.video_row == video_row, *conditions)
    return query.order_by(SegmentationSegmentTable.ordinal)


def active_segments(tx: Session, video: VideoId, *conditions: ColumnElement[bool]) -> list[Segment]:
    """A video's active segments, in order of time."""
    query = of_active(
        select(SegmentTable.id, SegmentTable.start_us, SegmentTable.end_us),
        SegmentationTable.video_row == row_of(tx, video),
        *conditions,
    )
    found = tx.execute(query.order_by(SegmentTable.start_us, SegmentationSegmentTable.ordinal))
    return [Segment(SegmentId(id_), video, start_us, end_us) for id_, start_us, end_us in found]


def lock_video(tx: Session, video: VideoId) -> int:
    """The row of a video whose segmentation and texts nobody else changes until this transaction ends."""
    held = select(VideoTable.row).where(VideoTable.row == row_of(tx, video)).with_for_update(key_share=True)
    return tx.execute(held).scalar_one()


def segment_rows(tx: Session, segments: Iterable[SegmentId]) -> dict[SegmentId, int]:
    """{segment: its row}; segments that are not stored are left out."""
    query = select(SegmentTable.id, SegmentTable.row).where(SegmentTable.id.in_(texts_in(tx, segments)))
    return {SegmentId(id_): row for id_, row in tx.execute(query)}


def video_rows(tx: Session, segment_rows: Iterable[int]) -> dict[int, int]:
    """{segment row: row of its video}."""
    query = select(SegmentTable.row, SegmentTable.video_row).where(SegmentTable.row.in_(rows_in(tx, segment_rows)))
    return dict(tx.execute(query).all())
