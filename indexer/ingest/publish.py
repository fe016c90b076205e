"""Publishing vectors: from the database to an index file that readers can trust.

The database row is the publication; the file is written, synced and named first, so a crash at any step leaves at
worst a file nobody points to. One publisher at a time; readers need no lock (see `search/nearest.py`).
"""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal

import numpy as np

from indexer import vector_index
from indexer.ingest import hubs
from indexer.ingest.leftovers import remove_leftovers
from indexer.ingest.publish_words import WordsPublisher
from indexer.ingest.turns import publisher_turn
from indexer.library_folder import LibraryFolder
from indexer.store import Database, Transaction, embeddings, generations
from indexer.store.embeddings import Generation
from indexer.vector_index import VectorIndex

TAIL_ROWS = 2_000  # publish when more rows than this, or
TAIL_SHARE = 0.05  # this share of the index, came after it

Start = Literal["the newest", "nothing"]


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Publisher:
    """`stop` is asked between steps of a few seconds; once it holds, what is left is left for the next time."""

    folder: LibraryFolder
    database: Database
    stop: Callable[[], bool] = _never

    def publish(self, space: str) -> int:
        """Bring every index of `space` up to date, and that of words where it is due, and measure all hubs; waits for
        another publisher to end.

        Files that are missing or damaged are made again. Returns how many were written.
        """
        with self._turn(space, patience="wait") as mine:
            written = self._publish(space, chunks=None) if mine else 0
        return written + self._words.publish()

    def publish_if_due(self, space: str) -> int:
        """As `publish`, once enough rows came after the newest generations to slow searches down; nothing while another
        process publishes. Measures a bounded number of hubs: the rest come with the next calls."""
        written = self._words.publish_if_due()
        if not self._is_due(space):
            return written
        with self._turn(space, patience="skip") as mine:
            due = mine and self._is_due(space)
            return written + (self._publish(space, chunks=hubs.CHUNKS_IN_PASSING) if due else 0)

    def rebuild(self, space: str, *, measured: hubs.Which = "missing") -> int:
        """Write every index of `space` anew from the database. Search goes on over the old ones meanwhile."""
        with self._turn(space, patience="wait") as mine:
            return self._publish(space, chunks=None, start="nothing", measured=measured) if mine else 0

    @property
    def _words(self) -> WordsPublisher:
        return WordsPublisher(self.folder, self.database, self.stop)

    def _turn(self, space: str, *, patience: Literal["wait", "skip"]) -> AbstractContextManager[bool]:
        return publisher_turn(
            self.folder, self.database, what=space, lock=".publish.lock", patience=patience, stop=self.stop
        )

    def _is_due(self, space: str) -> bool:
        with self.database.read() as tx:
            waiting, published = 0, 0
            for layer in embeddings.layers(tx, space):
                newest = embeddings.latest_generation(tx, space, layer)
                published += newest.manifest.count if newest else 0
                waiting += embeddings.count_after(tx, space, layer, seq=newest.seq if newest else 0)
        return waiting > max(TAIL_ROWS, TAIL_SHARE * published)

    # -- files -------------------------------------------------------------------------------------------------------

    def _publish(
        self, space: str, *, chunks: int | None, start: Start = "the newest", measured: hubs.Which = "missing"
    ) -> int:
        with self.database.read() as tx:
            layers = embeddings.layers(tx, space)
            published = {layer for name, layer in generations.published_layers(tx) if name == space}
            named = generations.published_files(tx)
        remove_leftovers(self.folder.indexes, named)
        self._forget(space, published - set(layers))
        written = 0
        for layer, count in layers.items():
            if self.stop():
                break
            index, seq = self._followed(space, layer, kind=vector_index.kind_for(count), start=start)
            if index is None:
                continue
            if seq is not None:
                self._write(index, space=space, layer=layer, seq=seq, start=start)
                written += 1
            of = (space, layer)
            hubs.measure_hubs(self.database, index, of=of, which=measured, chunks=chunks, stop=self.stop)
        return written

    def _followed(self, space: str, layer: str, *, kind: str, start: Start) -> tuple[VectorIndex | None, int | None]:
        """The index of a layer as it must be now, None where the layer was emptied meanwhile; and the change number it
        is brought to where it differs from the published one."""
        with self.database.read() as tx:
            newest = embeddings.latest_generation(tx, space, layer)
            usable = start == "the newest" and newest is not None and newest.manifest.kind == kind
            index = vector_index.open_index(self.folder.indexes, newest.manifest) if newest and usable else None
            if newest is None or index is None:
                return _built(tx, space, layer, kind=kind), embeddings.change_seq(tx, space)
            changes = embeddings.changes(tx, space, layer, after_seq=newest.seq)
        if not len(changes.rows) and not len(changes.removed):
            return index, None
        index.remove(changes.removed)
        index.add(changes.rows, changes.vectors)
        return index, changes.seq

    def _write(self, index: VectorIndex, *, space: str, layer: str, seq: int, start: Start) -> None:
        """Publish a new file. Those it replaces go at once: a reader that is about to open one reads SQL instead. What
        is written from nothing replaces all."""
        with self.database.read() as tx:
            before = generations.generations(tx, space, layer)
        distrusted = [one.id for one in before if start == "nothing" or not self._is_whole(one)]
        manifest = vector_index.write_index(index, self.folder.indexes)
        with self.database.write() as tx:
            new = Generation(uuid.uuid4().hex, space, layer, seq, manifest)
            unused = [manifest.file]  # where somebody published a newer one meanwhile
            if embeddings.add_generation(tx, new):
                unused = embeddings.drop_old_generations(tx, space, layer, keep=2, distrusted=distrusted)
        self._unlink(unused)

    def _forget(self, space: str, layers: set[str]) -> None:
        """Forget the indexes of layers that hold nothing any more."""
        if layers:
            with self.database.write() as tx:
                unused = [
                    file
                    for layer in layers - set(embeddings.layers(tx, space))
                    for file in embeddings.drop_old_generations(tx, space, layer, keep=0)
                ]
            self._unlink(unused)

    def _is_whole(self, generation: Generation) -> bool:
        return vector_index.is_whole(self.folder.indexes, generation.manifest)

    def _unlink(self, names: list[str]) -> None:
        for name in names:
            (self.folder.indexes / name).unlink(missing_ok=True)


def _built(tx: Transaction, space: str, layer: str, *, kind: str) -> VectorIndex | None:
    """A new index of a whole layer, None where it holds nothing any more. Only some of the vectors are in memory at a
    time, besides what is kept of them."""
    parts = embeddings.all_vectors(tx, space, layer)
    first = next(parts, None)
    if first is None:
        return None
    rows, vectors = first
    index = vector_index.new_index(kind, vectors.shape[1])
    if index.sample_size:
        sample = embeddings.vectors_of(tx, embeddings.sample_rows(tx, space, layer, count=index.sample_size))
        index.learn(np.stack([sample[row] for row in sorted(sample)]))
    index.add(rows, vectors)
    for rows, vectors in parts:
        index.add(rows, vectors)
    return index
