"""What became of the vectors of a space since a number, and which of them are of what is searched.

A text is searched while its segment is searched by it, a picture while its segment is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from indexer.domain import Vectors
from indexer.store.row_lists import rows_in
from indexer.store.tables import (
    DerivedFileTable,
    EmbeddingTable,
    SegmentationSegmentTable,
    SegmentationTable,
    SegmentTextTable,
    SpaceTable,
)

STORED = np.dtype("<f4")
LIVE = EmbeddingTable.vec.is_not(None)
_ROWS_AT_ONCE = 2_000
_ROWS_A_PART = 20_000


@dataclass(frozen=True, slots=True)
class Changes:
    """What came after a number: live rows with their vectors (n, dimension), and rows that died. `seq` is the number
    all this brings a reader to."""

    seq: int
    dimension: int
    rows: NDArray[np.int64]
    vectors: Vectors
    removed: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LayerUse:
    """How many vectors a layer has, and how many of these are of what is searched."""

    live: int
    searched: int

    @property
    def shadowed(self) -> int:
        return self.live - self.searched


def changes(tx: Session, space: str, layer: str, *, after_seq: int) -> Changes:
    """What became of a layer after `after_seq` (0: all of it). Tombstones of a layer read from 0 say nothing."""
    found = tx.execute(
        select(SpaceTable.row, SpaceTable.dimension, SpaceTable.change_seq).where(SpaceTable.name == space)
    ).one_or_none()
    if found is None:
        return Changes(0, 0, np.empty(0, np.int64), np.empty((0, 0), np.float32), np.empty(0, np.int64))
    space_row, dimension, seq = found
    newer = _newer(space_row, layer, after_seq)
    dead = select(EmbeddingTable.row).where(newer, ~LIVE).order_by(EmbeddingTable.row)
    removed = np.array(tx.execute(dead).scalars().all() if after_seq else [], np.int64)
    count = tx.execute(select(func.count()).select_from(EmbeddingTable).where(newer, LIVE)).scalar_one()
    rows, vectors = np.empty(count, np.int64), np.empty((count, dimension), np.float32)
    start = 0  # filled in as they are read: never twice in memory
    for some_rows, some in _parts(tx, newer, dimension, _ROWS_AT_ONCE):
        rows[start : start + len(some_rows)], vectors[start : start + len(some_rows)] = some_rows, some
        start += len(some_rows)
    return Changes(seq, dimension, rows, vectors, removed)


def all_vectors(tx: Session, space: str, layer: str) -> Iterator[tuple[NDArray[np.int64], Vectors]]:
    """Every live row of a layer with its vector, in order of rows, twenty thousand at a time."""
    row, dimension = tx.execute(select(SpaceTable.row, SpaceTable.dimension).where(SpaceTable.name == space)).one()
    return _parts(tx, _newer(row, layer, 0), dimension, _ROWS_A_PART)


def sample_rows(tx: Session, space: str, layer: str, *, count: int) -> list[int]:
    """At most `count` live rows of a layer, drawn evenly from all."""
    space_row = select(SpaceTable.row).where(SpaceTable.name == space).scalar_subquery()
    live = select(EmbeddingTable.row).where(EmbeddingTable.space_row == space_row, EmbeddingTable.layer == layer, LIVE)
    rows = np.sort(np.array(tx.execute(live).scalars().all(), np.int64))
    chosen: list[int] = rows[np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(np.int64)].tolist()
    return chosen


def layer_names(tx: Session, space: str) -> list[str]:
    """The layers of a space, tombstones included, in order; one look into the index for each, however many rows."""
    space_row = tx.execute(select(SpaceTable.row).where(SpaceTable.name == space)).scalar()
    names: list[str] = []
    while space_row is not None:
        further = EmbeddingTable.layer > names[-1] if names else EmbeddingTable.layer.is_not(None)
        first = (
            select(EmbeddingTable.layer)
            .where(EmbeddingTable.space_row == space_row, further)
            .order_by(EmbeddingTable.layer)
            .limit(1)
        )
        found = tx.execute(first).scalar()
        if found is None:
            break
        names.append(found)
    return names


def layers_in_use(tx: Session, space: str) -> dict[str, LayerUse]:
    """{layer: how many of its vectors are of what is searched}, by name; without layers of which none is."""
    query = (
        select(EmbeddingTable.layer, func.count(), func.sum(case((is_searched(), 1), else_=0)))
        .join(SpaceTable, SpaceTable.row == EmbeddingTable.space_row)
        .where(SpaceTable.name == space, LIVE)
        .group_by(EmbeddingTable.layer)
    )
    found = {layer: LayerUse(live, int(searched or 0)) for layer, live, searched in tx.execute(query)}
    return {layer: use for layer, use in sorted(found.items()) if use.searched}


def rows_in_use(tx: Session, space: str, layer: str, which: Literal["searched", "shadowed"]) -> NDArray[np.int64]:
    """Live rows (sorted) of a layer: of what is searched, or of what another text keeps from it."""
    wanted = is_searched() if which == "searched" else ~is_searched()
    query = (
        select(EmbeddingTable.row)
        .join(SpaceTable, SpaceTable.row == EmbeddingTable.space_row)
        .where(SpaceTable.name == space, EmbeddingTable.layer == layer, LIVE, wanted)
    )
    return np.sort(np.array(tx.execute(query).scalars().all(), np.int64))


def searched_among(tx: Session, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of `rows` (sorted) that live and are of what is searched."""
    query = select(EmbeddingTable.row).where(EmbeddingTable.row.in_(rows_in(tx, rows.tolist())), LIVE, is_searched())
    return np.sort(np.array(tx.execute(query).scalars().all(), np.int64))


def only_vectors_changed(tx: Session, space: str, *, after_seq: int, until_seq: int) -> bool:
    """Whether every number after `after_seq` up to `until_seq` is that of vectors that came or died. Else other texts
    may be searched than before."""
    space_row = select(SpaceTable.row).where(SpaceTable.name == space).scalar_subquery()
    numbers: set[int] = set()
    for layer in layer_names(tx, space):
        newer = (
            select(EmbeddingTable.seq)
            .distinct()
            .where(
                EmbeddingTable.space_row == space_row,
                EmbeddingTable.layer == layer,
                EmbeddingTable.seq > after_seq,
                EmbeddingTable.seq <= until_seq,
            )
        )
        numbers.update(tx.execute(newer).scalars())
    return len(numbers) == until_seq - after_seq


def is_searched() -> ColumnElement[bool]:
    """Of an embedding row: whether what it is a vector of is searched."""
    text = select(SegmentTextTable.segment_row).where(SegmentTextTable.caption_row == EmbeddingTable.item_id)
    picture = (
        select(DerivedFileTable.row)
        .join(SegmentationSegmentTable, SegmentationSegmentTable.segment_row == DerivedFileTable.segment_row)
        .join(SegmentationTable, SegmentationTable.row == SegmentationSegmentTable.segmentation_row)
        .where(
            DerivedFileTable.row == EmbeddingTable.item_id,
            DerivedFileTable.state == "ready",
            SegmentationTable.active,
            ~SegmentationSegmentTable.beside,
        )
    )
    return case((EmbeddingTable.item_kind == "caption", text.exists()), else_=picture.exists())


def _newer(space_row: int, layer: str, after_seq: int) -> ColumnElement[bool]:
    return and_(EmbeddingTable.space_row == space_row, EmbeddingTable.layer == layer, EmbeddingTable.seq > after_seq)


def _parts(
    tx: Session, which: ColumnElement[bool], dimension: int, size: int
) -> Iterator[tuple[NDArray[np.int64], Vectors]]:
    query = select(EmbeddingTable.row, EmbeddingTable.vec).where(which, LIVE).order_by(EmbeddingTable.row)
    for part in tx.execute(query.execution_options(yield_per=size)).partitions():
        vectors = np.frombuffer(b"".join(vec for _, vec in part if vec), STORED).reshape(-1, dimension)
        yield np.array([row for row, _ in part], np.int64), vectors.astype(np.float32, copy=False)
