"""Rows and where they stand among others. Pure."""

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Positions = NDArray[np.int32]
"""Places in a sorted array of rows, ascending. Half as long as rows, as a million texts have millions of them."""

_SPARSE = 4  # numbers from the first row to the last, for each row


def positions_of(rows: Rows, among: Rows) -> Positions:
    """Where those of `rows` stand that are in `among` (both sorted, unique)."""
    at, there = look_up(rows, among)
    return at[there].astype(np.int32)


def look_up(wanted: NDArray[np.integer], among: NDArray[np.integer]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """For each of `wanted`: a place in `among` (sorted, unique, of the same type), and whether it stands there."""
    if not len(among):
        return np.zeros(len(wanted), np.intp), np.zeros(len(wanted), np.bool_)
    at = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
    return at, among[at] == wanted


def admitted(documents: Rows, allowed: Rows) -> Mask:
    """(n,) for each of `documents` whether it is in `allowed`; both are sorted.

    By a mark for every number from the first row to the last, unless these lie far apart: of half a million rows in a
    million that takes a tenth of the time of looking each up.
    """
    mask = np.zeros(len(documents), np.bool_)
    if not len(documents):
        return mask
    first, last = int(documents[0]), int(documents[-1])
    if last - first > _SPARSE * len(documents):
        mask[positions_of(allowed, documents)] = True
        return mask
    marks = np.zeros(last - first + 1, np.bool_)
    marks[allowed[np.searchsorted(allowed, first) : np.searchsorted(allowed, last, side="right")] - first] = True
    return marks[documents - first]
