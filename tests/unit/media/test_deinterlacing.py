"""Interlaced pictures come out without combs, with every line of what stands still, each the same however it is met."""

import subprocess
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from indexer.media import ffmpeg_program, frames_at
from indexer.media.pictures.deinterlacing import deinterlaced
from indexer.media.pictures.scaling import orientation_of
from tests.fakes.painted_pictures import combing, flagged_interlaced

Luma = NDArray[np.uint8]
WHOLE = 0.75  # combing of whole pictures stays under this: 0.5 to 0.7 in the bench's progressive footage


def texture(*, seed: int = 3, size: tuple[int, int] = (96, 160)) -> Luma:
    """Soft patches, finely grained: neighbouring lines are alike, yet no two are the same."""
    drawn = np.random.default_rng(seed)
    patches = np.kron(drawn.integers(40, 200, (size[0] // 8, size[1] // 8)), np.ones((8, 8)))
    soft = sum(np.roll(patches, (down, across), (0, 1)) for down in range(8) for across in range(8)) / 64
    grained: Luma = (soft + drawn.integers(0, 24, size)).astype(np.uint8)
    return grained


def moments(count: int, *, speed: int) -> list[Luma]:
    """What a camera that pans sees at each field."""
    still = texture()
    return [np.roll(still, number * speed, axis=1) for number in range(count)]


def woven(seen: list[Luma], *, first: str) -> list[VideoFrame]:
    """Two moments a picture: the lines of the first field from the earlier one."""
    pictures = []
    for number, (earlier, later) in enumerate(zip(seen[::2], seen[1::2], strict=True)):
        lines = earlier.copy()
        lines[1 if first == "tff" else 0 :: 2] = later[1 if first == "tff" else 0 :: 2]
        picture = VideoFrame.from_ndarray(lines, format="gray").reformat(format="yuv444p", dst_color_range="JPEG")
        picture.pts, picture.time_base = 3600 * number, Fraction(1, 90_000)
        pictures.append(picture)
    return flagged_interlaced(pictures, first=first)


def luma(picture: VideoFrame) -> Luma:
    plane = picture.planes[0]
    lines = np.frombuffer(bytes(plane), np.uint8).reshape(-1, plane.line_size)
    return lines[: picture.height, : picture.width]


def distance(picture: VideoFrame, seen: Luma) -> float:
    return float(np.abs(luma(picture).astype(int) - seen).mean())


def run_ffmpeg(*arguments: object) -> None:
    subprocess.run([ffmpeg_program().path, "-v", "error", *map(str, arguments)], check=True)


@pytest.mark.parametrize("first", ["tff", "bff"])
class TestFields:
    def test_what_moves_is_shown_as_in_the_first_field(self, first: str) -> None:
        seen = moments(6, speed=5)
        before, picture, after = woven(seen, first=first)
        assert combing(luma(picture)) > 1
        made = deinterlaced(picture, before=before, after=after)
        assert combing(luma(made)) < WHOLE
        assert distance(made, seen[2]) < 0.5 * distance(picture, seen[2])
        assert distance(made, seen[2]) < 0.5 * distance(made, seen[3])

    def test_what_stands_still_keeps_every_line(self, first: str) -> None:
        before, picture, after = woven(moments(6, speed=0), first=first)
        made = deinterlaced(picture, before=before, after=after)
        assert np.array_equal(luma(made), luma(picture))

    @pytest.mark.parametrize("neighbours", [(True, False), (False, True), (False, False)])
    def test_missing_neighbours_leave_no_combs(self, first: str, neighbours: tuple[bool, bool]) -> None:
        before, picture, after = woven(moments(6, speed=5), first=first)
        made = deinterlaced(picture, before=before if neighbours[0] else None, after=after if neighbours[1] else None)
        assert combing(luma(made)) < WHOLE
        assert made.pts == picture.pts


class TestResult:
    def test_a_whole_picture_is_itself(self) -> None:
        picture = VideoFrame.from_ndarray(texture(), format="gray")
        assert deinterlaced(picture, before=picture, after=picture) is picture

    def test_depends_on_the_three_pictures_only(self) -> None:
        pictures = woven(moments(10, speed=3), first="tff")
        in_order = [luma(deinterlaced(pictures[n], before=pictures[n - 1], after=pictures[n + 1])) for n in (1, 2, 3)]
        backward = [luma(deinterlaced(pictures[n], before=pictures[n - 1], after=pictures[n + 1])) for n in (3, 2, 1)]
        assert all(np.array_equal(one, other) for one, other in zip(in_order, backward[::-1], strict=True))

    def test_leaves_its_inputs_alone(self) -> None:
        pictures = woven(moments(6, speed=3), first="tff")
        lines = [luma(picture).copy() for picture in pictures]
        deinterlaced(pictures[1], before=pictures[0], after=pictures[2])
        assert all(np.array_equal(luma(one), was) for one, was in zip(pictures, lines, strict=True))
        assert [picture.pts for picture in pictures] == [0, 3600, 7200]

    def test_keeps_time_and_colours(self) -> None:
        before, picture, after = woven(moments(6, speed=3), first="tff")
        picture.colorspace, picture.color_range, picture.color_trc, picture.color_primaries = 9, 1, 16, 9
        made = deinterlaced(picture, before=before, after=after)
        assert (made.pts, made.time_base) == (3600, Fraction(1, 90_000))
        assert (made.colorspace, made.color_range, made.color_trc, made.color_primaries) == (9, 1, 16, 9)
        assert made.format.name == "yuv444p"
        assert not made.interlaced_frame

    def test_without_a_time_stamp(self) -> None:
        before, picture, after = woven(moments(6, speed=3), first="tff")
        picture.pts = None
        made = deinterlaced(picture, before=before, after=after)
        assert made.pts is None
        assert combing(luma(made)) < WHOLE

    def test_without_a_time_base(self) -> None:
        pictures = woven(moments(6, speed=5), first="tff")
        for one in pictures:
            one.time_base = Fraction(0)
        before, picture, after = pictures
        made = deinterlaced(picture, before=before, after=after)
        assert picture.time_base is made.time_base is None
        assert combing(luma(made)) < WHOLE

    def test_neighbours_of_another_size_or_format_are_left_out(self) -> None:
        before, picture, after = woven(moments(6, speed=5), first="tff")
        small = woven([texture(size=(48, 80))] * 2, first="tff")[0]
        alone = luma(deinterlaced(picture, before=None, after=None))
        deep = before.reformat(format="yuv444p10le")
        assert np.array_equal(luma(deinterlaced(picture, before=small, after=deep)), alone)
        with_one = luma(deinterlaced(picture, before=None, after=after))
        assert np.array_equal(luma(deinterlaced(picture, before=small, after=after)), with_one)

    @pytest.mark.parametrize("size", [(2, 2), (16, 3), (3, 16), (4, 4)])
    def test_tiny_pictures(self, size: tuple[int, int]) -> None:
        (picture,) = woven([np.zeros(size, np.uint8)] * 2, first="tff")
        made = deinterlaced(picture, before=picture, after=picture)
        assert (made.height, made.width) == size

    @pytest.mark.parametrize("pixel_format", ["uyvy422", "nv12", "yuv422p10le", "rgb24", "yuv420p16le"])
    def test_any_kind_of_pixels(self, pixel_format: str) -> None:
        seen = woven(moments(6, speed=5), first="tff")
        pictures = flagged_interlaced([one.reformat(format=pixel_format) for one in seen], first="tff")
        made = deinterlaced(pictures[1], before=pictures[0], after=pictures[2])
        assert combing(luma(made.reformat(format="gray"))) < WHOLE

    def test_keeps_the_orientation(self, tmp_path: Path) -> None:
        plain, turned = tmp_path / "plain.mp4", tmp_path / "turned.mp4"
        fields = ("-c:v", "mpeg2video", "-flags", "+ilme+ildct", "-vf", "setfield=tff")
        run_ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x48:d=0.3", *fields, plain)
        run_ffmpeg("-display_rotation:v:0", "90", "-i", plain, "-c", "copy", turned)
        with av.open(str(turned)) as container:
            before, picture, after = list(container.decode(video=0))[:3]
        made = deinterlaced(picture, before=before, after=after)
        assert picture.interlaced_frame
        assert made is not picture
        assert orientation_of(made) == orientation_of(picture) != orientation_of(VideoFrame(64, 48, "gray"))


@pytest.mark.footage
class TestFootage:
    @pytest.mark.parametrize(
        ("name", "stream_index", "end_us"),
        [("odd/interlaced_tff.mpg", 0, 3_800_000), ("tv_mpeg2_interlaced_partial.mpg", 2, 1_600_000)],
    )
    def test_no_combs(self, bench: Path, name: str, stream_index: int, end_us: int) -> None:
        times = range(0, end_us, 40_000)
        frames = frames_at(bench / "footage" / name, times, longest_side=4000, stream_index=stream_index)
        assert max(combing(frame.pixels[..., 1]) for frame in frames) < WHOLE
