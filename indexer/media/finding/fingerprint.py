"""Recognise a file's content from samples of it, so that a large file on a slow share costs milliseconds."""

import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from indexer.domain import Fingerprint
from indexer.media.finding.sniff import not_a_file, unreadable

_SAMPLE = 64 << 10  # bytes
_SAMPLES = 16  # the first, the last, and 14 spread evenly between


def fingerprint(path: Path) -> Fingerprint:
    """Size and BLAKE2b over the samples; over everything where the file is no longer than they are together.

    Equal content gives equal values, wherever it lies. Raises `MediaRefused`: missing, not_a_file or unreadable.
    """
    try:
        if stat.S_ISSOCK(path.stat().st_mode):  # which cannot even be opened
            raise not_a_file()
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:  # a pipe must not hold us up
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise not_a_file()
            return Fingerprint(found.st_size, _digest(file, found.st_size))
    except (OSError, ValueError) as error:
        raise unreadable(error) from None


def _digest(file: BinaryIO, size: int) -> str:
    digest = hashlib.blake2b(size.to_bytes(8, "big"), digest_size=20)
    if size <= _SAMPLE * _SAMPLES:
        digest.update(file.read(size))
        return digest.hexdigest()
    for number in range(_SAMPLES):
        file.seek((size - _SAMPLE) * number // (_SAMPLES - 1))
        digest.update(file.read(_SAMPLE))
    return digest.hexdigest()
