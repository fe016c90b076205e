"""Reading frames: each one, in time, upright; and the right one for any moment, however it is reached."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.packet import Packet

from indexer.domain import Frame, Pixels
from indexer.errors import MediaRefused
from indexer.media import DecodeNotes, frames_at, read_frames, sampled_pictures
from indexer.media.pictures.scaling import fitted
from indexer.media.reading.sampling import require_shown

VideoMaker = Callable[..., Path]


def number_of(pixels: Pixels) -> int:
    """Which frame of a made video this is."""
    return round((float(pixels.mean()) - 8) / 8)


def numbers_at(path: Path, times: list[int]) -> list[int]:
    return [number_of(frame.pixels) for frame in frames_at(path, times, longest_side=32, stream_index=0)]


class TestReadFrames:
    @pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.avi", "a.ts", "a.mpg"])
    def test_every_frame_at_its_time(self, make_video: VideoMaker, name: str) -> None:
        path = make_video(name, codec="mpeg2video" if name.endswith("mpg") else "libx264")
        frames = list(read_frames(path, size=(32, 18), stream_index=0))
        assert [number_of(frame.pixels) for frame in frames] == list(range(24))
        for number, frame in enumerate(frames):
            rounding = 500 if name == "a.mkv" else 1
            assert abs(frame.t_us - number * 1_000_000 / 24) <= rounding
            assert frame.pixels.shape == (18, 32, 3)
            assert frame.pixels.dtype == np.uint8

    def test_frames_tile_the_time(self, make_video: VideoMaker) -> None:
        frames = list(read_frames(make_video("a.mp4", stamps=[0, 1, 5, 6, 20]), size=(8, 8), stream_index=0))
        assert [frame.t_us for frame in frames] == [0, 41_667, 208_333, 250_000, 833_333]
        for frame, following in pairwise(frames):
            assert frame.t_us + frame.duration_us == following.t_us
        assert frames[-1].duration_us > 0

    def test_time_counts_from_the_first_frame(self, make_video: VideoMaker) -> None:
        path = make_video("a.mkv", stamps=[100 + n for n in range(5)], time_base=Fraction(1, 25))
        frames = list(read_frames(path, size=(8, 8), stream_index=0))
        assert [frame.t_us for frame in frames] == [0, 40_000, 80_000, 120_000, 160_000]

    def test_colours(self, make_video: VideoMaker) -> None:
        grey = next(read_frames(make_video("a.mp4"), size=(8, 8), stream_index=0)).pixels
        assert np.abs(grey.astype(int) - 8).max() <= 2

    def test_broken_packets_are_passed_over_and_counted(self, make_video: VideoMaker) -> None:
        path = with_broken_packet(make_video("a.mkv"), 5)
        notes = DecodeNotes()
        numbers = [number_of(frame.pixels) for frame in read_frames(path, size=(8, 8), stream_index=0, notes=notes)]
        assert notes.broken_packets == 1
        assert numbers[-12:] == list(range(12, 24))  # all of the second group of pictures

    def test_a_stream_that_is_not_there(self, make_video: VideoMaker) -> None:
        with pytest.raises(MediaRefused, match="stream 3"):
            list(read_frames(make_video("a.mp4"), size=(8, 8), stream_index=3))


class TestFramesAt:
    def test_the_frame_shown_then(self, make_video: VideoMaker) -> None:
        path = make_video("a.mp4", stamps=[0, 1, 5, 6, 20])
        times = [-10, 0, 41_666, 41_667, 208_332, 208_333, 700_000, 833_333, 5_000_000]
        assert numbers_at(path, times) == [0, 0, 0, 1, 1, 2, 3, 4, 4]

    def test_every_frame_can_be_had(self, make_video: VideoMaker) -> None:
        times = [frame.t_us for frame in read_frames(make_video("a.mp4"), size=(8, 8), stream_index=0)]
        assert numbers_at(make_video("a.mp4"), times) == list(range(24))

    @pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi", "a.ts"])
    @pytest.mark.parametrize("wanted", [[29], [3, 17], [12, 12, 13], [11, 23, 24, 29]])
    def test_far_frames_are_the_same_however_reached(
        self, make_video: VideoMaker, name: str, wanted: list[int]
    ) -> None:
        path = make_video(name, stamps=[n * 24 for n in range(30)], time_base=Fraction(1, 24))  # one frame a second
        at = [frame.t_us for frame in read_frames(path, size=(8, 8), stream_index=0)]
        assert len(at) == 30
        assert numbers_at(path, [at[n] + 500_000 for n in wanted]) == wanted

    def test_never_scaled_up(self, make_video: VideoMaker) -> None:
        (frame,) = frames_at(make_video("a.mp4"), [0], longest_side=1000, stream_index=0)
        assert frame.pixels.shape == (48, 64, 3)

    def test_displayed_shape(self, make_video: VideoMaker) -> None:
        path = make_video("a.mp4", pixel_shape=Fraction(2, 1))
        (frame,) = frames_at(path, [0], longest_side=1000, stream_index=0)
        assert frame.pixels.shape == (48, 128, 3)

    def test_nothing_wanted(self, make_video: VideoMaker) -> None:
        assert list(frames_at(make_video("a.mp4"), [], longest_side=9, stream_index=0)) == []

    def test_times_that_go_back_are_refused(self, make_video: VideoMaker) -> None:
        with pytest.raises(ValueError, match="in order of time"):
            numbers_at(make_video("a.mp4"), [500_000, 500_000, 41_667])

    def test_through_the_sandbox(self, make_video: VideoMaker) -> None:
        path = make_video("a.mp4")
        here = list(frames_at(path, [0, 500_000], longest_side=32, stream_index=0))
        there = list(sampled_pictures(path, [0, 500_000], longest_side=32, stream_index=0))
        assert list(_without_pixels(here)) == list(_without_pixels(there))
        assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(here, there, strict=True))

    @pytest.mark.parametrize("shape", [(0, 0, 3), (8, 33, 3), (8, 8), (8, 8, 4), (33, 8, 3), (8,)])
    def test_what_a_sandbox_must_not_send(self, shape: tuple[int, ...]) -> None:
        require_shown(Frame(0, 40_000, np.zeros((32, 18, 3), np.uint8)), longest_side=32)
        with pytest.raises(ValueError, match="of shape"):
            require_shown(Frame(0, 40_000, np.zeros(shape, np.uint8)), longest_side=32)
        for t_us, duration_us in ((-1, 1), (0, -1), (1 << 62, 1), (1 << 80, 1)):
            with pytest.raises(ValueError, match="a picture at"):
                require_shown(Frame(t_us, duration_us, np.zeros((8, 8, 3), np.uint8)), longest_side=32)

    def test_a_refusal_comes_through_the_sandbox(self, tmp_path: Path) -> None:
        with pytest.raises(MediaRefused, match="no such file"):
            list(sampled_pictures(tmp_path / "none.mp4", [0], longest_side=32, stream_index=0))


def with_broken_packet(path: Path, number: int) -> Path:
    """A copy in which one packet holds nonsense."""
    broken = path.with_name(f"broken_{path.name}")
    with av.open(str(path)) as source, av.open(str(broken), "w") as target:
        copy = target.add_stream_from_template(source.streams.video[0])
        for place, packet in enumerate(source.demux(source.streams.video[0])):
            if packet.dts is None:
                continue
            sent: Packet[Any] = packet
            if place == number:
                sent = Packet(b"\xff" * 40)
                sent.pts, sent.dts, sent.time_base = packet.pts, packet.dts, packet.time_base
            sent.stream = copy
            target.mux(sent)
    return broken


def _without_pixels(frames: list[Frame]) -> Iterator[tuple[int, int]]:
    return ((frame.t_us, frame.duration_us) for frame in frames)


@pytest.mark.parametrize(
    ("size", "longest", "expected"),
    [
        ((1920, 1080), 640, (640, 360)),
        ((180, 320), 640, (180, 320)),
        ((2048, 2), 16, (16, 1)),
        ((1024, 576), 100, (100, 56)),
    ],
)
def test_fitting(size: tuple[int, int], longest: int, expected: tuple[int, int]) -> None:
    assert fitted(size, longest) == expected
