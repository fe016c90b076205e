"""From HDR picture codes (PQ, HLG) to the picture that a BT.709 screen shows.

Codes become light on the display in cd/m2 (ITU-R BT.2100-2: the PQ EOTF is SMPTE ST 2084; HLG is the inverse OETF of
ARIB STD-B67 and the OOTF of a 1,000 cd/m2 display), then BT.709's primaries, then relative to reference white, 203
cd/m2 (ITU-R BT.2408). The extended curve of Reinhard et al., "Photographic Tone Reproduction for Digital Images"
(2002, eq. 4), of the brightest of the three parts scales all three: hues stay, 1,000 cd/m2 becomes the screen's white,
and more is cut. Colours outside BT.709 lose what is negative. Coded with the inverse of BT.1886 (power 2.4), as SDR
footage is.

The curve was chosen by measuring: from the SDR grade of a film that also has a PQ grade, it differed by a mean of 4.6
of 255 (BT.2390's EETF 8.3, BT.2446's method A 4.5 but darker, Hable's curve 7.3, Moebius 7.9, nothing done 12.5).
"""

from functools import lru_cache

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorTrc
from numpy.typing import NDArray

from indexer.domain import Pixels

CODE_BITS = 14  # of the codes that are mapped: PQ needs 12, and swscale's FAST_BILINEAR is another with 16

_REFERENCE_WHITE = 203.0  # cd/m2
_PEAK = 1000.0  # cd/m2
_DISPLAY_POWER = 2.4  # BT.1886

_White = tuple[float, float]
_Light = NDArray[np.float32]

_D65: _White = (0.3127, 0.3290)
_RED_GREEN_BLUE = {  # chromaticities x, y: BT.709-6, BT.2020-2, SMPTE EG 432-1 (P3 with the white D65)
    ColorPrimaries.BT709: ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)),
    ColorPrimaries.BT2020: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    ColorPrimaries.SMPTE432: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
_LUMINANCE_2020 = np.array([0.2627, 0.6780, 0.0593], np.float32)

_CODES = 2**CODE_BITS
_LEVELS = 4096  # steps of the tables from light, over its square root


class ToneMapping:
    """What one kind of HDR picture, by transfer and primaries, is turned into SDR with."""

    def __init__(self, transfer: ColorTrc, primaries: ColorPrimaries) -> None:
        codes = np.linspace(0, 1, _CODES)
        self._hlg = transfer == ColorTrc.ARIB_STD_B67
        self._light = (_hlg_scene_light(codes) if self._hlg else _pq_light(codes) / _REFERENCE_WHITE).astype(np.float32)
        self._to_709 = _between(primaries, ColorPrimaries.BT709).astype(np.float32)
        levels = np.linspace(0, 1, _LEVELS) ** 2
        self._gain = _hlg_gain(levels).astype(np.float32)
        self._encoded = np.round(255 * levels ** (1 / _DISPLAY_POWER)).astype(np.uint8)

    def mapped(self, codes: NDArray[np.uint16]) -> Pixels:
        """(height, width, 3) uint8 of the planes red, green, blue: (3, height, width) of 14 bits, full range."""
        light = self._light.take(codes.reshape(3, -1))
        return self._encoded.take(_level_of(self._shown(light))).T.reshape(*codes.shape[1:], 3)

    def cube(self, size: int) -> str:
        """The same as the text of a `.cube` file (Adobe's 3D lookup table) with `size` points a side."""
        steps = np.linspace(0, _CODES - 1, size).round().astype(np.intp)
        blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
        light = self._shown(self._light.take(np.stack([red, green, blue]).reshape(3, -1)))
        points = (light ** (1 / _DISPLAY_POWER)).T.ravel().tolist()
        return f"LUT_3D_SIZE {size}\n" + "%.5f %.5f %.5f\n" * size**3 % tuple(points)

    def _shown(self, light: _Light) -> _Light:
        """Of (3, pixels): 0 to 1 on the SDR screen. `light` may be overwritten."""
        if self._hlg:
            light *= self._gain.take(_level_of(_LUMINANCE_2020 @ light))
        light = self._to_709 @ light
        brightest: _Light = light.max(axis=0)
        light *= (1 + brightest * np.float32((_REFERENCE_WHITE / _PEAK) ** 2)) / (1 + np.maximum(brightest, 0))
        return np.clip(light, 0, 1, out=light)


def tone_mapping(picture: VideoFrame) -> ToneMapping | None:
    """What shows this picture on an SDR screen; None for a picture that is not said to be PQ or HLG.

    Primaries that are not stated, or that no HDR standard has, are taken as BT.2020's.
    """
    if picture.color_trc not in (ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67):
        return None
    return prepared_mapping(picture.color_trc, picture.color_primaries)


@lru_cache(maxsize=8)
def prepared_mapping(transfer: int, primaries: int) -> ToneMapping:
    known = primaries in tuple(_RED_GREEN_BLUE)
    return ToneMapping(ColorTrc(transfer), ColorPrimaries(primaries) if known else ColorPrimaries.BT2020)


def _pq_light(codes: NDArray[np.float64]) -> NDArray[np.float64]:
    """cd/m2 of PQ codes from 0 to 1 (BT.2100-2, table 4)."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 4096 * 128, 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    root = codes ** (1 / m2)
    light: NDArray[np.float64] = 10_000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1)
    return light


def _hlg_scene_light(codes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scene light, 0 to 1, of HLG codes from 0 to 1 (BT.2100-2, table 5)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(codes <= 0.5, codes**2 / 3, (np.exp((codes - c) / a) + b) / 12)


def _hlg_gain(luminance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Display light relative to reference white by scene light: the OOTF for 1,000 cd/m2, whose power is 1.2."""
    gain: NDArray[np.float64] = _PEAK / _REFERENCE_WHITE * luminance**0.2
    return gain


def _level_of(light: _Light) -> NDArray[np.uint16]:
    """Places in the tables from light."""
    roots: _Light = np.sqrt(light) * np.float32(_LEVELS - 1) + np.float32(0.5)
    return roots.astype(np.uint16)


def _between(source: ColorPrimaries, target: ColorPrimaries) -> NDArray[np.float64]:
    """The matrix from linear light in one set of primaries to another (SMPTE RP 177)."""
    matrix: NDArray[np.float64] = np.linalg.inv(_to_xyz(target)) @ _to_xyz(source)
    return matrix


def _to_xyz(primaries: ColorPrimaries) -> NDArray[np.float64]:
    columns = np.array([(x / y, 1, (1 - x - y) / y) for x, y in _RED_GREEN_BLUE[primaries]]).T
    x, y = _D65
    shares = np.linalg.solve(columns, [x / y, 1, (1 - x - y) / y])
    matrix: NDArray[np.float64] = columns * shares
    return matrix
