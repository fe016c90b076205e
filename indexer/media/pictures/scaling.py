"""From a decoded picture to upright RGB pixels of the wanted size, as an SDR screen shows them."""

import sys
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from indexer.domain import Pixels
from indexer.errors import MediaRefused
from indexer.media.pictures.side_data import side_data
from indexer.media.pictures.tone_mapping import CODE_BITS, ToneMapping, tone_mapping

_CONSTANT_LUMINANCE_2020 = 10  # AVCOL_SPC_BT2020_CL
_KNOWN_MATRICES = frozenset({0, 1, 4, 5, 6, 7, 9})  # of AVColorSpace, those that swscale has; 2 says nothing
_LARGEST_SD = (1279, 576)  # unlabelled colours of larger pictures are BT.709, as players take it
_EXPANDED = np.clip(np.round((np.arange(256) - 16) * (255 / 219)), 0, 255).astype(np.uint8)
_HDR_PLANES = f"gbrp{CODE_BITS}{'le' if sys.byteorder == 'little' else 'be'}"


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a stored picture is shown: rows and columns exchanged first, then mirrored left to right, then top down."""

    transposed: bool
    mirrored: bool
    flipped: bool

    def upright(self, pixels: Pixels) -> Pixels:
        shown = pixels.swapaxes(0, 1) if self.transposed else pixels
        return np.ascontiguousarray(shown[:: -1 if self.flipped else 1, :: -1 if self.mirrored else 1])


class Scaler:
    """Scales pictures to RGB. Keeps swscale's tables between pictures; each picture's own size, format, colours and
    orientation count, for they can change in mid stream."""

    def __init__(self, quality: Interpolation) -> None:
        self._quality = quality
        self._reformatter = VideoReformatter()

    def scale(self, picture: VideoFrame, size: tuple[int, int]) -> Pixels:
        """(height, width, 3) uint8 RGB; `size` is (width, height) of the upright picture.

        PQ and HLG are tone-mapped; what lies behind transparent parts is black. Raises `MediaRefused("no_frames")` for
        a kind of pixel that cannot be shown here.
        """
        orientation = orientation_of(picture)
        stored_size = size[::-1] if orientation.transposed else size
        mapping = tone_mapping(picture)
        if mapping is not None:
            pixels = self._tone_mapped(picture, stored_size, mapping)
        elif _has_alpha(picture):
            pixels = _over_black(self._reformatted(picture, stored_size, "rgba"))
        else:
            pixels = np.asarray(self._reformatted(picture, stored_size, "rgb24").to_ndarray(), np.uint8)
        if _is_limited_grey(picture):
            pixels = _EXPANDED[pixels]
        return orientation.upright(pixels)

    def _tone_mapped(self, picture: VideoFrame, size: tuple[int, int], mapping: ToneMapping) -> Pixels:
        codes = np.asarray(self._reformatted(picture, size, _HDR_PLANES).to_ndarray(channel_last=False), np.uint16)
        return mapping.mapped(np.moveaxis(codes, -1, 0))

    def _reformatted(self, picture: VideoFrame, size: tuple[int, int], pixel_format: str) -> VideoFrame:
        try:
            return self._reformatter.reformat(
                picture,
                width=size[0],
                height=size[1],
                format=pixel_format,
                src_colorspace=matrix_of(picture),
                dst_colorspace=Colorspace.ITU709,  # RGB has none, and swscale refuses some of those it would inherit
                interpolation=self._quality | Interpolation.FULL_CHR_H_INT,  # else all is 2 of 255 too dark
                threads=1,
            )
        except MemoryError:
            raise
        except av.FFmpegError:
            message = f"its pixels are stored as {picture.format.name}, which cannot be shown here; convert it to MP4"
            raise MediaRefused("no_frames", message) from None


def matrix_of(picture: VideoFrame) -> Colorspace | None:
    """What to read the picture's YUV with; None: what it says itself.

    HDR is BT.2020 where nothing is said (BT.2100 has no other). A label that swscale does not have, YCgCo or ICtCp for
    one, counts as none: brightness is right then, colours are not.
    """
    if picture.format.is_rgb or picture.colorspace in _KNOWN_MATRICES:
        return None
    if picture.colorspace == _CONSTANT_LUMINANCE_2020 or tone_mapping(picture) is not None:
        return Colorspace.BT2020
    small = picture.width <= _LARGEST_SD[0] and picture.height <= _LARGEST_SD[1]
    return Colorspace.ITU601 if small else Colorspace.ITU709


def orientation_of(picture: VideoFrame) -> Orientation:
    """What the display matrix asks for, to the nearest quarter turn, mirrored or not."""
    stated = side_data(picture, "DISPLAYMATRIX")
    if stated is None:  # there is none, or it cannot be had; turns are told all the same
        turns = quarter_turns(picture)
        return Orientation(transposed=turns % 2 == 1, mirrored=turns in (2, 3), flipped=turns in (1, 2))
    a, b, _, c, d = np.frombuffer(stated, np.int32)[:5].tolist()  # x' = ax + cy, y' = bx + dy
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Orientation(False, a < 0, d < 0)
    return Orientation(True, c < 0, b < 0)


def uses_alpha(picture: VideoFrame) -> bool:
    """Whether it has transparent parts. A picture that is transparent throughout does not use its alpha: some recorders
    leave that at 0."""
    return _has_alpha(picture) and bool(picture.to_ndarray(format="rgba")[..., 3].any())


class PixelShapes:
    """Tells the shape of each picture's pixels, which can change in mid stream as the size can. A container's own word
    on it, where it is not its codec's, holds throughout."""

    def __init__(self, stream: VideoStream) -> None:
        """For a stream that is open, and not yet decoded."""
        self._context = stream.codec_context
        self._shape = stream.sample_aspect_ratio or Fraction(1)
        self._fixed = bool(stream.sample_aspect_ratio) and self._shape != self._context.sample_aspect_ratio

    def of(self, picture: VideoFrame) -> Fraction:
        """A pixel's width by its height. Ask for each picture, in order, as it comes from the decoder.

        A decoder that holds pictures back knows of the next shape too early: what still comes in another size than it
        expects keeps the shape before; of what comes in the same size, the few held back are taken for the next.
        """
        stated = self._context.sample_aspect_ratio
        same_size = (self._context.width, self._context.height) == (picture.width, picture.height)
        if stated and same_size and not self._fixed:
            self._shape = stated
        return self._shape


def quarter_turns(picture: VideoFrame) -> int:
    """How many quarter turns counter-clockwise show the picture upright, mirroring aside: 0 to 3."""
    return round(picture.rotation / 90) % 4


def shown_size(picture: VideoFrame, pixel_shape: Fraction | None) -> tuple[int, int]:
    """(width, height) as displayed: the pixel shape stretches the width, then the picture is turned upright."""
    width = max(1, round(picture.width * (pixel_shape or 1)))
    return (picture.height, width) if orientation_of(picture).transposed else (width, picture.height)


def fitted(size: tuple[int, int], longest_side: int) -> tuple[int, int]:
    """The size scaled down, never up, so that no side is longer than `longest_side`."""
    factor = min(Fraction(1), Fraction(longest_side, max(size)))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _has_alpha(picture: VideoFrame) -> bool:
    return any(component.is_alpha for component in picture.format.components)


def _over_black(picture: VideoFrame) -> Pixels:
    pixels = np.asarray(picture.to_ndarray(), np.uint8)
    alpha = pixels[..., 3:].astype(np.uint16)
    if not alpha.any():  # as `uses_alpha` says
        return pixels[..., :3]
    return ((pixels[..., :3] * alpha + 127) // 255).astype(np.uint8)


def _is_limited_grey(picture: VideoFrame) -> bool:
    """swscale takes grey as full range whatever its label (H.264 and AV1 have limited-range monochrome)."""
    return picture.format.name.startswith(("gray", "ya")) and picture.color_range == ColorRange.MPEG
