"""Footage whose every picture carries its own number, to be read off again after any codec: eight large patches, black
or white, are the bits."""

import subprocess
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from indexer.domain import Frame, Pixels
from indexer.media import ffmpeg_program, read_frames

READ_SIZE = (64, 32)
"""(width, height) to read frames at for `number_of`."""
_ACROSS, _DOWN = 4, 2
_DRAWN = (176, 144)


def draw(number: int, size: tuple[int, int] = _DRAWN) -> NDArray[np.uint8]:
    """Grey (height, width) picture of a number from 0 to 255."""
    width, height = size
    bits = np.array([number >> place & 1 for place in range(_ACROSS * _DOWN)], np.uint8).reshape(_DOWN, _ACROSS)
    rows, columns = np.arange(height) * _DOWN // height, np.arange(width) * _ACROSS // width
    return 16 + 219 * bits[rows][:, columns]


def number_of(pixels: Pixels) -> int:
    """The number of a picture, whatever its size."""
    height, width = pixels.shape[0] // _DOWN, pixels.shape[1] // _ACROSS
    grey = pixels.mean(axis=2)
    number = 0
    for place in range(_ACROSS * _DOWN):
        top, left = place // _ACROSS * height, place % _ACROSS * width
        patch = grey[top + height // 4 : top + height - height // 4, left + width // 4 : left + width - width // 4]
        number |= int(patch.mean() > 127) << place
    return number


def numbers_of(frames: Iterable[Frame]) -> list[int]:
    return [number_of(frame.pixels) for frame in frames]


def read_all(path: Path, stream_index: int = 0) -> list[Frame]:
    return list(read_frames(path, size=READ_SIZE, stream_index=stream_index))


def assert_tiled(frames: Sequence[Frame]) -> None:
    """Times run from 0, strictly forward, each frame until the next, the last one for some time."""
    assert frames[0].t_us == 0
    assert all(a.t_us + a.duration_us == b.t_us for a, b in pairwise(frames)), "a gap or an overlap"
    assert all(frame.duration_us > 0 for frame in frames), "a frame that lasts no time"


def grid_us(count: int, rate: Fraction) -> list[int]:
    """Where frames at a constant rate begin, rounded as the data model says."""
    return [(2_000_000 * n * rate.denominator + rate.numerator) // (2 * rate.numerator) for n in range(count)]


def run_ffmpeg(*options: object, stdin: bytes = b"") -> None:
    """The bundled program; its complaint is the failure's message."""
    command = [str(ffmpeg_program().path), "-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
    if stdin:
        command.remove("-nostdin")
    ended = subprocess.run([*command, *map(str, options)], input=stdin or None, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode(errors="replace")[-2000:]


def write_numbered(
    path: Path, *options: object, rate: Fraction = Fraction(25), count: int = 30, first: int = 0
) -> Path:
    """`count` numbers from `first` on (modulo 256) through ffmpeg, encoded and muxed as `options` say."""
    width, height = _DRAWN
    raw = b"".join(draw(number % 256).tobytes() for number in range(first, first + count))
    source = ("-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{width}x{height}", "-framerate", rate, "-i", "-")
    run_ffmpeg(*source, *options, path, stdin=raw)
    return path


def write_stamped(
    path: Path,
    stamps: Sequence[int],
    time_base: Fraction,
    *,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
) -> Path:
    """Frame n carries number n (modulo 256) and the time stamp `stamps[n]`, in ticks of `time_base`."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = _DRAWN
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = stream.time_base = time_base
        for number, stamp in enumerate(stamps):
            picture = av.VideoFrame.from_ndarray(draw(number % 256), format="gray").reformat(format="yuv420p")
            picture.pts, picture.time_base = stamp, time_base
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path
