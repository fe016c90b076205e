"""Index files that can be trusted: written so that no crash leaves half of one under its name, opened only if every
byte is the one that was written. An index is a cache: what cannot be trusted is built again from the database."""

import hashlib
import os
import uuid
from pathlib import Path

from indexer.domain import IndexManifest
from indexer.errors import LibraryError
from indexer.vector_index.base import VectorIndex


def write_index(index: VectorIndex, folder: Path) -> IndexManifest:
    """Write `index` under a name never used before: a temporary file, synced, renamed, then the folder synced."""
    identity = uuid.uuid4().hex
    temporary, target = folder / f".{identity}.tmp", folder / f"{identity}.index"
    index.save(temporary)
    _sync(temporary)
    content = temporary.read_bytes()
    temporary.replace(target)
    _sync(folder)
    digest = hashlib.sha256(content).hexdigest()
    return IndexManifest(target.name, index.kind, index.dimension, len(index), len(content), digest)


def open_index(folder: Path, manifest: IndexManifest) -> VectorIndex | None:
    """The index that `manifest` speaks of, or None where the file is gone or is not that file any more."""
    from indexer.vector_index import load_index

    path = folder / manifest.file
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if len(content) != manifest.bytes or hashlib.sha256(content).hexdigest() != manifest.sha256:
        return None
    try:
        index = load_index(path, kind=manifest.kind, dimension=manifest.dimension)
    except LibraryError:
        return None
    return index if len(index) == manifest.count else None


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
