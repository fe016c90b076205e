"""Segments of which a captioner's answer was no caption: kept, so that nobody asks again before he is told to."""

from collections import Counter

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from indexer.domain import Recipe, VideoId
from indexer.store.places import row_of
from indexer.store.row_lists import rows_in
from indexer.store.tables import CaptionTable, RecipeTable, SegmentTable, VideoTable


def forget_failed_captions(
    tx: Session, *, video: VideoId | None = None, recipe: Recipe | None = None
) -> Counter[VideoId]:
    """Let such segments be captioned anew when that is asked for: those of a video or of all, by a recipe or by all
    that every video is to have. Returns how many there are of each video."""
    failed = (
        select(CaptionTable.row, VideoTable.id)
        .join(SegmentTable, SegmentTable.row == CaptionTable.segment_row)
        .join(VideoTable, VideoTable.row == SegmentTable.video_row)
        .join(RecipeTable, RecipeTable.row == CaptionTable.recipe_row)
        .where(CaptionTable.problem.is_not(None))
        .where(RecipeTable.wanted if recipe is None else RecipeTable.name == recipe)
    )
    if video is not None:
        failed = failed.where(SegmentTable.video_row == row_of(tx, video))
    found = tx.execute(failed).all()
    if found:
        tx.execute(delete(CaptionTable).where(CaptionTable.row.in_(rows_in(tx, [row for row, _ in found]))))
    return Counter(VideoId(id_) for _, id_ in found)
