"""What ranking reads of the texts that segments and videos are searched by: one query each, however many there are."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.store.recipes import HUMAN
from indexer.store.row_lists import rows_in
from indexer.store.tables import CaptionTable, RecipeTable, SegmentTable, SegmentTextTable, VideoTextTable


@dataclass(frozen=True, slots=True)
class RankedText:
    """A segment's video, the stems of its text, and whether a person wrote it. No stems: it has no text."""

    video_row: int
    stems: frozenset[str]
    by_human: bool


def read_texts(tx: Session, segment_rows: Iterable[int]) -> dict[int, RankedText]:
    """{segment row: its text}; rows that are gone are left out."""
    human = tx.execute(select(RecipeTable.row).where(RecipeTable.name == HUMAN)).scalar()
    query = (
        select(SegmentTable.row, SegmentTable.video_row, SegmentTextTable.tokens, CaptionTable.recipe_row)
        .outerjoin(SegmentTextTable, SegmentTextTable.segment_row == SegmentTable.row)
        .outerjoin(CaptionTable, CaptionTable.row == SegmentTextTable.caption_row)
        .where(SegmentTable.row.in_(rows_in(tx, segment_rows)))
    )
    return {
        row: RankedText(video, frozenset((tokens or "").split()), recipe is not None and recipe == human)
        for row, video, tokens, recipe in tx.execute(query)
    }


def read_names(tx: Session, video_rows: Iterable[int]) -> dict[int, frozenset[str]]:
    """{video row: the stems of its names and fields}."""
    query = select(VideoTextTable.video_row, VideoTextTable.tokens).where(
        VideoTextTable.video_row.in_(rows_in(tx, video_rows))
    )
    return {row: frozenset(tokens.split()) for row, tokens in tx.execute(query)}
