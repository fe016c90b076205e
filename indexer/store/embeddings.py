"""Vectors of captions, and the numbers that let an index file follow them.

Rows never come back, and every transaction that changes vectors takes the next number of its space first, so the order
of numbers is the order of commits: who has seen everything up to a number has missed nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVarTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, and_, func, select, update
from sqlalchemy.orm import Session

from indexer.domain import Vectors
from indexer.errors import LibraryError
from indexer.store.changes import next_seq
from indexer.store.generations import (
    Generation,
    add_generation,
    drop_old_generations,
    generation_ids,
    latest_generation,
)
from indexer.store.row_lists import insert_new, rows_in
from indexer.store.tables import (
    CaptionTable,
    EmbeddingTable,
    SegmentTable,
    SegmentTextTable,
    SpaceTable,
)
from indexer.store.waiting_texts import Part, Unembedded, unembedded

__all__ = [
    "Changes",
    "Generation",
    "LayerUse",
    "Part",
    "Resolved",
    "Unembedded",
    "add_generation",
    "bury_captions",
    "change_seq",
    "changes",
    "count_after",
    "drop_old_generations",
    "ensure_space",
    "generation_ids",
    "latest_generation",
    "layers",
    "layers_in_use",
    "put_hubs",
    "put_vectors",
    "resolve",
    "rows_in_use",
    "rows_of_segments",
    "rows_without_hub",
    "unembedded",
    "vectors_of",
    "video_rows",
]

Columns = TypeVarTuple("Columns")

_STORED = np.dtype("<f4")
_ROWS_AT_ONCE = 2000
_LIVE = EmbeddingTable.vec.is_not(None)
_OF_CAPTION = and_(EmbeddingTable.item_kind == "caption", EmbeddingTable.item_id == CaptionTable.row)


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
class Resolved:
    """A live vector of a text that is searched."""

    row: int
    segment_row: int
    video_row: int
    hub: float | None


@dataclass(frozen=True, slots=True)
class LayerUse:
    """How many vectors a layer has, and how many of these are of texts that are searched."""

    live: int
    searched: int

    @property
    def shadowed(self) -> int:
        return self.live - self.searched


# -- writing ---------------------------------------------------------------------------------------------------------


def ensure_space(tx: Session, name: str, dimension: int) -> None:
    """Make a space known. Raises `LibraryError` where it is known with another dimension."""
    insert_new(tx, SpaceTable, [{"name": name, "dimension": dimension, "change_seq": 0}])
    known = tx.execute(select(SpaceTable.dimension).where(SpaceTable.name == name)).scalar_one()
    if known != dimension:
        raise LibraryError(
            f"the library's vectors of {name} have {known} numbers, this embedder makes {dimension}; "
            "it is not the embedder that made them"
        )


def put_vectors(tx: Session, space: str, items: Sequence[tuple[int, str]], vectors: Vectors) -> int:
    """Store one vector for each (caption row, layer), in place of an older one. Captions that are gone are left out.

    Returns the change number of all this. Raises `ValueError` for vectors that do not fit the items or the space.
    """
    row, dimension, seq = next_seq(tx, SpaceTable.name == space)
    if vectors.shape != (len(items), dimension) or not np.isfinite(vectors).all():
        raise ValueError(f"{len(items)} finite vectors of {dimension} numbers are wanted, not {vectors.shape}")
    captions = {caption for caption, _ in items}
    there = set(tx.execute(select(CaptionTable.row).where(CaptionTable.row.in_(rows_in(tx, captions)))).scalars().all())
    blobs = [vector.tobytes() for vector in np.ascontiguousarray(vectors, dtype=_STORED)]
    replaced: dict[str, list[int]] = {}
    for caption, layer in items:
        replaced.setdefault(layer, []).append(caption)
    for layer, rows in replaced.items():
        of_layer = and_(EmbeddingTable.space_row == row, EmbeddingTable.layer == layer)
        _bury(tx, seq, and_(of_layer, _of_captions(tx, rows)))
    insert_new(
        tx,
        EmbeddingTable,
        [
            {
                "space_row": row,
                "item_kind": "caption",
                "item_id": caption,
                "layer": layer,
                "seq": seq,
                "hub": None,
                "vec": blob,
            }
            for (caption, layer), blob in zip(items, blobs, strict=True)
            if caption in there
        ],
    )
    return seq


def bury_captions(tx: Session, caption_rows: Sequence[int]) -> None:
    """Turn the vectors of these captions into tombstones, in every space."""
    of_captions = and_(_of_captions(tx, caption_rows), _LIVE)
    for row in tx.execute(select(EmbeddingTable.space_row).where(of_captions).distinct()).scalars().all():
        space_row, _, seq = next_seq(tx, SpaceTable.row == row)
        _bury(tx, seq, and_(EmbeddingTable.space_row == space_row, of_captions))


def put_hubs(tx: Session, hubs: Mapping[int, float]) -> None:
    """Note how central vectors are: {row: mean cosine to the nearest captions of other videos}. No index changes."""
    if hubs:
        tx.execute(update(EmbeddingTable), [{"row": row, "hub": hub} for row, hub in hubs.items()])


# -- reading ---------------------------------------------------------------------------------------------------------


def change_seq(tx: Session, space: str) -> int:
    """The number of the last change to the vectors of `space`; 0 where it is not known."""
    return tx.execute(select(SpaceTable.change_seq).where(SpaceTable.name == space)).scalar() or 0


def layers(tx: Session, space: str) -> dict[str, int]:
    """{layer: its live vectors}, by name."""
    query = (
        select(EmbeddingTable.layer, func.count())
        .join(SpaceTable, SpaceTable.row == EmbeddingTable.space_row)
        .where(SpaceTable.name == space, _LIVE)
        .group_by(EmbeddingTable.layer)
    )
    return dict(sorted((layer, count) for layer, count in tx.execute(query)))


def layers_in_use(tx: Session, space: str) -> dict[str, LayerUse]:
    """{layer: how many of its vectors are of texts that are searched}, by name; without layers of which none is."""
    query = (
        select(EmbeddingTable.layer, func.count(), func.count(SegmentTextTable.caption_row))
        .join(SpaceTable, SpaceTable.row == EmbeddingTable.space_row)
        .outerjoin(SegmentTextTable, SegmentTextTable.caption_row == EmbeddingTable.item_id)
        .where(SpaceTable.name == space, _LIVE)
        .group_by(EmbeddingTable.layer)
    )
    return {layer: LayerUse(live, searched) for layer, live, searched in sorted(tx.execute(query).all()) if searched}


def rows_in_use(tx: Session, space: str, layer: str, which: Literal["searched", "shadowed"]) -> NDArray[np.int64]:
    """Live rows (sorted) of a layer: of texts that are searched, or of those that another text keeps from it."""
    query = _of_layer(select(EmbeddingTable.row), space, layer).outerjoin(
        SegmentTextTable, SegmentTextTable.caption_row == EmbeddingTable.item_id
    )
    found = SegmentTextTable.caption_row
    query = query.where(found.is_not(None) if which == "searched" else found.is_(None))
    return np.array(tx.execute(query.order_by(EmbeddingTable.row)).scalars().all(), np.int64)


def changes(tx: Session, space: str, layer: str, *, after_seq: int) -> Changes:
    """What became of a layer after `after_seq` (0: all of it). Tombstones of a layer read from 0 say nothing."""
    found = tx.execute(
        select(SpaceTable.row, SpaceTable.dimension, SpaceTable.change_seq).where(SpaceTable.name == space)
    ).one_or_none()
    if found is None:
        return Changes(0, 0, np.empty(0, np.int64), np.empty((0, 0), np.float32), np.empty(0, np.int64))
    space_row, dimension, seq = found
    newer = and_(EmbeddingTable.space_row == space_row, EmbeddingTable.layer == layer, EmbeddingTable.seq > after_seq)
    dead = select(EmbeddingTable.row).where(newer, ~_LIVE).order_by(EmbeddingTable.row)
    removed = np.array(tx.execute(dead).scalars().all() if after_seq else [], np.int64)
    rows, vectors = _read_vectors(tx, newer, dimension)
    return Changes(seq, dimension, rows, vectors, removed)


def count_after(tx: Session, space: str, layer: str, *, seq: int) -> int:
    """How many live rows of a layer came after the change number `seq`."""
    newer = _of_layer(select(func.count()).select_from(EmbeddingTable), space, layer).where(EmbeddingTable.seq > seq)
    return tx.execute(newer).scalar_one()


def vectors_of(tx: Session, rows: Iterable[int]) -> dict[int, NDArray[np.float32]]:
    """{row: its vector}, for those of `rows` that live."""
    query = select(EmbeddingTable.row, EmbeddingTable.vec).where(EmbeddingTable.row.in_(rows_in(tx, rows)), _LIVE)
    return {row: np.frombuffer(vec, _STORED).astype(np.float32) for row, vec in tx.execute(query) if vec is not None}


def rows_without_hub(tx: Session, space: str, layer: str) -> list[int]:
    """Live rows whose hub was not measured yet."""
    return list(
        tx.execute(_of_layer(select(EmbeddingTable.row), space, layer).where(EmbeddingTable.hub.is_(None))).scalars()
    )


def video_rows(tx: Session, space: str, layer: str) -> dict[int, int]:
    """{row: row of its video}, for every live row of a layer."""
    query = _of_layer(select(EmbeddingTable.row, SegmentTable.video_row), space, layer)
    return dict(tx.execute(query).all())


def resolve(tx: Session, rows: Sequence[int]) -> list[Resolved]:
    """Those of `rows` that live and whose caption is what its segment is searched by, in the order given.

    The kind is checked here and not in SQL: asked for it, SQLite reads every caption instead of these rows.
    """
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
        .where(EmbeddingTable.row.in_(rows_in(tx, rows)), _LIVE)
    )
    found = {
        one.row: Resolved(one.row, one.segment_row, one.video_row, one.hub)
        for one in tx.execute(query)
        if one.item_kind == "caption"
    }
    return [found[row] for row in rows if row in found]


def rows_of_segments(tx: Session, space: str, segment_rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Live rows (sorted) of the texts these segments are searched by.

    Nested, not joined: joined, SQLite walks the whole space and asks for every one of the segments each time.
    """
    captions = select(SegmentTextTable.caption_row).where(
        SegmentTextTable.segment_row.in_(rows_in(tx, segment_rows.tolist()))
    )
    query = (
        select(EmbeddingTable.row)
        .join(SpaceTable, SpaceTable.row == EmbeddingTable.space_row)
        .where(
            SpaceTable.name == space,
            EmbeddingTable.item_kind == "caption",
            EmbeddingTable.item_id.in_(captions),
            _LIVE,
        )
    )
    return np.sort(np.array(tx.execute(query).scalars().all(), np.int64))


def _bury(tx: Session, seq: int, which: ColumnElement[bool]) -> None:
    tx.execute(update(EmbeddingTable).where(which, _LIVE).values(vec=None, hub=None, seq=seq))


def _of_captions(tx: Session, caption_rows: Iterable[int]) -> ColumnElement[bool]:
    return and_(EmbeddingTable.item_kind == "caption", EmbeddingTable.item_id.in_(rows_in(tx, caption_rows)))


def _read_vectors(
    tx: Session, which: ColumnElement[bool], dimension: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Live rows and their vectors, filled in as they are read: never twice in memory."""
    count = tx.execute(select(func.count()).select_from(EmbeddingTable).where(which, _LIVE)).scalar_one()
    rows, vectors = np.empty(count, np.int64), np.empty((count, dimension), np.float32)
    query = select(EmbeddingTable.row, EmbeddingTable.vec).where(which, _LIVE).order_by(EmbeddingTable.row)
    start = 0
    for part in tx.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)).partitions():
        end = start + len(part)
        rows[start:end] = [row for row, _ in part]
        vectors[start:end] = np.frombuffer(b"".join(vec for _, vec in part if vec), _STORED).reshape(-1, dimension)
        start = end
    return rows, vectors


def _with_segments(query: Select[*Columns]) -> Select[*Columns]:
    return query.join(CaptionTable, _OF_CAPTION).join(SegmentTable, SegmentTable.row == CaptionTable.segment_row)


def _of_layer(query: Select[*Columns], space: str, layer: str) -> Select[*Columns]:
    """`query` over the live rows of a layer, joined to their segments."""
    return (
        _with_segments(query)
        .join(SpaceTable, SpaceTable.row == EmbeddingTable.space_row)
        .where(SpaceTable.name == space, EmbeddingTable.layer == layer, _LIVE)
    )
