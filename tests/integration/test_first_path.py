"""The first whole path, as a user walks it: add a folder, search, look, move files, remove."""

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from tests.integration.command_line import run

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
TRUTH = json.loads((SAMPLES / "truth.json").read_text())["videos"]
TWO = sorted(TRUTH)[:2]


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("footage")
    for name in TRUTH:
        shutil.copy(SAMPLES / name, folder / name)
    (folder / "broken.mp4").write_bytes((SAMPLES / TWO[0]).read_bytes()[:3000])
    (folder / "notes.txt").write_text("not footage")
    return folder


@pytest.fixture(scope="module")
def library(footage: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of all samples and one damaged file, as `shotlist add` made it."""
    folder = tmp_path_factory.mktemp("library") / "library"
    ended = run("add", footage, "--report", folder.parent / "report.json", library=folder)
    assert ended.code == 0, ended.err
    return folder


def test_the_report_tells_of_every_file(library: Path) -> None:
    report = json.loads((library.parent / "report.json").read_text())
    states = {Path(file["path"]).name: file["state"] for file in report["files"]}
    assert states == dict.fromkeys(TRUTH, "indexed") | {"broken.mp4": "refused"}
    broken = next(file for file in report["files"] if file["path"].endswith("broken.mp4"))
    assert broken["reason"] == "damaged"
    assert broken["message"]
    assert report["ignored"] == 1
    assert report["captioner"].startswith("measured/")


def test_segments_tile_each_video_exactly(library: Path) -> None:
    for video in run("videos", "--json", library=library).lines:
        truth = TRUTH[Path(video["paths"][0]).name]
        assert video["duration_us"] == truth["duration_us"]
        assert video["state"] == "indexed"
        segments = run("segments", video["video"], "--json", library=library).lines
        assert segments[0]["start_us"] == 0
        assert segments[-1]["end_us"] == truth["duration_us"]
        assert all(a["end_us"] == b["start_us"] for a, b in pairwise(segments))
        assert all(Path(segment["keyframes"][0]["path"]).stat().st_size > 500 for segment in segments)
        assert all(segment["captions"][0]["recipe"].startswith("measured/") for segment in segments)


def test_hard_cuts_of_the_samples_are_found_to_the_frame(library: Path) -> None:
    found = wanted = 0
    for video in run("videos", "--json", library=library).lines:
        truth = TRUTH[Path(video["paths"][0]).name]
        bounds = {segment["start_us"] for segment in run("segments", video["video"], "--json", library=library).lines}
        hard = [cut["start_us"] for cut in truth["cuts"] if cut["kind"] == "cut"]
        wanted += len(hard)
        found += sum(cut in bounds for cut in hard)
    assert wanted
    assert found == wanted


def test_a_title_finds_its_video_first(library: Path) -> None:
    for name, truth in TRUTH.items():
        for query in (truth["title"], name):
            first = run("search", query, "--json", library=library).lines[0]
            assert Path(first["path"]).name == name
            assert any(one["signal"] == "name" for one in first["evidence"])


def test_search_gives_hits_and_a_summary(library: Path) -> None:
    *hits, last = run("search", "filmed at night", "--limit", 3, "--json", library=library).lines
    assert len(hits) == 3
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert all(hit["v"] == 1 and hit["timecode"] and hit["evidence"] for hit in hits)
    assert last["summary"]["nothing"] is False


def test_what_is_nowhere_is_said(library: Path) -> None:
    ended = run("search", "BT-9999", "--json", library=library)
    summary = ended.lines[-1]["summary"]
    assert summary["nothing"] is True
    assert summary["unknown_words"] == ["BT-9999"]
    assert "Nothing in this library" in run("search", "BT-9999", library=library).err


def test_filters_hold(library: Path) -> None:
    videos = run("videos", "--json", library=library).lines
    one = videos[0]["video"]
    hits = run("search", "camera", "--video", one, "--json", library=library).lines[:-1]
    assert hits
    assert {hit["video"] for hit in hits} == {one}
    long = run("search", "camera", "--longer", 5, "--limit", 50, "--json", library=library).lines[:-1]
    assert long
    assert all(hit["end_us"] - hit["start_us"] >= 5_000_000 for hit in long)
    facet = run("segments", one, "--json", library=library).lines[0]["facets"]
    name, value = next((name, values[0]) for name, values in facet.items() if values)
    for hit in run("search", "camera", "--facet", f"{name}={value}", "--json", library=library).lines[:-1]:
        details = run("segments", hit["video"], "--json", library=library).lines
        assert value in next(d for d in details if d["segment"] == hit["segment"])["facets"][name]


@pytest.mark.parametrize("option", ["--after", "--before"])
def test_dates_filter_and_what_is_no_date_is_told(library: Path, option: str) -> None:
    dated = {name: truth["recorded_at"][:4] for name, truth in TRUTH.items() if truth["recorded_at"]}
    year = sorted(dated.values())[1]
    hits = run("search", "camera", option, year, "--limit", 100, "--json", library=library).lines[:-1]
    kept = {name for name, of in dated.items() if (of >= year if option == "--after" else of <= year)}
    assert {Path(hit["path"]).name for hit in hits} == kept
    for text in ("yesterday", "12.4.1987", "1987-13", "1987-02-30", "1987-4"):
        refused = run("search", "camera", option, text, library=library)
        assert refused.code == 1
        assert text in refused.err


def test_a_video_that_is_not_there_is_told(library: Path) -> None:
    refused = run("search", "camera", "--video", "nothing", library=library)
    assert refused.code == 1
    assert "nothing" in refused.err


def test_adding_again_does_nothing_twice(library: Path, footage: Path, tmp_path: Path) -> None:
    before = run("status", "--json", library=library).lines[0]
    report = tmp_path / "again.json"
    assert run("add", footage, "--report", report, library=library).code == 0
    states = [file["state"] for file in json.loads(report.read_text())["files"]]
    assert sorted(states) == ["refused"] + ["skipped"] * len(TRUTH)
    after = run("status", "--json", library=library).lines[0]
    assert {**after, "work": None} == {**before, "work": None}


def test_moved_copied_and_missing_files(footage: Path, tmp_path: Path) -> None:
    library, folder, elsewhere = tmp_path / "library", tmp_path / "tapes", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    shutil.copy(footage / TWO[0], folder / "a.mp4")
    run("add", folder, library=library)
    video = run("videos", "--json", library=library).lines[0]["video"]

    shutil.copy(folder / "a.mp4", folder / "copy.mp4")
    run("add", folder, library=library)
    (both,) = run("videos", "--json", library=library).lines
    assert both["video"] == video
    assert len(both["paths"]) == 2

    (folder / "copy.mp4").unlink()
    (folder / "a.mp4").rename(elsewhere / "moved.mp4")
    run("add", elsewhere, library=library)
    moved = run("videos", "--json", library=library).lines[0]
    assert moved["video"] == video
    assert str(elsewhere / "moved.mp4") in moved["paths"]

    (elsewhere / "moved.mp4").unlink()
    assert run("videos", "--json", library=library).lines[0]["state"] == "offline", "noticed at once"
    assert "offline" in run("add", elsewhere, library=library).err
    assert run("videos", "--json", library=library).lines[0]["state"] == "offline"
    hit = run("search", TRUTH[TWO[0]]["title"], "--json", library=library).lines[0]
    assert hit["video"] == video
    assert hit["path"] is None


def test_remove_asks_once_and_leaves_the_file(footage: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    run("add", footage / TWO[0], library=library)
    video = run("videos", "--json", library=library).lines[0]["video"]
    assert run("remove", video, library=library, answer="n\n").code != 0
    assert len(run("videos", "--json", library=library).lines) == 1
    ended = run("remove", video, library=library, answer="y\n")
    assert ended.code == 0
    assert "will be lost" in ended.err
    assert run("videos", "--json", library=library).lines == []
    assert run("search", TRUTH[TWO[0]]["title"], "--json", library=library).lines[-1]["summary"]["nothing"]
    assert not (library / "keyframes" / video).exists()
    assert (footage / TWO[0]).exists()


def test_mistakes_are_told(tmp_path: Path) -> None:
    empty = run("search", "boat", library=tmp_path / "none")
    assert empty.code == 1
    assert "shotlist add" in empty.err
    missing = run("add", tmp_path / "nothing-here", library=tmp_path / "library")
    assert missing.code == 1
    assert "nothing-here" in missing.err
