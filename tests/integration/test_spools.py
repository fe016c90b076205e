"""What is kept of a video while it is decoded: the same as a second decode gives, whatever happens meanwhile."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indexer.bootstrap import open_ingester
from indexer.captioning.measured import MeasuredCaptioner
from indexer.ingest.pass_messages import Passed
from indexer.ingest.scanning import scan
from indexer.ingest.spool import open_spool, spool_files
from indexer.ingest.stages import spool_order
from indexer.library_folder import UNFINISHED
from indexer.media import Spooled, probe, read_and_spool
from indexer.settings import Settings
from tests.fakes.embedders import HashEmbedder
from tests.fakes.meddling import meddling_steps
from tests.integration.command_line import run

ROOT = Path(__file__).resolve().parents[2]
FILM = ROOT / "data" / "samples" / "cup-final.mp4"
ORDER = spool_order([MeasuredCaptioner().wants])
LONG_S = 60.0  # that nothing here takes


def told(library: Path) -> list[dict[str, Any]]:
    """The segments of the only video, without what the library has named itself; pictures by their bytes."""
    (video,) = run("videos", "--json", library=library).lines
    found = run("segments", video["video"], "--json", library=library).lines
    pictures = [[Path(one["path"]).read_bytes() for one in segment["keyframes"]] for segment in found]
    facts = ("start_us", "end_us", "captions", "facets", "scene")
    return [{name: one[name] for name in facts} | {"keyframes": own} for one, own in zip(found, pictures, strict=True)]


def test_texts_and_pictures_are_the_same_where_the_spool_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("add", FILM, library=tmp_path / "with").code == 0
    monkeypatch.setenv("SHOTLIST_SPOOL_GB", "0.00001")
    added = run("add", FILM, "--report", tmp_path / "report.json", library=tmp_path / "without")
    assert added.code == 0
    assert "the spool is full" in (tmp_path / "report.json").read_text()
    assert told(tmp_path / "with") == told(tmp_path / "without")


def test_killed_while_pictures_are_kept(tmp_path: Path) -> None:
    """The next run makes it all, and takes away what the killed one left, once nobody can be writing it."""
    library = tmp_path / "library"
    command = [sys.executable, "-m", "indexer.cli", "add", str(FILM), "--library", str(library)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    until = time.monotonic() + LONG_S
    while not any(file.stat().st_size for file in (library / "spool").glob(f".*{UNFINISHED}")):
        assert process.poll() is None, "it ended"
        assert time.monotonic() < until, "nothing was kept"
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    (left,) = (library / "spool").iterdir()
    assert left.suffix == UNFINISHED
    os.utime(left, (0, 0))  # time passes
    assert run("add", FILM, library=library).code == 0
    assert list((library / "spool").iterdir()) == []
    assert run("verify", library=library).code == 0
    assert run("add", FILM, library=tmp_path / "undisturbed").code == 0
    assert told(library) == told(tmp_path / "undisturbed")


@pytest.mark.footage
@pytest.mark.parametrize("name", ["hole_zeroed.mp4", "truncated_faststart.mp4", "truncated_fragmented.mp4"])
def test_of_a_damaged_file_only_what_the_careful_reading_kept_stays(bench: Path, tmp_path: Path, name: str) -> None:
    file = bench / "footage" / "odd" / name
    info = probe(file)
    steps = [step for step in scan(file, info, detector="standard", order=ORDER) if isinstance(step, Passed)]
    assert sum(len(step.spooled) for step in steps if step.reading == "fast") > 0, "damage shows in the middle only"

    careful = read_and_spool(file, size=(64, 36), stream_index=info.stream_index, order=ORDER, reading="careful")
    wanted = sorted((one.longest_side, one.t_us, one.jpeg) for one in careful if isinstance(one, Spooled))
    assert kept_while_adding(file, tmp_path) == wanted


def kept_while_adding(file: Path, folder: Path) -> list[tuple[int, int, bytes]]:
    """(longest side, time, JPEG) of what lies in the spool between a file's decode and its keyframes."""
    made = open_ingester(Settings(library=folder / "library", lanes=1))
    copy = folder / "copy.spool"

    def look(_path: Path) -> None:
        (spool,) = spool_files(made.bench.folder.spool)
        shutil.copy(spool, copy)

    ingester = replace(
        made,
        bench=replace(made.bench, embedder=HashEmbedder),
        steps=meddling_steps("keyframes", look, when="before"),
    )
    (report,) = ingester.add([file], watch=lambda _: None).files
    assert report.state == "indexed"
    assert list(made.bench.folder.spool.iterdir()) == []
    spool = open_spool(copy)
    assert spool is not None
    pictures = [
        (side, int(row["t_us"]), spool.picture(int(row["t_us"]), longest_side=side))
        for side, table in spool.tables.items()
        for row in table
    ]
    spool.close()
    return sorted(pictures)
