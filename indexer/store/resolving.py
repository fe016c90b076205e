"""From rows of vectors to the segments they are about, and back."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.store.following import LIVE
from indexer.store.row_lists import rows_in
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
    segments = segment_rows.tolist()
    texts = select(SegmentTextTable.caption_row).where(SegmentTextTable.segment_row.in_(rows_in(tx, segments)))
    pictures = select(DerivedFileTable.row).where(
        DerivedFileTable.segment_row.in_(rows_in(tx, segments)), DerivedFileTable.state == "ready"
    )
    space_row = select(SpaceTable.row).where(SpaceTable.name == space).scalar_subquery()
    found: list[int] = []
    for kind, items in (("caption", texts), ("keyframe", pictures)):
        query = select(EmbeddingTable.row).where(
            EmbeddingTable.space_row == space_row,
            EmbeddingTable.item_kind == kind,
            EmbeddingTable.item_id.in_(items),
            LIVE,
        )
        found.extend(tx.execute(query).scalars())
    return np.sort(np.array(found, np.int64))


def _resolve_texts(tx: Session, rows: Sequence[int]) -> dict[int, Resolved]:
    query = (
        select(
            EmbeddingTable.row,
            EmbeddingTable.item_kind,
            SegmentTextTable.segment_row,
            SegmentTable.video_row,
            EmbeddingTable.hub,
        )
        .join(SegmentTextTable, SegmentTextTable.caption_row == EmbeddingTable.item_id)
        .join(SegmentTable, SegmentTable.row == SegmentTextTable.segment_row)
        .where(EmbeddingTable.row.in_(rows_in(tx, rows)), LIVE)
    )
    return {
        one.row: Resolved(one.row, one.segment_row, one.video_row, one.hub)
        for one in tx.execute(query)
        if one.item_kind == "caption"
    }


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
