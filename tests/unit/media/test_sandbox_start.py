"""A child starts with all it needs loaded: what it loads itself, it loads again for every file."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.errors import MediaFailed
from indexer.media import Limits, run_sandboxed
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


WITHOUT_PROC = """
import resource
from indexer.media.sandbox import child
from indexer.media.sandbox.limits import Limits
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))  # nothing can be opened, as where /proc is not mounted
child._set_limits(Limits(memory_bytes=1 << 40))
with child.bounded_growth(1):
    print(len(bytearray(1 << 24)), resource.getrlimit(resource.RLIMIT_AS)[0])
"""


def test_its_own_size_need_not_be_known() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_PROC], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"{1 << 24} {1 << 40}\n", "")


def test_what_fails_before_the_function_is_told_too() -> None:
    limits = Limits(memory_bytes=-(1 << 70))  # which no system takes
    with pytest.raises(MediaFailed) as caught:
        list(run_sandboxed(loaded_while_looking, Path("a.mp4"), limits=limits, returns=list[str]))
    assert caught.value.reason == "bug"
