"""The hash of a whole file: SHA-256, as archives keep it to know that no byte has changed."""

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import MediaFailed
from indexer.media.finding.sniff import not_a_file, unreadable

_CHUNK = 4 << 20  # bytes


@dataclass(frozen=True, slots=True)
class WholeHash:
    """SHA-256 in hexadecimal, and what the file was like while it was read."""

    sha256: str
    size: int
    mtime_ns: int


def hash_whole(path: Path, *, tell: Callable[[int], None] = lambda _: None) -> WholeHash:
    """Read all of a file; `tell` hears how many bytes were read so far, every few MiB, and may raise to stop.

    From the disk where the system can be asked for that, and not from memory, where yesterday's bytes may still be; and
    without pushing other files out of memory. Raises `MediaRefused` (missing, not_a_file, unreadable) or `MediaFailed`
    (changed: somebody wrote to it meanwhile).
    """
    try:
        if stat.S_ISSOCK(path.stat().st_mode):
            raise not_a_file()
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe must not hold us up
        try:
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                raise not_a_file()
            digest = _digest(descriptor, before.st_size, tell)
            after = os.fstat(descriptor)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise unreadable(error) from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise MediaFailed("changed", "the file changed while it was read; try again when nothing writes to it")
    return WholeHash(digest, after.st_size, after.st_mtime_ns)


def _digest(descriptor: int, size: int, tell: Callable[[int], None]) -> str:
    """Of the first `size` bytes: a file that grows as fast as it is read would have no end."""
    digest, done = hashlib.sha256(), 0
    _forget_pages(descriptor, 0, 0)
    while chunk := os.read(descriptor, min(_CHUNK, size - done)):
        digest.update(chunk)
        _forget_pages(descriptor, done, len(chunk))
        done += len(chunk)
        tell(done)
    return digest.hexdigest()


def _forget_pages(descriptor: int, offset: int, length: int) -> None:
    """What the system holds of the file in memory, where it can be told to let go of it; 0: to the end."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, offset, length, os.POSIX_FADV_DONTNEED)
