"""How an index lies in a file: plain arrays in NumPy's `npz`, which checks every byte's sum and can run no code.

FAISS's own format is not used: its reader trusts what it reads.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.errors import LibraryError
from indexer.vector_index.base import Rows


def save_arrays(path: Path, kind: str, *, rows: Rows, numbers: NDArray[np.generic]) -> None:
    """`numbers`: one line a row."""
    with path.open("wb") as file:
        np.savez(file, kind=np.array(kind), rows=rows, numbers=numbers)


def load_arrays(
    path: Path, kind: str, *, width: int, number_type: type[np.generic]
) -> tuple[Rows, NDArray[np.generic]]:
    """Rows and numbers (n, width). Raises `LibraryError`: the file is missing, damaged or of another kind or width."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            written_kind, rows, numbers = str(arrays["kind"]), arrays["rows"], arrays["numbers"]
    except Exception as error:  # anything from OSError to zipfile's own, as the damage will have it
        raise LibraryError(f"the vector index {path} cannot be read ({error}); {_REBUILD}") from error
    if written_kind != kind:
        raise LibraryError(f"the vector index {path} is of kind {written_kind!r}, not {kind!r}; {_REBUILD}")
    if rows.dtype != np.int64 or numbers.dtype != number_type or numbers.shape != (len(rows), width):
        raise LibraryError(f"the vector index {path} is not of the dimension asked for; {_REBUILD}")
    return rows, numbers


_REBUILD = "rebuild it with `shotlist reindex`"
