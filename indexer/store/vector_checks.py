"""What `shotlist verify` asks about vectors, and about index files that were published of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from indexer.domain import Vectors
from indexer.store.row_lists import rows_in
from indexer.store.tables import CaptionTable, EmbeddingTable, SpaceTable

_STORED = np.dtype("<f4")
_ROWS_AT_ONCE = 2000
_UNIT = 1e-3  # how far from 1 a vector's length may be
_LIVE = EmbeddingTable.vec.is_not(None)


@dataclass(frozen=True, slots=True)
class CheckedVectors:
    """Some live vectors of a space: rows (n,) and vectors (n, dimension); `unfit` are rows whose vector is not of the
    space's dimension, finite and of unit length, and `homeless` ones whose caption is gone. Only fit ones are in
    `rows`."""

    rows: NDArray[np.int64]
    vectors: Vectors
    unfit: list[int]
    homeless: list[int]


def spaces(tx: Session) -> dict[str, int]:
    """{space: dimension}, by name."""
    return dict(tx.execute(select(SpaceTable.name, SpaceTable.dimension).order_by(SpaceTable.name)).all())


def live_vectors(
    tx: Session, space: str, *, layer: str | None = None, until_seq: int | None = None
) -> Iterator[CheckedVectors]:
    """The live vectors of a space (of one layer; of those that came no later than a change number), some at a time."""
    row, dimension = tx.execute(select(SpaceTable.row, SpaceTable.dimension).where(SpaceTable.name == space)).one()
    which: list[ColumnElement[bool]] = [EmbeddingTable.space_row == row, _LIVE]
    if layer is not None:
        which.append(EmbeddingTable.layer == layer)
    if until_seq is not None:
        which.append(EmbeddingTable.seq <= until_seq)
    last = 0
    while True:
        query = (
            select(EmbeddingTable.row, EmbeddingTable.vec, EmbeddingTable.item_kind, CaptionTable.row)
            .outerjoin(CaptionTable, CaptionTable.row == EmbeddingTable.item_id)
            .where(*which, EmbeddingTable.row > last)
            .order_by(EmbeddingTable.row)
            .limit(_ROWS_AT_ONCE)
        )
        found = tx.execute(query).all()
        if not found:
            return
        last = found[-1][0]
        homeless = [row for row, _, kind, caption in found if kind == "caption" and caption is None]
        yield _checked([(row, vec or b"") for row, vec, _, _ in found], dimension, homeless)


def count_dead_after(tx: Session, space: str, layer: str, *, seq: int, rows: Sequence[int]) -> int:
    """How many of these rows of a layer lived at the change number `seq` and do not any more."""
    dead = and_(EmbeddingTable.layer == layer, EmbeddingTable.seq > seq, ~_LIVE)
    query = (
        select(func.count())
        .select_from(EmbeddingTable)
        .join(SpaceTable, SpaceTable.row == EmbeddingTable.space_row)
        .where(SpaceTable.name == space, dead, EmbeddingTable.row.in_(rows_in(tx, rows)))
    )
    return tx.execute(query).scalar_one()


def _checked(found: Sequence[tuple[int, bytes]], dimension: int, homeless: list[int]) -> CheckedVectors:
    whole = [(row, vec) for row, vec in found if len(vec) == dimension * _STORED.itemsize]
    rows = np.array([row for row, _ in whole], np.int64)
    vectors = np.frombuffer(b"".join(vec for _, vec in whole), _STORED).reshape(-1, dimension).astype(np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        fit = np.abs(np.linalg.norm(vectors.astype(np.float64), axis=1) - 1) <= _UNIT  # False too for what is no number
    unfit = {row for row, _ in found} - set(rows[fit].tolist())
    return CheckedVectors(rows[fit], vectors[fit], sorted(unfit), homeless)
