"""Decoded pictures of known colours, in any kind of pixels, coded by the standards' own formulas."""

from collections.abc import Sequence

import numpy as np
from av.filter import Graph
from av.video.frame import VideoFrame

BT601, BT709, BT2020 = (0.299, 0.114), (0.2126, 0.0722), (0.2627, 0.0593)  # the shares of red and blue in brightness
RED, SKIN, SKY, GREY, WHITE = (200, 30, 40), (214, 160, 130), (70, 130, 220), (128, 128, 128), (255, 255, 255)
COLOURS = (RED, SKIN, SKY, GREY, WHITE)


def yuv_picture(
    colour: Sequence[int],
    pixel_format: str,
    *,
    bits: int = 8,
    shares: tuple[float, float] = BT709,
    full: bool = False,
    size: tuple[int, int] = (64, 48),
) -> VideoFrame:
    """One colour all over, in a planar YUV format of so many bits (BT.601, BT.709 and BT.2020 agree on the rest)."""
    red_share, blue_share = shares
    red, green, blue = (part / 255 for part in colour)
    luma = red_share * red + (1 - red_share - blue_share) * green + blue_share * blue
    chroma = ((blue - luma) / (2 - 2 * blue_share), (red - luma) / (2 - 2 * red_share))
    if full:
        top = 2**bits - 1
        codes = [luma * top, *(part * top + 2 ** (bits - 1) for part in chroma)]
    else:
        step = 2 ** (bits - 8)
        codes = [(luma * 219 + 16) * step, *((part * 224 + 128) * step for part in chroma)]
    return plane_picture([round(code) for code in codes], pixel_format, bits=bits, size=size)


def plane_picture(
    codes: Sequence[int], pixel_format: str, *, bits: int = 8, size: tuple[int, int] = (64, 48)
) -> VideoFrame:
    """Every plane filled with its code."""
    picture = VideoFrame(*size, pixel_format)
    for plane, code in zip(picture.planes, codes, strict=False):
        words = np.full(plane.buffer_size // (2 if bits > 8 else 1), code, np.uint16 if bits > 8 else np.uint8)
        plane.update(words.tobytes())
    return picture


def flagged_interlaced(pictures: Sequence[VideoFrame], *, first: str) -> list[VideoFrame]:
    """The pictures flagged as interlaced, top (`tff`) or bottom (`bff`) field first."""
    graph = Graph()
    one = pictures[0]
    source = graph.add(
        "buffer", video_size=f"{one.width}x{one.height}", pix_fmt=one.format.name, time_base=str(one.time_base)
    )
    flag = graph.add("setparams", f"field_mode={first}")
    sink = graph.add("buffersink")
    graph.link_nodes(source, flag, sink).configure()
    flagged = []
    for picture in pictures:
        source.push(picture)
        made = sink.pull()
        assert isinstance(made, VideoFrame)
        flagged.append(made)
    return flagged


def combing(lines: "np.ndarray[tuple[int, int], np.dtype[np.uint8]]") -> float:
    """How much more neighbouring lines differ than lines of the same field: about 0.6 in whole pictures of any kind,
    over 1 where two moments are woven together."""
    rows = lines.astype(np.int16)
    same_field = np.abs(rows[2:] - rows[:-2]).mean()
    return float(np.abs(rows[1:] - rows[:-1]).mean() / max(same_field, 1e-6))
