"""Published indexes of vectors: written and opened as `indexer.index_files` has it."""

from pathlib import Path

from indexer import index_files
from indexer.domain import IndexManifest, WrittenFile
from indexer.errors import LibraryError
from indexer.vector_index.base import VectorIndex


def write_index(index: VectorIndex, folder: Path) -> IndexManifest:
    """Write `index` under a name never used before; it is on the disk when this returns."""
    written = index_files.write_file(folder, index.save)
    return IndexManifest(written.file, index.kind, index.dimension, len(index), written.bytes, written.sha256)


def open_index(folder: Path, manifest: IndexManifest) -> VectorIndex | None:
    """The index that `manifest` speaks of, or None where the file is gone or is not that file any more."""
    from indexer.vector_index import load_index

    path = folder / manifest.file
    if not is_whole(folder, manifest):
        return None
    try:
        index = load_index(path, kind=manifest.kind, dimension=manifest.dimension)
    except LibraryError:
        return None
    return index if len(index) == manifest.count else None


def is_whole(folder: Path, manifest: IndexManifest) -> bool:
    """Whether the file that `manifest` speaks of is there, to the byte."""
    return index_files.is_whole(folder, WrittenFile(manifest.file, manifest.bytes, manifest.sha256))
