"""Files that only a test can make: what is no file, what may not be read, and what changes while it is read."""

import base64
import ctypes
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from indexer.bootstrap import open_ingester, open_library
from indexer.domain import FileReport, Stage
from indexer.media import probe
from indexer.settings import Settings
from tests.fakes.meddling import meddling_steps
from tests.fakes.numbered_footage import read_all, write_numbered
from tests.integration.command_line import run

ROOT = Path(__file__).resolve().parents[2]
H264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", 25)
_DROP_BOUND, _OVERRIDE, _SEARCH = 24, 1, 2  # prctl's name for it; the rights by which root reads what it may not


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds."""
    return write_numbered(tmp_path_factory.mktemp("made") / "video.mp4", *H264, count=50)


@pytest.fixture(scope="module")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten minutes at one picture a second, as a transport stream."""
    whole = tmp_path_factory.mktemp("made") / "long.ts"
    return write_numbered(whole, *H264, rate=Fraction(1), count=250)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "footage"
    made.mkdir()
    return made


def add(folder: Path) -> dict[str, dict[str, Any]]:
    """`shotlist add`: what it reports of each file, by name."""
    report = folder.parent / "report.json"
    ended = run("add", folder, "--report", report, library=folder.parent / "library")
    assert ended.code == 0, ended.err
    return {os.path.relpath(file["path"], folder): file for file in json.loads(report.read_text())["files"]}


def videos(folder: Path) -> list[dict[str, Any]]:
    return run("videos", "--json", library=folder.parent / "library").lines


class TestWhatIsNoFile:
    @pytest.fixture
    def reports(self, folder: Path, video: Path) -> Iterator[dict[str, dict[str, Any]]]:
        shutil.copy(video, folder / "good.mp4")
        os.mkfifo(folder / "pipe.mp4")
        (folder / "self.mp4").symlink_to(folder / "self.mp4")
        (folder / "nowhere.mp4").symlink_to(folder / "gone")
        (folder / "pipe_link.mp4").symlink_to(folder / "pipe.mp4")
        (folder / "device.mp4").symlink_to("/dev/zero")
        (folder / "empty.mp4").touch()
        with (folder / "sparse.mp4").open("wb") as sparse:
            sparse.truncate(1 << 30)
        (folder / "folder.mp4").mkdir()
        shutil.copy(video, folder / "folder.mp4" / "inside.mp4")
        with (folder / "folder.mp4" / "inside.mp4").open("ab") as inside:
            inside.write(b"\0\0\0\x08free")  # not a copy
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(os.path.relpath(folder / "socket.mp4"))
            yield add(folder)

    def test_each_is_refused_with_its_reason_and_the_rest_goes_on(self, reports: dict[str, dict[str, Any]]) -> None:
        assert {name: (one["state"], one["reason"]) for name, one in reports.items()} == {
            "good.mp4": ("indexed", None),
            "folder.mp4/inside.mp4": ("indexed", None),
            "pipe.mp4": ("refused", "not_a_file"),
            "pipe_link.mp4": ("refused", "not_a_file"),
            "device.mp4": ("refused", "not_a_file"),
            "socket.mp4": ("refused", "not_a_file"),
            "self.mp4": ("refused", "missing"),
            "nowhere.mp4": ("refused", "missing"),
            "empty.mp4": ("refused", "empty"),
            "sparse.mp4": ("refused", "not_media"),
        }

    def test_refusals_say_what_is_the_matter(self, reports: dict[str, dict[str, Any]]) -> None:
        assert all(len(one["message"]) > 15 for one in reports.values() if one["state"] == "refused")


def test_a_name_that_is_not_utf8_goes_all_the_way(folder: Path, video: Path) -> None:
    name = b"\xff\xfe 50%\xa9.mp4"
    shutil.copy(video, folder / os.fsdecode(name))
    (report,) = add(folder).values()
    assert report["state"] == "indexed"
    assert base64.b64decode(report["path_bytes"]) == os.fsencode(folder / os.fsdecode(name))
    (one,) = videos(folder)
    assert one["state"] == "indexed"
    (detail,) = run("segments", one["video"], "--json", library=folder.parent / "library").lines
    assert Path(detail["keyframes"][0]["path"]).exists()
    (again,) = add(folder).values()
    assert (again["state"], again["reason"]) == ("skipped", "unchanged")


class TestLinks:
    def test_a_link_to_a_file_of_the_folder_is_no_second_video(self, folder: Path, video: Path) -> None:
        shutil.copy(video, folder / "a.mp4")
        (folder / "b.mp4").symlink_to(folder / "a.mp4")
        assert {one["state"] for one in add(folder).values()} == {"indexed", "skipped"}
        assert len(videos(folder)) == 1

    def test_a_link_out_of_the_folder_is_read_where_it_leads(self, folder: Path, video: Path) -> None:
        (folder / "a.mp4").symlink_to(video)
        (report,) = add(folder).values()
        assert report["state"] == "indexed"
        (one,) = videos(folder)
        assert one["paths"] == [str(folder / "a.mp4")]


def test_a_file_without_read_permission_is_refused(folder: Path, video: Path) -> None:
    """Also for root, whose right to read everything is taken from it for this."""
    shutil.copy(video, folder / "good.mp4")
    shutil.copy(video, folder / "closed.mp4")
    with (folder / "closed.mp4").open("ab") as closed:
        closed.write(b"\0\0\0\x08free")
    (folder / "closed.mp4").chmod(0)
    (folder / "closed_folder").mkdir(mode=0)
    report = folder.parent / "report.json"
    paths = map(str, (folder, "--report", report, "--library", folder.parent / "library"))
    command = [sys.executable, "-m", "indexer.cli", "add", *paths]
    drop = obey_permissions if os.geteuid() == 0 else None
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, preexec_fn=drop, check=False)
    assert ended.returncode == 0, ended.stderr
    files = {Path(file["path"]).name: file for file in json.loads(report.read_text())["files"]}
    assert {name: (file["state"], file["reason"]) for name, file in files.items()} == {
        "good.mp4": ("indexed", None),
        "closed.mp4": ("refused", "unreadable"),
        "closed_folder": ("refused", "unreadable"),
    }
    assert "Permission denied" in files["closed.mp4"]["message"] or "permission" in files["closed.mp4"]["message"]


def obey_permissions() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    for right in (_OVERRIDE, _SEARCH):
        if libc.prctl(_DROP_BOUND, right, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")


class TestWhatChangesWhileItIsRead:
    """Whatever happens to one file, the others are indexed, and what is stored is true."""

    def test_one_that_grows(self, folder: Path, long_video: Path) -> None:
        content, growing = long_video.read_bytes(), folder / "grows.ts"
        growing.write_bytes(content[: len(content) // 3])
        ended = threading.Event()

        def grow() -> None:
            with growing.open("ab") as file:
                for place in range(len(content) // 3, len(content), 188 * 7):
                    file.write(content[place : place + 188 * 7])
                    file.flush()
                    if ended.wait(0.005):
                        file.write(content[place + 188 * 7 :])
                        return

        writer = threading.Thread(target=grow)
        writer.start()
        first = add(folder)["grows.ts"]
        ended.set()
        writer.join()
        if first["state"] == "indexed":
            assert_sound(folder, first)
        else:
            assert first["state"] == "failed"
            assert first["message"]
        second = add(folder)["grows.ts"]
        assert second["state"] == "indexed", "it has more to show now"
        assert second["duration_us"] == 250_000_000
        assert_sound(folder, second)

    def test_one_that_is_cut_short(self, folder: Path, video: Path, long_video: Path) -> None:
        report, good = disturbed(folder, video, long_video, lambda path: os.truncate(path, path.stat().st_size // 3))
        assert (report.state, good.state) == ("indexed", "indexed")
        assert report.duration_us == end_of(folder / "a.ts"), "it was looked at again"
        assert_sound(folder, report)

    def test_one_that_vanishes(self, folder: Path, video: Path, long_video: Path) -> None:
        report, good = disturbed(folder, video, long_video, Path.unlink)
        assert (report.state, report.reason) in [("failed", "vanished"), ("refused", "missing")]
        assert good.state == "indexed"
        assert all(one["state"] != "indexed" for one in videos(folder) if not one["paths"])

    @pytest.mark.parametrize("stage", ["looking", "keyframes", "captioning"])
    def test_one_that_vanishes_at_another_stage(
        self, folder: Path, video: Path, long_video: Path, stage: Stage
    ) -> None:
        report, good = disturbed(folder, video, long_video, Path.unlink, stage=stage)
        assert report.state in ("failed", "refused", "indexed")
        assert (report.state == "indexed") == (stage == "captioning" and report.reason is None)
        assert good.state == "indexed"

    def test_one_that_is_whole_before_its_turn(self, folder: Path, video: Path, long_video: Path) -> None:
        """Hours may go by between finding a file and opening it."""
        waiting, content = folder / "b.ts", long_video.read_bytes()
        shutil.copy(video, folder / "a.mp4")
        waiting.write_bytes(content[: len(content) // 2])

        def finish(path: Path) -> None:
            if path == folder / "a.mp4":
                waiting.write_bytes(content)

        ingester = open_ingester(Settings(library=folder.parent / "library", lanes=1))
        ingester = replace(ingester, steps=meddling_steps("looking", finish))
        reports = ingester.add([folder], watch=lambda _: None).files
        assert [(one.state, one.duration_us) for one in reports] == [("indexed", 2_000_000), ("indexed", 250_000_000)]

    def test_one_that_is_replaced_by_another(self, folder: Path, video: Path, long_video: Path) -> None:
        """Nothing of the one may be shown as the other."""
        other = folder.parent / "other.ts"
        write_numbered(other, *H264, "-vf", "negate,scale=128:128", rate=Fraction(2), count=90)
        report, good = disturbed(folder, video, long_video, lambda path: other.replace(path))
        assert good.state == "indexed"
        assert (report.state, report.duration_us) == ("indexed", 45_000_000), "it was looked at again"
        assert_sound(folder, report)
        (stored,) = [one for one in videos(folder) if one["video"] == report.video]
        assert (stored["width"], stored["height"]) == (128, 128)


def disturbed(
    folder: Path, video: Path, long_video: Path, change: Callable[[Path], object], *, stage: Stage = "decoding"
) -> tuple[FileReport, FileReport]:
    """Add two files and change the first when its ingest comes to a stage."""
    changing = folder / "a.ts"
    shutil.copy(long_video, changing)
    shutil.copy(video, folder / "b.mp4")
    done: list[bool] = []

    def meddle(path: Path) -> None:
        if path == changing and not done:
            done.append(True)
            change(changing)

    ingester = open_ingester(Settings(library=folder.parent / "library"))
    ingester = replace(ingester, steps=meddling_steps(stage, meddle))
    first, second = ingester.add([folder], watch=lambda _: None).files
    assert done
    return first, second


def assert_sound(folder: Path, report: FileReport | dict[str, Any]) -> None:
    """Segments tile the video as long as it was said to be, and each has its picture and text."""
    library = open_library(Settings(library=folder.parent / "library"))
    told: dict[str, Any] = report if isinstance(report, dict) else asdict(report)
    details = library.segments(told["video"])
    spans = [detail.segment.span for detail in details]
    assert spans[0].start_us == 0
    assert all(a.end_us == b.start_us for a, b in pairwise(spans))
    assert spans[-1].end_us == told["duration_us"]
    assert all(detail.captions and library.keyframe(detail.segment.id).exists() for detail in details)


def end_of(path: Path) -> int:
    last = read_all(path, probe(path).stream_index)[-1]
    return last.t_us + last.duration_us
