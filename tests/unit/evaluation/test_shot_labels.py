"""Reading labels: what stands in the file, and what is said of one that is none."""

import json
from pathlib import Path

import pytest

from indexer.errors import UsageError
from indexer.evaluation import Edit, LabelledClip, Stretch, read_shot_labels


def written(folder: Path, text: str) -> Path:
    path = folder / "labels.json"
    path.write_text(text)
    return path


def test_edits_hard_ones_first_and_what_is_none(tmp_path: Path) -> None:
    clip = {
        "frames": 100,
        "frame_period_us": 40_000,
        "cuts": [{"frame": 10, "time_us": 400_000, "kind": "cut_same"}, {"frame": 50, "time_us": 2_000_000}],
        "gradual": [{"kind": "fade_black", "first_frame": 20, "first_us": 800_000, "end_us": 1_200_000}],
        "ignore": [{"first_us": 0, "end_us": 40_000}],
        "distractors": [{"kind": "flash", "first_us": 3_000_000, "end_us": 3_040_000}],
    }
    path = written(tmp_path, json.dumps({"clips": {"b.mp4": clip, "a.mp4": {"frame_period_us": 1, "cuts": []}}}))
    edits = (Edit(400_000, 400_000, "cut_same"), Edit(2_000_000, 2_000_000, "cut"))
    fade = Edit(800_000, 1_200_000, "fade_black")
    ignored, flash = Stretch(0, 40_000), Stretch(3_000_000, 3_040_000, "flash")
    assert read_shot_labels(path) == (
        LabelledClip("b.mp4", 40_000, (*edits, fade), (ignored,), (flash,)),
        LabelledClip("a.mp4", 1, ()),
    )
    assert [edit.hard for edit in (*edits, fade)] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no JSON", "malformed"),
        ("[]", "Expected `object`"),
        ('{"clips": {"a.mp4": {"cuts": []}}}', "frame_period_us"),
        ('{"clips": {"a.mp4": {"frame_period_us": 0, "cuts": []}}}', "frame_period_us"),
        ('{"clips": {"a.mp4": {"frame_period_us": 1, "cuts": [{"time_us": "1"}]}}}', "cuts"),
        (
            '{"clips": {"a.mp4": {"frame_period_us": 1, "cuts": [], "ignore": [{"first_us": 2, "end_us": 1}]}}}',
            "forward",
        ),
    ],
)
def test_what_is_no_file_of_labels_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as raised:
        read_shot_labels(written(tmp_path, text))
    assert "docs/json.md" in str(raised.value)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    path.write_bytes(b'{"clips": {"caf\xe9.mp4": {}}}')
    with pytest.raises(UsageError, match=r"labels\.json is not a file of shot labels"):
        read_shot_labels(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_shot_labels(tmp_path / "nothing.json")
