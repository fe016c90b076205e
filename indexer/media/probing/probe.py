"""Ask a file what it is: its stream, displayed size, rate, timecode; or why it is refused."""

from collections.abc import Iterator
from pathlib import Path

from indexer.domain import MediaInfo
from indexer.media.sandbox.running import run_sandboxed


def probe(path: Path) -> MediaInfo:
    """Look into a file, in the sandbox. Its first pictures are decoded, for some facts only they tell.

    Raises `MediaRefused` with the reason missing, not_a_file, unreadable, empty, playlist, not_media, damaged,
    no_video, no_frames, too_large or too_many_streams; `MediaFailed` as `run_sandboxed` does.
    """
    (info,) = run_sandboxed(_probe, path, returns=MediaInfo)
    return info


def _probe(path: Path) -> Iterator[MediaInfo]:
    from indexer.media.probing.facts import media_info

    yield media_info(path)
