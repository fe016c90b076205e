"""The pictures that stand for segments: planned while the video is decoded once, taken afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from indexer.domain import Keyframe, SegmentId, VideoId
from indexer.store.active_segments import TILING, active_rows, of_active, segment_rows, video_rows
from indexer.store.places import row_of
from indexer.store.recipes import recipe_rows
from indexer.store.row_lists import insert_into
from indexer.store.tables import DerivedFileTable, SegmentationSegmentTable, SegmentationTable, SegmentTable


@dataclass(frozen=True, slots=True)
class PlannedKeyframe:
    """A segment (`id`) that has no picture yet, and the moment it should be taken at."""

    id: SegmentId
    keyframe_us: int


def plan_keyframes(tx: Session, video: VideoId, times: Sequence[int]) -> None:
    """Note at which moment (us) the picture of each segment of the active segmentation is to be taken; one for each, in
    the order they were given."""
    video_row = row_of(tx, video)
    rows = tx.execute(active_rows(video_row, TILING)).scalars().all()
    segmentation = tx.execute(
        select(SegmentationTable.row).where(SegmentationTable.video_row == video_row, SegmentationTable.active)
    ).scalar()
    planned = [
        {"segmentation_row": segmentation, "segment_row": row, "keyframe_us": t_us}
        for row, t_us in zip(rows, times, strict=True)
    ]
    if planned:
        tx.execute(update(SegmentationSegmentTable), planned)


def without_keyframe(tx: Session, video: VideoId) -> list[PlannedKeyframe]:
    """Active segments that lack a picture, in order of its moment; where none was planned, their middle."""
    pictured = select(DerivedFileTable.segment_row).where(
        DerivedFileTable.segment_row == SegmentTable.row,
        DerivedFileTable.kind == "keyframe",
        DerivedFileTable.state == "ready",
    )
    middle = (SegmentTable.start_us + func.coalesce(SegmentTable.end_us, SegmentTable.start_us)) / 2
    planned = func.coalesce(SegmentationSegmentTable.keyframe_us, middle)
    query = of_active(select(SegmentTable.id, planned), SegmentTable.video_row == row_of(tx, video))
    found = [PlannedKeyframe(SegmentId(id_), int(t_us)) for id_, t_us in tx.execute(query.where(~pictured.exists()))]
    return sorted(found, key=lambda one: one.keyframe_us)


def put_keyframes(tx: Session, keyframes: Sequence[Keyframe]) -> None:
    """Record pictures; one at a path that is known already is replaced."""
    rows = segment_rows(tx, [keyframe.segment for keyframe in keyframes])
    recipes = recipe_rows(tx, [keyframe.recipe for keyframe in keyframes])
    videos = video_rows(tx, rows.values())
    values = [
        {
            "video_row": videos[rows[keyframe.segment]],
            "segment_row": rows[keyframe.segment],
            "kind": "keyframe",
            "recipe_row": recipes[keyframe.recipe],
            "t_us": keyframe.t_us,
            "path": keyframe.path,
            "bytes": None,
            "state": "ready",
        }
        for keyframe in keyframes
        if keyframe.segment in rows
    ]
    if values:
        insertion = insert_into(tx, DerivedFileTable)
        changed = {name: insertion.excluded[name] for name in values[0] if name != "path"}
        tx.execute(insertion.on_conflict_do_update(index_elements=["path"], set_=changed), values)
