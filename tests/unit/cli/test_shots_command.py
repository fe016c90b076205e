"""`shotlist shots`: for people, for programs, and for files that are refused."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.cli import shotlist
from indexer.errors import ComponentError
from tests.fakes.drawn_clips import draw_clip

PAGE = Path(__file__).resolve().parents[3] / "docs" / "json.md"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(shotlist, ["shots", *map(str, arguments)], standalone_mode=False)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Two shots of three seconds, at 25 frames a second."""
    return draw_clip(tmp_path / "a.mp4", seed=1, shots=(75, 75))


def test_for_programs_one_line_and_nothing_else(film: Path) -> None:
    result = run(film, "--json")
    assert (result.return_value, result.stderr) == (0, "")
    (text,) = result.stdout.splitlines()
    line = json.loads(text)
    assert list(line) == ["v", "cuts", "segments"]
    (cut,) = line["cuts"]
    assert (cut["at_us"], cut["end_us"], cut["kind"]) == (3_000_000, 3_000_000, "cut")
    assert 0 < cut["score"] <= 1
    assert [(one["start_us"], one["end_us"]) for one in line["segments"]] == [(0, 3_000_000), (3_000_000, 6_000_000)]
    for segment in line["segments"]:
        assert 1 <= len(segment["keyframes_us"]) <= 3
        assert all(segment["start_us"] <= t_us < segment["end_us"] for t_us in segment["keyframes_us"])


def test_for_people_in_timecode(film: Path) -> None:
    lines = [line.split() for line in run(film).stdout.splitlines()]
    assert lines[:2] == [["cut", "kind", "length", "score"], ["00:00:03:00", "cut", lines[1][2]]]
    assert lines[3] == ["in", "out", "keyframes"]
    assert [line[:2] for line in lines[4:6]] == [["00:00:00:00", "00:00:03:00"], ["00:00:03:00", "00:00:06:00"]]


def test_it_fits_a_narrow_terminal(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = run(film).stdout.splitlines()
    assert max(map(len, lines)) <= 40
    assert "00:00:03:00  00:00:06:00" in "\n".join(lines)


def test_another_detector(tmp_path: Path) -> None:
    film = draw_clip(tmp_path / "a.mp4", seed=2, shots=(300,))
    assert json.loads(run(film, "--json").stdout)["cuts"] == []
    cuts = json.loads(run(film, "--json", "--detector", "fixed").stdout)["cuts"]
    assert [cut["at_us"] for cut in cuts] == [10_000_000]


def test_a_detector_there_is_not(film: Path) -> None:
    error = run(film, "--detector", "psychic").exception
    assert isinstance(error, ComponentError)
    assert "'psychic'" in str(error)


def test_a_refused_file(tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    result = run(empty)
    assert (result.return_value, result.stdout) == (1, "")
    assert "refused" in result.stderr
    assert "[empty]" in result.stderr
    line = json.loads(run(empty, "--json").stdout)
    assert (line["state"], line["reason"], line["path"]) == ("refused", "empty", str(empty))


def test_damage_is_told(film: Path, tmp_path: Path) -> None:
    whole = film.read_bytes()
    broken = tmp_path / "broken.mp4"
    middle = len(whole) // 2
    broken.write_bytes(whole[:middle] + bytes(600) + whole[middle + 600 :])
    result = run(broken, "--json")
    assert result.return_value == 0
    assert "warning: " in result.stderr
    assert json.loads(result.stdout)["segments"]


def test_every_field_is_documented(film: Path) -> None:
    section = PAGE.read_text().split("## Shots")[1].split("\n## ")[0]
    line = json.loads(run(film, "--json").stdout)
    fields = {*line, *line["cuts"][0], *line["segments"][0]}
    assert [name for name in fields if f'"{name}"' not in section] == []
