"""Files made from footage: exact in and out, the right length, whole or not there."""

import io
import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from indexer.errors import MediaFailed, MediaRefused
from indexer.media import (
    cut_clip,
    encode_jpeg,
    extract_audio,
    ffmpeg_program,
    make_proxy,
    media_versions,
    probe,
    read_frames,
    save_still,
)
from indexer.media.making.program import FfmpegProgram, run_ffmpeg
from indexer.timecode import TimeRange

VideoMaker = Callable[..., Path]


def frame_numbers(path: Path) -> list[int]:
    frames = read_frames(path, size=(8, 8), stream_index=0)
    return [round((float(frame.pixels.mean()) - 8) / 8) for frame in frames]


def frame_times(path: Path) -> list[int]:
    return [frame.t_us for frame in read_frames(path, size=(8, 8), stream_index=0)]


class TestCutClip:
    @pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "a.avi"])
    @pytest.mark.parametrize(("first", "end"), [(0, 24), (5, 6), (7, 19)])
    def test_holds_exactly_its_frames(self, make_video: VideoMaker, name: str, first: int, end: int) -> None:
        source = make_video(name)
        times = [*frame_times(source), 1_000_000]
        out = source.parent / "out.mp4"
        cut_clip(source, TimeRange(times[first], times[end]), out)
        assert frame_numbers(out) == list(range(first, end))

    def test_keeps_varying_times(self, make_video: VideoMaker) -> None:
        source = make_video("a.mp4", stamps=[0, 1, 5, 6, 20, 23])
        out = source.parent / "out.mp4"
        cut_clip(source, TimeRange(41_667, 958_333), out)
        wanted = [0, 166_667, 208_333, 791_667]
        assert np.abs(np.subtract(frame_times(out), wanted)).max() <= 12  # one tick of its clock, 1/90000 s

    @pytest.mark.parametrize(("first", "end"), [(3, 9), (20, 28), (30, 35), (24, 48)])
    def test_counts_frames_where_the_clock_starts_again(self, make_video: VideoMaker, first: int, end: int) -> None:
        part = make_video("a.ts")
        source = part.with_name("joined.ts")
        source.write_bytes(part.read_bytes() * 2)
        times = [*frame_times(source), 2_000_000]
        assert len(times) == 49
        out = source.parent / "out.mp4"
        cut_clip(source, TimeRange(times[first], times[end]), out, clock="jumps")
        assert frame_numbers(out) == [number % 24 for number in range(first, end)]

    def test_counts_from_the_first_frame_where_sound_begins_earlier(self, tmp_path: Path) -> None:
        source = with_sound(tmp_path / "a.mkv", video_starts_s=0.48)
        cut_clip(source, TimeRange(200_000, 400_000), tmp_path / "out.mp4")
        assert frame_numbers(tmp_path / "out.mp4") == [5, 6, 7, 8, 9]
        assert probe(tmp_path / "out.mp4").audio_codec == "aac"

    def test_square_pixels_and_even_sides(self, make_video: VideoMaker) -> None:
        source = make_video("a.mp4", pixel_shape=Fraction(4, 3))
        cut_clip(source, TimeRange(0, 500_000), source.parent / "out.mp4")
        info = probe(source.parent / "out.mp4")
        assert (info.width, info.height) == (84, 48)

    def test_leaves_nothing_behind_when_it_fails(self, make_video: VideoMaker) -> None:
        source = make_video("a.mp4")
        reading = {"ss": "nonsense"}
        with pytest.raises(MediaFailed) as caught:
            run_ffmpeg(f"file:{source}", source.parent / "o.mp4", reading=reading, streams=("0",), writing={"f": "mp4"})
        assert caught.value.reason == "ffmpeg_failed"
        assert "nonsense" in caught.value.message
        assert [path.name for path in source.parent.iterdir()] == ["a.mp4"]

    def test_refuses_what_a_probe_refuses(self, tmp_path: Path) -> None:
        (tmp_path / "a.mp4").write_bytes(b"#EXTM3U\n/etc/passwd\n")
        with pytest.raises(MediaRefused) as caught:
            cut_clip(tmp_path / "a.mp4", TimeRange(0, 1), tmp_path / "o.mp4")
        assert caught.value.reason == "playlist"


class TestOtherFiles:
    def test_a_proxy_keeps_frames_and_times(self, make_video: VideoMaker) -> None:
        source = make_video("a.mp4", stamps=[0, 1, 5, 6, 20, 23], size=(1280, 720))
        out = source.parent / "out.mp4"
        make_proxy(source, out)
        info = probe(out)
        assert (info.width, info.height) == (960, 540)
        assert frame_numbers(out) == list(range(6))
        assert np.abs(np.subtract(frame_times(out), frame_times(source))).max() <= 12

    def test_audio_begins_with_the_first_frame(self, tmp_path: Path) -> None:
        source = with_sound(tmp_path / "a.mkv", video_starts_s=0.48)  # a click 0.75 s after the sound's start
        extract_audio(source, tmp_path / "out.wav")
        with wave.open(str(tmp_path / "out.wav")) as sound:
            assert (sound.getnchannels(), sound.getframerate(), sound.getsampwidth()) == (1, 16_000, 2)
            samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
        assert abs(int(np.abs(samples).argmax()) / 16_000 - 0.27) < 0.002

    def test_no_sound(self, make_video: VideoMaker) -> None:
        source = make_video("a.mp4")
        with pytest.raises(MediaRefused) as caught:
            extract_audio(source, source.parent / "out.wav")
        assert caught.value.reason == "no_audio"

    def test_a_still(self, make_video: VideoMaker) -> None:
        source = make_video("a.mp4")
        save_still(source, 500_000, source.parent / "out.jpg", longest_side=32)
        with Image.open(source.parent / "out.jpg") as still:
            assert still.size == (32, 24)
            assert abs(float(np.asarray(still).mean()) - (8 * 12 + 8)) < 3

    def test_jpeg(self) -> None:
        pixels = np.full((20, 30, 3), (200, 100, 50), np.uint8)
        with Image.open(io.BytesIO(encode_jpeg(pixels))) as picture:
            assert (picture.format, picture.size) == ("JPEG", (30, 20))
            assert np.abs(np.asarray(picture).astype(int) - pixels).max() <= 4


class TestProgram:
    def test_is_found(self) -> None:
        program = ffmpeg_program()
        assert Path(program.path).is_file()
        assert program.origin in ("imageio-ffmpeg", "system")
        assert program.version in media_versions()["ffmpeg program"]

    def test_releases_compare(self) -> None:
        old, new, development = (
            FfmpegProgram("", version, "").release for version in ("5.1.9-0+deb12u1", "n9.0.2-17-g2a57", "N-1234-gabc")
        )
        assert old < new < development


def with_sound(path: Path, *, video_starts_s: float) -> Path:
    """25 frames at 25 a second that begin later than the sound, in which one click lies 0.75 s after its start."""
    samples = np.zeros((1, 48_000 * 2), np.int16)
    samples[0, 36_000:36_050] = 30_000
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        sound = container.add_stream("pcm_s16le", rate=48_000, layout="mono")
        for start in range(0, 96_000, 960):
            noise = av.AudioFrame.from_ndarray(samples[:, start : start + 960], format="s16", layout="mono")
            noise.sample_rate, noise.pts, noise.time_base = 48_000, start, Fraction(1, 48_000)
            container.mux(sound.encode(noise))
        for number in range(25):
            picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 8 * number + 8, np.uint8), format="rgb24")
            picture.pts, picture.time_base = number + round(video_starts_s * 25), Fraction(1, 25)
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
        container.mux(sound.encode(None))
    return path
