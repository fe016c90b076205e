"""From rows of vectors to the segments they are about, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from indexer.store.following import LIVE
from indexer.store.row_lists import Dialect, bound, dialect_of, rows_bound, rows_in
from indexer.store.tables import (
    DerivedFileTable,
    EmbeddingTable,
    SegmentationSegmentTable,
    SegmentationTable,
    SegmentTable,
    SegmentTextTable,
    SpaceTable,
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A live vector of what is searched: of a segment's text, or of a picture of it."""

    row: int
    segment_row: int
    video_row: int
    hub: float | None


def resolve(tx: Session, rows: Sequence[int]) -> list[Resolved]:
    """Those of `rows` that live and are of what is searched, in the order given. Of a segment's several pictures each
    is listed.

    The kind is checked here and not in SQL: asked for it, SQLite reads every caption instead of these rows.
    """
    found = _resolve_texts(tx, rows)
    if missing := [row for row in rows if row not in found]:
        found |= _resolve_pictures(tx, missing)
    return [found[row] for row in rows if row in found]


def rows_of_segments(tx: Session, space: str, segment_rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Live rows (sorted) of the texts these segments are searched by, and of their pictures.

    Nested, not joined: joined, SQLite walks the whole space and asks for every one of the segments each time.
    """
    given = {"space": space, **bound(tx, segment_rows.tolist())}
    found = [row for query in _rows_queries(dialect_of(tx)) for row in tx.execute(query, given).scalars()]
    return np.sort(np.array(found, np.int64))


@cache
def _rows_queries(dialect: Dialect) -> tuple[Select[int], ...]:
    """Of texts, and of pictures."""
    segments = rows_bound(dialect)
    texts = select(SegmentTextTable.caption_row).where(SegmentTextTable.segment_row.in_(segments))
    pictures = select(DerivedFileTable.row).where(
        DerivedFileTable.segment_row.in_(segments), DerivedFileTable.state == "ready"
    )
    space_row = select(SpaceTable.row).where(SpaceTable.name == bindparam("space")).scalar_subquery()
    return tuple(
        select(EmbeddingTable.row).where(
            EmbeddingTable.space_row == space_row,
            EmbeddingTable.item_kind == kind,
            EmbeddingTable.item_id.in_(items),
            LIVE,
        )
        for kind, items in (("caption", texts), ("keyframe", pictures))
    )


def _resolve_texts(tx: Session, rows: Sequence[int]) -> dict[int, Resolved]:
    return {
        row: Resolved(row, segment, video, hub)
        for row, kind, segment, video, hub in tx.execute(_texts_query(dialect_of(tx)), bound(tx, rows))
        if kind == "caption"
    }


@cache
def _texts_query(dialect: Dialect) -> Select[int, str, int, int, float | None]:
    return (
        select(
            EmbeddingTable.row,
            EmbeddingTable.item_kind,
            SegmentTextTable.segment_row,
            SegmentTable.video_row,
            EmbeddingTable.hub,
        )
        .join(SegmentTextTable, SegmentTextTable.caption_row == EmbeddingTable.item_id)
        .join(SegmentTable, SegmentTable.row == SegmentTextTable.segment_row)
        .where(EmbeddingTable.row.in_(rows_bound(dialect)), LIVE)
    )


def _resolve_pictures(tx: Session, rows: Sequence[int]) -> dict[int, Resolved]:
    query = (
        select(EmbeddingTable.row, EmbeddingTable.item_kind, SegmentTable.row, SegmentTable.video_row)
        .join(DerivedFileTable, DerivedFileTable.row == EmbeddingTable.item_id)
        .join(SegmentTable, SegmentTable.row == DerivedFileTable.segment_row)
        .join(SegmentationSegmentTable, SegmentationSegmentTable.segment_row == SegmentTable.row)
        .join(SegmentationTable, SegmentationTable.row == SegmentationSegmentTable.segmentation_row)
        .where(
            EmbeddingTable.row.in_(rows_in(tx, rows)),
            LIVE,
            DerivedFileTable.state == "ready",
            SegmentationTable.active,
            ~SegmentationSegmentTable.beside,
        )
    )
    return {
        row: Resolved(row, segment, video, None)
        for row, kind, segment, video in tx.execute(query)
        if kind == "keyframe"
    }
