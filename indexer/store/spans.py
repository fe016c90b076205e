"""What candidates are compared by before anything is shown: where they lie in their videos, what they say and who wrote
it, what they look like. One query, however many there are."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, and_, func, select
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


class StoredSpan(NamedTuple):
    """A segment among others of its video. `text`, its `tokens` and `recipe` are those it is searched by: "", "" and
    None where it has no text; `picture_hash` is that of the keyframe that stands for it, None where there is no
    picture."""

    row: int
    id: SegmentId
    video_row: int
    start_us: int
    end_us: int | None
    text: str
    tokens: str
    recipe: str | None
    picture_hash: bytes | None

    @property
    def by_human(self) -> bool:
        return self.recipe == HUMAN

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(self.tokens.split())


def spans_of(tx: Session, segment_rows: Iterable[int]) -> dict[int, StoredSpan]:
    """{segment row: what it is compared by}; rows that are gone are left out."""
    found = tx.execute(_spans(dialect_of(tx)), bound(tx, segment_rows))
    return {one[0]: StoredSpan._make(one) for one in found}


@cache
def _spans(dialect: Dialect) -> Select[int, str, int, int, int | None, str, str, str, bytes | None]:
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
            func.coalesce(SegmentTextTable.text, ""),
            func.coalesce(SegmentTextTable.tokens, ""),
            RecipeTable.name,
            DerivedFileTable.hash,
        )
        .outerjoin(SegmentTextTable, SegmentTextTable.segment_row == SegmentTable.row)
        .outerjoin(CaptionTable, CaptionTable.row == SegmentTextTable.caption_row)
        .outerjoin(RecipeTable, RecipeTable.row == CaptionTable.recipe_row)
        .outerjoin(DerivedFileTable, picture)
        .where(SegmentTable.row.in_(rows_bound(dialect)))
    )
