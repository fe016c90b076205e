"""Keyframes that wait for their vectors."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from indexer.domain import VideoId
from indexer.store.active_segments import TILING, of_active
from indexer.store.tables import (
    DerivedFileTable,
    EmbeddingTable,
    RecipeTable,
    SegmentTable,
    SpaceTable,
    VideoTable,
)


@dataclass(frozen=True, slots=True)
class WaitingPicture:
    """A keyframe that has no vector yet."""

    row: int
    path: str  # inside the library folder
    layer: str  # the recipe of the picture


def unembedded_pictures(tx: Session, space: str, *, video: VideoId, limit: int, after: int = 0) -> list[WaitingPicture]:
    """The pictures of a video's segments that lack a vector in `space`, in order of their row, from beyond row
    `after`."""
    query = (
        of_active(select(DerivedFileTable.row, DerivedFileTable.path, RecipeTable.name), TILING)
        .join(DerivedFileTable, DerivedFileTable.segment_row == SegmentTable.row)
        .join(RecipeTable, RecipeTable.row == DerivedFileTable.recipe_row)
        .join(VideoTable, VideoTable.row == SegmentTable.video_row)
        .where(VideoTable.id == video, DerivedFileTable.row > after, *IS_PICTURE, ~has_vector(space))
        .order_by(DerivedFileTable.row)
        .limit(limit)
    )
    return [WaitingPicture(row, path, layer) for row, path, layer in tx.execute(query)]


IS_PICTURE: tuple[ColumnElement[bool], ...] = (DerivedFileTable.kind == "keyframe", DerivedFileTable.state == "ready")
"""Of a file we made: it is a keyframe, and is there."""


def has_vector(space: str) -> ColumnElement[bool]:
    """Of a file we made: whether it has a vector in `space`."""
    of_file = select(EmbeddingTable.row).join(SpaceTable, SpaceTable.row == EmbeddingTable.space_row)
    return of_file.where(
        SpaceTable.name == space,
        EmbeddingTable.item_kind == "keyframe",
        EmbeddingTable.item_id == DerivedFileTable.row,
        EmbeddingTable.vec.is_not(None),
    ).exists()
