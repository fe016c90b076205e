"""Pictures from a file of unknown origin, decoded in the sandbox."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from indexer.domain import Frame, Reading
from indexer.media.sandbox.running import run_sandboxed


def sampled_pictures(
    path: Path, times: Iterable[int], *, longest_side: int, stream_index: int, reading: Reading = "fast"
) -> Iterator[Frame]:
    """`frames_at` in the sandbox, for pictures one wants in this process. Raises also what `run_sandboxed` does."""
    return run_sandboxed(_frames_at, path, tuple(times), longest_side, stream_index, reading, returns=Frame)


def _frames_at(
    path: Path, times: tuple[int, ...], longest_side: int, stream_index: int, reading: Reading
) -> Iterator[Frame]:
    from indexer.media.reading.frames import frames_at

    return frames_at(path, times, longest_side=longest_side, stream_index=stream_index, reading=reading)
