"""Vectors with a sketch of each beside it: all sketches are looked at, and the likeliest vectors are then compared.

A sketch keeps four bits of every four numbers, an eighth of what half precision does, and sixteen of them are compared
at once; a million take two milliseconds. Sketches: Jegou et al., "Product quantization for nearest neighbor search",
PAMI 2011; scanning them: Andre et al., "Cache locality is not enough", VLDB 2015, as Douze et al., "The Faiss library",
2024, has it.
"""

import math
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.domain import Vectors
from indexer.errors import LibraryError
from indexer.vector_index.base import Effort, Rows
from indexer.vector_index.faiss_flat import FaissFlatIndex
from indexer.vector_index.faiss_parts import serves, use_threads
from indexer.vector_index.places import Places
from indexer.vector_index.ranking import Scores, best_rows, checked_vectors
from indexer.vector_index.saved_arrays import load_arrays, save_arrays

SAMPLE = 16_384  # a thousand for each of the sixteen shapes a part of a sketch may have
COMPARED = {"all": 12, "most": 3}  # vectors for each one wanted: of the 200 best of a million, 99.8 and 90 % are found
SMALL = 20_000  # vectors up to which comparing all of them is as quick
_MIDDLING = 0.1  # of the rows: up to here the allowed ones alone are compared sooner
_BITS = 4
_ROUNDS = 10  # of k-means; more change nothing that is found


class FaissSketchedIndex(FaissFlatIndex):
    """`kind` is `sketched-fp16`: what is kept of a vector is half precision, as in `flat-fp16`, and scores are of
    that."""

    def __init__(self, kind: str, dimension: int) -> None:
        super().__init__(kind, dimension)
        parts = next(dimension // width for width in (4, 3, 2, 1) if dimension % width == 0)
        self._sketches = faiss.IndexPQ(dimension, parts, _BITS, faiss.METRIC_INNER_PRODUCT)
        self._sketches.pq.cp.niter = _ROUNDS
        self._packed: faiss.IndexPQFastScan | None = None

    @classmethod
    def load(cls, path: Path, *, kind: str, dimension: int) -> "FaissSketchedIndex":
        """Raises `LibraryError` when the file is missing, damaged or of another kind or dimension."""
        index = cls(kind, dimension)
        saved = load_arrays(path, kind, width=index._index.code_size, number_type=np.uint8, further=_FURTHER)
        shapes, sketches = saved.further["shapes"], saved.further["sketches"]
        width = index._sketches.code_size
        if shapes.size not in (0, index._sketches.pq.centroids.size()) or len(sketches) not in (0, len(saved.rows)):
            raise LibraryError(f"the sketches of the vector index {path} are not whole; rebuild it: shotlist reindex")
        index._put(saved.rows, saved.numbers)
        if shapes.size:
            faiss.copy_array_to_vector(np.ascontiguousarray(shapes, np.float32), index._sketches.pq.centroids)
            index._sketches.is_trained = True
            index._sketches.add_sa_codes(np.ascontiguousarray(sketches, np.uint8).reshape(-1, width))
        return index

    @property
    def sample_size(self) -> int:
        return SAMPLE

    def learn(self, sample: Vectors) -> None:
        if not len(self) and len(sample):
            use_threads(1)  # so small are its steps that a second thread would wait most of the time
            enough = max(len(sample), 2**_BITS)
            self._sketches.train(np.resize(checked_vectors(sample, self.dimension), (enough, self.dimension)))

    def add(self, rows: Rows, vectors: Vectors) -> None:
        vectors = checked_vectors(vectors, self.dimension, count=len(rows))
        if not self._sketches.is_trained:
            self.learn(vectors)
        super().add(rows, vectors)
        if len(rows):
            use_threads(len(rows))
            self._sketches.add(vectors)
            self._packed = None

    def remove(self, rows: Rows) -> None:
        places = self._places.of(rows)
        if len(places):
            kept = np.delete(self._sketched(), places, axis=0)
            self._sketches.reset()
            self._sketches.add_sa_codes(kept)
            self._packed = None
            super().remove(rows)

    def search(
        self, queries: Vectors, k: int, allowed: Rows | None = None, *, effort: Effort = "all"
    ) -> tuple[Rows, Scores]:
        places = None if allowed is None else self._places.of(allowed)
        share = 1.0 if places is None else len(places) / max(1, len(self))
        looked_at = math.ceil(COMPARED[effort] * k / max(share, _MIDDLING))
        if len(self) <= max(SMALL, looked_at) or share <= _MIDDLING or (places is None and serves(k)):
            return super().search(queries, k, allowed, effort=effort)
        queries = checked_vectors(queries, self.dimension)
        use_threads(len(queries))
        sketched, near = self._scannable().search(queries, looked_at)
        mask = None if places is None else _mask(places, len(self))
        found = []
        for query, guesses, some in zip(queries, sketched, near, strict=True):
            passing = some >= 0  # FAISS fills up with -1, which as a place would be the last
            if mask is not None:
                passing &= mask[some]
            compared = query[None] @ self._vectors_at(some[passing]).T
            rows, scores = best_rows(compared, self._places.rows[some[passing]], k)
            if mask is not None and not _reaches(scores[0], guesses, compared[0] - guesses[passing]):
                return super().search(queries, k, allowed, effort=effort)
            found.append((rows, scores))
        return np.concatenate([rows for rows, _ in found]), np.concatenate([scores for _, scores in found])

    def save(self, path: Path) -> None:
        shapes = faiss.vector_to_array(self._sketches.pq.centroids) if self._sketches.is_trained else np.empty(0)
        further = {"shapes": shapes, "sketches": self._sketched()}
        save_arrays(path, self.kind, rows=self.rows, numbers=self._codes(), **further)

    def _scannable(self) -> faiss.IndexPQFastScan:
        """The sketches as they are scanned. Two threads may make them at once: they make the same."""
        packed = self._packed
        if packed is None:
            packed = self._packed = faiss.IndexPQFastScan(self._sketches)  # type: ignore[arg-type]
        return packed

    def _sketched(self) -> NDArray[np.uint8]:
        """(n, bytes a sketch)"""
        codes: NDArray[np.uint8] = faiss.vector_to_array(self._sketches.codes).reshape(-1, self._sketches.code_size)
        return codes


def _mask(places: Places, count: int) -> NDArray[np.bool_]:
    mask = np.zeros(count, np.bool_)
    mask[places] = True
    return mask


def _reaches(found: Scores, guesses: Scores, errors: Scores) -> bool:
    """Whether the last of those found lies well before what was not looked at. Else what is allowed lies far from what
    is asked for, and some of it beyond what was looked at may be nearer."""
    return len(errors) > 0 and float(found[-1]) > float(guesses[-1]) + float(errors.std())


_FURTHER = ("shapes", "sketches")
