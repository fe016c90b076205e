"""The one segment of a video that was entered by name and not decoded yet: from its beginning to an end nobody knows.
It lets the video be found by its names at once."""

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from indexer.domain import Recipe, VideoId, segment_of
from indexer.store.places import row_of
from indexer.store.recipes import recipe_rows
from indexer.store.row_lists import insert_into
from indexer.store.tables import CaptionTable, SegmentationSegmentTable, SegmentationTable, SegmentTable

RECIPE = Recipe("whole/1")


def put_stand_in(tx: Session, video: VideoId) -> None:
    """Give a video that has no segments one that stands for all of it."""
    video_row, segment = row_of(tx, video), segment_of(video, 0, None)
    about = {"id": segment.id, "video_row": video_row, "start_us": 0, "end_us": None}
    segment_row = tx.execute(insert_into(tx, SegmentTable).values(**about).returning(SegmentTable.row)).scalar_one()
    recipe_row = recipe_rows(tx, [RECIPE])[RECIPE]
    made = {"video_row": video_row, "recipe_row": recipe_row, "origin": "imported", "active": True}
    insertion = insert_into(tx, SegmentationTable).values(**made).returning(SegmentationTable.row)
    listed = {"segment_row": segment_row, "ordinal": 0}
    row = tx.execute(insertion).scalar_one()
    tx.execute(insert_into(tx, SegmentationSegmentTable).values(segmentation_row=row, **listed))


def drop_stand_in(tx: Session, video: VideoId) -> None:
    """Take it away once there are real segments; where somebody wrote about it, it stays."""
    video_row = row_of(tx, video)
    recipe_row = recipe_rows(tx, [RECIPE])[RECIPE]
    segment = select(SegmentTable.row).where(SegmentTable.id == segment_of(video, 0, None).id)
    if tx.execute(select(exists().where(CaptionTable.segment_row.in_(segment)))).scalar():
        return
    tx.execute(
        delete(SegmentationTable).where(
            SegmentationTable.video_row == video_row, SegmentationTable.recipe_row == recipe_row
        )
    )
    tx.execute(delete(SegmentTable).where(SegmentTable.id == segment_of(video, 0, None).id))
