"""A child starts with all it needs loaded: what it loads itself, it loads again for every file."""

import sys
from collections.abc import Iterator
from pathlib import Path

from indexer.media import run_sandboxed
from tests.unit.media.conftest import VideoMaker


def loaded_while_looking(path: Path) -> Iterator[list[str]]:
    before = set(sys.modules)
    from indexer.media.probing.facts import media_info
    from indexer.media.reading.frames import frames_at, read_frames

    stream = media_info(path).stream_index
    assert list(read_frames(path, size=(16, 9), stream_index=stream))
    assert list(frames_at(path, [0], longest_side=32, stream_index=stream))
    yield sorted(name for name in set(sys.modules) - before if name.startswith(("indexer", "av", "numpy")))


def test_nothing_is_loaded_late(make_video: VideoMaker) -> None:
    assert list(run_sandboxed(loaded_while_looking, make_video("a.mp4"), returns=list[str])) == [[]]
