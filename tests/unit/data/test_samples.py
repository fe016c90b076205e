"""The committed sample footage is what its truth.json says, and the program can draw more of it."""

import hashlib
import json
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner

from data.drawing.__main__ import main
from data.drawing.encode import stored_times
from data.drawing.sample_library import sample_library
from data.drawing.truth import FilmTruth

SAMPLES = Path(__file__).resolve().parents[3] / "data" / "samples"
TRUTHS: dict[str, FilmTruth] = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))["videos"]
every_sample = pytest.mark.parametrize("file", sorted(TRUTHS))


@cache
def _decoded(file: str) -> tuple[tuple[int, ...], int, np.ndarray]:
    """Times of all frames and of the end as decoding gives them, the rotation, and small grey pictures."""
    times, small, rotation = [], [], 0
    with av.open(str(SAMPLES / file)) as container:
        stream = container.streams.video[0]
        base = stream.time_base
        assert base is not None
        for frame in container.decode(stream):
            assert frame.pts is not None
            times.append(frame.pts)
            end, rotation = frame.pts + frame.duration, frame.rotation
            small.append(
                frame.reformat(width=64, height=36, format="gray", interpolation="AREA").to_ndarray().astype(np.int16)
            )
    microseconds = tuple(int((pts - times[0]) * base * 1_000_000 + Fraction(1, 2)) for pts in (*times, end))
    return microseconds, -rotation % 360, np.stack(small)


def test_the_library_is_complete_and_small() -> None:
    assert set(TRUTHS) == {sample.file for sample in sample_library()}
    assert {path.name for path in SAMPLES.iterdir()} == {*TRUTHS, "truth.json"}
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) < 6_000_000


@every_sample
def test_frames_length_and_rotation_are_as_told(file: str) -> None:
    truth, (times, rotation, _) = TRUTHS[file], _decoded(file)
    assert len(times) - 1 == truth["frames"]
    assert times[-1] == truth["duration_us"]
    assert rotation == truth["rotation"]
    assert times == stored_times(SAMPLES / file)


@every_sample
def test_title_timecode_rate_date_and_sound_are_as_told(file: str) -> None:
    truth = TRUTHS[file]
    with av.open(str(SAMPLES / file)) as container:
        stream = container.streams.video[0]
        assert container.metadata["title"] == truth["title"]
        assert stream.metadata.get("timecode") == truth["start_timecode"]
        assert bool(container.streams.audio) == truth["has_sound"]
        assert container.metadata.get("creation_time", "")[:19] == (truth["recorded_at"] or "")[:19]
        rate = stream.average_rate
    steps = np.diff(_decoded(file)[0])
    if truth["rate"] is None:
        assert steps.max() > 1.5 * steps.min()
    else:
        assert rate == Fraction(truth["rate"])
        assert np.ptp(steps) <= 1001  # Matroska rounds to milliseconds


@every_sample
def test_every_time_is_that_of_a_real_frame_and_shots_tile_the_film(file: str) -> None:
    truth, times = TRUTHS[file], set(_decoded(file)[0])
    shots = truth["shots"]
    assert [shots[0]["start_us"], *(shot["end_us"] for shot in shots)] == [
        *(shot["start_us"] for shot in shots),
        truth["duration_us"],
    ]
    spans = [*truth["cuts"], *shots, *(action for shot in shots for action in shot["actions"])]
    assert all(span["start_us"] in times and span["end_us"] in times for span in spans)
    assert all(3_000_000 <= shot["end_us"] - shot["start_us"] <= 9_000_000 for shot in shots)
    for cut, shot in zip(truth["cuts"], shots[1:], strict=True):
        assert cut["start_us"] <= shot["start_us"] <= cut["end_us"]
        assert (cut["start_us"] == cut["end_us"]) == (cut["kind"] == "cut")


@every_sample
def test_the_picture_changes_most_where_a_hard_cut_is_told(file: str) -> None:
    times, _, small = _decoded(file)
    changes = np.abs(np.diff(small, axis=0)).mean(axis=(1, 2))
    cuts = [times.index(cut["start_us"]) for cut in TRUTHS[file]["cuts"] if cut["kind"] == "cut"]
    if cuts:
        assert set(np.argsort(changes)[-len(cuts) :] + 1) == set(cuts)


@every_sample
def test_the_file_shows_what_the_program_draws(file: str) -> None:
    sample = next(sample for sample in sample_library() if sample.file == file)
    _, rotation, small = _decoded(file)
    for frame in (0, sample.film.frames // 2):
        drawn = np.rot90(sample.film.picture(frame), rotation // 90) @ (0.299, 0.587, 0.114)
        blocks = drawn.reshape(36, 10, 64, 10).mean(axis=(1, 3))
        assert np.corrcoef(blocks.ravel(), small[frame].ravel())[0, 1] > 0.97


def test_kinds_rates_and_moves_are_as_various_as_the_tests_of_other_rooms_need() -> None:
    rates = {truth["rate"] for truth in TRUTHS.values()}
    cameras = [shot["camera"] for truth in TRUTHS.values() for shot in truth["shots"]]
    assert {"24000/1001", "25", "30000/1001", "60000/1001", None} <= rates
    assert {"static", "pan left", "pan right", "zoom in", "zoom out", "tilt up", "tilt down"} <= set(cameras)
    assert {cut["kind"] for truth in TRUTHS.values() for cut in truth["cuts"]} == {"cut", "dissolve", "fade"}
    assert TRUTHS["central-station.mov"]["start_timecode"] == "01:00:00;00"


def test_variations_are_written_with_their_truth(tmp_path: Path) -> None:
    ran = CliRunner().invoke(main, [str(tmp_path), "--variations", "2", "--seed", "7"])
    assert ran.exit_code == 0, ran.output
    truths: dict[str, FilmTruth] = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["videos"]
    assert sorted(truths) == ["00000-harbour.mp4", "00001-sail.mp4"]
    for file, truth in truths.items():
        assert len(stored_times(tmp_path / file)) - 1 == truth["frames"]
        assert len(truth["shots"]) == 1
        assert truth["shots"][0]["description"]


def test_drawn_frames_of_the_library_are_the_same_each_time() -> None:
    digests = [
        [hashlib.sha256(sample.film.picture(40).tobytes()).hexdigest() for sample in sample_library()] for _ in range(2)
    ]
    assert digests[0] == digests[1]
    assert len(set(digests[0])) == len(digests[0])
