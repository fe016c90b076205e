"""Index files that can be trusted: written so that no crash leaves half of one under its name, opened only if every
byte is the one that was written. An index is a cache: what cannot be trusted is built again from the database."""

import hashlib
import uuid
from pathlib import Path

from indexer.domain import IndexManifest
from indexer.errors import LibraryError
from indexer.library_folder import new_file
from indexer.vector_index.base import VectorIndex

SUFFIX = ".index"


def write_index(index: VectorIndex, folder: Path) -> IndexManifest:
    """Write `index` under a name never used before; it is on the disk when this returns."""
    target = folder / f"{uuid.uuid4().hex}{SUFFIX}"
    with new_file(target) as temporary:
        index.save(temporary)
        size, digest = _contents(temporary)
    return IndexManifest(target.name, index.kind, index.dimension, len(index), size, digest)


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
    try:
        return _contents(folder / manifest.file) == (manifest.bytes, manifest.sha256)
    except OSError:
        return False


def _contents(path: Path) -> tuple[int, str]:
    """The size and the SHA-256 of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest
