"""Short films of drawn shots: tiny files, each of a content of its own."""

from collections.abc import Sequence
from pathlib import Path

import av

from tests.fakes.drawn_footage import shot

RATE = 25


def draw_clip(path: Path, *, seed: int, shots: Sequence[int] = (25, 25), size: tuple[int, int] = (160, 90)) -> Path:
    """Write an MP4 of as many shots, each of so many frames. Another `seed` below 10,000 gives other pictures."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "threads": "1"})
        assert isinstance(stream, av.VideoStream)
        (stream.width, stream.height), stream.pix_fmt = size, "yuv420p"
        for number, frames in enumerate(shots):
            for picture in shot(100 * seed + 7 * number, frames):
                drawn = av.VideoFrame.from_ndarray(picture, format="rgb24")
                container.mux(stream.encode(drawn.reformat(*size, format="yuv420p")))
        container.mux(stream.encode(None))
    return path
