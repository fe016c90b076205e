"""Every vector in full precision, compared one by one: the measure of all other indexes."""

from pathlib import Path

import numpy as np

from indexer.domain import Vectors
from indexer.vector_index.base import Effort, Rows
from indexer.vector_index.places import RowPlaces
from indexer.vector_index.ranking import Scores, best_rows, checked_vectors
from indexer.vector_index.saved_arrays import load_arrays, save_arrays


class ExactIndex:
    def __init__(self, dimension: int) -> None:
        self._places = RowPlaces()
        self._vectors: Vectors = np.empty((0, dimension), np.float32)

    @classmethod
    def load(cls, path: Path, *, dimension: int) -> "ExactIndex":
        """Raises `LibraryError` when the file is missing, damaged or of another dimension."""
        saved = load_arrays(path, "exact", width=dimension, number_type=np.float32)
        index = cls(dimension)
        index.add(saved.rows, saved.numbers.astype(np.float32, copy=False))
        return index

    @property
    def kind(self) -> str:
        return "exact"

    @property
    def dimension(self) -> int:
        return int(self._vectors.shape[1])

    @property
    def rows(self) -> Rows:
        return self._places.rows

    @property
    def sample_size(self) -> int:
        return 0

    def __len__(self) -> int:
        return len(self._places)

    def learn(self, sample: Vectors) -> None:
        """Nothing: every vector is kept as it is."""

    def add(self, rows: Rows, vectors: Vectors) -> None:
        vectors = checked_vectors(vectors, self.dimension, count=len(rows))
        self._places = self._places.with_added(rows)
        self._vectors = np.concatenate([self._vectors, vectors])

    def remove(self, rows: Rows) -> None:
        places = self._places.of(rows)
        self._places = self._places.without(places)
        self._vectors = np.delete(self._vectors, places, axis=0)

    def search(
        self,
        queries: Vectors,
        k: int,
        allowed: Rows | None = None,
        *,
        effort: Effort = "all",  # noqa: ARG002 (it compares every vector in any case)
    ) -> tuple[Rows, Scores]:
        queries = checked_vectors(queries, self.dimension)
        if allowed is None:
            return best_rows(queries @ self._vectors.T, self._places.rows, k)
        places = self._places.of(allowed)
        return best_rows(queries @ self._vectors[places].T, self._places.rows[places], k)

    def vectors(self, rows: Rows) -> Vectors:
        kept: Vectors = self._vectors[self._places.one_by_one(rows)]
        return kept

    def save(self, path: Path) -> None:
        save_arrays(path, self.kind, rows=self._places.rows, numbers=self._vectors)
