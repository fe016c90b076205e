"""What every index answers with: the best rows of each query, padded to a full table. Pure."""

import numpy as np
from numpy.typing import NDArray

from indexer.domain import Vectors
from indexer.vector_index.base import Rows

NO_ROW = -1
Scores = NDArray[np.float32]


def best_rows(scores: Scores, rows: Rows, k: int) -> tuple[Rows, Scores]:
    """The best `k` of (q, n) scores over n rows: (q, k) rows and scores, best first, padded with -1 and -inf."""
    kept = min(k, len(rows))
    chosen = np.argpartition(-scores, kept - 1, axis=1)[:, :kept] if 0 < kept < len(rows) else _all_columns(scores)
    chosen = chosen[:, :kept]
    return padded(*in_order(rows[chosen], np.take_along_axis(scores, chosen, axis=1)), k)


def in_order(rows: Rows, scores: Scores) -> tuple[Rows, Scores]:
    """(q, n) rows and their scores, best first, ties by row."""
    order = np.lexsort((rows, -scores), axis=1)
    return np.take_along_axis(rows, order, axis=1), np.take_along_axis(scores, order, axis=1)


def padded(rows: Rows, scores: Scores, k: int) -> tuple[Rows, Scores]:
    missing = ((0, 0), (0, k - rows.shape[1]))
    return (
        np.pad(rows, missing, constant_values=NO_ROW),
        np.pad(scores, missing, constant_values=-np.inf).astype(np.float32, copy=False),
    )


def checked_vectors(vectors: Vectors, dimension: int, *, count: int | None = None) -> Vectors:
    """The vectors as contiguous float32. Raises `ValueError` when they are not (count, dimension)."""
    if vectors.ndim != 2 or vectors.shape[1] != dimension:
        raise ValueError(f"vectors of shape {vectors.shape} do not fit an index of {dimension} dimensions")
    if count is not None and len(vectors) != count:
        raise ValueError(f"{count} rows for {len(vectors)} vectors")
    return np.ascontiguousarray(vectors, np.float32)


def _all_columns(scores: Scores) -> NDArray[np.int64]:
    return np.broadcast_to(np.arange(scores.shape[1]), scores.shape)
