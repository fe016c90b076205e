"""Reading from a source that does not end: frames come as they arrive, and memory stays as it is."""

import resource
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import av

from indexer.domain import Frame
from indexer.media.reading.frames import frames_of
from indexer.media.reading.opening import first_video
from indexer.media.reading.timeline import DecodeNotes

_FRAMES = 6000
_MEASURED_FROM = 1000  # by then decoder and scaler have all they need


class _Loop:
    """A transport stream that comes round and round, as from a receiver; it can only be read, never sought."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._place = 0

    def read(self, count: int) -> bytes:
        if self._place == len(self._content):
            self._place = 0
        part = self._content[self._place : self._place + count]
        self._place += len(part)
        return part


def test_an_endless_stream_is_read_in_bounded_memory(tmp_path: Path) -> None:
    notes = DecodeNotes()
    with av.open(
        _Loop(_transport_stream(tmp_path / "loop.ts")), "r", format="mpegts", buffer_size=1 << 16
    ) as container:
        index = first_video(container).index
        frames = frames_of(container, size=(32, 18), stream_index=index, notes=notes)
        last = _times(frames, _MEASURED_FROM)[-1]
        before = _peak_memory()
        times = _times(frames, _FRAMES)
    assert len(times) == _FRAMES
    assert all(earlier < later for earlier, later in pairwise([last, *times]))
    assert notes.jumps > 100  # every time round the clock starts again
    assert notes.decoded.frames == _MEASURED_FROM + _FRAMES
    assert _peak_memory() - before < 16 << 20


def _times(frames: Iterator[Frame], count: int) -> list[int]:
    return [frame.t_us for frame in islice(frames, count)]


def _peak_memory() -> int:
    """Bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _transport_stream(path: Path) -> bytes:
    with av.open(str(path), "w", format="mpegts") as container:
        stream = container.add_stream("mpeg2video", 25)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        for number in range(50):
            frame = av.VideoFrame(160, 96, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([number * 4]) * plane.buffer_size)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path.read_bytes()
