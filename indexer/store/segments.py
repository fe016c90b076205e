"""The structure of a video: its segmentations. What is kept of each segment is in `keyframes`, `captions`, `details`,
which this module offers too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from indexer.domain import Cut, Recipe, Segment, SegmentId, VideoId, segment_of
from indexer.store.active_segments import TILING, active_rows, active_segments, lock_video, segment_rows
from indexer.store.active_texts import refresh_active_texts
from indexer.store.captions import put_captions
from indexer.store.details import SegmentDetail, StoreCounts, counts, details
from indexer.store.kept_texts import place_texts
from indexer.store.keyframes import PlannedKeyframe, plan_keyframes, put_keyframes, without_keyframe
from indexer.store.places import row_of
from indexer.store.recipes import recipe_rows
from indexer.store.row_lists import insert_into, insert_new
from indexer.store.scenes import forget_scenes, put_scenes, scenes_of
from indexer.store.tables import (
    CaptionTable,
    CutTable,
    RecipeTable,
    SegmentationSegmentTable,
    SegmentationTable,
    SegmentTable,
    VideoTable,
)
from indexer.timecode import TimeRange

__all__ = [
    "PlannedKeyframe",
    "SegmentDetail",
    "Segmentation",
    "StoreCounts",
    "active",
    "counts",
    "details",
    "find",
    "plan_keyframes",
    "put_captions",
    "put_keyframes",
    "put_scenes",
    "put_segmentation",
    "uncaptioned",
    "without_keyframe",
]


@dataclass(frozen=True, slots=True)
class Segmentation:
    """The segments of a video in order of time, as one recipe found them, and the cuts between them. Segments that
    stand beside them for a person's text are not among them."""

    recipe: Recipe
    origin: Literal["detected", "fixed", "imported"]
    segments: tuple[Segment, ...]
    cuts: tuple[Cut, ...]
    scenes: tuple[TimeRange, ...]


def put_segmentation(
    tx: Session,
    video: VideoId,
    *,
    recipe: Recipe,
    origin: Literal["detected", "fixed", "imported"],
    spans: Sequence[TimeRange],
    cuts: Sequence[Cut],
) -> list[Segment]:
    """Record how a video falls into segments and make that what is searched. Same recipe: replaced by what is given.

    Spans seen before keep their segments, and with them their texts and vectors; what people wrote stays in any case
    (see `kept_texts`). Returns the segments in order.
    """
    video_row = lock_video(tx, video)
    segments = [segment_of(video, span.start_us, span.end_us) for span in spans]
    searched_before = list(tx.execute(active_rows(video_row)).scalars())
    tx.execute(update(SegmentationTable).where(SegmentationTable.video_row == video_row).values(active=False))
    facts = {"origin": origin, "active": True}
    insertion = insert_into(tx, SegmentationTable).values(
        video_row=video_row, recipe_row=recipe_rows(tx, [recipe])[recipe], **facts
    )
    row = tx.execute(
        insertion.on_conflict_do_update(index_elements=["video_row", "recipe_row"], set_=facts).returning(
            SegmentationTable.row
        )
    ).scalar_one()
    insert_new(
        tx,
        SegmentTable,
        [{"id": one.id, "video_row": video_row, "start_us": one.start_us, "end_us": one.end_us} for one in segments],
    )
    row_of_segment = segment_rows(tx, [segment.id for segment in segments])
    listed = [
        {"segmentation_row": row, "segment_row": row_of_segment[segment.id], "ordinal": ordinal}
        for ordinal, segment in enumerate(segments)
    ]
    tx.execute(delete(SegmentationSegmentTable).where(SegmentationSegmentTable.segmentation_row == row))
    insert_new(tx, SegmentationSegmentTable, listed)
    tx.execute(delete(CutTable).where(CutTable.segmentation_row == row))
    insert_new(tx, CutTable, [_columns(cut) | {"segmentation_row": row} for cut in cuts])
    forget_scenes(tx, row)
    touched = place_texts(tx, video_row)
    refresh_active_texts(tx, {*searched_before, *row_of_segment.values(), *touched})
    return segments


def active(tx: Session, video: VideoId) -> Segmentation | None:
    """The segmentation that is searched, or None where the video has none yet."""
    found = tx.execute(
        select(SegmentationTable.row, SegmentationTable.origin, RecipeTable.name)
        .join(RecipeTable, RecipeTable.row == SegmentationTable.recipe_row)
        .where(SegmentationTable.video_row == row_of(tx, video), SegmentationTable.active)
    ).one_or_none()
    if found is None:
        return None
    row, origin, recipe = found
    cuts = tx.execute(
        select(CutTable.start_us, CutTable.end_us, CutTable.kind, CutTable.strength)
        .where(CutTable.segmentation_row == row)
        .order_by(CutTable.start_us, CutTable.row)
    )
    found_cuts = tuple(Cut(*cut) for cut in cuts)
    return Segmentation(
        Recipe(recipe), origin, tuple(active_segments(tx, video, TILING)), found_cuts, scenes_of(tx, row)
    )


def find(tx: Session, segment: SegmentId) -> Segment | None:
    found = tx.execute(
        select(SegmentTable.start_us, SegmentTable.end_us, VideoTable.id)
        .join(VideoTable, VideoTable.row == SegmentTable.video_row)
        .where(SegmentTable.id == segment)
    ).one_or_none()
    return None if found is None else Segment(segment, VideoId(found.id), found.start_us, found.end_us)


def uncaptioned(tx: Session, video: VideoId, recipe: Recipe) -> list[Segment]:
    """Active segments on which this recipe has not written yet, in order. An empty caption counts as written."""
    written = (
        select(CaptionTable.row)
        .join(RecipeTable, RecipeTable.row == CaptionTable.recipe_row)
        .where(CaptionTable.segment_row == SegmentTable.row, RecipeTable.name == recipe)
    )
    return active_segments(tx, video, TILING, ~written.exists())


def _columns(cut: Cut) -> dict[str, int | float | str]:
    return {"start_us": cut.start_us, "end_us": cut.end_us, "kind": cut.kind, "strength": cut.strength}
