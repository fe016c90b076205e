"""Texts that wait for their vectors."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from indexer.domain import Recipe, VideoId
from indexer.store.active_segments import TILING, of_active
from indexer.store.tables import (
    CaptionTable,
    EmbeddingTable,
    RecipeTable,
    SegmentationSegmentTable,
    SegmentTable,
    SegmentTextTable,
    SpaceTable,
    VideoTable,
)
from indexer.timecode import TimeRange


@dataclass(frozen=True, slots=True)
class Unembedded:
    """A text that has no vector yet."""

    caption_row: int
    text: str
    layer: str


@dataclass(frozen=True, slots=True)
class Part:
    """What is searched of the segments that share some time with `span`; with `recipe`, what that wrote on them too, so
    that a recipe has its vectors before it is switched to."""

    span: TimeRange
    recipe: Recipe | None = None


def unembedded(
    tx: Session, space: str, *, video: VideoId | None, limit: int, after: int = 0, part: Part | None = None
) -> list[Unembedded]:
    """Texts that are searched and lack a vector in `space`, in order of their caption row, from beyond row `after`.
    With `part`, the texts of that part."""
    has_vector = (
        select(EmbeddingTable.row)
        .join(SpaceTable, SpaceTable.row == EmbeddingTable.space_row)
        .where(
            SpaceTable.name == space,
            EmbeddingTable.layer == RecipeTable.name,
            EmbeddingTable.item_kind == "caption",
            EmbeddingTable.item_id == CaptionTable.row,
            EmbeddingTable.vec.is_not(None),
        )
    )
    searched = SegmentTextTable.caption_row == CaptionTable.row
    query = (
        select(CaptionTable.row, CaptionTable.text, RecipeTable.name)
        .join(RecipeTable, RecipeTable.row == CaptionTable.recipe_row)
        .join(SegmentTable, SegmentTable.row == CaptionTable.segment_row)
        .where(CaptionTable.row > after, ~has_vector.exists())
        .order_by(CaptionTable.row)
        .limit(limit)
    )
    if part is None or part.recipe is None:
        query = query.join(SegmentTextTable, searched)
    else:
        is_searched = SegmentTextTable.segment_row.is_not(None)
        query = query.outerjoin(SegmentTextTable, searched).where(is_searched | _could_be_searched(part.recipe))
    if video is not None:
        query = query.join(VideoTable, VideoTable.row == SegmentTable.video_row).where(VideoTable.id == video)
    if part is not None:
        ends_later = SegmentTable.end_us.is_(None) | (SegmentTable.end_us > part.span.start_us)
        query = query.where(SegmentTable.start_us < part.span.end_us, ends_later)
    return [Unembedded(row, text, layer) for row, text, layer in tx.execute(query)]


def count_unembedded(tx: Session, space: str) -> int:
    """How many texts that are searched lack a vector in `space`."""
    has_vector = (
        select(EmbeddingTable.row)
        .join(SpaceTable, SpaceTable.row == EmbeddingTable.space_row)
        .where(
            SpaceTable.name == space,
            EmbeddingTable.item_kind == "caption",
            EmbeddingTable.item_id == SegmentTextTable.caption_row,
            EmbeddingTable.vec.is_not(None),
        )
    )
    query = select(func.count()).select_from(SegmentTextTable).where(~has_vector.exists())
    return tx.execute(query).scalar_one()


def _could_be_searched(recipe: Recipe) -> ColumnElement[bool]:
    """Of a caption: whether it is one by `recipe` that would be searched if that were preferred."""
    in_use = of_active(select(SegmentationSegmentTable.segment_row), TILING)
    return and_(
        RecipeTable.name == recipe,
        ~CaptionTable.rejected,
        CaptionTable.text != "",
        CaptionTable.segment_row.in_(in_use),
    )
