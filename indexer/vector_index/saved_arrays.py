"""How an index lies in a file: plain arrays in NumPy's `npz`, which checks every byte's sum and can run no code.

FAISS's own format is not used: its reader trusts what it reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.errors import LibraryError
from indexer.vector_index.base import Rows

Numbers = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class SavedArrays:
    """`numbers`: one line a row. `further`: what a kind keeps besides, by name."""

    rows: Rows
    numbers: Numbers
    further: Mapping[str, Numbers]


def save_arrays(path: Path, kind: str, *, rows: Rows, numbers: Numbers, **further: Numbers) -> None:
    with path.open("wb") as file:
        np.savez(file, kind=np.array(kind), rows=rows, numbers=numbers, **further)  # type: ignore[arg-type]


def load_arrays(
    path: Path, kind: str, *, width: int, number_type: type[np.generic], further: tuple[str, ...] = ()
) -> SavedArrays:
    """Numbers are (n, width). Raises `LibraryError`: the file is missing, damaged or of another kind or width."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            written_kind, rows, numbers = str(arrays["kind"]), arrays["rows"], arrays["numbers"]
            besides = {name: arrays[name] for name in further} if written_kind == kind else {}
    except Exception as error:  # anything from OSError to zipfile's own, as the damage will have it
        raise LibraryError(f"the vector index {path} cannot be read ({error}); {_REBUILD}") from error
    if written_kind != kind:
        raise LibraryError(f"the vector index {path} is of kind {written_kind!r}, not {kind!r}; {_REBUILD}")
    if rows.dtype != np.int64 or numbers.dtype != number_type or numbers.shape != (len(rows), width):
        raise LibraryError(f"the vector index {path} is not of the dimension asked for; {_REBUILD}")
    return SavedArrays(rows, numbers, besides)


_REBUILD = "rebuild it with `shotlist reindex`"
