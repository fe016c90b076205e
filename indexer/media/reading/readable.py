"""Whether a file ends where its demuxer stopped, or its disk does not give what follows.

Demuxers take a failed read for the end of the file, or for damage: a disk that does not answer would cut footage short
without a word.
"""

from pathlib import Path

from indexer.errors import MediaFailed
from indexer.media.finding.sniff import unreadable

_READ_ON = 16 << 20  # bytes: a disk that fails does so where the demuxer stopped
_AT_ONCE = 1 << 20


def require_readable(path: Path, start: int) -> None:
    """Read on from `start` (bytes), where the last packet was found. Raises `MediaFailed("no_answer")`; what is not a
    regular file is not looked at."""
    if not path.is_file():
        return
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(start)
            left = _READ_ON
            while left > 0 and (got := len(file.read(_AT_ONCE))):
                left -= got
    except OSError as error:
        told = unreadable(error)
        if isinstance(told, MediaFailed):  # else another file lies there by now, which may not be read from here
            raise told from None
