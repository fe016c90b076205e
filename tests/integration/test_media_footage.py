"""The real clips beside the project, every frame at its labelled time; what the table of odd files does not say."""

import json
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.domain import MediaInfo
from indexer.media import DecodeNotes, cut_clip, frames_at, probe, read_frames
from indexer.timecode import TimeRange
from tests.integration.bench_footage import CLIPS

pytestmark = pytest.mark.footage

RATES = {
    "nasa_sls_vp9_5994.webm": Fraction(60_000, 1001),
    "psd_goldeneye_vfr_drop3.mp4": None,
    "psd_testvideo_720p.mp4": Fraction(30_000, 1001),
    "trip_to_the_moon_trailer.mp4": Fraction(30_000, 1001),
    "sorenson_sports_svq3.mov": Fraction(30),
}
Times = list[tuple[int, int]]


@pytest.fixture(scope="session")
def footage(bench: Path) -> Path:
    return bench / "footage"


@lru_cache
def labels(folder: Path) -> dict[str, Any]:
    clips: dict[str, Any] = json.loads((folder / "labels.json").read_text())["clips"]
    return clips


@lru_cache
def all_times(path: Path) -> Times:
    """(t_us, duration_us) of every frame, read in order."""
    index = probe(path).stream_index
    return [(frame.t_us, frame.duration_us) for frame in read_frames(path, size=(16, 9), stream_index=index)]


def test_every_clip_is_here(footage: Path) -> None:
    assert sorted(labels(footage)) == sorted(CLIPS)


@pytest.mark.parametrize("name", CLIPS)
class TestClips:
    def test_every_frame_at_its_labelled_time(self, footage: Path, name: str) -> None:
        times = [t_us for t_us, _ in all_times(footage / name)]
        label = labels(footage)[name]
        assert len(times) == label["frames"]
        for cut in label["cuts"]:
            assert times[cut["frame"]] == cut["time_us"]
        for kind in ("gradual", "ignore"):
            for span in label[kind]:
                assert times[span["first_frame"]] == span["first_us"]
                if span["end_frame"] < len(times):
                    assert times[span["end_frame"]] == span["end_us"]

    def test_frames_tile_the_time(self, footage: Path, name: str) -> None:
        times = all_times(footage / name)
        assert times[0][0] == 0
        assert all(a + lasts == b for (a, lasts), (b, _) in pairwise(times))

    def test_the_rate_is_exact(self, footage: Path, name: str) -> None:
        nominal = Fraction(1_000_000, labels(footage)[name]["frame_period_us"])
        assert probe(footage / name).rate == RATES.get(name, round(nominal))


def test_shapes_streams_and_tags(footage: Path) -> None:
    assert shape(probe(footage / "psd_issue195_sar_pal.mp4")) == (1024, 576)
    assert shape(probe(footage / "jobs_vertical.mp4")) == (576, 1024)
    assert shape(probe(footage / "nasa_13013.mp4")) == (320, 180)
    trailer = probe(footage / "sintel_trailer_480x204.mp4")
    assert (trailer.stream_index, trailer.audio_codec) == (1, "aac")
    sports = probe(footage / "sorenson_sports_svq3.mov")
    assert (sports.title, sports.recorded_at) == ("Vertical Online SV3 Demo", "2001-03-20T16:17:18Z")


def shape(info: MediaInfo) -> tuple[int, int]:
    return info.width, info.height


def test_variable_rates_have_none(footage: Path) -> None:
    assert [probe(footage / "odd" / name).rate for name in ("vfr.mkv", "vfr_long_gap.mp4")] == [None, None]


def test_a_jump_of_an_hour_is_closed_up_and_told(footage: Path) -> None:
    notes = DecodeNotes()
    frames = list(read_frames(footage / "odd" / "time_jump.ts", size=(8, 8), stream_index=0, notes=notes))
    assert len(frames) == 192
    assert frames[-1].t_us < 9_000_000
    assert notes.jumps == 1


@pytest.mark.parametrize(("turned", "turns"), [("rotated_90.mp4", 1), ("rotated_180.mp4", 2), ("rotated_270.mp4", 3)])
def test_rotation_is_applied(footage: Path, turned: str, turns: int) -> None:
    """The turn that the odd table states, counter-clockwise, of the very picture of the file that is not rotated."""
    (stored,) = frames_at(footage / "odd" / "base.mp4", [0], longest_side=320, stream_index=0)
    (upright,) = frames_at(footage / "odd" / turned, [0], longest_side=320, stream_index=0)
    assert np.array_equal(upright.pixels, np.rot90(stored.pixels, turns))
    wide = next(read_frames(footage / "odd" / turned, size=(64, 36), stream_index=0))
    assert wide.pixels.shape == (36, 64, 3)


@pytest.mark.parametrize(
    ("name", "first", "end"),
    [
        ("sintel_excerpt_mpeg1.mpg", 434, 441),
        ("cosmos_laundromat_sdr.mp4", 28, 46),
        ("tv_mpeg2_interlaced_partial.mpg", 5, 23),
        ("psd_goldeneye_vfr_drop3.mp4", 43, 78),
        ("nasa_sls_vp9_5994.webm", 128, 168),
        ("odd/start_1h.ts", 4, 44),
        ("odd/pts_wrap.ts", 46, 59),
    ],
)
def test_clips_are_exact_where_the_clock_does_not_begin_at_zero(
    footage: Path, tmp_path: Path, name: str, first: int, end: int
) -> None:
    path = footage / name
    frames = list(read_frames(path, size=(32, 18), stream_index=probe(path).stream_index))[: end + 1]
    cut_clip(path, TimeRange(frames[first].t_us, frames[end].t_us), tmp_path / "clip.mp4")
    clip = list(read_frames(tmp_path / "clip.mp4", size=(32, 18), stream_index=0))
    wanted = [frame.t_us - frames[first].t_us for frame in frames[first:end]]
    assert np.abs(np.subtract([frame.t_us for frame in clip], wanted)).max() <= 12  # a tick of the clip's clock

    def difference(shift: int) -> float:
        pairs = zip(frames[first + shift : end + shift], clip, strict=True)
        return float(np.mean([np.abs(a.pixels.astype(int) - b.pixels).mean() for a, b in pairs]))

    assert difference(0) < difference(1)
