"""The front door: what is told of what is not there, the clips it cuts, what is left of a video that is removed."""

import json
import shutil
from pathlib import Path

import av
import pytest

from data.demo import SAMPLES
from indexer.bootstrap import open_library
from indexer.domain import SegmentId, VideoId
from indexer.errors import LibraryError, UsageError
from indexer.library import Library
from indexer.settings import Settings
from indexer.store import spools
from tests.integration.command_line import run

NAME = "warehouse-7.mkv"
TRUTH = json.loads((SAMPLES / "truth.json").read_text())["videos"][NAME]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    shutil.copy(SAMPLES / NAME, tmp_path / NAME)
    assert run("add", tmp_path / NAME, library=tmp_path / "library").code == 0
    return open_library(Settings(library=tmp_path / "library"))


def test_there_is_no_library_yet(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="shotlist add"):
        open_library(Settings(library=tmp_path))


def test_what_is_not_there_is_told(library: Library) -> None:
    with pytest.raises(UsageError, match="no video 'v0'"):
        library.video(VideoId("v0"))
    with pytest.raises(UsageError, match="no segment 's0'"):
        library.segment(SegmentId("s0"))


def test_browsing_shows_the_segments_in_order(library: Library) -> None:
    hits = library.browse()
    assert [hit.start_us for hit in hits] == [0, *(cut["start_us"] for cut in TRUTH["cuts"])]
    assert all(hit.keyframe and hit.keyframe.exists() for hit in hits)


def test_a_clip_is_the_segment_and_is_kept(library: Library) -> None:
    (video,) = library.videos()
    first = library.segments(video.id)[0].segment
    clip = library.clip(first.id)
    with av.open(str(clip)) as container:
        frames = sum(1 for _ in container.decode(video=0))
    assert frames == round(first.span.duration_us * 24 / 1_000_000)
    made = clip.stat().st_mtime_ns
    assert library.clip(first.id).stat().st_mtime_ns == made


def test_nothing_of_a_removed_video_is_left(library: Library) -> None:
    (video,) = library.videos()
    segment = library.segments(video.id)[0].segment.id
    clip, keyframe = library.clip(segment), library.keyframe(segment)
    spooled = [library.folder.spool / name for name in ("older.spool", "newer.spool")]
    for file in spooled:
        file.write_bytes(b"pictures")
        with library.writable().write() as tx:
            spools.put(tx, video.id, path=library.folder.relative(file), size=8)
    expected = library.would_remove(video.id)
    assert library.remove(video.id) == expected
    assert not any(file.exists() for file in spooled)
    assert not clip.exists()
    assert not keyframe.exists()
    assert library.videos() == []
    assert library.status().vectors == 0


def test_an_unplugged_disk_is_told_when_a_clip_is_wanted(library: Library) -> None:
    (video,) = library.videos()
    assert video.path is not None
    video.path.unlink()
    with pytest.raises(UsageError, match="connect its disk"):
        library.clip(library.segments(video.id)[0].segment.id)
