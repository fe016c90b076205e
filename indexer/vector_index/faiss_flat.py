"""All vectors side by side in FAISS, each number in two bytes or one, every search looking at all of them.

Exact enough at every filter, needs no training on the data and no tuning. Library: Douze et al., "The Faiss library",
2024 (scalar quantiser, section 4).
"""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.domain import Vectors
from indexer.vector_index.base import Effort, Rows
from indexer.vector_index.faiss_parts import empty_on_gpu, selector, serves, use_threads
from indexer.vector_index.places import Places, RowPlaces
from indexer.vector_index.ranking import NO_ROW, Scores, best_rows, checked_vectors, in_order, padded
from indexer.vector_index.saved_arrays import load_arrays, save_arrays

_QUANTISERS = {
    "flat-fp16": faiss.ScalarQuantizer.QT_fp16,
    "flat-sq8": faiss.ScalarQuantizer.QT_8bit,
    "sketched-fp16": faiss.ScalarQuantizer.QT_fp16,
}
_COPIED_AT_ONCE = 50_000
_NARROW = 0.01  # of the rows: up to here, picking out the allowed vectors is quicker than skipping the others


class FaissFlatIndex:
    """`kind` is `flat-fp16` (scores to 1e-4) or `flat-sq8` (scores to 5e-3 at 384 dimensions)."""

    def __init__(self, kind: str, dimension: int) -> None:
        self._kind = kind
        self._places = RowPlaces()
        self._index = faiss.IndexScalarQuantizer(dimension, _QUANTISERS[kind], faiss.METRIC_INNER_PRODUCT)
        self._index.train(_range_of_numbers(dimension))
        self._on_gpu: faiss.Index | None = None  # a copy of all, made when it is first asked

    @classmethod
    def load(cls, path: Path, *, kind: str, dimension: int) -> "FaissFlatIndex":
        """Raises `LibraryError` when the file is missing, damaged or of another kind or dimension."""
        index = cls(kind, dimension)
        saved = load_arrays(path, kind, width=index._index.code_size, number_type=np.uint8)
        index._put(saved.rows, saved.numbers)
        return index

    @property
    def kind(self) -> str:
        return self._kind

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    @property
    def rows(self) -> Rows:
        return self._places.rows

    @property
    def sample_size(self) -> int:
        return 0

    def __len__(self) -> int:
        return len(self._places)

    def learn(self, sample: Vectors) -> None:
        """Nothing: how a vector is kept does not depend on the others."""

    def add(self, rows: Rows, vectors: Vectors) -> None:
        vectors = checked_vectors(vectors, self.dimension, count=len(rows))
        self._places = self._places.with_added(rows)
        self._index.add(vectors)
        self._on_gpu = None

    def remove(self, rows: Rows) -> None:
        places = self._places.of(rows)
        if len(places):
            self._index.remove_ids(selector(places, len(self)))
            self._places = self._places.without(places)
            self._on_gpu = None

    def search(
        self,
        queries: Vectors,
        k: int,
        allowed: Rows | None = None,
        *,
        effort: Effort = "all",  # noqa: ARG002 (it looks at every vector in any case)
    ) -> tuple[Rows, Scores]:
        queries = checked_vectors(queries, self.dimension)
        if allowed is None:
            return self._scan(queries, k, None)
        places = self._places.of(allowed)
        if len(places) <= _NARROW * len(self):
            return best_rows(queries @ self._vectors_at(places).T, self._places.rows[places], k)
        return self._scan(queries, k, selector(places, len(self)))

    def vectors(self, rows: Rows) -> Vectors:
        return self._vectors_at(self._places.one_by_one(rows))

    def save(self, path: Path) -> None:
        save_arrays(path, self._kind, rows=self._places.rows, numbers=self._codes())

    def _put(self, rows: Rows, codes: NDArray[np.generic]) -> None:
        """Fill an empty index with what was saved."""
        self._places = RowPlaces(rows)
        self._index.add_sa_codes(codes.astype(np.uint8, copy=False))

    def _scan(self, queries: Vectors, k: int, chosen: faiss.IDSelector | None) -> tuple[Rows, Scores]:
        use_threads(len(queries))
        kept = min(k, len(self))
        if kept == 0:
            return padded(np.empty((len(queries), 0), np.int64), np.empty((len(queries), 0), np.float32), k)
        if chosen is None and serves(kept):
            scores, places = self._copied_to_gpu().search(queries, kept)
        else:
            parameters = faiss.SearchParameters()
            parameters.sel = chosen
            scores, places = self._index.search(queries, kept, params=parameters)
        found = places >= 0
        rows = np.where(found, self._places.rows[places], NO_ROW)
        return padded(*in_order(rows, np.where(found, scores, np.float32(-np.inf))), k)

    def _copied_to_gpu(self) -> faiss.Index:
        """Written after FAISS's documentation; it was not run, for want of a GPU."""
        copy = self._on_gpu
        if copy is None:
            copy = empty_on_gpu(self.dimension)
            for start in range(0, len(self), _COPIED_AT_ONCE):
                places = np.arange(start, min(start + _COPIED_AT_ONCE, len(self)))
                copy.add(self._vectors_at(places))
            self._on_gpu = copy
        return copy

    def _vectors_at(self, places: Places) -> Vectors:
        if not len(places):
            return np.empty((0, self.dimension), np.float32)
        vectors: Vectors = self._index.sa_decode(self._codes()[places])
        return vectors

    def _codes(self) -> NDArray[np.uint8]:
        """A view of the quantised vectors, (n, bytes a vector); good until the next `add` or `remove`."""
        if not len(self):
            return np.empty((0, self._index.code_size), np.uint8)
        view = faiss.rev_swig_ptr(self._index.codes.data(), len(self) * self._index.code_size)
        codes: NDArray[np.uint8] = view.reshape(len(self), self._index.code_size)
        return codes


def _range_of_numbers(dimension: int) -> Vectors:
    """What the 8-bit quantiser is told to expect: six standard deviations of a unit vector's numbers either way.

    A range taken from the first vectors added would suit those alone; this one makes the codes of a vector the same
    whatever was added before. The largest of 768,000 numbers of 2,000 real captions lay at five.
    """
    bound = min(1.0, 6 / dimension**0.5)
    return np.array([[-bound] * dimension, [bound] * dimension], np.float32)
