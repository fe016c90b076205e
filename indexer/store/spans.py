"""Where candidates lie in their videos and what they look like: what is compared before anything is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from indexer.domain import SegmentId
from indexer.store.recipes import HUMAN
from indexer.store.row_lists import Dialect, bound, dialect_of, rows_bound
from indexer.store.tables import (
    CaptionTable,
    DerivedFileTable,
    RecipeTable,
    SegmentTable,
    SegmentTextTable,
)


@dataclass(frozen=True, slots=True)
class StoredSpan:
    """A segment among others of its video. `text` is what it is searched by, "" where it has none; `picture_hash` that
    of the keyframe that stands for it, None where there is no picture."""

    row: int
    id: SegmentId
    video_row: int
    start_us: int
    end_us: int | None
    text: str
    by_human: bool
    picture_hash: bytes | None


def spans_of(tx: Session, segment_rows: Iterable[int]) -> dict[int, StoredSpan]:
    """{segment row: where it lies and what it looks like}; rows that are gone are left out."""
    return {
        row: StoredSpan(row, SegmentId(id_), video, start_us, end_us, text or "", recipe == HUMAN, picture_hash)
        for row, id_, video, start_us, end_us, text, recipe, picture_hash in tx.execute(
            _query(dialect_of(tx)), bound(tx, segment_rows)
        )
    }


@cache
def _query(dialect: Dialect) -> Select[int, str, int, int, int | None, str, str, bytes | None]:
    picture = and_(
        DerivedFileTable.segment_row == SegmentTable.row,
        DerivedFileTable.kind == "keyframe",
        DerivedFileTable.ordinal == 0,
    )
    return (
        select(
            SegmentTable.row,
            SegmentTable.id,
            SegmentTable.video_row,
            SegmentTable.start_us,
            SegmentTable.end_us,
            SegmentTextTable.text,
            RecipeTable.name,
            DerivedFileTable.hash,
        )
        .outerjoin(SegmentTextTable, SegmentTextTable.segment_row == SegmentTable.row)
        .outerjoin(CaptionTable, CaptionTable.row == SegmentTextTable.caption_row)
        .outerjoin(RecipeTable, RecipeTable.row == CaptionTable.recipe_row)
        .outerjoin(DerivedFileTable, picture)
        .where(SegmentTable.row.in_(rows_bound(dialect)))
    )
