"""PQ and HLG pictures become what the same light is on an SDR screen; others stay as they are."""

from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorTrc, Interpolation
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.domain import Pixels
from indexer.media.pictures.scaling import Scaler
from indexer.media.pictures.tone_mapping import ToneMapping, tone_mapping

PQ, HLG = ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67
P3 = ColorPrimaries.SMPTE432
TOP = 2**14 - 1
UNTAGGED = ColorTrc.UNSPECIFIED
GREYS = (0.0, 0.1, 1.0, 10.0, 58.0, 100.0, 203.0, 500.0, 1000.0)  # cd/m2

BT2020_OF_709 = np.array(  # ITU-R BT.2087-0: linear BT.709 in BT.2020's primaries
    [[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]
)


def pq_code(light: float) -> int:
    """ST 2084's inverse EOTF, in 14 bits."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    power: float = (light / 10_000) ** m1
    code: float = ((c1 + c2 * power) / (1 + c3 * power)) ** m2
    return round(TOP * code)


def hlg_code(light: float) -> int:
    """BT.2100's HLG OETF of the scene light that is this grey on a display of 1,000 cd/m2, in 14 bits."""
    scene = (light / 1000) ** (1 / 1.2)
    code = np.sqrt(3 * scene) if scene <= 1 / 12 else 0.17883277 * np.log(12 * scene - 0.28466892) + 0.55991073
    return round(TOP * float(code))


CODES = {PQ: pq_code, HLG: hlg_code}


def shown_grey(light: float) -> float:
    """What the curve makes of a grey: 203 cd/m2 is 1 of its input, 1,000 its white."""
    relative = light / 203
    return float(255 * min(1.0, relative * (1 + relative * 0.203**2) / (1 + relative)) ** (1 / 2.4))


def mapped(mapping: ToneMapping, *codes: int) -> list[int]:
    planes = np.array(codes, np.uint16).reshape(3, 1, 1)
    return [int(part) for part in mapping.mapped(planes)[0, 0]]


class TestCurve:
    @pytest.mark.parametrize("transfer", [PQ, HLG])
    @pytest.mark.parametrize("light", GREYS)
    def test_greys(self, transfer: ColorTrc, light: float) -> None:
        shown = mapped(ToneMapping(transfer, ColorPrimaries.BT2020), *[CODES[transfer](light)] * 3)
        assert np.abs(np.subtract(shown, shown_grey(light))).max() <= 1.5

    def test_what_shines_brighter_than_a_thousand_is_white(self) -> None:
        assert mapped(ToneMapping(PQ, ColorPrimaries.BT2020), *[pq_code(4000)] * 3) == [255, 255, 255]

    @given(st.sampled_from([PQ, HLG]), st.integers(0, TOP), st.integers(0, TOP))
    def test_more_light_is_never_darker(self, transfer: ColorTrc, one: int, other: int) -> None:
        mapping = ToneMapping(transfer, ColorPrimaries.BT2020)
        assert mapped(mapping, *[min(one, other)] * 3) <= mapped(mapping, *[max(one, other)] * 3)

    @pytest.mark.parametrize("transfer", [PQ, HLG])
    def test_the_cube_says_the_same(self, transfer: ColorTrc) -> None:
        mapping = ToneMapping(transfer, ColorPrimaries.BT2020)
        size, *rows = mapping.cube(8).splitlines()
        assert size == "LUT_3D_SIZE 8"
        points = np.round(np.linspace(0, TOP, 8)).astype(np.uint16)
        red, green, blue = (4, 1, 6)
        row = [float(part) for part in rows[red + 8 * green + 64 * blue].split()]
        direct = mapped(mapping, points[red], points[green], points[blue])
        assert np.abs(np.array(row) * 255 - direct).max() <= 1
        assert len(rows) == 8**3


class TestColours:
    @given(st.tuples(*[st.floats(2, 200)] * 3))
    def test_of_bt709_come_back_with_their_hue(self, light: tuple[float, float, float]) -> None:
        """The three parts of light are scaled alike."""
        codes = [pq_code(max(0.0, part)) for part in BT2020_OF_709 @ light]
        shown = mapped(ToneMapping(PQ, ColorPrimaries.BT2020), *codes)
        brightest = max(light) / 203
        gain = (1 + brightest * 0.203**2) / (1 + brightest) / 203
        assert np.abs(np.subtract(shown, 255 * (np.array(light) * gain) ** (1 / 2.4))).max() <= 3

    @pytest.mark.parametrize("transfer", [PQ, HLG])
    def test_outside_bt709_are_cut_not_wrapped(self, transfer: ColorTrc) -> None:
        mapping = ToneMapping(transfer, ColorPrimaries.BT2020)
        code = CODES[transfer](150)
        for place in range(3):
            pure = mapped(mapping, *(code if part == place else 0 for part in range(3)))
            assert pure[place] > 150
            assert max(pure[part] for part in range(3) if part != place) < 60

    def test_of_other_primaries_are_told_apart(self) -> None:
        red = [pq_code(150), pq_code(20), pq_code(20)]
        shown = {primaries: mapped(ToneMapping(PQ, primaries), *red)[1] for primaries in (ColorPrimaries.BT709, P3)}
        shown[ColorPrimaries.BT2020] = mapped(ToneMapping(PQ, ColorPrimaries.BT2020), *red)[1]
        assert shown[ColorPrimaries.BT709] > shown[P3] > shown[ColorPrimaries.BT2020]


class TestWhichPictures:
    @pytest.mark.parametrize("transfer", [UNTAGGED, ColorTrc.BT709, ColorTrc.BT2020_10, ColorTrc.SMPTE170M])
    def test_others_stay_as_they_are(self, transfer: ColorTrc) -> None:
        picture = VideoFrame(16, 16, "yuv420p10le")
        picture.color_trc = transfer
        assert tone_mapping(picture) is None

    @pytest.mark.parametrize("primaries", [ColorPrimaries.UNSPECIFIED, ColorPrimaries.BT470M])
    def test_primaries_that_hdr_does_not_have_are_bt2020(self, primaries: ColorPrimaries) -> None:
        pictures = []
        for stated in (primaries, ColorPrimaries.BT2020):
            picture = VideoFrame.from_ndarray(np.full((16, 16, 3), (150, 60, 90), np.uint8), format="rgb24")
            picture.color_trc, picture.color_primaries = PQ, stated
            pictures.append(scaled(picture, (8, 8)))
        assert np.array_equal(pictures[0], pictures[1])

    def test_unlabelled_hdr_is_read_with_the_matrix_of_bt2020(self) -> None:
        pictures = []
        for matrix in (2, 9):
            picture = VideoFrame(16, 16, "yuv420p10le")
            for plane, code in zip(picture.planes, (400, 420, 600), strict=True):
                plane.update(np.full(plane.buffer_size // 2, code, np.uint16).tobytes())
            picture.color_trc, picture.colorspace = PQ, matrix
            pictures.append(scaled(picture, (8, 8)))
        assert np.array_equal(pictures[0], pictures[1])


@pytest.mark.footage
class TestFootage:
    """One edit in two grades: tone-mapped, the HDR one comes near to the SDR one, for people and for detectors."""

    @pytest.mark.parametrize(
        ("size", "quality"), [((320, 134), Interpolation.BICUBIC), ((64, 36), Interpolation.FAST_BILINEAR)]
    )
    def test_hdr_comes_near_to_sdr(self, bench: Path, size: tuple[int, int], quality: Interpolation) -> None:
        folder = bench / "footage"
        wanted = pictures_of(folder / "cosmos_laundromat_sdr.mp4")
        stored = pictures_of(folder / "cosmos_laundromat_hdr.mp4")
        treated = mean_difference([scaled(one, size, quality) for one in stored], wanted, size, quality)
        for picture in stored:
            picture.color_trc = UNTAGGED
        untreated = mean_difference([scaled(one, size, quality) for one in stored], wanted, size, quality)
        assert (treated < 0.5 * untreated).all(), f"{treated} of {untreated}"


def scaled(picture: VideoFrame, size: tuple[int, int], quality: Interpolation = Interpolation.BICUBIC) -> Pixels:
    return Scaler(quality).scale(picture, size)


def pictures_of(path: Path) -> list[VideoFrame]:
    """One in fifty."""
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        return [picture for number, picture in enumerate(container.decode(video=0)) if number % 50 == 10]


def mean_difference(
    found: list[Pixels], wanted: list[VideoFrame], size: tuple[int, int], quality: Interpolation
) -> NDArray[np.float64]:
    """By channel."""
    pairs = zip(found, [scaled(one, size, quality) for one in wanted], strict=True)
    differences = [np.abs(one.astype(np.int16) - other).mean(axis=(0, 1)) for one, other in pairs]
    mean: NDArray[np.float64] = np.mean(differences, axis=0)
    return mean
