"""What a user is shown of videos whose clocks are odd: a segment's picture and clip are of that very moment."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexer.bootstrap import open_ingester, open_library
from indexer.domain import Frame, Video
from indexer.library import Library
from indexer.media import DecodeNotes, read_frames
from indexer.settings import Settings
from tests.fakes.numbered_footage import (
    READ_SIZE,
    assert_tiled,
    number_of,
    numbers_of,
    read_all,
    run_ffmpeg,
    write_numbered,
    write_stamped,
)

H264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", 25, "-bf", 2)
COUNT = 600


def joined(first_s: float, second_s: float) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        half = COUNT // 2
        parts = [
            write_numbered(path.with_name(f"part{number}"), *at(offset_s), count=half, first=number * half)
            for number, offset_s in enumerate((first_s, second_s))
        ]
        path.write_bytes(b"".join(part.read_bytes() for part in parts))
        for part in parts:
            part.unlink()

    return make


def at(offset_s: float) -> tuple[object, ...]:
    return (*H264, "-muxdelay", 0, "-muxpreload", 0, "-output_ts_offset", offset_s, "-f", "mpegts")


def plain(*options: object) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        write_numbered(path, *options, count=COUNT)

    return make


def copied(*options: object) -> Callable[[Path], None]:
    """Through a second ffmpeg that copies the pictures; `-` stands for the file."""

    def make(path: Path) -> None:
        whole = write_numbered(path.with_name("whole.mkv"), *H264, count=COUNT)
        run_ffmpeg(*(whole if option == "-" else option for option in options), path)
        whole.unlink()

    return make


def stamped(stamps: list[int]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        write_stamped(path, stamps, Fraction(1, 1000))

    return make


SOUND = ("-f", "lavfi", "-i", "sine=duration=24", "-map", 0, "-map", 1, "-c:v", "copy", "-c:a", "aac")
MADE: dict[str, Callable[[Path], None]] = {
    "forward.ts": joined(10, 3610),
    "backward.ts": joined(3610, 10),
    "hour.ts": plain(*at(3600)),
    "wrap.ts": plain(*at(2**33 / 90_000 - 12)),
    "late.mp4": copied("-itsoffset", 1.5, "-i", "-", *SOUND),
    "cut.mp4": copied("-ss", 1.72, "-i", "-", "-c", "copy"),
    "reordered.asf": plain(*H264),
    "reordered.mxf": plain(*H264),
    "reordered.avi": plain(*H264),
    "bare.h264": plain(*H264),
    "bare.m1v": plain("-c:v", "mpeg1video", "-q:v", 2, "-bf", 2),
    "hole.mp4": stamped([40 * n + (n >= 300) * 30_000 for n in range(COUNT)]),
    "varying.mkv": stamped([30 * n + 3 * (n % 7) + (n // 50) * 900 for n in range(COUNT)]),
    "slow.mkv": stamped([20_000 * n for n in range(12)]),
}


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("footage")
    for name, make in MADE.items():
        make(folder / name)
    return folder


@pytest.fixture(scope="module")
def library(footage: Path, tmp_path_factory: pytest.TempPathFactory) -> Library:
    settings = Settings(library=tmp_path_factory.mktemp("library"), detector="fixed")
    report = open_ingester(settings).add([footage], watch=lambda _: None)
    assert {file.path.name: file.state for file in report.files} == dict.fromkeys(MADE, "indexed")
    return open_library(settings)


def frames_of(path: Path) -> list[Frame]:
    notes = DecodeNotes()
    frames = list(read_frames(path, size=READ_SIZE, stream_index=0, notes=notes))
    if notes.decoded.reading == "careful":
        frames = list(read_frames(path, size=READ_SIZE, stream_index=0, reading="careful"))
    return frames


def video_of(library: Library, path: Path) -> Video:
    return next(video for video in library.videos() if video.path == path)


@pytest.mark.parametrize("name", MADE)
def test_the_video_is_as_long_as_its_frames(footage: Path, library: Library, name: str) -> None:
    frames = frames_of(footage / name)
    assert_tiled(frames)
    assert len(frames) == (12 if name == "slow.mkv" else COUNT - 43 if name == "cut.mp4" else COUNT)
    assert video_of(library, footage / name).duration_us == frames[-1].t_us + frames[-1].duration_us


@pytest.mark.parametrize("name", MADE)
def test_keyframes_are_of_their_moment(footage: Path, library: Library, name: str) -> None:
    by_time = {frame.t_us: number_of(frame.pixels) for frame in frames_of(footage / name)}
    details = library.segments(video_of(library, footage / name).id)
    assert details
    for detail in details:
        assert detail.keyframes[0].path == str(library.keyframe(detail.segment.id).relative_to(library.folder.root))
        for keyframe in detail.keyframes:
            with Image.open(library.folder.root / keyframe.path) as picture:
                assert number_of(np.asarray(picture.convert("RGB"))) == by_time[keyframe.t_us]


@pytest.mark.parametrize("name", MADE)
def test_clips_hold_the_frames_of_their_segment(footage: Path, library: Library, name: str) -> None:
    frames = frames_of(footage / name)
    for detail in library.segments(video_of(library, footage / name).id):
        span = detail.segment.span
        wanted = numbers_of(frame for frame in frames if span.start_us <= frame.t_us < span.end_us)
        assert numbers_of(read_all(library.clip(detail.segment.id))) == wanted, f"{span.start_us} to {span.end_us} us"
