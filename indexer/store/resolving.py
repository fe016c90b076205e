"""From rows of vectors to the segments they are about, and back."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session

from indexer.store.following import LIVE
from indexer.store.row_lists import Dialect, bound, dialect_of, rows_bound, rows_in
from indexer.store.tables import (
    DerivedFileTable,
    EmbeddingTable,
    SegmentationSegmentTable,
    SegmentationTable,
    SegmentTextTable,
    SpaceTable,
)


class Resolved(NamedTuple):
    """A live vector of what is searched: of a segment's text, or of a picture of it."""

    row: int
    segment_row: int
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


def resolve_texts_of(tx: Session, space: str, segment_rows: Iterable[int]) -> dict[int, int]:
    """{live row: segment row} of the texts these segments are searched by.

    Nested, not joined: joined, SQLite walks the whole space and asks for every one of the segments each time.
    """
    return dict(tx.execute(_texts_of_segments(dialect_of(tx)), {"space": space, **bound(tx, segment_rows)}).all())


def hubs_of(tx: Session, rows: Iterable[int]) -> dict[int, float]:
    """{row: its hub}, of those whose hub was measured."""
    return {row: hub for row, hub in tx.execute(_hubs(dialect_of(tx)), bound(tx, rows)) if hub is not None}


def rows_of_segments(tx: Session, space: str, segment_rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Live rows (sorted) of the texts these segments are searched by, and of their pictures."""
    given = {"space": space, **bound(tx, segment_rows.tolist())}
    found = [row for query in _rows_queries(dialect_of(tx)) for row in tx.execute(query, given).scalars()]
    return np.sort(np.array(found, np.int64))


@cache
def _rows_queries(dialect: Dialect) -> tuple[Select[int], ...]:
    """Of texts, and of pictures."""
    pictures = select(DerivedFileTable.row).where(
        DerivedFileTable.segment_row.in_(rows_bound(dialect)), DerivedFileTable.state == "ready"
    )
    rows = select(EmbeddingTable.row)
    return rows.where(*_live_of("caption", _captions_of(dialect))), rows.where(*_live_of("keyframe", pictures))


@cache
def _texts_of_segments(dialect: Dialect) -> Select[int, int]:
    segment = select(SegmentTextTable.segment_row).where(SegmentTextTable.caption_row == EmbeddingTable.item_id)
    rows = select(EmbeddingTable.row, segment.scalar_subquery())
    return rows.where(*_live_of("caption", _captions_of(dialect)))


def _captions_of(dialect: Dialect) -> Select[int]:
    return select(SegmentTextTable.caption_row).where(SegmentTextTable.segment_row.in_(rows_bound(dialect)))


def _live_of(kind: str, items: Select[int]) -> tuple[ColumnElement[bool], ...]:
    space_row = select(SpaceTable.row).where(SpaceTable.name == bindparam("space")).scalar_subquery()
    return (
        EmbeddingTable.space_row == space_row,
        EmbeddingTable.item_kind == kind,
        EmbeddingTable.item_id.in_(items),
        LIVE,
    )


@cache
def _hubs(dialect: Dialect) -> Select[int, float | None]:
    return select(EmbeddingTable.row, EmbeddingTable.hub).where(EmbeddingTable.row.in_(rows_bound(dialect)))


def _resolve_texts(tx: Session, rows: Sequence[int]) -> dict[int, Resolved]:
    return {
        row: Resolved(row, segment, hub)
        for row, kind, segment, hub in tx.execute(_texts_query(dialect_of(tx)), bound(tx, rows))
        if kind == "caption"
    }


@cache
def _texts_query(dialect: Dialect) -> Select[int, str, int, float | None]:
    return (
        select(EmbeddingTable.row, EmbeddingTable.item_kind, SegmentTextTable.segment_row, EmbeddingTable.hub)
        .join(SegmentTextTable, SegmentTextTable.caption_row == EmbeddingTable.item_id)
        .where(EmbeddingTable.row.in_(rows_bound(dialect)), LIVE)
    )


def _resolve_pictures(tx: Session, rows: Sequence[int]) -> dict[int, Resolved]:
    query = (
        select(EmbeddingTable.row, EmbeddingTable.item_kind, SegmentationSegmentTable.segment_row)
        .join(DerivedFileTable, DerivedFileTable.row == EmbeddingTable.item_id)
        .join(SegmentationSegmentTable, SegmentationSegmentTable.segment_row == DerivedFileTable.segment_row)
        .join(SegmentationTable, SegmentationTable.row == SegmentationSegmentTable.segmentation_row)
        .where(
            EmbeddingTable.row.in_(rows_in(tx, rows)),
            LIVE,
            DerivedFileTable.state == "ready",
            SegmentationTable.active,
            ~SegmentationSegmentTable.beside,
        )
    )
    return {row: Resolved(row, segment, None) for row, kind, segment in tx.execute(query) if kind == "keyframe"}
