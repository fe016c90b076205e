"""Small videos made on the spot."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream

VideoMaker = Callable[..., Path]


@pytest.fixture
def make_video(tmp_path: Path) -> VideoMaker:
    """A maker of videos whose frame n is grey of level 8 * n + 8 (up to 30 frames can be told apart)."""

    def make(
        name: str,
        *,
        stamps: Sequence[int] = tuple(range(24)),
        time_base: Fraction = Fraction(1, 24),
        size: tuple[int, int] = (64, 48),
        pixel_shape: Fraction | None = None,
        tags: dict[str, str] | None = None,
        codec: str = "libx264",
    ) -> Path:
        path = tmp_path / name
        with av.open(str(path), "w") as container:
            container.metadata.update(tags or {})
            stream = container.add_stream(codec, rate=24)
            assert isinstance(stream, VideoStream)
            stream.width, stream.height = size
            stream.pix_fmt = "yuv420p"
            stream.codec_context.time_base = time_base
            stream.time_base = time_base
            stream.codec_context.gop_size = 12
            if pixel_shape:
                stream.codec_context.sample_aspect_ratio = pixel_shape
            for number, stamp in enumerate(stamps):
                grey = np.full((size[1], size[0], 3), (8 * number + 8) % 256, np.uint8)
                picture = av.VideoFrame.from_ndarray(grey, format="rgb24")
                picture.pts, picture.time_base = stamp, time_base
                container.mux(stream.encode(picture))
            container.mux(stream.encode(None))
        return path

    return make
