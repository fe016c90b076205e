"""What ranking reads of the texts that segments and videos are searched by: one query each, however many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from indexer.store.recipes import HUMAN
from indexer.store.row_lists import Dialect, bound, dialect_of, rows_bound
from indexer.store.tables import CaptionTable, RecipeTable, SegmentTable, SegmentTextTable, VideoTextTable


@dataclass(frozen=True, slots=True)
class RankedText:
    """A segment's video, the stems of its text, and whether a person wrote it. No stems: it has no text."""

    video_row: int
    stems: frozenset[str]
    by_human: bool


def read_texts(tx: Session, segment_rows: Iterable[int]) -> dict[int, RankedText]:
    """{segment row: its text}; rows that are gone are left out."""
    found = tx.execute(_texts(dialect_of(tx)), bound(tx, segment_rows))
    return {
        row: RankedText(video, frozenset((tokens or "").split()), recipe is not None and recipe == human)
        for row, video, tokens, recipe, human in found
    }


def read_names(tx: Session, video_rows: Iterable[int]) -> dict[int, frozenset[str]]:
    """{video row: the stems of its names and fields}."""
    found = tx.execute(_names(dialect_of(tx)), bound(tx, video_rows))
    return {row: frozenset(tokens.split()) for row, tokens in found}


@cache
def _texts(dialect: Dialect) -> Select[int, int, str, int, int | None]:
    human = select(RecipeTable.row).where(RecipeTable.name == HUMAN).scalar_subquery()
    return (
        select(SegmentTable.row, SegmentTable.video_row, SegmentTextTable.tokens, CaptionTable.recipe_row, human)
        .outerjoin(SegmentTextTable, SegmentTextTable.segment_row == SegmentTable.row)
        .outerjoin(CaptionTable, CaptionTable.row == SegmentTextTable.caption_row)
        .where(SegmentTable.row.in_(rows_bound(dialect)))
    )


@cache
def _names(dialect: Dialect) -> Select[int, str]:
    listed = VideoTextTable.video_row.in_(rows_bound(dialect))
    return select(VideoTextTable.video_row, VideoTextTable.tokens).where(listed)
