"""Publishing vectors: from the database to an index file that readers can trust.

The database row is the publication; the file is written, synced and named first, so a crash at any step leaves at
worst a file nobody points to. One publisher at a time; readers need no lock (see `search/nearest.py`).
"""

import fcntl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer import vector_index
from indexer.domain import Vectors
from indexer.library_folder import LibraryFolder
from indexer.store import Database, embeddings
from indexer.store.embeddings import Generation
from indexer.vector_index import VectorIndex

TAIL_ROWS = 2_000  # publish when more rows than this, or
TAIL_SHARE = 0.05  # this share of the index, came after it
NEIGHBOURS = 10
VIDEOS_FOR_HUBS = 30  # a smaller library is too small to tell which captions lie near everything


@dataclass(frozen=True, slots=True)
class Publisher:
    folder: LibraryFolder
    database: Database

    def publish(self, space: str) -> int:
        """Bring every index of `space` up to date and refresh the hub column. Returns how many were written."""
        with self.database.read() as tx:
            layers = embeddings.layers(tx, space)
        with _only_publisher(self.folder.indexes):
            return sum(self._publish_layer(space, layer) for layer in layers)

    def publish_if_due(self, space: str) -> int:
        """As `publish`, once enough rows came after the newest generations to slow searches down."""
        with self.database.read() as tx:
            waiting, published = 0, 0
            for layer in embeddings.layers(tx, space):
                newest = embeddings.latest_generation(tx, space, layer)
                published += newest.manifest.count if newest else 0
                waiting += embeddings.count_after(tx, space, layer, seq=newest.seq if newest else 0)
        return self.publish(space) if waiting > max(TAIL_ROWS, TAIL_SHARE * published) else 0

    def _publish_layer(self, space: str, layer: str) -> int:
        with self.database.read() as tx:
            newest = embeddings.latest_generation(tx, space, layer)
            kind = vector_index.kind_for(embeddings.layers(tx, space)[layer])
            usable = newest is not None and newest.manifest.kind == kind
            index = vector_index.open_index(self.folder.indexes, newest.manifest) if newest and usable else None
            changes = embeddings.changes(tx, space, layer, after_seq=newest.seq if newest and index is not None else 0)
        if index is not None and not len(changes.rows) and not len(changes.removed):
            return 0
        if index is None:
            index = vector_index.new_index(kind, dimension=changes.dimension)
        index.remove(changes.removed)
        index.add(changes.rows, changes.vectors)
        manifest = vector_index.write_index(index, self.folder.indexes)
        with self.database.write() as tx:
            new = Generation(uuid.uuid4().hex, space, layer, changes.seq, manifest)
            unused = [manifest.file]  # where somebody published a newer one meanwhile
            if embeddings.add_generation(tx, new):
                unused = embeddings.drop_old_generations(tx, space, layer, keep=2)
        for name in unused:
            (self.folder.indexes / name).unlink(missing_ok=True)
        self._refresh_hubs(index, space=space, layer=layer)
        return 1

    def _refresh_hubs(self, index: VectorIndex, *, space: str, layer: str) -> None:
        """Fill the hub of captions that lack one: the mean cosine to the nearest captions of other videos."""
        with self.database.read() as tx:
            rows = embeddings.rows_without_hub(tx, space, layer)
            vectors = embeddings.vectors_of(tx, rows)
            video_of = embeddings.video_rows(tx, space, layer)
        if len(set(video_of.values())) < VIDEOS_FOR_HUBS:
            return
        for some in _chunks([row for row in rows if row in video_of], 1000):
            queries = np.stack([vectors[row] for row in some])
            hubs = _hubs(index, some, queries, video_of)
            with self.database.write() as tx:
                embeddings.put_hubs(tx, hubs)


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


@contextmanager
def _only_publisher(indexes: Path) -> Iterator[None]:
    """Hold the publisher's lock; the system frees it when the process ends, however it ends."""
    with (indexes / ".publish.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _chunks(rows: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
