"""Which segments are searched: those that the active segmentation of their video lists."""

from collections.abc import Iterable
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from indexer.domain import Segment, SegmentId, VideoId
from indexer.store.places import row_of
from indexer.store.row_lists import rows_in, texts_in
from indexer.store.tables import SegmentationSegmentTable, SegmentationTable, SegmentTable

Columns = TypeVarTuple("Columns")


def of_active(query: Select[*Columns], *conditions: ColumnElement[bool]) -> Select[*Columns]:
    """`query` over segments, limited to active ones."""
    return (
        query.select_from(SegmentTable)
        .join(SegmentationSegmentTable, SegmentationSegmentTable.segment_row == SegmentTable.row)
        .join(SegmentationTable, SegmentationTable.row == SegmentationSegmentTable.segmentation_row)
        .where(SegmentationTable.active, *conditions)
    )


def active_rows(video_row: int) -> Select[int]:
    """Rows of a video's active segments, in order."""
    query = of_active(select(SegmentTable.row), SegmentationTable.video_row == video_row)
    return query.order_by(SegmentationSegmentTable.ordinal)


def active_segments(tx: Session, video: VideoId, *conditions: ColumnElement[bool]) -> list[Segment]:
    query = of_active(
        select(SegmentTable.id, SegmentTable.start_us, SegmentTable.end_us),
        SegmentationTable.video_row == row_of(tx, video),
        *conditions,
    )
    found = tx.execute(query.order_by(SegmentationSegmentTable.ordinal))
    return [Segment(SegmentId(id_), video, start_us, end_us) for id_, start_us, end_us in found]


def segment_rows(tx: Session, segments: Iterable[SegmentId]) -> dict[SegmentId, int]:
    """{segment: its row}; segments that are not stored are left out."""
    query = select(SegmentTable.id, SegmentTable.row).where(SegmentTable.id.in_(texts_in(tx, segments)))
    return {SegmentId(id_): row for id_, row in tx.execute(query)}


def video_rows(tx: Session, segment_rows: Iterable[int]) -> dict[int, int]:
    """{segment row: row of its video}."""
    query = select(SegmentTable.row, SegmentTable.video_row).where(SegmentTable.row.in_(rows_in(tx, segment_rows)))
    return dict(tx.execute(query).all())
