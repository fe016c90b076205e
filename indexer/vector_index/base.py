"""What a vector index is: it finds the stored vectors nearest to a query. It knows int64 rows and nothing else."""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.domain import Vectors

Rows = NDArray[np.int64]


class VectorIndex(Protocol):
    """Inner product over unit vectors, so scores are cosines in -1..1."""

    @property
    def kind(self) -> str:
        """The name it is chosen and saved by: `exact`, `flat-fp16`, ..."""
        ...

    @property
    def dimension(self) -> int: ...

    @property
    def rows(self) -> Rows:
        """Every row it holds, in no order."""
        ...

    def __len__(self) -> int: ...

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Add vectors under row numbers never used in this index before."""
        ...

    def remove(self, rows: Rows) -> None:
        """Forget these rows; rows that are not there are ignored."""
        ...

    def search(self, queries: Vectors, k: int, allowed: Rows | None = None) -> tuple[Rows, NDArray[np.float32]]:
        """The best `k` rows a query, best first: (q, k) rows and scores, padded with row -1 and score -inf.

        With `allowed`, only those rows (sorted, unique) are considered.
        """
        ...

    def vectors(self, rows: Rows) -> Vectors:
        """What it keeps of these rows, (n, dimension): to its precision. Raises `KeyError` where one is not there."""
        ...

    def save(self, path: Path) -> None:
        """Write to `path`; the caller owns atomicity (see `publish` in ingest)."""
        ...
