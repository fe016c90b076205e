"""Vectors of captions and of keyframes, and the numbers that let an index file follow them.

Rows never come back, and every transaction that changes vectors takes the next number of its space first, so the order
of numbers is the order of commits: who has seen everything up to a number has missed nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeVarTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, and_, func, select, update
from sqlalchemy.orm import Session

from indexer.domain import Vectors
from indexer.errors import LibraryError
from indexer.store.changes import next_seq
from indexer.store.following import (
    LIVE,
    STORED,
    Changes,
    LayerUse,
    all_vectors,
    changes,
    layer_names,
    layers_in_use,
    only_vectors_changed,
    rows_in_use,
    sample_rows,
    searched_among,
)
from indexer.store.generations import (
    Generation,
    add_generation,
    drop_old_generations,
    generation_ids,
    latest_generation,
)
from indexer.store.resolving import Resolved, hubs_of, resolve, resolve_texts_of, rows_of_segments
from indexer.store.row_lists import insert_new, rows_in
from indexer.store.tables import (
    CaptionTable,
    DerivedFileTable,
    EmbeddingTable,
    SegmentTable,
    SpaceTable,
)
from indexer.store.waiting_texts import Part, Unembedded, unembedded

__all__ = [
    "all_vectors",
    "layer_names",
    "only_vectors_changed",
    "sample_rows",
    "searched_among",
    "Changes",
    "Generation",
    "LayerUse",
    "Part",
    "Resolved",
    "Unembedded",
    "add_generation",
    "ItemKind",
    "bury_captions",
    "bury_keyframes",
    "change_seq",
    "changes",
    "count_after",
    "drop_old_generations",
    "ensure_space",
    "generation_ids",
    "hubs_of",
    "latest_generation",
    "layers",
    "layers_in_use",
    "put_hubs",
    "put_vectors",
    "resolve",
    "resolve_texts_of",
    "rows_in_use",
    "rows_of_segments",
    "rows_without_hub",
    "unembedded",
    "vectors_of",
    "text_rows",
    "videos_of_rows",
    "has_videos",
]

Columns = TypeVarTuple("Columns")

ItemKind = Literal["caption", "keyframe"]
"""What a vector is of."""

_OF_CAPTION = and_(EmbeddingTable.item_kind == "caption", EmbeddingTable.item_id == CaptionTable.row)


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


def put_vectors(
    tx: Session, space: str, items: Sequence[tuple[int, str]], vectors: Vectors, *, kind: ItemKind = "caption"
) -> int:
    """Store one vector for each (item's row, layer), in place of an older one. Items are captions, or keyframes among
    the files we made; those that are gone are left out.

    Returns the change number of all this. Raises `ValueError` for vectors that do not fit the items or the space.
    """
    row, dimension, seq = next_seq(tx, SpaceTable.name == space)
    if vectors.shape != (len(items), dimension) or not np.isfinite(vectors).all():
        raise ValueError(f"{len(items)} finite vectors of {dimension} numbers are wanted, not {vectors.shape}")
    table = CaptionTable if kind == "caption" else DerivedFileTable
    listed = {item for item, _ in items}
    there = set(tx.execute(select(table.row).where(table.row.in_(rows_in(tx, listed)))).scalars().all())
    blobs = [vector.tobytes() for vector in np.ascontiguousarray(vectors, dtype=STORED)]
    replaced: dict[str, list[int]] = {}
    for item, layer in items:
        replaced.setdefault(layer, []).append(item)
    for layer, rows in replaced.items():
        of_layer = and_(EmbeddingTable.space_row == row, EmbeddingTable.layer == layer)
        _bury(tx, seq, and_(of_layer, _of_items(tx, kind, rows)))
    insert_new(
        tx,
        EmbeddingTable,
        [
            {
                "space_row": row,
                "item_kind": kind,
                "item_id": item,
                "layer": layer,
                "seq": seq,
                "hub": None,
                "vec": blob,
            }
            for (item, layer), blob in zip(items, blobs, strict=True)
            if item in there
        ],
    )
    return seq


def bury_captions(tx: Session, caption_rows: Sequence[int]) -> None:
    """Turn the vectors of these captions into tombstones, in every space."""
    _bury_items(tx, "caption", caption_rows)


def bury_keyframes(tx: Session, file_rows: Sequence[int]) -> None:
    """As `bury_captions`, of keyframes that are gone, or show something else now."""
    _bury_items(tx, "keyframe", file_rows)


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
        .where(SpaceTable.name == space, LIVE)
        .group_by(EmbeddingTable.layer)
    )
    return dict(sorted((layer, count) for layer, count in tx.execute(query)))


def count_after(tx: Session, space: str, layer: str, *, seq: int) -> int:
    """How many rows of a layer came or died after the change number `seq`, which an index alone tells."""
    newer = (
        select(func.count())
        .select_from(EmbeddingTable)
        .join(SpaceTable, SpaceTable.row == EmbeddingTable.space_row)
        .where(SpaceTable.name == space, EmbeddingTable.layer == layer, EmbeddingTable.seq > seq)
    )
    return tx.execute(newer).scalar_one()


def vectors_of(tx: Session, rows: Iterable[int]) -> dict[int, NDArray[np.float32]]:
    """{row: its vector}, for those of `rows` that live."""
    query = select(EmbeddingTable.row, EmbeddingTable.vec).where(EmbeddingTable.row.in_(rows_in(tx, rows)), LIVE)
    return {row: np.frombuffer(vec, STORED).astype(np.float32) for row, vec in tx.execute(query) if vec is not None}


def rows_without_hub(tx: Session, space: str, layer: str, *, limit: int | None = None) -> list[int]:
    """Live rows of texts whose hub was not measured yet, in order; at most `limit` of them."""
    of_space = select(SpaceTable.row).where(SpaceTable.name == space).scalar_subquery()
    query = select(EmbeddingTable.row, EmbeddingTable.item_kind).where(
        EmbeddingTable.space_row == of_space, EmbeddingTable.layer == layer, LIVE, EmbeddingTable.hub.is_(None)
    )
    found = tx.execute(query.order_by(EmbeddingTable.row).limit(limit))
    return [row for row, kind in found if kind == "caption"]


def text_rows(tx: Session, space: str, layer: str) -> list[int]:
    """Live rows of the texts of a layer, in order."""
    return list(tx.execute(_of_layer(select(EmbeddingTable.row), space, layer).order_by(EmbeddingTable.row)).scalars())


def has_videos(tx: Session, space: str, layer: str, *, count: int) -> bool:
    """Whether the texts of a layer are of `count` videos at least."""
    of_texts = select(SegmentTable.video_row).select_from(EmbeddingTable)
    some = _of_layer(of_texts, space, layer).distinct().limit(count)
    return len(tx.execute(some).all()) >= count


def videos_of_rows(tx: Session, rows: NDArray[np.int64]) -> dict[int, int]:
    """{row: row of its video}, for those of `rows` that are live ones of texts."""
    wanted = EmbeddingTable.row.in_(rows_in(tx, rows.tolist()))
    query = _with_segments(select(EmbeddingTable.row, SegmentTable.video_row).select_from(EmbeddingTable))
    return dict(tx.execute(query.where(wanted, LIVE)).all())


def _bury(tx: Session, seq: int, which: ColumnElement[bool]) -> None:
    tx.execute(update(EmbeddingTable).where(which, LIVE).values(vec=None, hub=None, seq=seq))


def _bury_items(tx: Session, kind: ItemKind, rows: Sequence[int]) -> None:
    of_items = and_(_of_items(tx, kind, rows), LIVE)
    for row in tx.execute(select(EmbeddingTable.space_row).where(of_items).distinct()).scalars().all():
        space_row, _, seq = next_seq(tx, SpaceTable.row == row)
        _bury(tx, seq, and_(EmbeddingTable.space_row == space_row, of_items))


def _of_items(tx: Session, kind: ItemKind, rows: Iterable[int]) -> ColumnElement[bool]:
    return and_(EmbeddingTable.item_kind == kind, EmbeddingTable.item_id.in_(rows_in(tx, rows)))


def _with_segments(query: Select[*Columns]) -> Select[*Columns]:
    return query.join(CaptionTable, _OF_CAPTION).join(SegmentTable, SegmentTable.row == CaptionTable.segment_row)


def _of_layer(query: Select[*Columns], space: str, layer: str) -> Select[*Columns]:
    """`query` over the live rows of a layer, joined to their segments."""
    return (
        _with_segments(query)
        .join(SpaceTable, SpaceTable.row == EmbeddingTable.space_row)
        .where(SpaceTable.name == space, EmbeddingTable.layer == layer, LIVE)
    )
