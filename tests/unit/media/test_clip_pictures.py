"""The pictures of clips and proxies look as keyframes of the same moments do."""

import subprocess
import tempfile
from pathlib import Path

import av
import numpy as np
import pytest

from indexer.domain import Pixels
from indexer.media import cut_clip, ffmpeg_program, frames_at, make_proxy, probe, read_frames
from indexer.timecode import TimeRange
from tests.fakes.painted_pictures import combing

# Most that a channel's mean may differ. Coding at CRF 20 costs up to 0.4, chroma at half the size up to 1.5 (where
# ProRes and 10-bit HEVC go through it a second time), the lookup table under 0.3.
NEAR = 2.0
SHORT = TimeRange(0, 200_000)
SOFTER = "lutrgb=r=val*0.5+64:g=val*0.5+64:b=val*0.5+64"  # colours that no conversion has to cut
FULL_COLOUR = ("-c:v", "libx264", "-crf", "10", "-pix_fmt", "yuv420p")


def run_ffmpeg(*arguments: object) -> None:
    subprocess.run([ffmpeg_program().path, "-v", "error", "-y", *map(str, arguments)], check=True)


def draw(path: Path, *making: object, pattern: str = f"testsrc2=s=96x64:d=0.4,{SOFTER}") -> Path:
    run_ffmpeg("-f", "lavfi", "-i", pattern, *(making or FULL_COLOUR), path)
    return path


def turned(source: Path, *turns: object) -> Path:
    path = source.with_name(f"turned{source.suffix}")
    run_ffmpeg(*turns, "-i", source, "-c", "copy", path)
    return path


def picture_of(path: Path, t_us: int = 0) -> Pixels:
    (frame,) = frames_at(path, [t_us], longest_side=4000, stream_index=probe(path).stream_index)
    return frame.pixels


def clip_of(source: Path, folder: Path, span: TimeRange = SHORT) -> Path:
    cut_clip(source, span, folder / "clip.mp4")
    return folder / "clip.mp4"


def assert_alike(clip: Pixels, still: Pixels, *, detail: float = 12.0) -> None:
    """Mean colours of the whole and of each quarter; `detail` bounds the mean difference of pixels, so that a mirrored
    or shifted picture is noticed."""
    height, width = np.minimum(clip.shape, still.shape)[:2]
    difference = clip[:height, :width].astype(float) - still[:height, :width]
    for part in (difference, *(half for side in np.array_split(difference, 2) for half in np.array_split(side, 2, 1))):
        assert np.abs(part.mean(axis=(0, 1))).max() < NEAR * (1 if part is difference else 2)
    assert np.abs(difference).mean() < detail


@pytest.mark.footage
class TestHdr:
    @pytest.mark.parametrize(
        ("name", "start_us"),
        [("odd/hdr_pq.mp4", 0), ("odd/hdr_hlg.mp4", 0), *(("cosmos_laundromat_hdr.mp4", at) for at in (0, 9_000_000))],
    )
    def test_clips_look_as_keyframes(self, bench: Path, tmp_path: Path, name: str, start_us: int) -> None:
        source = bench / "footage" / name
        times = [frame.t_us for frame in read_frames(source, size=(8, 8), stream_index=0) if frame.t_us >= start_us][:3]
        clip = clip_of(source, tmp_path, TimeRange(times[0], times[2]))
        assert_alike(picture_of(clip), picture_of(source, times[0]), detail=6.0)
        assert probe(clip).pixel_format == "yuv420p"
        assert not probe(clip).hdr
        assert labels(clip) == (1, 1, 1, 1)

    def test_proxies_too(self, bench: Path, tmp_path: Path) -> None:
        source = bench / "footage" / "odd" / "hdr_hlg.mp4"
        make_proxy(source, tmp_path / "proxy.mp4")
        assert_alike(picture_of(tmp_path / "proxy.mp4"), picture_of(source), detail=6.0)

    def test_the_table_is_found_in_a_folder_of_any_name(
        self, bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        odd = tmp_path / "it's [a], b;c:d\\e 100%"
        odd.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(odd))
        source = bench / "footage" / "odd" / "hdr_pq.mp4"
        assert_alike(picture_of(clip_of(source, tmp_path)), picture_of(source), detail=6.0)
        assert list(odd.iterdir()) == []


class TestHdrLabels:
    def test_nothing_of_hdr_stays(self, tmp_path: Path) -> None:
        hdr = "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:max-cll=1000,400:master-display="
        display = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)"
        source = draw(
            *(tmp_path / "a.mp4", "-pix_fmt", "yuv420p10le", "-c:v", "libx265", "-preset", "ultrafast"),
            *("-x265-params", hdr + display),
        )
        clip = clip_of(source, tmp_path)
        assert_alike(picture_of(clip), picture_of(source), detail=20.0)
        with av.open(str(clip)) as container:
            assert len(next(container.decode(video=0)).side_data) <= 1  # the encoder's own note


class TestFields:
    def test_clips_have_no_combs_and_every_frame(self, tmp_path: Path) -> None:
        pattern = f"testsrc2=s=160x96:r=50:d=0.8,{SOFTER}"
        fields = ("-vf", "interlace=scan=tff:lowpass=off", "-c:v", "mpeg2video", "-q:v", 2, "-flags", "+ilme+ildct")
        source = draw(tmp_path / "a.mpg", *fields, pattern=pattern)
        span = TimeRange(80_000, 480_000)
        clip = clip_of(source, tmp_path, span)
        frames = list(read_frames(clip, size=(160, 96), stream_index=0))
        assert [frame.t_us for frame in frames] == [40_000 * number for number in range(10)]
        stored = [combing(frame.pixels[..., 1]) for frame in read_frames(source, size=(160, 96), stream_index=0)]
        whole = [combing(frame.pixels[..., 1]) for frame in frames]
        assert max(whole) < 0.9 * min(stored)
        assert_alike(picture_of(clip), picture_of(source, span.start_us))
        with av.open(str(clip)) as container:
            assert not any(picture.interlaced_frame for picture in container.decode(video=0))

    def test_are_brought_together_before_turning(self, tmp_path: Path) -> None:
        fields = ("-vf", "interlace=scan=tff:lowpass=off", "-c:v", "mpeg2video", "-q:v", 2, "-flags", "+ilme+ildct")
        plain = draw(tmp_path / "a.mp4", *fields, pattern=f"testsrc2=s=160x96:r=50:d=0.8,{SOFTER}")
        source = turned(plain, "-display_rotation:v:0", 90)
        assert_alike(picture_of(clip_of(source, tmp_path)), picture_of(source))


class TestOrientationAndShape:
    @pytest.mark.parametrize("flips", [(), ("-display_hflip",)])
    @pytest.mark.parametrize("degrees", [0, 90, 180, 270])
    def test_upright_and_not_turned_again(self, tmp_path: Path, degrees: int, flips: tuple[str, ...]) -> None:
        source = turned(draw(tmp_path / "a.mp4"), "-display_rotation:v:0", degrees, *flips)
        clip = clip_of(source, tmp_path)
        assert probe(clip).rotation == 0
        assert (probe(clip).width, probe(clip).height) == ((64, 96) if degrees % 180 else (96, 64))
        assert_alike(picture_of(clip), picture_of(source))

    def test_one_size_though_the_source_changes(self, tmp_path: Path) -> None:
        """A wide part, then an upright one that is centred on black."""
        wide = draw(tmp_path / "a.ts", pattern="color=white:s=96x64:d=0.4").read_bytes()
        later = ("-output_ts_offset", 0.4, *FULL_COLOUR)
        tall = draw(tmp_path / "b.ts", *later, pattern="color=white:s=32x64:d=0.4").read_bytes()
        (tmp_path / "both.ts").write_bytes(wide + tall)
        clip = clip_of(tmp_path / "both.ts", tmp_path, TimeRange(0, 800_000))
        frames = list(read_frames(clip, size=(96, 64), stream_index=0))
        assert (probe(clip).width, probe(clip).height) == (96, 64)
        assert [frame.t_us for frame in frames] == pytest.approx([40_000 * number for number in range(20)], abs=12)
        first, last = frames[0].pixels, frames[-1].pixels
        assert first.min() > 245
        assert last[:, 36:60].min() > 245
        assert max(last[:, :28].max(), last[:, 68:].max()) < 10


class TestKindsOfPixels:
    @pytest.mark.parametrize(
        "making",
        [
            ("-vf", "format=yuv420p10le", "-c:v", "libx264", "-crf", 10),
            ("-vf", "scale=out_color_matrix=bt601,format=yuv444p", "-c:v", "libx264", "-crf", 10),
            ("-vf", "scale=out_range=pc,format=yuvj420p", "-c:v", "mjpeg", "-q:v", 2),
            ("-vf", "scale=out_color_matrix=bt709,format=yuv422p10", "-colorspace", "bt709", "-c:v", "ffv1"),
            ("-vf", "format=gbrp16le", "-c:v", "ffv1"),
            ("-vf", "format=gray", "-c:v", "libx264", "-crf", 10),
        ],
    )
    def test_keep_their_colours(self, tmp_path: Path, making: tuple[object, ...]) -> None:
        source = draw(tmp_path / "a.mkv", *making)
        clip = clip_of(source, tmp_path)
        assert_alike(picture_of(clip), picture_of(source), detail=20.0)
        assert labels(clip) == (1, 1, 1, 1)

    def test_unlabelled_high_definition(self, tmp_path: Path) -> None:
        source = draw(tmp_path / "a.mp4", pattern=f"testsrc2=s=1280x720:d=0.2,{SOFTER}")
        make_proxy(source, tmp_path / "proxy.mp4")
        small = picture_of(tmp_path / "proxy.mp4")
        (frame,) = frames_at(source, [0], longest_side=960, stream_index=0)
        assert_alike(small, frame.pixels)

    def test_transparency_lies_over_black(self, tmp_path: Path) -> None:
        pattern = "color=red:s=96x64:d=0.4,format=rgba,colorchannelmixer=aa=0.5"
        source = draw(tmp_path / "a.mov", "-c:v", "qtrle", pattern=pattern)
        for picture in (picture_of(source), picture_of(clip_of(source, tmp_path))):
            assert np.abs(picture.mean(axis=(0, 1)) - (127, 0, 0)).max() < 3

    def test_transparency_of_unlabelled_high_definition(self, tmp_path: Path) -> None:
        half = "color=0x3060c0:s=1280x720:d=0.2,format=rgba,colorchannelmixer=aa=0.5"
        pattern = f"{half},scale=out_color_matrix=bt709,format=yuva444p10le"
        source = draw(tmp_path / "a.mov", "-c:v", "prores_ks", pattern=pattern)
        wanted = (24, 48, 96)
        for picture in (picture_of(source), picture_of(clip_of(source, tmp_path))):
            assert np.abs(picture.mean(axis=(0, 1)) - wanted).max() < 3

    def test_unused_transparency(self, tmp_path: Path) -> None:
        pattern = "color=red:s=96x64:d=0.4,format=rgba,colorchannelmixer=aa=0"
        source = draw(tmp_path / "a.mov", "-c:v", "qtrle", pattern=pattern)
        assert np.abs(picture_of(clip_of(source, tmp_path)).mean(axis=(0, 1)) - (254, 0, 0)).max() < 3


def labels(path: Path) -> tuple[int, int, int, int]:
    """Matrix, primaries, transfer, range: 1 is BT.709 and limited."""
    with av.open(str(path)) as container:
        picture = next(container.decode(video=0))
        return picture.colorspace, picture.color_primaries, picture.color_trc, picture.color_range
