"""What a vector index is: it finds the stored vectors nearest to a query. It knows int64 rows and nothing else."""

from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.domain import Vectors

Rows = NDArray[np.int64]
Effort = Literal["all", "most"]
"""How many of the best rows a search is to find: as good as all, or most of them in a fraction of the time. A kind that
looks at every vector finds all in any case."""


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

    @property
    def sample_size(self) -> int:
        """How many vectors, drawn evenly from all that will be added, `learn` makes good use of; 0: none."""
        ...

    def __len__(self) -> int: ...

    def learn(self, sample: Vectors) -> None:
        """See what vectors are like, before the first is added. An index that was shown no sample learns from the
        vectors that come first."""
        ...

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Add vectors under row numbers never used in this index before."""
        ...

    def remove(self, rows: Rows) -> None:
        """Forget these rows; rows that are not there are ignored."""
        ...

    def search(
        self, queries: Vectors, k: int, allowed: Rows | None = None, *, effort: Effort = "all"
    ) -> tuple[Rows, NDArray[np.float32]]:
        """The best `k` rows a query, best first, ties by row: (q, k) rows and scores, padded with row -1 and score
        -inf, where fewer than `k` are held.

        With `allowed`, only those rows (sorted, unique) are considered.
        """
        ...

    def vectors(self, rows: Rows) -> Vectors:
        """What it keeps of these rows, (n, dimension): to its precision. Raises `KeyError` where one is not there."""
        ...

    def save(self, path: Path) -> None:
        """Write to `path`; the caller owns atomicity (see `publish` in ingest)."""
        ...
