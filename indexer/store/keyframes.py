"""The pictures that stand for segments: planned while the video is decoded once, taken afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from indexer.domain import Keyframe, SegmentId, VideoId
from indexer.store import embeddings
from indexer.store.active_segments import TILING, active_rows, of_active, segment_rows, video_rows
from indexer.store.places import row_of
from indexer.store.plan_tables import PlannedKeyframeTable
from indexer.store.recipes import recipe_rows
from indexer.store.row_lists import insert_into, insert_new, rows_in, texts_in
from indexer.store.tables import (
    DerivedFileTable,
    LocationTable,
    SegmentationSegmentTable,
    SegmentationTable,
    SegmentTable,
    VideoTable,
)


@dataclass(frozen=True, slots=True)
class PlannedKeyframe:
    """A picture that a segment (`id`) does not have yet, and the moment it should be taken at."""

    id: SegmentId
    ordinal: int
    keyframe_us: int


def plan_keyframes(tx: Session, video: VideoId, times: Sequence[Sequence[int]]) -> None:
    """Note at which moments (us) the pictures of each segment of the active segmentation are to be taken, the first the
    one that stands for it; in the order the segments were given. Pictures beyond those are forgotten: their files are
    orphans, which a verification finds."""
    video_row = row_of(tx, video)
    rows = tx.execute(active_rows(video_row, TILING)).scalars().all()
    segmentation = tx.execute(
        select(SegmentationTable.row).where(SegmentationTable.video_row == video_row, SegmentationTable.active)
    ).scalar()
    tx.execute(delete(PlannedKeyframeTable).where(PlannedKeyframeTable.segmentation_row == segmentation))
    planned = [
        {"segmentation_row": segmentation, "segment_row": row, "ordinal": ordinal, "t_us": t_us}
        for row, of_segment in zip(rows, times, strict=True)
        for ordinal, t_us in enumerate(of_segment)
    ]
    insert_new(tx, PlannedKeyframeTable, planned)
    is_planned = select(PlannedKeyframeTable.ordinal).where(
        PlannedKeyframeTable.segmentation_row == segmentation,
        PlannedKeyframeTable.segment_row == DerivedFileTable.segment_row,
        PlannedKeyframeTable.ordinal == DerivedFileTable.ordinal,
    )
    beyond = select(DerivedFileTable.row).where(
        DerivedFileTable.kind == "keyframe", DerivedFileTable.segment_row.in_(rows_in(tx, rows)), ~is_planned.exists()
    )
    _forget(tx, tx.execute(beyond).scalars().all())


def without_keyframe(tx: Session, video: VideoId) -> list[PlannedKeyframe]:
    """The pictures that active segments lack, in order of their moments; where none was planned, of their middle."""
    planned = PlannedKeyframeTable
    ordinal = func.coalesce(planned.ordinal, 0)
    pictured = select(DerivedFileTable.segment_row).where(
        DerivedFileTable.segment_row == SegmentTable.row,
        DerivedFileTable.ordinal == ordinal,
        DerivedFileTable.kind == "keyframe",
        DerivedFileTable.state == "ready",
    )
    middle = (SegmentTable.start_us + func.coalesce(SegmentTable.end_us, SegmentTable.start_us)) / 2
    query = of_active(
        select(SegmentTable.id, ordinal, func.coalesce(planned.t_us, middle)),
        SegmentTable.video_row == row_of(tx, video),
        ~pictured.exists(),
    ).outerjoin(
        planned,
        and_(
            planned.segmentation_row == SegmentationSegmentTable.segmentation_row,
            planned.segment_row == SegmentationSegmentTable.segment_row,
        ),
    )
    found = [PlannedKeyframe(SegmentId(id_), place, int(t_us)) for id_, place, t_us in tx.execute(query)]
    return sorted(found, key=lambda one: one.keyframe_us)


def without_pictures_beside(tx: Session) -> list[VideoId]:
    """Videos with a file that is there, in which a span that a person's text alone has lacks its picture."""
    pictured = select(DerivedFileTable.row).where(
        DerivedFileTable.segment_row == SegmentTable.row,
        DerivedFileTable.kind == "keyframe",
        DerivedFileTable.state == "ready",
    )
    online = select(LocationTable.row).where(LocationTable.video_row == VideoTable.row, LocationTable.online)
    query = of_active(select(VideoTable.id), ~TILING, ~pictured.exists(), online.exists())
    found = tx.execute(query.join(VideoTable, VideoTable.row == SegmentTable.video_row).distinct())
    return [VideoId(one) for one in found.scalars()]


def put_keyframes(tx: Session, keyframes: Sequence[Keyframe]) -> None:
    """Record pictures; one at a path that is known already is replaced, and its vectors go."""
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
            "ordinal": keyframe.ordinal,
            "placeholder": keyframe.placeholder,
            "hash": keyframe.hash,
        }
        for keyframe in keyframes
        if keyframe.segment in rows
    ]
    if values:
        embeddings.bury_keyframes(tx, _rows_at(tx, [keyframe.path for keyframe in keyframes]))
        insertion = insert_into(tx, DerivedFileTable)
        changed = {name: insertion.excluded[name] for name in values[0] if name != "path"}
        tx.execute(insertion.on_conflict_do_update(index_elements=["path"], set_=changed), values)


def forget_keyframe(tx: Session, path: str) -> None:
    """A picture (its path inside the library folder) is not there any more: its segment lacks one."""
    _forget(tx, _rows_at(tx, [path]))


def rows_of_keyframes(tx: Session, video_row: int) -> Sequence[int]:
    """The rows of a video's pictures."""
    query = select(DerivedFileTable.row).where(
        DerivedFileTable.kind == "keyframe", DerivedFileTable.video_row == video_row
    )
    return tx.execute(query).scalars().all()


def _forget(tx: Session, rows: Sequence[int]) -> None:
    embeddings.bury_keyframes(tx, rows)
    tx.execute(delete(DerivedFileTable).where(DerivedFileTable.row.in_(rows_in(tx, rows))))


def _rows_at(tx: Session, paths: Sequence[str]) -> Sequence[int]:
    return (
        tx.execute(select(DerivedFileTable.row).where(DerivedFileTable.path.in_(texts_in(tx, paths)))).scalars().all()
    )
