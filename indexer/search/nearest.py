"""The texts or pictures nearest to a query: the published index, plus what was committed since, minus what is gone.

Reading protocol (with `ingest/publishing` as its writing half): inside one database snapshot take the newest
generation row; trust its file only if size and SHA-256 agree; merge the rows committed after it; SQL has the last word.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from indexer import vector_index
from indexer.domain import Vectors
from indexer.library_folder import LibraryFolder
from indexer.search.followed import Base, FollowedLayer, follow, nearest_in, read_layer, read_usage
from indexer.store import Transaction, embeddings
from indexer.store.embeddings import Generation, LayerUse
from indexer.vector_index import Rows, VectorIndex

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Space:
    """The layers of a space that are searched, and the state of the database they were read in."""

    seq: int = -1
    generations: frozenset[str] = frozenset()
    layers: dict[str, FollowedLayer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Opening:
    """A published index on its way into memory."""

    generation: str
    index: Future[VectorIndex | None]


@dataclass
class NearestCaptions:
    """Answers from memory for as long as nothing was committed; safe to share between threads."""

    folder: LibraryFolder
    _spaces: dict[str, _Space] = field(default_factory=dict)
    _opening: dict[tuple[str, str], _Opening] = field(default_factory=dict)
    _beside: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _searches: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(
        self, tx: Transaction, space: str, *, query: Vectors, k: int, allowed: Rows | None = None
    ) -> dict[int, float]:
        """{embedding row: cosine} of the best `k` texts or pictures that are searched, whatever layer of `space` they
        are of, best first, ties by row. `query` is one vector, (dimension,); `allowed` lists rows that are searched."""
        return _nearest(self._read(tx, space).layers, query, k=k, allowed=allowed)

    def begin(
        self, tx: Transaction, space: str, *, query: Callable[[], Vectors], k: int, allowed: Rows | None = None
    ) -> Future[dict[int, float]]:
        """As `find`, beside what the caller does meanwhile: `tx` is asked only now, and `query` only then."""
        layers = self._read(tx, space).layers
        return self._searches.submit(lambda: _nearest(layers, query(), k=k, allowed=allowed))

    def _read(self, tx: Transaction, space: str) -> _Space:
        with self._lock:
            seq, generations = embeddings.change_seq(tx, space), embeddings.generation_ids(tx, space)
            held = self._spaces.get(space, _Space())
            if (held.seq, held.generations) != (seq, generations):
                layers = self._read_layers(tx, space, held, seq=seq, listed=generations)
                settled = not self._opening
                held = _Space(seq, generations if settled else frozenset(), layers)
                self._spaces[space] = held
            return held

    def _read_layers(
        self, tx: Transaction, space: str, held: _Space, *, seq: int, listed: frozenset[str]
    ) -> dict[str, FollowedLayer]:
        """Only what is new is read, where nothing happened but that vectors came and died, as while an ingest writes.
        A number below the one held is that of an older view, or of a database that was put back: all is read anew."""
        forward = 0 <= held.seq <= seq
        uses = None
        if not forward or not embeddings.only_vectors_changed(tx, space, after_seq=held.seq, until_seq=seq):
            uses = embeddings.layers_in_use(tx, space)
        layers = {}
        for name in embeddings.layer_names(tx, space):
            before = held.layers.get(name)
            followed = follow(tx, space, name, held=before) if forward and before else None
            if followed and uses is None:
                usage = followed.usage
            elif use := _use(tx, space, name, uses, after_seq=held.seq):
                usage = read_usage(tx, space, name, use)
            else:
                continue
            base = self._base(tx, space, name, before.base if before else None, listed)
            if followed and base is followed.base:
                layers[name] = replace(followed, usage=usage)
            else:
                layers[name] = read_layer(tx, space, name, base=base, usage=usage)
        return layers

    def _base(self, tx: Transaction, space: str, layer: str, held: Base | None, listed: frozenset[str]) -> Base:
        """The newest published index. One that takes the place of another is opened beside the searches, which go on
        over the other as long as it is published still."""
        newest = embeddings.latest_generation(tx, space, layer)
        if newest is None:
            return Base() if held is None or held.generation is not None else held
        if held is not None and held.generation == newest.id:
            return held
        if held is None or held.index is None or held.generation not in listed:
            return Base(newest.id, *_opened(newest, self._open(newest)))
        opening = self._opening.get((space, layer))
        if opening is None or opening.generation != newest.id:
            opening = _Opening(newest.id, self._beside.submit(self._open, newest))
            self._opening[space, layer] = opening
        if not opening.index.done():
            return held
        del self._opening[space, layer]
        return Base(newest.id, *_opened(newest, opening.index.result()))

    def _open(self, generation: Generation) -> VectorIndex | None:
        """Each published index is opened once, so that one that is broken is told of once."""
        index = vector_index.open_index(self.folder.indexes, generation.manifest)
        if index is None:
            _log.warning(
                "the vector index %s is missing or damaged; until it is made anew searches are slow: shotlist reindex",
                generation.manifest.file,
            )
        return index


def _nearest(layers: Mapping[str, FollowedLayer], query: Vectors, *, k: int, allowed: Rows | None) -> dict[int, float]:
    found: dict[int, float] = {}
    for layer in layers.values():
        found.update(nearest_in(layer, query, k=k, allowed=allowed))
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return dict(best[:k])


def _opened(generation: Generation, index: VectorIndex | None) -> tuple[VectorIndex | None, int]:
    """The index and the number it was published at; where its file is not whole, all is read from the database."""
    return index, generation.seq if index is not None else 0


def _use(
    tx: Transaction, space: str, layer: str, uses: dict[str, LayerUse] | None, *, after_seq: int
) -> LayerUse | None:
    """How a layer is used; None where nothing of it is searched. `uses` None: a layer nothing of which was searched at
    `after_seq` is looked at only where something that came since is."""
    if uses is None:
        came = embeddings.changes(tx, space, layer, after_seq=after_seq).rows
        uses = embeddings.layers_in_use(tx, space) if len(embeddings.searched_among(tx, came)) else {}
    return uses.get(layer)
