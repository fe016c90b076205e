"""How near each vector lies to those of other videos: what lies near everything proves little."""

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np

from indexer.domain import Vectors
from indexer.store import Database, embeddings
from indexer.vector_index import Rows, VectorIndex

NEIGHBOURS = 10
VIDEOS_FOR_HUBS = 30  # a smaller library is too small to tell which captions lie near everything
HUBS_AT_ONCE = 1_000  # committed together: a second or two of work
CHUNKS_IN_PASSING = 5

Which = Literal["missing", "all"]


def measure_hubs(
    database: Database,
    index: VectorIndex,
    *,
    of: tuple[str, str],
    which: Which,
    chunks: int | None,
    stop: Callable[[], bool],
) -> None:
    """Fill the hub of the texts of a (space, layer): the mean cosine to the nearest ones of other videos.

    `chunks`: at most so many thousand of them, None for all. `stop` is asked between two thousands.
    """
    with database.read() as tx:
        enough = embeddings.has_videos(tx, *of, count=VIDEOS_FOR_HUBS)
        most = None if chunks is None else chunks * HUBS_AT_ONCE
        if not enough:
            return
        rows = embeddings.text_rows(tx, *of) if which == "all" else embeddings.rows_without_hub(tx, *of, limit=most)
    for start in range(0, len(rows), HUBS_AT_ONCE):
        if stop():
            return
        with database.read() as tx:
            vectors = embeddings.vectors_of(tx, rows[start : start + HUBS_AT_ONCE])
            if not vectors:
                continue
            queries = np.stack(list(vectors.values()))
            near, cosines = index.search(queries, min(len(index), 8 * NEIGHBOURS), effort="most")
            videos = embeddings.videos_of_rows(tx, np.union1d(near, list(vectors)))
        with database.write() as tx:
            embeddings.put_hubs(tx, _hubs(list(vectors), near, cosines, videos))


def _hubs(rows: list[int], near: Rows, cosines: Vectors, videos: Mapping[int, int]) -> dict[int, float]:
    """{row: mean cosine of the nearest of `near`, (n, k), that are of other videos}."""
    known = np.array(sorted(videos), np.int64)
    video_at = np.array([videos[row] for row in known.tolist()], np.int64)
    places = np.minimum(np.searchsorted(known, near), len(known) - 1)
    own = np.array([videos.get(row, -1) for row in rows], np.int64)[:, None]
    foreign = (near >= 0) & (known[places] == near) & (video_at[places] != own)
    counted = foreign & (np.cumsum(foreign, axis=1) <= NEIGHBOURS)
    sums = np.where(counted, cosines, 0).sum(axis=1)
    means = sums / np.maximum(counted.sum(axis=1), 1)
    return dict(zip(rows, means.tolist(), strict=True))
