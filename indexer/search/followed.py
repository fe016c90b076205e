"""One layer of vectors as a reader keeps it in memory, and how it follows the database: what came is added in small
indexes beside the published one, so that a commit costs what it brought and not what was there."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer import vector_index
from indexer.domain import Vectors
from indexer.store import Transaction, embeddings
from indexer.store.embeddings import LayerUse
from indexer.vector_index import Rows, VectorIndex

MARGIN = 32  # rows asked for beyond k at first, for those that turn out to be dropped
MOST_HIDDEN = 5_000  # rows asked for beyond k and dropped; where there are more, the others are named instead
_FEW = 1_000  # vectors to which an index without quantisation is as quick as any
_NONE: Rows = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Usage:
    """Which vectors of a layer count. Another text is searched in place of some: those are `hidden`; or, where there
    are many of them, the rest is `searched`. Both sorted."""

    hidden: Rows
    searched: Rows | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """A published index, by the id of its publication, and the change number it was published at."""

    generation: str | None = None
    index: VectorIndex | None = None
    seq: int = 0


@dataclass(frozen=True, slots=True)
class FollowedLayer:
    """A layer as it was at the change number `seq`."""

    base: Base
    tail: tuple[VectorIndex, ...]  # what came after the base, each at most half as large as the one before
    gone: Rows  # died after the base was published; sorted
    usage: Usage
    seq: int


def read_layer(tx: Transaction, space: str, layer: str, *, base: Base, usage: Usage) -> FollowedLayer:
    """A layer upon a published index, or upon nothing."""
    empty = FollowedLayer(base, (), _NONE, usage, base.seq)
    changes = embeddings.changes(tx, space, layer, after_seq=base.seq)
    return replace(empty, tail=_with(empty.tail, changes.rows, changes.vectors), gone=changes.removed, seq=changes.seq)


def follow(tx: Transaction, space: str, layer: str, *, held: FollowedLayer) -> FollowedLayer:
    """`held` as it is now, if nothing happened but that vectors came and died."""
    changes = embeddings.changes(tx, space, layer, after_seq=held.seq)
    if not len(changes.rows) and not len(changes.removed):
        return replace(held, seq=changes.seq)
    return FollowedLayer(
        base=held.base,
        tail=_with(held.tail, changes.rows, changes.vectors),
        gone=np.union1d(held.gone, changes.removed),
        usage=_followed_usage(tx, space, layer, held.usage, came=changes.rows, died=changes.removed),
        seq=changes.seq,
    )


def read_usage(tx: Transaction, space: str, layer: str, use: LayerUse) -> Usage:
    if use.shadowed > MOST_HIDDEN:
        return Usage(_NONE, embeddings.rows_in_use(tx, space, layer, "searched"))
    return Usage(embeddings.rows_in_use(tx, space, layer, "shadowed") if use.shadowed else _NONE)


def nearest_in(layer: FollowedLayer, query: Vectors, *, k: int, allowed: Rows | None) -> dict[int, float]:
    """{row: cosine} of the best `k` rows that live and count, in no order; with `allowed`, of those."""
    dropped = np.union1d(layer.gone, layer.usage.hidden)
    among = layer.usage.searched if allowed is None else allowed
    found: dict[int, float] = {}
    for index in filter(None, (layer.base.index, *layer.tail)):
        rows, scores = _nearest_but(dropped, index, query, k=k, among=among)
        found.update(zip(rows.tolist(), scores.tolist(), strict=True))
    return found


def _nearest_but(
    dropped: Rows, index: VectorIndex, query: Vectors, *, k: int, among: Rows | None
) -> tuple[Rows, NDArray[np.float32]]:
    """The best `k` rows of an index that are none of `dropped`, with their scores. As few of them are among the
    nearest, some more rows are asked for, and twice as many again where that was not enough."""
    asked = k + (MARGIN if len(dropped) else 0)
    while True:
        rows, scores = index.search(query[None], asked, among)
        kept = (rows[0] >= 0) & ~np.isin(rows[0], dropped)
        if kept.sum() >= k or rows[0, -1] < 0:  # or there are no more
            return rows[0][kept][:k], scores[0][kept][:k]
        asked *= 2


def _followed_usage(tx: Transaction, space: str, layer: str, usage: Usage, *, came: Rows, died: Rows) -> Usage:
    counted = embeddings.searched_among(tx, came)
    if usage.searched is not None:
        return Usage(_NONE, np.setdiff1d(np.union1d(usage.searched, counted), died, assume_unique=True))
    hidden = np.setdiff1d(np.union1d(usage.hidden, np.setdiff1d(came, counted)), died, assume_unique=True)
    if len(hidden) > MOST_HIDDEN:
        return Usage(_NONE, embeddings.rows_in_use(tx, space, layer, "searched"))
    return Usage(hidden)


def _with(tail: tuple[VectorIndex, ...], rows: Rows, vectors: Vectors) -> tuple[VectorIndex, ...]:
    """The tail and these, in one more index; those that are not twice as large are taken into it, so that there are
    never many and no vector is moved often. An index that is in the tail is never changed: searches may be in it."""
    if not len(rows):
        return tail
    while tail and len(tail[-1]) < 2 * len(rows):
        last, tail = tail[-1], tail[:-1]
        vectors = np.concatenate([last.vectors(last.rows), vectors])
        rows = np.concatenate([last.rows, rows])
    index = vector_index.new_index("exact" if len(rows) <= _FEW else "flat-fp16", vectors.shape[1])
    index.add(rows, vectors)
    return (*tail, index)
