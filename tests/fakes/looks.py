"""Look wholly into a file inside the sandbox, and tell what it cost."""

import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import MediaError
from indexer.media import Limits, run_sandboxed


@dataclass(frozen=True, slots=True)
class Look:
    reason: str  # why it was refused; "" if it was not
    size: tuple[int, int]
    frames: int
    peak_bytes: int  # of resident memory, of the child


def look_into(path: Path, *, limits: Limits | None = None) -> Look:
    """Probe and read every frame of it. Raises `MediaFailed` where the child was stopped."""
    (look,) = run_sandboxed(_look, path, limits=limits, returns=Look)
    return look


def _look(path: Path) -> Iterator[Look]:
    from indexer.media.probing.facts import media_info
    from indexer.media.reading.frames import read_frames

    reason, size, frames = "", (0, 0), 0
    try:
        info = media_info(path)
        size = (info.width, info.height)
        frames = sum(1 for _ in read_frames(path, size=(64, 36), stream_index=info.stream_index))
    except MediaError as error:
        reason = error.reason
    yield Look(reason, size, frames, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10)
