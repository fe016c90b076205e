"""`shotlist status`, `failures`, `retry`, `pause`, `resume`, `priority` over a library whose work is half done."""

import base64
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.domain import Fingerprint, MediaInfo, Recipe, VideoId
from indexer.library_folder import LibraryFolder
from indexer.store import Database, jobs, open_database, videos, workers
from indexer.store.jobs import NewUnit, Verdict
from tests.integration.command_line import Ended, run

ROOT = Path(__file__).resolve().parents[3]
INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")
NASTY = b"/tapes/red\x1b[31m caf\xe9.mov"
SECOND = 1_000_000


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    folder = LibraryFolder(tmp_path / "library")
    folder.create()
    database = open_database(f"sqlite:///{folder.database_file}", purpose="write")
    yield database
    database.close()


@pytest.fixture
def video(database: Database) -> VideoId:
    """A video of which one unit waits, one runs, one is done and one failed; and a file that was refused."""
    with database.write() as tx:
        video = videos.add(tx, info=INFO, fingerprint=Fingerprint(4, "s"), title="Harbour", fields={})
        captions = [
            NewUnit(f"c{number}", "captioning", 30, captioner="measured", recipe=Recipe("measured/1"), video=video)
            for number in range(4)
        ]
        payload = {"path_bytes": base64.b64encode(NASTY).decode()}
        jobs.put(tx, [*captions, NewUnit("l", "looking", 60, payload=payload)])
        verdicts = [Verdict("refused", "empty", "the file is empty"), Verdict("failed", "crashed", "it crashed")]
        for verdict in verdicts:
            claim = jobs.claim(tx, "w", need="cpu", lease_us=60 * SECOND, captioners=["measured"])
            assert claim is not None
            jobs.give_up(tx, claim, verdict)
        held = [jobs.claim(tx, "w", need="cpu", lease_us=60 * SECOND, captioners=["measured"]) for _ in range(2)]
        assert held[1] is not None
        jobs.finish(tx, held[1])
        workers.seen(tx, "studio:1:ab", lanes=["cpu", "model"], captioners=["measured"])
    return video


@pytest.fixture
def library(tmp_path: Path, video: VideoId) -> Path:
    assert video
    return tmp_path / "library"


def states(library: Path) -> dict[str, int]:
    work = run("status", "--json", library=library).lines[0]["work"]
    sums = {state: sum(stage[state] for stage in work["stages"]) for state in ("waiting", "running", "done")}
    return sums | {"refused": work["refused"], "failed": work["failed"]}


def test_status_counts(library: Path, video: VideoId) -> None:
    (line,) = run("status", "--json", library=library).lines
    assert line["videos"] == 1
    work = line["work"]
    keys = (
        "paused waiting deferred failed refused speed eta_s about measuring waits_for stages running workers failures"
    )
    assert list(work) == keys.split()
    assert states(library) == {"waiting": 1, "running": 1, "done": 1, "refused": 1, "failed": 1}
    stage = "stage recipe waiting running done refused failed left_us speed eta_s"
    assert list(work["stages"][0]) == stage.split()
    (running,) = work["running"]
    assert (running["stage"], running["video"], running["title"], running["worker"]) == (
        "captioning",
        video,
        "Harbour",
        "w",
    )
    assert work["workers"][0]["lanes"] == ["cpu", "model"]
    assert {one["reason"]: one["units"] for one in work["failures"]} == {"empty": 1, "crashed": 1}


def test_status_for_people(library: Path) -> None:
    shown = run("status", library=library).out
    assert "videos      1" in shown
    assert "1 waiting, 1 running, 1 done, 1 failed, 1 refused" in shown
    assert "studio:1:ab (1 cpu, 1 model)" in shown


def watched(library: Path, *options: str) -> list[str]:
    """What `status --watch` prints first, and how it ends with Ctrl-C."""
    command = [sys.executable, "-m", "indexer.cli", "status", "--watch", *options, "--library", str(library)]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        lines = [process.stdout.readline()]
        if "--json" in options:
            lines.append(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
        assert process.wait(timeout=60) == 130
    assert "Traceback" not in told
    return lines


def test_status_goes_on_until_ctrl_c(library: Path) -> None:
    assert "1 waiting, 1 running, 1 done, 1 failed, 1 refused" in watched(library)[0]
    assert all('"work": {"paused": false' in line for line in watched(library, "--json"))


def test_failures_are_listed_by_reason(library: Path, video: VideoId) -> None:
    failed, refused = run("failures", "--json", library=library).lines
    assert list(failed) == ["v", *["unit", "stage", "state", "reason", "message", "video", "title", "path"]]
    assert (failed["state"], failed["reason"], failed["video"], failed["path"]) == ("failed", "crashed", video, None)
    assert (refused["state"], refused["reason"]) == ("refused", "empty")
    assert base64.b64decode(refused["path_bytes"]) == NASTY
    shown = run("failures", library=library).out
    assert next(line.strip() for line in shown.splitlines() if ":" in line) == "failed: crashed  1"
    assert "captioning: it crashed" in shown
    assert "\x1b" not in shown


def test_retry_takes_up_what_failed(library: Path, video: VideoId) -> None:
    assert "1 units of work wait" in run("retry", library=library).err
    assert states(library) | {"waiting": 2, "failed": 0, "refused": 1} == states(library)
    assert "Nothing failed" in run("retry", "--video", video, library=library).err
    assert "1 units of work wait" in run("retry", "--refused", library=library).err
    assert states(library)["refused"] == 0
    assert run("failures", library=library).out == "Nothing failed.\n"


def test_retry_takes_up_units_by_number(library: Path) -> None:
    unit = run("failures", "--json", library=library).lines[1]["unit"]
    assert "1 units of work wait" in run("retry", unit, library=library).err
    assert states(library) | {"failed": 1, "refused": 0} == states(library)
    for wrong, told in (((unit,), f"no unit {unit} that failed"), (("--video", "v0"), "no video 'v0'")):
        assert told in error(run("retry", *wrong, library=library))
    assert "not both" in error(run("retry", unit, "--refused", library=library))


def error(ended: Ended) -> str:
    assert ended.code == 1
    return ended.err


def test_pause_and_resume(library: Path, database: Database) -> None:
    assert "shotlist resume" in run("pause", library=library).err
    with database.read() as tx:
        assert jobs.is_paused(tx)
    assert "paused" in run("status", library=library).out
    assert run("resume", library=library).err == "The work goes on.\n"
    with database.write() as tx:
        assert not jobs.is_paused(tx)
        workers.gone(tx, "studio:1:ab")
    assert "shotlist worker" in run("resume", library=library).err


def test_priority_moves_open_work(library: Path, video: VideoId, database: Database) -> None:
    assert "Harbour: 2 units of work go with high priority" in run("priority", "high", video, library=library).err
    with database.write() as tx:
        other = NewUnit("new", "looking", 60, priority=5)
        jobs.put(tx, [other])
        claim = jobs.claim(tx, "w", need="cpu", lease_us=SECOND, captioners=["measured"])
        assert claim is not None
        assert claim.video == video
    assert "no video 'v0'" in error(run("priority", "low", "v0", library=library))
    assert run("priority", "urgent", video, library=library).code == 1


def test_there_is_no_library(tmp_path: Path) -> None:
    for words in (["pause"], ["resume"], ["retry"], ["failures"], ["priority", "high", "v"]):
        assert "shotlist add" in error(run(*words, library=tmp_path / "none"))
