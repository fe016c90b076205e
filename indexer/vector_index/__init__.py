"""Vector indexes: which stored vectors are nearest to a query. They know int64 rows; the store knows what a row is."""

from pathlib import Path

from indexer.errors import ComponentError
from indexer.vector_index.base import Rows, VectorIndex
from indexer.vector_index.manifest import is_whole, open_index, write_index
from indexer.vector_index.policy import kind_for

__all__ = ["Rows", "VectorIndex", "is_whole", "kind_for", "load_index", "new_index", "open_index", "write_index"]


def new_index(kind: str, dimension: int) -> VectorIndex:
    """An empty index: `exact`, `flat-fp16` or `flat-sq8`. Raises `ComponentError` for any other kind."""
    match kind:
        case "exact":
            from indexer.vector_index.exact import ExactIndex

            return ExactIndex(dimension)
        case "flat-fp16" | "flat-sq8":
            from indexer.vector_index.faiss_flat import FaissFlatIndex

            return FaissFlatIndex(kind, dimension)
        case _:
            raise ComponentError(f"there is no vector index of kind {kind!r}; choose exact, flat-fp16 or flat-sq8")


def load_index(path: Path, *, kind: str, dimension: int) -> VectorIndex:
    """Read what `save` wrote. Raises `LibraryError`: the file is missing, damaged or of another kind or dimension."""
    match kind:
        case "exact":
            from indexer.vector_index.exact import ExactIndex

            return ExactIndex.load(path, dimension=dimension)
        case "flat-fp16" | "flat-sq8":
            from indexer.vector_index.faiss_flat import FaissFlatIndex

            return FaissFlatIndex.load(path, kind=kind, dimension=dimension)
        case _:
            raise ComponentError(f"there is no vector index of kind {kind!r}; choose exact, flat-fp16 or flat-sq8")
