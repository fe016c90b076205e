"""The whole table of odd files, with the awkward names: what must happen to each, in one `shotlist add` over all."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from indexer.domain import MediaInfo, VideoId
from indexer.library_folder import LibraryFolder
from indexer.media import probe
from indexer.store import open_database, segments
from tests.integration.bench_footage import ODD_EITHER, ODD_INDEXED, ODD_NAMED, ODD_REFUSED, all_times
from tests.integration.command_line import run

pytestmark = pytest.mark.footage

TWO_FRAMES_S = 2 / 24
FREE_BOX = b"\0\0\0\x0cfree"  # and four bytes: what MP4 readers pass over


@dataclass(frozen=True, slots=True)
class Table:
    folder: Path
    expected: dict[str, Any]
    reports: dict[str, dict[str, Any]]
    library: Path

    def path(self, name: str) -> Path:
        return self.folder / name


@pytest.fixture(scope="module")
def table(bench: Path, tmp_path_factory: pytest.TempPathFactory) -> Table:
    folder, out = tmp_path_factory.mktemp("odd") / "odd", tmp_path_factory.mktemp("library")
    script = bench / "footage" / "odd_with_names.py"
    subprocess.run([sys.executable, script, folder], check=True)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    for number, name in enumerate([*ODD_NAMED, "plain_name.mp4"]):  # alike to the byte, they would be copies
        with (folder / name).open("ab") as file:
            file.write(FREE_BOX + number.to_bytes(4, "big"))
    ended = run("add", folder, "--report", out / "report.json", library=out / "library")
    assert ended.code == 0, ended.err
    files = json.loads((out / "report.json").read_text())["files"]
    reports = {str(Path(file["path"]).relative_to(folder)): file for file in files}
    return Table(folder, json.loads((folder / "expected.json").read_text()), reports, out / "library")


def test_every_file_of_the_table_is_in_the_report_and_tested_here(table: Table) -> None:
    assert set(table.expected) == {*ODD_REFUSED, *ODD_EITHER, *ODD_INDEXED, *ODD_NAMED}
    assert set(table.reports) == set(table.expected)
    assert len(table.expected) == 77


@pytest.mark.parametrize("name", [*ODD_REFUSED, *ODD_EITHER, *ODD_INDEXED, *ODD_NAMED])
def test_the_outcome(table: Table, name: str) -> None:
    report, wanted = table.reports[name], table.expected[name]
    refused = report["state"] == "refused"
    assert report["state"] in ("indexed", "refused"), report
    if wanted["outcome"] != "either":
        assert refused == (wanted["outcome"] == "refused"), report
    if refused and "reason" in wanted:
        reasons = wanted["reason"] if isinstance(wanted["reason"], list) else [wanted["reason"]]
        assert report["reason"] in reasons
    if refused:
        assert len(report["message"]) > 20, "a refusal says what to do"
    elif wanted.get("warnings"):
        assert report["warnings"], "something was wrong, and it must be said"


@pytest.mark.parametrize("name", [*ODD_INDEXED, *ODD_NAMED])
def test_the_facts(table: Table, name: str) -> None:
    wanted, path = table.expected[name], table.path(name)
    info = probe(path)
    times, _ = all_times(path, info.stream_index)
    assert table.reports[name]["duration_us"] == sum(times[-1]), "the decode tells the duration, not the header"
    if "frames" in wanted:
        assert len(times) == wanted["frames"]
    if "duration_s" in wanted:
        assert abs(sum(times[-1]) - wanted["duration_s"] * 1_000_000) <= 1
    checked = {fact for fact in STATED if fact in wanted}
    assert {fact: STATED[fact](info) for fact in checked} == {fact: wanted[fact] for fact in checked}


STATED: dict[str, Callable[[MediaInfo], Any]] = {
    "size": lambda info: [info.width, info.height],
    "rotation": lambda info: -info.rotation % 360,  # stated counter-clockwise there
    "timecode": lambda info: info.start_timecode and info.start_timecode.text,
    "transfer": lambda info: info.transfer,
    "interlaced": lambda info: info.interlaced,
}


@pytest.mark.parametrize("name", [*ODD_INDEXED, *ODD_NAMED])
def test_segments_tile_the_video_and_the_cut_is_found(table: Table, name: str) -> None:
    report, wanted = table.reports[name], table.expected[name]
    found = segmentation_of(table, report["video"])
    assert found is not None
    spans = [segment.span for segment in found.segments]
    assert spans[0].start_us == 0
    assert spans[-1].end_us == report["duration_us"]
    assert all(a.end_us == b.start_us for a, b in pairwise(spans))
    for cut_s in wanted.get("cuts_s", []):
        nearest = min((abs(cut.middle_us / 1e6 - cut_s) for cut in found.cuts), default=None)
        assert nearest is not None, "no cut was found at all"
        assert nearest <= wanted.get("tolerance_s", TWO_FRAMES_S)


def segmentation_of(table: Table, video: VideoId) -> segments.Segmentation | None:
    database = open_database(f"sqlite:///{LibraryFolder(table.library).database_file}", purpose="read")
    with database.read() as tx:
        return segments.active(tx, video)


@pytest.mark.parametrize("name", [*ODD_INDEXED, *ODD_NAMED])
def test_every_segment_has_its_picture_and_text(table: Table, name: str) -> None:
    details = run("segments", table.reports[name]["video"], "--json", library=table.library).lines
    assert all(Path(one["keyframes"][0]["path"]).stat().st_size > 100 and one["captions"] for one in details)


def test_no_canary_came_out_of_a_playlist(table: Table) -> None:
    """What the playlists name was never read: they are no videos, and nothing of them is in the library."""
    playlists = [name for name, wanted in table.expected.items() if wanted.get("reason") == "playlist"]
    assert len(playlists) == 6
    assert all(table.reports[name]["video"] is None for name in playlists)


def test_names_come_through_as_they_are(table: Table) -> None:
    on_disk = {os.fsencode(path) for path in table.folder.rglob("*")}
    assert {os.fsencode(table.path(name)) for name in ODD_NAMED} <= on_disk
    assert all(table.reports[name]["state"] == "indexed" for name in ODD_NAMED)
