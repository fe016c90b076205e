"""All vectors side by side in FAISS, each number in two bytes or one, every search looking at all of them.

Exact enough at every filter, needs no training on the data and no tuning. Library: Douze et al., "The Faiss library",
2024 (scalar quantiser, section 4).
"""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.domain import Vectors
from indexer.vector_index.base import Rows
from indexer.vector_index.places import Places, RowPlaces
from indexer.vector_index.ranking import NO_ROW, Scores, best_rows, checked_vectors, padded
from indexer.vector_index.saved_arrays import load_arrays, save_arrays

_QUANTISERS = {"flat-fp16": faiss.ScalarQuantizer.QT_fp16, "flat-sq8": faiss.ScalarQuantizer.QT_8bit}
_NARROW = 0.01  # of the rows: up to here, picking out the allowed vectors is quicker than skipping the others
_CORES = faiss.omp_get_max_threads()


class FaissFlatIndex:
    """`kind` is `flat-fp16` (scores to 1e-4) or `flat-sq8` (scores to 5e-3 at 384 dimensions)."""

    def __init__(self, kind: str, dimension: int) -> None:
        self._kind = kind
        self._places = RowPlaces()
        self._index = faiss.IndexScalarQuantizer(dimension, _QUANTISERS[kind], faiss.METRIC_INNER_PRODUCT)
        self._index.train(_range_of_numbers(dimension))

    @classmethod
    def load(cls, path: Path, *, kind: str, dimension: int) -> "FaissFlatIndex":
        """Raises `LibraryError` when the file is missing, damaged or of another kind or dimension."""
        index = cls(kind, dimension)
        rows, codes = load_arrays(path, kind, width=index._index.code_size, number_type=np.uint8)
        index._places = RowPlaces(rows)
        index._index.add_sa_codes(codes.astype(np.uint8, copy=False))
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

    def __len__(self) -> int:
        return len(self._places)

    def add(self, rows: Rows, vectors: Vectors) -> None:
        vectors = checked_vectors(vectors, self.dimension, count=len(rows))
        self._places = self._places.with_added(rows)
        self._index.add(vectors)

    def remove(self, rows: Rows) -> None:
        places = self._places.of(rows)
        if len(places):
            self._index.remove_ids(_selector(places, len(self)))
            self._places = self._places.without(places)

    def search(self, queries: Vectors, k: int, allowed: Rows | None = None) -> tuple[Rows, Scores]:
        queries = checked_vectors(queries, self.dimension)
        if allowed is None:
            return self._scan(queries, k, None)
        places = self._places.of(allowed)
        if len(places) <= _NARROW * len(self):
            return best_rows(queries @ self._vectors_at(places).T, self._places.rows[places], k)
        return self._scan(queries, k, _selector(places, len(self)))

    def vectors(self, rows: Rows) -> Vectors:
        return self._vectors_at(self._places.one_by_one(rows))

    def save(self, path: Path) -> None:
        save_arrays(path, self._kind, rows=self._places.rows, numbers=self._codes())

    def _scan(self, queries: Vectors, k: int, selector: faiss.IDSelector | None) -> tuple[Rows, Scores]:
        # FAISS shares out queries, never one query's vectors: a second thread would spin beside a lone query.
        faiss.omp_set_num_threads(_CORES if len(queries) > 1 else 1)
        kept = min(k, len(self))
        if kept == 0:
            return padded(np.empty((len(queries), 0), np.int64), np.empty((len(queries), 0), np.float32), k)
        parameters = faiss.SearchParameters()
        parameters.sel = selector
        scores, places = self._index.search(queries, kept, params=parameters)
        found = places >= 0
        rows = np.where(found, self._places.rows[places], NO_ROW)
        return padded(rows, np.where(found, scores, np.float32(-np.inf)), k)

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


def _selector(places: Places, count: int) -> faiss.IDSelector:
    mask = np.zeros(count, np.bool_)
    mask[places] = True
    # FAISS's type hints show the C++ signature; its Python wrapper takes the array alone.
    return faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))  # type: ignore[call-arg, arg-type]
