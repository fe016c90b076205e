"""kill -9 at any moment of an ingest, then the same command again: nothing twice, nothing half there, nothing lost."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.command_line import run

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
ROOT = SAMPLES.parents[1]


@pytest.mark.parametrize("seconds", [4.0, 7.0, 10.0])
def test_killed_and_started_again(tmp_path: Path, seconds: float) -> None:
    footage, library = tmp_path / "footage", tmp_path / "library"
    footage.mkdir()
    names = sorted(json.loads((SAMPLES / "truth.json").read_text())["videos"])[:3]
    for name in names:
        shutil.copy(SAMPLES / name, footage / name)
    command = [sys.executable, "-m", "indexer.cli", "add", str(footage), "--library", str(library)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()

    assert run("add", footage, library=library).code == 0
    videos = run("videos", "--json", library=library).lines
    assert sorted(Path(video["paths"][0]).name for video in videos) == names
    status = run("status", "--json", library=library).lines[0]
    assert status["incomplete"] == 0
    assert status["segments"] == status["captions"] == status["vectors"]
    for video in videos:
        segments = run("segments", video["video"], "--json", library=library).lines
        assert all(len(segment["captions"]) == 1 <= len(segment["keyframes"]) <= 3 for segment in segments)
        assert all(Path(keyframe["path"]).exists() for segment in segments for keyframe in segment["keyframes"])


def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(tmp_path: Path) -> None:
    library = tmp_path / "library"
    command = [sys.executable, "-m", "indexer.cli", "add", str(SAMPLES), "--library", str(library)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stderr is not None
        told = [process.stderr.readline(), process.stderr.readline()]  # who captions; the first file is done
        os.killpg(process.pid, signal.SIGINT)
        told.append(process.stderr.read())
        assert process.wait(timeout=60) == 130
    assert "1/8" in told[1]
    assert "goes on where this one stopped" in told[2]
    assert "Traceback" not in told[2]
    assert run("videos", "--json", library=library).lines[0]["state"] in ("indexed", "incomplete")
