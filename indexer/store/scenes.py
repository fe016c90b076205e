"""Which neighbouring shots of a segmentation belong together."""

from collections.abc import Sequence

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from indexer.domain import VideoId
from indexer.store.places import row_of
from indexer.store.plan_tables import SceneTable
from indexer.store.row_lists import insert_new
from indexer.store.tables import SegmentationTable
from indexer.timecode import TimeRange


def put_scenes(tx: Session, video: VideoId, scenes: Sequence[TimeRange]) -> None:
    """Record the scenes of the active segmentation of a video, in place of those it had."""
    row = tx.execute(_active(row_of(tx, video))).scalar_one()
    forget_scenes(tx, row)
    rows = [{"segmentation_row": row, "start_us": one.start_us, "end_us": one.end_us} for one in scenes]
    insert_new(tx, SceneTable, rows)


def forget_scenes(tx: Session, segmentation_row: int) -> None:
    tx.execute(delete(SceneTable).where(SceneTable.segmentation_row == segmentation_row))


def scenes_of(tx: Session, segmentation_row: int) -> tuple[TimeRange, ...]:
    """In order of time."""
    query = select(SceneTable.start_us, SceneTable.end_us).where(SceneTable.segmentation_row == segmentation_row)
    return tuple(TimeRange(start_us, end_us) for start_us, end_us in tx.execute(query.order_by(SceneTable.start_us)))


def active_scenes(tx: Session, video_row: int) -> tuple[TimeRange, ...]:
    """Those of the segmentation of a video that is searched, in order of time."""
    row = tx.execute(_active(video_row)).scalar()
    return () if row is None else scenes_of(tx, row)


def _active(video_row: int) -> Select[int]:
    return select(SegmentationTable.row).where(SegmentationTable.video_row == video_row, SegmentationTable.active)
