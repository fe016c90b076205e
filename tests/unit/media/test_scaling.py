"""Pictures of every kind of pixels come out in their right colours, upright and in true shape."""

import gc
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation
from av.video.stream import VideoStream
from hypothesis import given
from hypothesis import strategies as st

from indexer.domain import Pixels
from indexer.errors import MediaRefused
from indexer.media import ffmpeg_program, frames_at
from indexer.media.pictures.scaling import Orientation, PixelShapes, Scaler, fitted, orientation_of, shown_size
from tests.fakes.painted_pictures import BT601, BT709, BT2020, COLOURS, RED, SKIN, SKY, plane_picture, yuv_picture

SMALL = (32, 24)
LABELS = {BT601: 6, BT709: 1, BT2020: 9}  # AVColorSpace

YUV_FORMATS = [
    *(("yuv420p", 8), ("yuv422p", 8), ("yuv444p", 8), ("yuv411p", 8), ("yuv440p", 8), ("yuv410p", 8)),
    *(("yuv420p9le", 9), ("yuv420p10le", 10), ("yuv422p10le", 10), ("yuv444p10le", 10), ("yuv420p12le", 12)),
    *(("yuv422p12le", 12), ("yuv444p14le", 14), ("yuv420p16le", 16), ("yuv422p16le", 16), ("yuv444p16le", 16)),
]
PACKED = [
    *("nv12", "nv21", "nv16", "p010le", "p016le", "uyvy422", "yuyv422", "y210le", "v30xle", "ayuv64le"),
    *("rgb24", "bgr24", "rgb48le", "rgb48be", "rgba", "bgra", "argb", "abgr", "bgr0", "0rgb", "rgba64le", "x2rgb10le"),
    *("gbrp", "gbrp9le", "gbrp10le", "gbrp12le", "gbrp14le", "gbrp16le", "gbrap", "gbrap10le", "gbrap16be"),
    *("yuva420p", "yuva422p10le", "yuva444p12le", "yuva444p16le"),
]


def shown(picture: VideoFrame, quality: Interpolation = Interpolation.BICUBIC) -> list[int]:
    """The colour of a picture of one colour."""
    pixels = Scaler(quality).scale(picture, SMALL)
    assert pixels.shape == (24, 32, 3)
    assert np.ptp(pixels.reshape(-1, 3), axis=0).max() <= 2
    return [int(part) for part in pixels[12, 16]]


def assert_near(pixels: list[int], colour: tuple[int, ...], within: int = 2) -> None:
    assert np.abs(np.subtract(pixels, colour)).max() <= within, f"{pixels} is not {colour}"


class TestColours:
    @pytest.mark.parametrize("full", [False, True])
    @pytest.mark.parametrize("shares", LABELS)
    @pytest.mark.parametrize(("pixel_format", "bits"), YUV_FORMATS)
    def test_of_every_depth_sampling_matrix_and_range(
        self, pixel_format: str, bits: int, shares: tuple[float, float], full: bool
    ) -> None:
        for colour in COLOURS:
            picture = yuv_picture(colour, pixel_format, bits=bits, shares=shares, full=full)
            picture.colorspace = LABELS[shares]
            picture.color_range = ColorRange.JPEG if full else ColorRange.MPEG
            assert_near(shown(picture), colour)
            assert_near(shown(picture, Interpolation.FAST_BILINEAR), colour)

    @pytest.mark.parametrize("pixel_format", PACKED)
    def test_of_every_packing(self, pixel_format: str) -> None:
        for colour in COLOURS:
            plain = VideoFrame.from_ndarray(np.full((48, 64, 3), colour, np.uint8), format="rgb24")
            assert_near(shown(plain.reformat(format=pixel_format)), colour)

    @pytest.mark.parametrize(
        ("size", "shares"), [((720, 576), BT601), ((640, 360), BT601), ((1280, 536), BT709), ((1920, 1080), BT709)]
    )
    @pytest.mark.parametrize("label", [2, 3, 8, 14])
    def test_unlabelled_or_strangely_labelled_are_read_by_size(
        self, size: tuple[int, int], shares: tuple[float, float], label: int
    ) -> None:
        picture = yuv_picture(RED, "yuv420p", shares=shares, size=size)
        picture.colorspace = label
        assert_near(shown(picture), RED)

    def test_formats_that_are_always_full_range(self) -> None:
        assert_near(shown(yuv_picture(SKIN, "yuvj420p", shares=BT601, full=True)), SKIN)

    @pytest.mark.parametrize(
        ("pixel_format", "bits"), [("gray", 8), ("gray10le", 10), ("gray12le", 12), ("gray16le", 16)]
    )
    def test_grey(self, pixel_format: str, bits: int) -> None:
        top = 2**bits - 1
        full = plane_picture([round(0.4 * top)], pixel_format, bits=bits)
        assert_near(shown(full), (102, 102, 102), within=1)
        limited = plane_picture([round((0.4 * 219 + 16) * 2 ** (bits - 8))], pixel_format, bits=bits)
        limited.color_range = ColorRange.MPEG
        assert_near(shown(limited), (102, 102, 102), within=1)

    @pytest.mark.parametrize(("pixel_format", "white"), [("monow", 0), ("monob", 255)])
    def test_black_and_white(self, pixel_format: str, white: int) -> None:
        assert shown(plane_picture([white], pixel_format)) == [255, 255, 255]
        assert shown(plane_picture([255 - white], pixel_format)) == [0, 0, 0]

    def test_palette(self) -> None:
        picture = plane_picture([7], "pal8")
        colours = np.zeros((256, 4), np.uint8)
        colours[7] = (*SKY[::-1], 255)
        picture.planes[1].update(colours.tobytes())
        assert_near(shown(picture), SKY)

    def test_a_kind_of_pixels_that_cannot_be_shown_is_refused(self) -> None:
        with pytest.raises(MediaRefused) as caught:
            shown(VideoFrame(64, 48, "rgb4"))
        assert caught.value.reason == "no_frames"
        assert "rgb4" in caught.value.message


class TestTransparency:
    @pytest.mark.parametrize("pixel_format", ["rgba", "bgra", "yuva444p", "gbrap", "rgba64le"])
    def test_lies_over_black(self, pixel_format: str) -> None:
        pixels = np.full((48, 64, 4), (200, 100, 50, 128), np.uint8)
        picture = VideoFrame.from_ndarray(pixels, format="rgba").reformat(format=pixel_format)
        assert_near(shown(picture), (100, 50, 25))

    def test_of_the_whole_picture_is_no_transparency(self) -> None:
        pixels = np.full((48, 64, 4), (200, 100, 50, 0), np.uint8)
        assert_near(shown(VideoFrame.from_ndarray(pixels, format="bgra")), (50, 100, 200))

    def test_of_grey(self) -> None:
        picture = VideoFrame(64, 48, "ya8")
        picture.planes[0].update(bytes([200, 64]) * (picture.planes[0].buffer_size // 2))
        assert_near(shown(picture), (50, 50, 50))


class TestFiles:
    """Through an encoder, a container and a decoder, with the labels that survive these."""

    @pytest.mark.parametrize(
        ("name", "codec", "pixel_format"),
        [
            *(("a.mkv", "ffv1", name) for name in ("yuv420p10le", "yuv444p16le", "gbrp12le", "gray16le", "bgra")),
            *(("a.nut", "rawvideo", name) for name in ("yuv411p", "rgb565le", "uyvy422", "gbrp10le", "yuva444p10le")),
            *(("a.mov", "prores_ks", name) for name in ("yuv422p10le", "yuva444p10le")),
            *(("a.mp4", "libx264", name) for name in ("gray", "yuv444p", "yuv422p10le", "yuvj420p")),
            *(("a.mov", "qtrle", "argb"), ("a.avi", "mjpeg", "yuvj422p"), ("a.gif", "gif", "rgb8")),
            *(("a.mov", "png", name) for name in ("rgb48be", "gray16be", "monob", "ya8")),
        ],
    )
    def test_keep_their_colours(self, tmp_path: Path, name: str, codec: str, pixel_format: str) -> None:
        colour = (255, 255, 255) if pixel_format.startswith(("mono", "gray", "ya", "rgb8")) else RED
        write_video(tmp_path / name, [np.full((48, 64, 3), colour, np.uint8)] * 3, codec, pixel_format)
        (frame,) = frames_at(tmp_path / name, [0], longest_side=32, stream_index=0)
        assert_near([int(part) for part in frame.pixels[12, 16]], colour, within=8 if "565" in pixel_format else 3)

    def test_limited_range_monochrome(self, tmp_path: Path) -> None:
        grey = ("-vf", "format=yuv420p,extractplanes=y", "-color_range", "tv", "-c:v", "libx264")
        run_ffmpeg("-f", "lavfi", "-i", "color=0x666666:s=64x48:d=0.2", *grey, tmp_path / "a.mp4")
        (frame,) = frames_at(tmp_path / "a.mp4", [0], longest_side=32, stream_index=0)
        assert_near([int(part) for part in frame.pixels[12, 16]], (102, 102, 102))


class TestOrientation:
    @pytest.mark.parametrize("flips", [(), ("-display_hflip",), ("-display_vflip",)])
    @pytest.mark.parametrize("degrees", [0, 90, 180, 270])
    def test_is_what_the_ffmpeg_program_shows(self, tmp_path: Path, degrees: int, flips: tuple[str, ...]) -> None:
        source = write_turned(tmp_path, degrees, flips)
        (frame,) = frames_at(source, [0], longest_side=64, stream_index=0)
        wanted = shown_by_ffmpeg(source, (48, 64) if degrees % 180 else (64, 48))
        assert frame.pixels.shape == wanted.shape
        assert np.abs(frame.pixels.astype(int) - wanted).mean() < 3
        assert np.abs(frame.pixels[::-1].astype(int) - wanted).mean() > 30  # the corners do differ

    def test_of_a_picture_that_says_nothing(self) -> None:
        assert orientation_of(VideoFrame(64, 48, "rgb24")) == Orientation(False, False, False)

    def test_can_be_asked_for_again(self, tmp_path: Path) -> None:
        with av.open(str(write_turned(tmp_path, 90, ("-display_vflip",)))) as container:
            picture = next(container.decode(video=0))
        assert orientation_of(picture).transposed
        assert orientation_of(picture) == orientation_of(picture) != Orientation(False, False, False)

    def test_keeps_no_picture_from_being_freed(self) -> None:
        """A picture that waits for Python's search for rings keeps its buffer from the decoder."""
        gc.collect()
        gc.disable()
        try:
            picture = VideoFrame(64, 48, "yuv420p")
            orientation_of(picture)
            del picture
            assert gc.collect() == 0
        finally:
            gc.enable()

    @given(st.booleans(), st.booleans(), st.booleans())
    def test_leaves_every_pixel_once(self, transposed: bool, mirrored: bool, flipped: bool) -> None:
        pixels = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
        upright = Orientation(transposed, mirrored, flipped).upright(pixels)
        assert upright.shape == ((3, 2, 3) if transposed else (2, 3, 3))
        assert sorted(upright[..., 0].ravel()) == sorted(pixels[..., 0].ravel())


class TestShape:
    @pytest.mark.parametrize("size", [(1, 1), (3, 5), (33, 17), (321, 181), (2048, 3)])
    def test_of_odd_sizes(self, size: tuple[int, int]) -> None:
        picture = yuv_picture(SKY, "yuv420p", shares=BT601, size=size)
        picture.colorspace = LABELS[BT601]
        pixels = Scaler(Interpolation.BICUBIC).scale(picture, size)
        assert pixels.shape == (size[1], size[0], 3)
        assert np.abs(pixels.astype(int) - SKY).max() <= 2

    def test_changes_in_mid_stream(self, tmp_path: Path) -> None:
        """Another size, another pixel shape, and another pixel shape in the same size."""
        parts = [((64, 48), Fraction(1)), ((32, 48), Fraction(16, 9)), ((32, 48), Fraction(2))]
        joined = b"".join(transport_stream(tmp_path, size, shape) for size, shape in parts)
        (tmp_path / "a.ts").write_bytes(joined)
        with av.open(str(tmp_path / "a.ts")) as container:
            shapes = PixelShapes(container.streams.video[0])
            sizes = [shown_size(picture, shapes.of(picture)) for picture in container.decode(video=0)]
        assert sizes == [(64, 48)] * 5 + [(57, 48)] * 5 + [(64, 48)] * 5

    def test_a_container_that_knows_better(self, tmp_path: Path) -> None:
        plain = tmp_path / "plain.mp4"
        write_video(plain, [np.zeros((48, 64, 3), np.uint8)] * 3, "libx264", "yuv420p")
        wide = tmp_path / "wide.mkv"
        subprocess.run(
            [ffmpeg_program().path, "-v", "error", "-i", plain, "-c", "copy", "-aspect", "2", wide], check=True
        )
        with av.open(str(wide)) as container:
            shapes = PixelShapes(container.streams.video[0])
            assert {shapes.of(picture) for picture in container.decode(video=0)} == {Fraction(3, 2)}

    @pytest.mark.footage
    def test_changes_in_mid_stream_of_real_footage(self, bench: Path) -> None:
        """The second part is 176x144 with pixels of 16:11."""
        source = bench / "footage" / "odd" / "size_changes.ts"
        frames = list(frames_at(source, [0, 3_900_000, 4_100_000], longest_side=4000, stream_index=0))
        assert [frame.pixels.shape[:2] for frame in frames] == [(180, 320), (180, 320), (144, 256)]

    @given(st.integers(1, 10_000), st.integers(1, 10_000), st.integers(1, 2000))
    def test_scaled_down_never_up(self, width: int, height: int, longest: int) -> None:
        small = fitted((width, height), longest)
        assert max(small) <= max(longest, 1)
        assert small[0] <= width
        assert small[1] <= height
        assert min(small) >= 1


def corners() -> Pixels:
    """Four corners of four colours, 64x48."""
    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[:24, :32], pixels[:24, 32:], pixels[24:, :32], pixels[24:, 32:] = RED, SKIN, SKY, (20, 90, 30)
    return pixels


def write_video(path: Path, pictures: list[Pixels], codec: str, pixel_format: str) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        assert isinstance(stream, VideoStream)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pixel_format
        if codec == "libx264":
            stream.options = {"crf": "1"}
        for number, pixels in enumerate(pictures):
            picture = VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format=pixel_format)
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def write_turned(folder: Path, degrees: int, flips: tuple[str, ...]) -> Path:
    write_video(folder / "plain.mp4", [corners()] * 3, "libx264", "yuv444p")
    turned = folder / "turned.mp4"
    run_ffmpeg("-display_rotation:v:0", degrees, *flips, "-i", folder / "plain.mp4", "-c", "copy", turned)
    return turned


def shown_by_ffmpeg(path: Path, size: tuple[int, int]) -> Pixels:
    raw = run_ffmpeg("-i", path, "-frames:v", 1, "-pix_fmt", "rgb24", "-f", "rawvideo", "-")
    return np.frombuffer(raw, np.uint8).reshape(size[1], size[0], 3)


def run_ffmpeg(*arguments: object) -> bytes:
    command = [ffmpeg_program().path, "-v", "error", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def transport_stream(folder: Path, size: tuple[int, int], shape: Fraction) -> bytes:
    path = folder / "part.ts"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"bf": "0"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.sample_aspect_ratio = shape
        stream.codec_context.gop_size = 5
        for number in range(5):
            picture = yuv_picture(SKIN, "yuv420p", shares=BT601, size=size)
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path.read_bytes()
