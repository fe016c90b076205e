"""The captions nearest to a query: the published index, plus what was committed since, minus what is gone.

Reading protocol (with `ingest/publish.py` as its writing half): inside one database snapshot take the newest
generation row; trust its file only if size and SHA-256 agree; merge the rows committed after it; SQL has the last word.
"""

import threading
from dataclasses import dataclass, field

import numpy as np

from indexer import vector_index
from indexer.domain import Vectors
from indexer.library_folder import LibraryFolder
from indexer.store import Transaction, embeddings
from indexer.store.embeddings import LayerUse
from indexer.vector_index import Rows, VectorIndex

MARGIN = 16  # rows asked for beyond k, for those that turn out to be dead
MOST_HIDDEN = 5_000  # rows asked for beyond k and dropped; where there are more, the others are named instead


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer as last read: a published generation, or none, and what came after it.

    Another text is searched in place of some of its own: those are `hidden`, along with rows that are gone; or, where
    there are many of them, the rest is `searched`.
    """

    generation: str | None
    index: VectorIndex | None
    tail_rows: Rows
    tail_vectors: Vectors
    hidden: Rows
    searched: Rows | None


@dataclass(frozen=True, slots=True)
class _Space:
    """The layers of a space that are searched, and the state of the database they were read in."""

    state: tuple[int, frozenset[str]]
    layers: dict[str, _Layer]


@dataclass
class NearestCaptions:
    """Answers from memory for as long as nothing was committed; safe to share between threads."""

    folder: LibraryFolder
    _spaces: dict[str, _Space] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(
        self, tx: Transaction, space: str, *, query: Vectors, k: int, allowed: Rows | None = None
    ) -> dict[int, float]:
        """{embedding row: cosine} of the best `k` texts that are searched, whatever layer of `space` they are of.
        `query` is one vector, (dimension,); `allowed` lists rows of texts that are searched."""
        found: dict[int, float] = {}
        for layer in self._read(tx, space).layers.values():
            found.update(_nearest(layer, query, k=k, allowed=allowed))
        best = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return dict(best[:k])

    def _read(self, tx: Transaction, space: str) -> _Space:
        with self._lock:
            state = (embeddings.change_seq(tx, space), embeddings.generation_ids(tx, space))
            held = self._spaces.get(space)
            if held is None or held.state != state:
                before = held.layers if held else {}
                layers = {
                    layer: self._read_layer(tx, space, layer, use=use, held=before.get(layer))
                    for layer, use in embeddings.layers_in_use(tx, space).items()
                }
                held = self._spaces[space] = _Space(state, layers)
            return held

    def _read_layer(self, tx: Transaction, space: str, layer: str, *, use: LayerUse, held: _Layer | None) -> _Layer:
        published = embeddings.latest_generation(tx, space, layer)
        newest = published.id if published else None
        if held and held.generation == newest:
            index = held.index
        else:
            index = vector_index.open_index(self.folder.indexes, published.manifest) if published else None
        base_seq = published.seq if published and index is not None else 0
        changes = embeddings.changes(tx, space, layer, after_seq=base_seq)
        hidden, searched = changes.removed, None
        if use.shadowed > MOST_HIDDEN:
            searched = embeddings.rows_in_use(tx, space, layer, "searched")
        elif use.shadowed:
            hidden = np.union1d(hidden, embeddings.rows_in_use(tx, space, layer, "shadowed"))
        return _Layer(newest, index, changes.rows, changes.vectors, hidden, searched)


def _nearest(layer: _Layer, query: Vectors, *, k: int, allowed: Rows | None) -> dict[int, float]:
    found: dict[int, float] = {}
    among = layer.searched if allowed is None else allowed
    if layer.index is not None and len(layer.index):
        rows, scores = layer.index.search(query[None], k + len(layer.hidden) + MARGIN, among)
        seen = (rows[0] >= 0) & ~np.isin(rows[0], layer.hidden)
        found.update(zip(rows[0][seen].tolist(), scores[0][seen].tolist(), strict=True))
    if len(layer.tail_rows):
        mask = ~np.isin(layer.tail_rows, layer.hidden)
        if among is not None:
            mask &= np.isin(layer.tail_rows, among)
        scores_of_tail = layer.tail_vectors[mask] @ query
        found.update(zip(layer.tail_rows[mask].tolist(), scores_of_tail.tolist(), strict=True))
    return found
