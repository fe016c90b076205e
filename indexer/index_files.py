"""Index files that can be trusted: written so that no crash leaves half of one under its name, opened only if every
byte is the one that was written. An index is a cache: what cannot be trusted is built again from the database."""

import hashlib
import uuid
from collections.abc import Callable
from pathlib import Path

from indexer.domain import WrittenFile
from indexer.library_folder import new_file

SUFFIX = ".index"


def write_file(folder: Path, save: Callable[[Path], None]) -> WrittenFile:
    """Let `save` write a file, under a name never used before; it is on the disk when this returns."""
    target = folder / f"{uuid.uuid4().hex}{SUFFIX}"
    with new_file(target) as temporary:
        save(temporary)
        size, digest = _contents(temporary)
    return WrittenFile(target.name, size, digest)


def is_whole(folder: Path, written: WrittenFile) -> bool:
    """Whether that file is there, to the byte."""
    try:
        return _contents(folder / written.file) == (written.bytes, written.sha256)
    except OSError:
        return False


def _contents(path: Path) -> tuple[int, str]:
    """The size and the SHA-256 of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest
