"""Which row lies at which place of an index, and back. Pure."""

import numpy as np
from numpy.typing import NDArray

from indexer.errors import LibraryError
from indexer.vector_index.base import Rows

Places = NDArray[np.int64]


class RowPlaces:
    """Places are 0, 1, 2, ... in the order of adding; removing closes the gaps, as FAISS does."""

    def __init__(self, rows: Rows | None = None) -> None:
        self._rows: Rows = np.empty(0, np.int64) if rows is None else np.asarray(rows, np.int64)
        self._order = np.argsort(self._rows, kind="stable")
        self._sorted = self._rows[self._order]
        if (np.diff(self._sorted) == 0).any():
            raise LibraryError("a vector index holds one row twice; rebuild it with `shotlist reindex`")

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def rows(self) -> Rows:
        """The row at each place."""
        return self._rows

    def with_added(self, rows: Rows) -> "RowPlaces":
        return RowPlaces(np.concatenate([self._rows, rows]))

    def without(self, places: Places) -> "RowPlaces":
        return RowPlaces(np.delete(self._rows, places))

    def one_by_one(self, rows: Rows) -> Places:
        """The place of each of these rows, in their order. Raises `KeyError` where one is not here."""
        found = np.minimum(np.searchsorted(self._sorted, rows), max(0, len(self._rows) - 1))
        if len(rows) and (not len(self._rows) or (self._sorted[found] != rows).any()):
            raise KeyError("a row is not in this index")
        places: Places = self._order[found] if len(rows) else np.empty(0, np.int64)
        return places

    def of(self, rows: Rows) -> Places:
        """The places of those rows that are here, in ascending order."""
        if not len(self._rows):
            return np.empty(0, np.int64)
        found = np.minimum(np.searchsorted(self._sorted, rows), len(self._rows) - 1)
        places: Places = self._order[found[self._sorted[found] == rows]]
        return places if (np.diff(places) > 0).all() else np.unique(places)  # of a million, sorting takes longest
