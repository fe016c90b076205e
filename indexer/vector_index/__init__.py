"""Vector indexes: which stored vectors are nearest to a query. They know int64 rows; the store knows what a row is."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from indexer.domain import Vectors
from indexer.errors import ComponentError
from indexer.vector_index.base import Rows, VectorIndex
from indexer.vector_index.manifest import is_whole, open_index, write_index
from indexer.vector_index.policy import kind_for

__all__ = [
    "Rows",
    "VectorIndex",
    "as_kept",
    "describe_faiss",
    "is_whole",
    "kind_for",
    "load_index",
    "new_index",
    "open_index",
    "require_faiss",
    "write_index",
]


def new_index(kind: str, dimension: int) -> VectorIndex:
    """An empty index: `exact`, `flat-fp16`, `flat-sq8` or `sketched-fp16`.

    Raises `ComponentError` for any other kind, and where FAISS is not installed.
    """
    match kind:
        case "exact":
            from indexer.vector_index.exact import ExactIndex

            return ExactIndex(dimension)
        case "flat-fp16" | "flat-sq8":
            require_faiss()
            from indexer.vector_index.faiss_flat import FaissFlatIndex

            return FaissFlatIndex(kind, dimension)
        case "sketched-fp16":
            require_faiss()
            from indexer.vector_index.faiss_sketched import FaissSketchedIndex

            return FaissSketchedIndex(kind, dimension)
        case _:
            raise ComponentError(_no_such(kind))


def load_index(path: Path, *, kind: str, dimension: int) -> VectorIndex:
    """Read what `save` wrote. Raises as `new_index`, and `LibraryError`: the file is missing, damaged or of another
    kind or dimension."""
    match kind:
        case "exact":
            from indexer.vector_index.exact import ExactIndex

            return ExactIndex.load(path, dimension=dimension)
        case "flat-fp16" | "flat-sq8":
            require_faiss()
            from indexer.vector_index.faiss_flat import FaissFlatIndex

            return FaissFlatIndex.load(path, kind=kind, dimension=dimension)
        case "sketched-fp16":
            require_faiss()
            from indexer.vector_index.faiss_sketched import FaissSketchedIndex

            return FaissSketchedIndex.load(path, kind=kind, dimension=dimension)
        case _:
            raise ComponentError(_no_such(kind))


def as_kept(kind: str, vectors: Vectors) -> Vectors:
    """What an index of this kind keeps of these vectors, (n, dimension): whatever else is in it."""
    whole = {"exact": "exact", "flat-sq8": "flat-sq8"}.get(kind, "flat-fp16")
    index = new_index(whole, vectors.shape[1])
    rows = np.arange(len(vectors), dtype=np.int64)
    index.add(rows, vectors)
    return index.vectors(rows)


def describe_faiss() -> str:
    """FAISS's version, and whether it compares vectors on a GPU. Raises `ComponentError` where it is not installed."""
    require_faiss()
    from indexer.vector_index.faiss_parts import describe

    return describe()


def require_faiss() -> None:
    """Raises `ComponentError` where FAISS is not installed. Does not load it."""
    if find_spec("faiss") is None:
        raise ComponentError(
            "FAISS, which compares vectors, is not installed; run: pip install 'shotlist-video[faiss-cpu]' (or, on a "
            "machine with an NVIDIA GPU, 'shotlist-video[faiss-gpu]', never both)"
        )


def _no_such(kind: str) -> str:
    return f"there is no vector index of kind {kind!r}; choose exact, flat-fp16, flat-sq8 or sketched-fp16"
