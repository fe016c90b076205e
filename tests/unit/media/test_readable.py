"""A disk that fails in the middle of a file does not make the footage shorter."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.errors import MediaFailed
from indexer.media.reading.readable import require_readable

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "samples" / "coral-reef.webm"

# Reads the file as a disk would give it whose second half is lost: FFmpeg is told an error, or the end of the file.
LOST_HALF = """
import os, sys
from pathlib import Path
import indexer.media.reading.decoding as decoding
from indexer.media.finding.sniff import unreadable
from indexer.media.reading.frames import read_frames

def failing(path, start):
    if start < path.stat().st_size * 0.9:
        raise unreadable(OSError(5, "Input/output error"))
decoding.require_readable = failing
try:
    print(sum(1 for _ in read_frames(Path(sys.argv[1]), size=(16, 16), stream_index=0)), "frames")
except Exception as error:
    print(type(error).__name__, error.reason)
"""


def test_a_sound_file_is_read_on_without_a_word(tmp_path: Path) -> None:
    file = tmp_path / "a.mov"
    file.write_bytes(b"film" * 1000)
    for start in (0, 10, 4000, 5000):
        require_readable(file, start)
    require_readable(tmp_path / "gone.mov", 0)
    require_readable(tmp_path, 0)


def test_a_disk_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.mov"
    file.write_bytes(b"film")

    class Failing:
        def __init__(self, *_: object, **__: object) -> None: ...
        def __enter__(self) -> "Failing":
            return self

        def __exit__(self, *_: object) -> None: ...
        def seek(self, _start: int) -> None: ...
        def read(self, _count: int) -> bytes:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "open", lambda *_, **__: Failing())
    with pytest.raises(MediaFailed) as caught:
        require_readable(file, 0)
    assert caught.value.reason == "no_answer"


@pytest.mark.parametrize(("kept", "told"), [(1.0, "frames"), (0.5, "MediaFailed no_answer")])
def test_reading_that_ends_early_looks_on(tmp_path: Path, kept: float, told: str) -> None:
    """Here the half that is lost is a hole: the demuxer finds no packets in it."""
    file = tmp_path / SAMPLE.name
    shutil.copy(SAMPLE, file)
    size = file.stat().st_size
    with file.open("r+b") as content:
        content.truncate(int(size * kept))
        content.truncate(size)
    ended = subprocess.run([sys.executable, "-c", LOST_HALF, file], capture_output=True, text=True, check=True)
    assert told in ended.stdout
