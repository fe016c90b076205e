"""`shotlist evaluate shots`: the table, the lines, and clips that are not there."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.cli import shotlist
from indexer.errors import ComponentError, UsageError
from tests.fakes.drawn_clips import draw_clip

PAGE = Path(__file__).resolve().parents[3] / "docs" / "json.md"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(shotlist, ["evaluate", "shots", *map(str, arguments)], standalone_mode=False)


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Two films with a cut each, one of which is labelled as what is none; and one that is not there."""
    draw_clip(tmp_path / "a.mp4", seed=1, shots=(75, 75))
    draw_clip(tmp_path / "b.mp4", seed=2, shots=(50, 50))
    a = {"frame_period_us": 40_000, "cuts": [{"time_us": 3_000_000, "kind": "cut"}]}
    wipe = {"first_us": 3_000_000, "end_us": 3_400_000, "kind": "wipe"}
    pan = {"first_us": 0, "end_us": 4_000_000, "kind": "pan"}
    b = {"frame_period_us": 40_000, "cuts": [], "gradual": [wipe], "distractors": [pan]}
    path = tmp_path / "labels.json"
    path.write_text(json.dumps({"clips": {"a.mp4": a, "gone.mp4": a, "b.mp4": b}}))
    return path


def test_for_programs(labels: Path) -> None:
    result = run(labels, "--detector", "standard", "--json")
    assert result.return_value == 1  # one is missing
    (line,) = [json.loads(text) for text in result.stdout.splitlines()]
    assert (line["v"], line["detector"], line["clips"], line["missing"]) == (1, "standard", 2, ["gone.mp4"])
    assert (line["found"], line["total"], line["false_alarms"], line["f1"]) == (1, 2, 1, 0.5)
    assert line["hard"] == {"found": 1, "total": 1, "f1": 0.6667}
    assert line["gradual"] == {"found": 0, "total": 1, "f1": 0.0}
    assert line["by_kind"] == {"cut": {"found": 1, "total": 1}, "wipe": {"found": 0, "total": 1}}
    assert line["false_alarms_on"] == {"pan": 1}
    assert (line["f1_low"], line["f1_high"]) == (0.0, 1.0)
    assert line["cpu_s"] > 0
    assert line["cpu_ratio"] == pytest.approx(line["cpu_s"] / line["decode_s"], rel=0.05)


def test_for_people_all_detectors_in_a_narrow_terminal(labels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    result = run(labels)
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["detector", "F1", "95", "%", "hard", "gradual", "CPU"]
    assert [line.split()[0] for line in lines[1:3]] == ["standard", "fixed"]
    assert lines[1].split()[1:5] == ["0.500", "0.000-1.000", "0.667", "0.000"]
    assert "  found 1 of 2: cut 1/1, wipe 0/1" in lines
    assert "  1 false alarms: pan 1" in lines
    assert max(map(len, lines)) <= 60
    assert "gone.mp4 is not in" in result.stderr
    assert "standard 2/2 b.mp4: 0 of 1 found, 1 false alarms" in result.stderr


def test_footage_elsewhere_and_a_clip_that_cannot_be_read(labels: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(tmp_path / "a.mp4", other)
    (other / "gone.mp4").write_text("no film")
    result = run(labels, "--footage", other, "--detector", "standard", "--json")
    assert json.loads(result.stdout)["missing"] == ["gone.mp4", "b.mp4"]
    assert "gone.mp4: " in result.stderr
    assert "[not_media]" in result.stderr
    (tmp_path / "none").mkdir()
    assert "--footage" in str(refusal(run(labels, "--footage", tmp_path / "none")))


def test_all_there_ends_well(labels: Path, tmp_path: Path) -> None:
    shutil.copy(tmp_path / "a.mp4", tmp_path / "gone.mp4")
    assert run(labels, "--detector", "fixed", "--json").return_value == 0


def test_what_cannot_be_understood(labels: Path, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    assert isinstance(run(tmp_path / "a.json").exception, UsageError)
    assert isinstance(run(labels, "--detector", "psychic").exception, ComponentError)


def test_every_field_is_documented(labels: Path) -> None:
    section = PAGE.read_text().split("## A detector, compared")[1].split("\n## ")[0]
    line = json.loads(run(labels, "--detector", "fixed", "--json").stdout)
    assert [name for name in line if name != "v" and f"`{name}`" not in section] == []


def refusal(result: Result) -> UsageError:
    assert isinstance(result.exception, UsageError)
    return result.exception
