"""Publishing vectors: from the database to an index file that readers can trust.

The database row is the publication; the file is written, synced and named first, so a crash at any step leaves at
worst a file nobody points to. One publisher at a time; readers need no lock (see `search/nearest.py`).
"""

import fcntl
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Literal

import numpy as np

from indexer import vector_index
from indexer.domain import Vectors
from indexer.ingest.leftovers import remove_leftovers
from indexer.library_folder import LibraryFolder
from indexer.store import Database, embeddings, generations
from indexer.store.embeddings import Changes, Generation
from indexer.vector_index import VectorIndex

TAIL_ROWS = 2_000  # publish when more rows than this, or
TAIL_SHARE = 0.05  # this share of the index, came after it
NEIGHBOURS = 10
VIDEOS_FOR_HUBS = 30  # a smaller library is too small to tell which captions lie near everything
HUBS_AT_ONCE = 1_000  # committed together: two seconds of work in a library of 100,000 captions
CHUNKS_IN_PASSING = 5

_LOOK_AGAIN_S = 0.2
Start = Literal["the newest", "nothing"]
Hubs = Literal["missing", "all"]


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Publisher:
    """`stop` is asked between steps of a few seconds; once it holds, what is left is left for the next time."""

    folder: LibraryFolder
    database: Database
    stop: Callable[[], bool] = _never

    def publish(self, space: str) -> int:
        """Bring every index of `space` up to date and measure all hubs; waits for another publisher to end.

        Files that are missing or damaged are made again. Returns how many were written.
        """
        with self._turn(space, patience="wait") as mine:
            return self._publish(space, chunks=None) if mine else 0

    def publish_if_due(self, space: str) -> int:
        """As `publish`, once enough rows came after the newest generations to slow searches down; nothing while another
        process publishes. Measures a bounded number of hubs: the rest come with the next calls."""
        if not self._is_due(space):
            return 0
        with self._turn(space, patience="skip") as mine:
            return self._publish(space, chunks=CHUNKS_IN_PASSING) if mine and self._is_due(space) else 0

    def rebuild(self, space: str, *, hubs: Hubs = "missing") -> int:
        """Write every index of `space` anew from the database. Search goes on over the old ones meanwhile."""
        with self._turn(space, patience="wait") as mine:
            return self._publish(space, chunks=None, start="nothing", hubs=hubs) if mine else 0

    def _is_due(self, space: str) -> bool:
        with self.database.read() as tx:
            waiting, published = 0, 0
            for layer in embeddings.layers(tx, space):
                newest = embeddings.latest_generation(tx, space, layer)
                published += newest.manifest.count if newest else 0
                waiting += embeddings.count_after(tx, space, layer, seq=newest.seq if newest else 0)
        return waiting > max(TAIL_ROWS, TAIL_SHARE * published)

    # -- files -------------------------------------------------------------------------------------------------------

    def _publish(self, space: str, *, chunks: int | None, start: Start = "the newest", hubs: Hubs = "missing") -> int:
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
            index, changes = self._followed(space, layer, kind=vector_index.kind_for(count), start=start)
            if changes is not None:
                self._write(index, space=space, layer=layer, seq=changes.seq, start=start)
                written += 1
            self._measure_hubs(index, space=space, layer=layer, chunks=chunks, which=hubs)
        return written

    def _followed(self, space: str, layer: str, *, kind: str, start: Start) -> tuple[VectorIndex, Changes | None]:
        """The index of a layer as it must be now, and what it differs by from the published one, if it does."""
        with self.database.read() as tx:
            newest = embeddings.latest_generation(tx, space, layer)
            usable = start == "the newest" and newest is not None and newest.manifest.kind == kind
            index = vector_index.open_index(self.folder.indexes, newest.manifest) if newest and usable else None
            changes = embeddings.changes(tx, space, layer, after_seq=newest.seq if newest and index is not None else 0)
        if index is not None and not len(changes.rows) and not len(changes.removed):
            return index, None
        if index is None:
            index = vector_index.new_index(kind, dimension=changes.dimension)
        index.remove(changes.removed)
        index.add(changes.rows, changes.vectors)
        return index, changes

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

    # -- hubs --------------------------------------------------------------------------------------------------------

    def _measure_hubs(self, index: VectorIndex, *, space: str, layer: str, chunks: int | None, which: Hubs) -> None:
        """Fill the hub of captions: the mean cosine to the nearest captions of other videos."""
        with self.database.read() as tx:
            missing = embeddings.rows_without_hub(tx, space, layer)
            video_of = embeddings.video_rows(tx, space, layer) if missing or which == "all" else {}
        if len(set(video_of.values())) < VIDEOS_FOR_HUBS:
            return
        rows = sorted(video_of) if which == "all" else [row for row in missing if row in video_of]
        starts = range(0, len(rows), HUBS_AT_ONCE)
        for start in starts if chunks is None else starts[:chunks]:
            if self.stop():
                return
            with self.database.read() as tx:
                vectors = embeddings.vectors_of(tx, rows[start : start + HUBS_AT_ONCE])
            hubs = _hubs(index, list(vectors), np.stack(list(vectors.values())), video_of) if vectors else {}
            with self.database.write() as tx:
                embeddings.put_hubs(tx, hubs)

    # -- one at a time -----------------------------------------------------------------------------------------------

    @contextmanager
    def _turn(self, space: str, *, patience: Literal["wait", "skip"]) -> Iterator[bool]:
        """Whether this process publishes now: one on this machine, by a lock on a file, and one of all machines, by a
        lock on the server. Both are freed when the process ends, however it ends."""
        with (self.folder.indexes / ".publish.lock").open("w") as file:
            while True:
                with self._both_locks(file, space) as mine:
                    if mine or patience == "skip" or self.stop():
                        yield mine and not self.stop()
                        return
                time.sleep(_LOOK_AGAIN_S)

    @contextmanager
    def _both_locks(self, file: IO[str], space: str) -> Iterator[bool]:
        if not _is_locked(file):
            yield False
            return
        try:
            with generations.publisher_lock(self.database, space) as mine:
                yield mine
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def _is_locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _hubs(index: VectorIndex, rows: list[int], queries: Vectors, video_of: dict[int, int]) -> dict[int, float]:
    near, cosines = index.search(queries, min(len(index), 8 * NEIGHBOURS))
    hubs = {}
    for row, others, scores in zip(rows, near, cosines, strict=True):
        foreign = [
            float(score)
            for other, score in zip(others, scores, strict=True)
            if other >= 0 and video_of.get(int(other), video_of[row]) != video_of[row]
        ]
        hubs[row] = float(np.mean(foreign[:NEIGHBOURS])) if foreign else 0.0
    return hubs
