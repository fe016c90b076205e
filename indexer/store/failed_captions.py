"""Segments of which a captioner's answer was no caption: kept, so that nobody asks again before he is told to."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from indexer.domain import Recipe, VideoId
from indexer.store.places import row_of
from indexer.store.row_lists import rows_in
from indexer.store.tables import CaptionTable, RecipeTable, SegmentTable, VideoTable


def forget_failed_captions(tx: Session, *, video: VideoId | None = None, recipe: Recipe | None = None) -> int:
    """Let such segments be captioned anew: those of a video or of all, by a recipe or by all that every video is to
    have. Returns how many."""
    failed = (
        select(CaptionTable.row, SegmentTable.video_row)
        .join(SegmentTable, SegmentTable.row == CaptionTable.segment_row)
        .join(RecipeTable, RecipeTable.row == CaptionTable.recipe_row)
        .where(CaptionTable.problem.is_not(None))
        .where(RecipeTable.wanted if recipe is None else RecipeTable.name == recipe)
    )
    if video is not None:
        failed = failed.where(SegmentTable.video_row == row_of(tx, video))
    found = tx.execute(failed).all()
    if not found:
        return 0
    tx.execute(delete(CaptionTable).where(CaptionTable.row.in_(rows_in(tx, [row for row, _ in found]))))
    videos = sorted({video_row for _, video_row in found})
    tx.execute(update(VideoTable).where(VideoTable.row.in_(rows_in(tx, videos))).values(complete=False))
    return len(found)
