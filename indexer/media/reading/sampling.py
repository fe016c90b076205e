"""Pictures from a file of unknown origin, decoded in the sandbox."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from indexer.domain import Frame, Reading
from indexer.errors import MediaFailed
from indexer.media.reading.timeline import FARTHEST_US
from indexer.media.sandbox.running import run_sandboxed


def sampled_pictures(
    path: Path, times: Iterable[int], *, longest_side: int, stream_index: int, reading: Reading = "fast"
) -> Iterator[Frame]:
    """`frames_at` in the sandbox, for pictures one wants in this process. Raises also what `run_sandboxed` does."""
    wanted, check = tuple(times), partial(require_shown, longest_side=longest_side)
    with closing(
        run_sandboxed(_frames_at, path, wanted, longest_side, stream_index, reading, returns=Frame, check=check)
    ) as frames:
        for t_us in wanted:
            frame = next(frames, None)
            if frame is None:
                raise MediaFailed("crashed", f"decoding ended without the picture of {t_us} us; try it again")
            yield frame


def require_shown(frame: Frame, *, longest_side: int) -> None:
    """Raise `ValueError` for what `frames_at` never gives: a sandbox that a file has taken over may send it."""
    height, width, *colours = (*frame.pixels.shape, 0, 0)
    if colours != [3, 0, 0] or not 0 < min(height, width) <= max(height, width) <= longest_side:
        raise ValueError(f"a picture of shape {frame.pixels.shape}")
    if frame.t_us < 0 or not 0 <= frame.duration_us <= FARTHEST_US - frame.t_us:
        raise ValueError(f"a picture at {frame.t_us} us, for {frame.duration_us} us")


def _frames_at(
    path: Path, times: tuple[int, ...], longest_side: int, stream_index: int, reading: Reading
) -> Iterator[Frame]:
    from indexer.media.reading.frames import frames_at

    return frames_at(path, times, longest_side=longest_side, stream_index=stream_index, reading=reading)
