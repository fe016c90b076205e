"""The real clips and the odd files beside the project: every frame at its labelled time, and refusals with reasons."""

import json
import os
import random
import shutil
from bisect import bisect_right
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.domain import MediaInfo
from indexer.errors import MediaRefused
from indexer.media import DecodeNotes, cut_clip, frames_at, probe, read_frames, run_sandboxed
from indexer.timecode import TimeRange

pytestmark = pytest.mark.footage

CLIPS = (
    *("angel_one_vp9_360p.webm", "bangkok_360p.mp4", "bbb_360p_300s.mp4", "cosmos_laundromat_hdr.mp4"),
    *("cosmos_laundromat_sdr.mp4", "drtv_360p.mp4", "gola_360p.mp4", "handheld_seattle.avi", "jobs_vertical.mp4"),
    *("nasa_13013.mp4", "nasa_sls_vp9_5994.webm", "news_fr_360p.mp4", "psd_goldeneye_vfr_drop3.mp4"),
    *("psd_issue195_sar_pal.mp4", "psd_testvideo_720p.mp4", "sintel_excerpt_mpeg1.mpg", "sintel_trailer_480x204.mp4"),
    *("sorenson_sports_svq3.mov", "trip_to_the_moon_trailer.mp4", "tv_mpeg2_interlaced_partial.mpg"),
    "ukulele_360p60.mp4",
)
RATES = {
    "nasa_sls_vp9_5994.webm": Fraction(60_000, 1001),
    "psd_goldeneye_vfr_drop3.mp4": None,
    "psd_testvideo_720p.mp4": Fraction(30_000, 1001),
    "trip_to_the_moon_trailer.mp4": Fraction(30_000, 1001),
    "sorenson_sports_svq3.mov": Fraction(30),
}
REFUSED = (
    *("zero_bytes.mp4", "one_byte.mp4", "text_named.mp4", "html_error_page.mp4", "random_bytes.mp4", "zip_named.mkv"),
    *("jpeg_named.mp4", "audio_only.mp4", "audio_with_cover.mp3", "subtitles_only.mkv", "init_only_no_frames.mp4"),
    *("only_ftyp.mp4", "no_moov_truncated.mp4", "bomb_8192.mp4", "playlist_named.mp4", "playlist_http.m3u8"),
    *("playlist_passwd.avi", "concat_named.mp4", "sdp_named.mp4", "manifest_named.mp4", "huge_claim.gif"),
    "huge_claim.y4m",
)
INDEXED = (
    *("base.mp4", "rotated_90.mp4", "rotated_180.mp4", "rotated_270.mp4", "anamorphic.mp4", "odd_size.mp4"),
    *("tiny_16x16.mp4", "wide_2048x32.mp4", "timecode_10h.mov", "timecode_dropframe.mov", "mxf_timecode.mxf"),
    *("start_1h.ts", "pts_wrap.ts", "live_no_duration.webm", "video_starts_late.mp4", "garbage_tail.mp4"),
    *("two_files_joined.mp4", "cover_is_stream_0.mp4", "one_frame.mp4", "two_frames.mp4", "fps_240.mp4", "ten_bit.mp4"),
    *("interlaced_tff.mpg", "prores.mov", "old.wmv", "vfr.mkv", "vfr_long_gap.mp4", "two_seconds_a_frame.mp4"),
    *("hdr_pq.mp4", "telecine.mp4", "time_jump.ts", "size_changes.ts", "animation.gif"),
)
DAMAGED = ("truncated_faststart.mp4", "bit_flips.mp4", "hole_zeroed.mp4", "lost_packets.ts", "truncated_mid_packet.ts")

Times = list[tuple[int, int]]


@pytest.fixture(scope="session")
def footage(bench: Path) -> Path:
    return bench / "footage"


@lru_cache
def labels(folder: Path) -> dict[str, Any]:
    clips: dict[str, Any] = json.loads((folder / "labels.json").read_text())["clips"]
    return clips


@lru_cache
def expected(folder: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((folder / "odd" / "expected.json").read_text())
    return facts


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

    def test_frames_at_are_those_of_reading_in_order(self, footage: Path, name: str) -> None:
        path = footage / name
        index = probe(path).stream_index
        times = all_times(path)
        end = min(times[-1][0], 20_000_000)
        wanted = sorted(random.Random(name).randrange(end) for _ in range(6))
        places = [bisect_right([t_us for t_us, _ in times], t_us) - 1 for t_us in wanted]
        reached = list(frames_at(path, wanted, longest_side=160, stream_index=index))
        assert [(frame.t_us, frame.duration_us) for frame in reached] == [times[place] for place in places]
        step_by_step = [t_us for t_us, _ in times[: places[-1] + 1]]  # so close together that nothing is skipped
        in_order = {f.t_us: f.pixels for f in frames_at(path, step_by_step, longest_side=160, stream_index=index)}
        assert all(np.array_equal(frame.pixels, in_order[frame.t_us]) for frame in reached)

    def test_late_frames_are_found_too(self, footage: Path, name: str) -> None:
        path = footage / name
        times = all_times(path)
        wanted = [times[-1][0] // 2, times[-1][0] + 10**9]
        middle, last = frames_at(path, wanted, longest_side=32, stream_index=probe(path).stream_index)
        assert middle.t_us <= wanted[0] < middle.t_us + middle.duration_us
        assert (last.t_us, last.duration_us) == times[-1]

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
    assert (sports.title, sports.recorded_at) == ("Vertical Online SV3 Demo", "2001-03-20T16:17:18.000000Z")


def shape(info: MediaInfo) -> tuple[int, int]:
    return info.width, info.height


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_its_reason(footage: Path, name: str) -> None:
    with pytest.raises(MediaRefused) as caught:
        probe(footage / "odd" / name)
    reasons = expected(footage)[name]["reason"]
    assert caught.value.reason in (reasons if isinstance(reasons, list) else [reasons])


@pytest.mark.parametrize("name", INDEXED)
def test_odd_but_sound(footage: Path, name: str) -> None:
    path, facts = footage / "odd" / name, expected(footage)[name]
    info, times = probe(path), all_times(path)
    assert times[0][0] == 0
    if "frames" in facts:
        assert len(times) == facts["frames"]
    if "size" in facts:
        assert [info.width, info.height] == facts["size"]
    if "rotation" in facts:  # stated counter-clockwise there
        assert info.rotation == -facts["rotation"] % 360
    if "timecode" in facts:
        assert info.start_timecode is not None
        assert info.start_timecode.text == facts["timecode"]
    if "duration_s" in facts:
        assert abs(sum(times[-1]) - facts["duration_s"] * 1e6) <= 1
    for cut in facts.get("cuts_s", []):
        nearest = min(abs(t_us - cut * 1e6) for t_us, _ in times)
        assert nearest <= facts.get("tolerance_s", 2 / 24) * 1e6


def test_variable_rates_have_none(footage: Path) -> None:
    assert [probe(footage / "odd" / name).rate for name in ("vfr.mkv", "vfr_long_gap.mp4")] == [None, None]


def test_a_jump_of_an_hour_is_closed_up_and_told(footage: Path) -> None:
    notes = DecodeNotes()
    frames = list(read_frames(footage / "odd" / "time_jump.ts", size=(8, 8), stream_index=0, notes=notes))
    assert len(frames) == 192
    assert frames[-1].t_us < 9_000_000
    assert notes.jumps == 1


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_read_past_and_told(footage: Path, name: str) -> None:
    notes = DecodeNotes()
    frames = list(read_frames(footage / "odd" / name, size=(8, 8), stream_index=0, notes=notes))
    assert len(frames) > 40
    assert notes.warnings


@pytest.mark.parametrize("turned", ["rotated_90.mp4", "rotated_180.mp4", "rotated_270.mp4"])
def test_rotation_is_applied(footage: Path, turned: str) -> None:
    """The turn that expected.json states, counter-clockwise, of the very picture of the file that is not rotated."""
    (stored,) = frames_at(footage / "odd" / "base.mp4", [0], longest_side=320, stream_index=0)
    (upright,) = frames_at(footage / "odd" / turned, [0], longest_side=320, stream_index=0)
    turns = expected(footage)[turned]["rotation"] // 90
    assert np.array_equal(upright.pixels, np.rot90(stored.pixels, turns))
    wide = next(read_frames(footage / "odd" / turned, size=(64, 36), stream_index=0))
    assert wide.pixels.shape == (36, 64, 3)


def test_every_awkward_name(footage: Path, tmp_path: Path) -> None:
    names = json.loads((footage / "odd" / "odd_names.json").read_text())
    for name in [*map(os.fsencode, names["names"]), b"not \xff\xfe utf-8.mp4"]:
        path = tmp_path / os.fsdecode(name)
        shutil.copy(footage / "odd" / names["source"], path)
        path.chmod(0o644)
        (count,) = run_sandboxed(count_frames, path, returns=int)
        assert count == 24


def count_frames(path: Path) -> Any:
    yield sum(1 for _ in read_frames(path, size=(8, 8), stream_index=0))


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
