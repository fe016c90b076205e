"""`shotlist probe`: for people, for programs, and for files that are refused."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.cli import shotlist
from indexer.media.sandbox.limits import limits_in_force, use_limits
from tests.fakes.numbered_footage import run_ffmpeg


def probed(*arguments: object) -> Result:
    return CliRunner().invoke(shotlist, ["probe", *map(str, arguments)], standalone_mode=False)


def made(path: Path) -> Path:
    source = ("-f", "lavfi", "-i", "testsrc2=s=64x48:r=30000/1001:d=0.4", "-f", "lavfi", "-i", "sine=d=0.4")
    tags = ("-timecode", "10:00:00;05", "-metadata", "title=At dusk", "-metadata:s:v", "reel_name=A001")
    run_ffmpeg(*source, "-c:v", "libx264", "-vf", "setsar=4/3", *tags, path)
    return path


def test_for_people(tmp_path: Path) -> None:
    path = made(tmp_path / "a.mov")
    result = probed(path)
    assert result.return_value == 0
    lines = result.stdout.splitlines()
    assert lines[0] == str(path)
    facts = dict(line.strip().split(maxsplit=1) for line in lines[1:])
    assert facts["container"] == "mov"
    assert facts["video"] == "stream 0, the only one"
    assert facts["pictures"] == "85x48, pixels 4:3, h264, yuv420p"
    assert facts["rate"] == "29.97 frames a second"
    assert facts["sound"] == "stream 1, the only one: aac"
    assert facts["timecode"] == "10:00:00;05 (drop-frame, from its tmcd track)"
    assert (facts["reel"], facts["title"]) == ("A001", "At dusk")
    assert facts["beside"].startswith("stream 2: data, timecode 10:00:00;05")


@pytest.mark.parametrize(
    ("pixels", "told", "bits"),
    [("yuv420p10le", "yuv420p10le (10 bit)", 10), ("rgb48le", "rgb48le (16 bit)", 16), ("yuv422p", "yuv422p", 8)],
)
def test_the_bits_are_those_of_the_picture(tmp_path: Path, pixels: str, told: str, bits: int) -> None:
    path = tmp_path / "a.nut"
    source = ("-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=0.2")
    run_ffmpeg(*source, "-c:v", "rawvideo", "-pix_fmt", pixels, path)
    assert f"rawvideo, {told}\n" in probed(path).stdout
    assert json.loads(probed(path, "--json").stdout)["bits"] == bits


def test_for_programs(tmp_path: Path) -> None:
    path = made(tmp_path / os.fsdecode(b"caf\xe9.mov"))
    result = probed(path, "--json")
    (line,) = [json.loads(one) for one in result.stdout.splitlines()]
    assert (line["v"], line["state"], line["path_bytes"] != "") == (1, "readable", True)
    assert (line["stream"], line["audio_stream"], line["width"], line["height"]) == (0, 1, 85, 48)
    assert (line["pixel_shape"], line["rate"], line["hdr"], line["interlaced"]) == ("4/3", "30000/1001", False, False)
    assert (line["start_timecode"], line["drop_frame"], line["timecode_source"]) == ("10:00:00;05", True, "tmcd track")
    assert [one["kind"] for one in line["streams"]] == ["video", "audio", "data"]


def test_a_refused_file_ends_nothing(tmp_path: Path) -> None:
    empty, film = tmp_path / "empty.mp4", made(tmp_path / "a.mov")
    empty.touch()
    result = probed(empty, film)
    assert result.return_value == 1
    assert "[empty]" in result.stdout
    assert str(film) in result.stdout
    lines = [json.loads(one) for one in probed(empty, film, "--json").stdout.splitlines()]
    assert [(one["state"], one["reason"]) for one in lines] == [("refused", "empty"), ("readable", None)]
    assert lines[0]["message"]


def test_the_pixel_limit_is_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOTLIST_MAX_PIXELS", "1000")
    before = limits_in_force()
    try:
        assert "[too_large]" in probed(made(tmp_path / "a.mov")).stdout
    finally:
        use_limits(before)


def test_names_give_no_orders_to_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "red\x1b[31m.mp4"
    path.touch()
    assert "\x1b" not in probed(path).stdout


def test_every_field_is_documented(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "json.md").read_text()
    section = page.split("## A file")[1].split("\n## ")[0]
    (line,) = [json.loads(one) for one in probed(made(tmp_path / "a.mov"), "--json").stdout.splitlines()]
    assert [name for name in line if name != "v" and f"`{name}`" not in section] == []
